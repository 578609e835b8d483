"""What cannot be read as what it claims to be, told with the path of the field."""

import re

import msgspec

from shared.domain.errors import Malformed


def malformed(problem: msgspec.ValidationError, expected: str, under: str = "") -> Malformed:
    """Return the error that a validation error comes to.

    Args:
        expected: of which command or query the schema describes it.
        under: the path of what was read, in what was sent.
    """
    what, _, where = str(problem).partition(" - at ")
    path = ".".join(each for each in (under, _field(what, where)) if each)
    return Malformed(path or None, problem=what, expected=expected)


def _field(what: str, where: str) -> str:
    """Return the path of the field that a validation error names, as the sender wrote it."""
    path = where.strip("`").removeprefix("$").lstrip(".")
    missing = re.search(r"required field `(\w+)`|unknown field `(\w+)`", what)
    if missing:
        path = f"{path}.{missing[1] or missing[2]}".lstrip(".")
    return path
