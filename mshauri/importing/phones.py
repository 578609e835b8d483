"""A phone's cell as lists have it: with words around it, or with several numbers in it."""

import re

_NUMBER = re.compile(r"\+?\(?[0-9][0-9 ().–-]{4,}[0-9]")
_POINT_ZERO = re.compile(r"\.0$")


def first_phone(cell: str) -> tuple[str, bool]:
    """Return the first number in a cell, and whether there are more of them.

    What holds no number is returned as it is, for the contract to refuse.
    """
    found = _NUMBER.findall(_POINT_ZERO.sub("", cell))
    if not found:
        return cell, False
    return found[0].replace("–", "-").strip(), len(found) > 1
