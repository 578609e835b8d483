"""Whether two records may be of one person: on which grounds, and how alike the names are."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

from rapidfuzz.distance import OSA

from services.registry.screening.names import Name, alike, share_a_word
from shared.contracts.registry.health_worker import Ground

ALIKE = 88
"""Out of 100, from which on two names within a facility are one name written twice. A name of
three words with a letter missing comes to 97, one of two short words to 94, `Marie` for `Mary`
with the same family name to 88 and more; relatives (`Claudine Uwase`, `Claudine Uwera`) stay
below."""

SURE = 93
"""From which on two names are one name, where nothing else is the same for certain."""

SHORTEST = 6
"""Signs of a number or phone from which on one slip of the hand does not make it anybody's."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A person as they may be recognised.

    Attributes:
        name: None: they were erased, and are like nobody.
        phone, calling: the number within its country, and the country, where it is told.
        numbers: by which they are known, in whatever system; `told` are the same, each with its
            system, where they were looked up.
        born: the year, where it is known.
    """

    id: UUID
    org_unit_id: UUID
    name: Name | None
    phone: str | None = None
    calling: str | None = None
    numbers: AbstractSet[str] = field(default_factory=frozenset)
    told: AbstractSet[tuple[str, str]] = field(default_factory=frozenset)
    born: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two records may be of one person.

    Attributes:
        score: how alike the names are, out of 100.
    """

    grounds: tuple[Ground, ...]
    score: int


def likeness(one: Known, other: Known, *, thorough: bool = False) -> Likeness:
    """Compare two people; without grounds, they are two.

    Args:
        thorough: whoever is registered is told of what is likely, and nobody is kept waiting by
            what is not; a screening looks for whatever there may be.
    """
    score = 0 if one.name is None or other.name is None else alike(one.name, other.name)
    sure = score >= (ALIKE if thorough else SURE)
    same_year = one.born is not None and one.born == other.born
    found = {
        Ground.IDENTIFIER: not one.numbers.isdisjoint(other.numbers),
        Ground.PHONE: _one_phone(one, other) and (not thorough or _partly_one_name(one, other)),
        Ground.NAME_AND_FACILITY: one.org_unit_id == other.org_unit_id
        and score >= ALIKE
        and not two_births(one.born, other.born),
        Ground.NAME_AND_BIRTH: same_year and sure and not otherwise_known(one, other),
        Ground.NAME_AND_NEAR_NUMBER: sure and _near_number(one, other),
        Ground.NAME_AND_NEAR_PHONE: sure and _near_phone(one, other),
    }
    return Likeness(tuple(ground for ground, holds in found.items() if holds), score)


def two_births(one: int | None, other: int | None) -> bool:
    """Whether two years are of two people: one year apart may be a slip of the pen."""
    return one is not None and other is not None and abs(one - other) > 1


def otherwise_known(one: Known, other: Known) -> bool:
    """Whether the two have different phones, or numbers of one system that are not nearly the same.

    In a country there are many of one name who were born in one year: of a million people, more
    than are there twice.
    """
    phoned = one.phone is not None and other.phone is not None
    if phoned and not (one.phone == other.phone or _near_phone(one, other)):
        return True
    systems = {system for system, _ in one.told} & {system for system, _ in other.told}
    return bool(systems) and one.numbers.isdisjoint(other.numbers) and not _near_number(one, other)


def _partly_one_name(one: Known, other: Known) -> bool:
    """Whether a word of the names is the same: colleagues and families share phones, too.

    Who is registered with a phone that is known is told so whatever they are called: they are
    there, and can be asked.
    """
    if one.name is None or other.name is None:
        return True
    return share_a_word(one.name, other.name)


def _one_phone(one: Known, other: Known) -> bool:
    # Where one of the two does not tell its country, the number within it is all there is.
    countries = {one.calling, other.calling} - {None}
    return one.phone is not None and one.phone == other.phone and len(countries) < 2


def _near_phone(one: Known, other: Known) -> bool:
    return one.phone is not None and other.phone is not None and one_slip(one.phone, other.phone)


def _near_number(one: Known, other: Known) -> bool:
    return any(one_slip(mine, theirs) for mine in one.numbers for theirs in other.numbers)


def one_slip(one: str, other: str) -> bool:
    """Whether one sign is other, too many or too few, or two neighbours have changed places."""
    if min(len(one), len(other)) < SHORTEST:
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1
