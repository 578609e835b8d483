"""A whole name in one cell, parted into family and given names by the order that a mapping says."""

import re

from mshauri.importing.mapping import Names

WHOLE_NAME = "wholeName"
GIVEN, FAMILY = "givenNames", "familyName"

_BEFORE_FAMILY = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "du",
        "del",
        "della",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "binti",
        "bint",
        "ben",
        "wa",
        "ole",
        "arap",
        "ap",
        "mac",
        "mc",
        "st",
        "saint",
    ]
)
"""Small words that belong to the family name behind them."""


def parted(name: str, order: Names) -> dict[str, str]:
    """Return the parts of a name; who has one name has given names alone.

    A comma stands behind the family name, and family names in capitals beside others are all of
    them, whatever the order.
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        return {FAMILY: family, GIVEN: given}
    words = re.split(r"\s+", name.replace(",", " ").strip())
    if len(words) == 1:
        return {GIVEN: words[0]}
    size = _in_capitals(words, order) or _of_family(words, order)
    family_first = order is Names.FAMILY_FIRST
    family_words, given_words = (
        (words[:size], words[size:]) if family_first else (words[-size:], words[:-size])
    )
    return {FAMILY: " ".join(family_words), GIVEN: " ".join(given_words)}


def _in_capitals(words: list[str], order: Names) -> int:
    """Return how many words at the family's end are in capitals, if others are not."""
    if all(map(_is_capital, words)):
        return 0
    ordered = words if order is Names.FAMILY_FIRST else list(reversed(words))
    return next((place for place, word in enumerate(ordered) if not _is_capital(word)), 0)


def _is_capital(word: str) -> bool:
    letters = [sign for sign in word if sign.isalpha()]
    return len(letters) > 1 and word.upper() == word


def _of_family(words: list[str], order: Names) -> int:
    if order is Names.FAMILY_FIRST:
        size = 1
        while size < len(words) - 1 and words[size - 1].casefold() in _BEFORE_FAMILY:
            size += 1
        return size
    size = 1
    while size < len(words) - 1 and words[-size - 1].casefold() in _BEFORE_FAMILY:
        size += 1
    return size
