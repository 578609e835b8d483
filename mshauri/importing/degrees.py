"""Degrees of latitude and longitude as lists write them: decimal, or in minutes and seconds."""

import re

_DECIMAL = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?", re.ASCII)
_SEXAGESIMAL = re.compile(
    r"(?P<sign>[+-])?\s*(?P<before>[NSEW])?\s*"
    r"(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s*(?:°|º|˚|deg|:|\s|(?=[NSEW])|$)\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:'|’|′|´|`|min|:|\s|(?=[NSEW])|$)\s*)?"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|''|’’|”|″|sec|\s|(?=[NSEW])|$)\s*)?"
    r"(?P<after>[NSEW])?",
    re.IGNORECASE | re.ASCII,
)
_SIDES = {"N": 1, "E": 1, "S": -1, "W": -1}


def degrees_of(cell: str) -> tuple[float, str] | None:
    """Return the degrees that a cell says, and the side of the world it names; None: it is none.

    `-1.9441`, `1,9441 S`, `1°56'38.8"S`, `S 01 56 38.8` and `01:56.65S` are all the same latitude.
    """
    plain = cell.strip().replace("−", "-")
    if _DECIMAL.fullmatch(plain):
        return _number(plain), ""
    found = _SEXAGESIMAL.fullmatch(plain)
    if not found:
        return None
    side = (found["before"] or found["after"] or "").upper()
    if (found["before"] and found["after"]) or (found["sign"] and side):
        return None
    whole, minutes, seconds = (found[name] for name in ("degrees", "minutes", "seconds"))
    if seconds and not minutes:
        return None
    if (minutes and not _is_whole(whole)) or (seconds and not _is_whole(minutes)):
        return None
    parts = [_number(part or "0") for part in (whole, minutes, seconds)]
    if parts[1] >= 60 or parts[2] >= 60 or not (side or minutes):
        return None
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    sign = -1 if found["sign"] == "-" else _SIDES.get(side, 1)
    return round(sign * value, 8), side


def _is_whole(part: str) -> bool:
    return part.isdigit()


def _number(part: str) -> float:
    return float(part.replace(",", "."))
