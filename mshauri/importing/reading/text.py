"""How the words of a list are written: letters in one form, nothing invisible, plain spaces."""

import re
from functools import lru_cache
from unicodedata import category, normalize

_WHOLE_NUMBER = re.compile(r"([^.]*[0-9])\.0+")


def tidy(cell: str) -> str:
    """Return a cell in Unicode's composed form, without invisible signs and stray spaces.

    Format characters (zero width, byte order marks, soft hyphens) go; every other space and
    control character is a space; spaces are trimmed, and never doubled.
    """
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    kept = (_seen(sign) for sign in normalize("NFC", cell))
    return normalize("NFC", " ".join("".join(kept).split()))


def _seen(sign: str) -> str:
    kind = category(sign)
    if kind == "Cf":
        return ""
    return " " if kind in ("Cc", "Zs", "Zl", "Zp") else sign


@lru_cache(maxsize=20_000)
def once(text: str) -> str:
    """Return the same text: one object for all rows that say so, as lists repeat themselves."""
    return text


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Return a text as it is compared: whatever its case, its spaces and its Unicode form."""
    if text.isascii():
        return tidy(text).lower()
    return normalize("NFC", tidy(normalize("NFKC", text)).casefold())


def says_something(text: str) -> bool:
    """Say whether a text has a letter or a digit."""
    return any(sign.isalnum() for sign in text)


def without_point(code: str) -> str:
    """Return a code as it was before a spreadsheet took it for a number: `10482` of `10482.0`."""
    whole = _WHOLE_NUMBER.fullmatch(code)
    return whole[1] if whole else code


def code_alike(code: str) -> str:
    """Return what codes have in common that a spreadsheet, or a hand, makes of one.

    `HC-7`, `hc-7` and `HC-7.0`; `00482`, `482` and `482.0`.
    """
    bare = without_point(folded(code))
    return bare.lstrip("0") or "0" if bare.isdigit() else bare


def ways_to_write(code: str) -> set[str]:
    """Return how a code may be written elsewhere: in another case, with `.0`, without zeros."""
    bare = without_point(code)
    ways = {bare, f"{bare}.0"}
    if bare.isdigit():
        ways |= {bare.lstrip("0") or "0"}
    return ways | {way.upper() for way in ways} | {way.lower() for way in ways}
