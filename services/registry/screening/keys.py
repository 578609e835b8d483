"""By what people are found who may be one: each key is of one thing alone, so that whatever changes
of a person changes the keys of that, and no others.

A key is a number made of what it stands for. In the order of these numbers a register is screened:
how far along the last one is, is how much is done, and it tells of nobody.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from hashlib import blake2b
from uuid import UUID

from services.registry.screening.names import pairs_of_sounds
from shared.domain.folding import folded_identifier

FIRST, LAST = -(1 << 63), (1 << 63) - 1
"""The least and the greatest number there is."""
PAIRS = 6
"""Keys of a name, at most: what four words give, two by two."""
ENDS = 2
"""Keys of a phone or a number."""


class Kind(IntEnum):
    """What a key is made of; all whose key is the same are of one block."""

    UNIT = 1
    """Where they are posted."""
    NAME = 2
    """How two words of their name sound."""
    PHONE = 3
    """One half of their phone: who mistyped it, did so in the other half."""
    NUMBER = 4
    """How a number they are known by begins, or ends: the other end may be mistyped."""


def key(kind: Kind, *parts: str) -> int:
    """Return the key that stands for this."""
    said = "\0".join((kind.name, *parts)).encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), signed=True)


def share_done(up_to: int) -> float:
    """Return which part of all keys lies before this one, 0 to 1."""
    return (up_to - FIRST) / (LAST - FIRST)


def of_unit(org_unit_id: UUID) -> int:
    """Return by what they are found where they are posted."""
    return key(Kind.UNIT, str(org_unit_id))


def of_name(folded: str | None) -> list[int]:
    """Return by what they are found of that name, however it is written; nobody has no name."""
    return [key(Kind.NAME, pair) for pair in pairs_of_sounds(folded or "")]


def of_phone(national: str | None) -> list[int]:
    """Return by what they are found of that phone, and of one that is mistyped."""
    return [] if national is None else list(_ends(Kind.PHONE, national, (len(national) + 1) // 2))


def of_number(value: str) -> list[int]:
    """Return by what they are found of that number, and of one that is mistyped."""
    plain = folded_identifier(value)
    # Most have 7 to 10 signs; of these the same four, where one is too many or left out.
    return list(_ends(Kind.NUMBER, plain, max(4, (len(plain) - 1) // 2)))


def _ends(kind: Kind, value: str, signs: int) -> Iterable[int]:
    yield key(kind, "front", value[:signs])
    yield key(kind, "back", value[-signs:])


def of_all(
    org_unit_id: UUID, folded: str | None, national: str | None, numbers: Iterable[str]
) -> Iterator[tuple[Kind, int]]:
    """Return all by which somebody is found."""
    if folded is None:
        return
    yield Kind.UNIT, of_unit(org_unit_id)
    yield from ((Kind.NAME, one) for one in of_name(folded))
    yield from ((Kind.PHONE, one) for one in of_phone(national))
    yield from ((Kind.NUMBER, one) for value in numbers for one in of_number(value))
