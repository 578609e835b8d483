"""Whether two records may be of one person: on which grounds, and how alike the names are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz.fuzz import token_sort_ratio

from shared.contracts.registry.health_worker import Ground

ALIKE = 88
"""Out of 100, from which on two names within a facility are one name written twice. A name of
three words with a letter missing comes to 97, one of two short words to 94, `Marie` for `Mary`
with the same family name to 88; relatives (`Claudine Uwase`, `Claudine Uwera`) stay below."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two records may be of one person.

    Attributes:
        score: how alike the names are, out of 100.
    """

    grounds: tuple[Ground, ...]
    score: int


def likeness(
    one: Mapping[str, Any], other: Mapping[str, Any], *, shares_identifier: bool
) -> Likeness:
    """Compare two rows of `known_person`; without grounds, they are of two people.

    The order of the names does not count: lists put the family name first, people do not.
    """
    # Cut, not rounded: a score says ALIKE where the rule does, and nowhere else.
    named = one["name"] and other["name"]
    score = int(token_sort_ratio(one["name"], other["name"])) if named else 0
    found = {
        Ground.IDENTIFIER: shares_identifier,
        Ground.PHONE: one["phone"] is not None and _one_phone(one, other),
        Ground.NAME_AND_FACILITY: one["org_unit_id"] == other["org_unit_id"] and score >= ALIKE,
    }
    return Likeness(tuple(ground for ground, holds in found.items() if holds), score)


def _one_phone(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # Where one of the two does not tell its country, the number within it is all there is.
    countries = {one.get("calling_code"), other.get("calling_code")} - {None}
    return one["phone"] == other["phone"] and len(countries) < 2
