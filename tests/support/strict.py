"""A programme's file as whoever wants every rule kept would publish it."""

import re

from shared.contracts.definition.conduct import OF_SOMEBODY, SUSPICIONS, ConductRule

_CONDUCT = re.compile(r"^conduct:\n(?:  .*\n)+", re.MULTILINE)


def strict(text: str, *counting: ConductRule) -> str:
    """Return a file that refuses every departure, but for suspicions, what one of those present
    departs from, and what `counting` names.
    """
    count = ", ".join(sorted({*SUSPICIONS, *OF_SOMEBODY, *counting}))
    told, many = _CONDUCT.subn(f"conduct:\n  otherwise: REFUSE\n  count: [{count}]\n", text)
    assert many == 1
    return told
