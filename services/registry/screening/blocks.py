"""Screening one block: everybody who has a key in common, held against one another.

Names are compared by the thousand in one call, so that few pairs are looked at in all that is known
of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from rapidfuzz.fuzz import ratio

from services.registry.screening.keys import Kind
from services.registry.screening.likeness import Known, Likeness, likeness, one_slip

WORTH_A_LOOK = 72
"""Out of 100: how alike two names are as they are spelt, at least, where they are one: an initial
and a short family name come to that."""
AT_ONCE = 2_000
"""People of a block whose names are compared in one call: 4 MB of scores."""

Pair: TypeAlias = tuple[Known, Known]


def suspected(kind: Kind, block: Sequence[Known]) -> Iterator[tuple[Pair, Likeness]]:
    """Yield the pairs of a block that may be of one person, each once, the lesser id first."""
    for one, other in _worth_a_look(kind, block):
        found = likeness(one, other, thorough=True)
        if found.grounds:
            pair = (one, other) if one.id < other.id else (other, one)
            yield pair, found


def worth_a_look(this: Known, others: Iterable[Known]) -> list[Known]:
    """Return those of some people who may be one with somebody: by a number, a phone, or a name."""
    return [
        one
        for one in others
        if _likely(this, one)
        or (one.phone is not None and one.phone == this.phone)
        or not one.numbers.isdisjoint(this.numbers)
    ]


def _likely(one: Known, other: Known) -> bool:
    if one.name is None or other.name is None:
        return False
    return ratio(one.name.spelt, other.name.spelt, score_cutoff=WORTH_A_LOOK) > 0


def _worth_a_look(kind: Kind, block: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    if kind is Kind.NAME:
        # Who is called alike is one, perhaps, if born in one year too: of a common name are many.
        for people in _who_share({one: [one.born] for one in block}):
            yield from _alike(people)
        return
    if kind is Kind.PHONE:
        for people in _who_share({one: [one.phone] for one in block}):
            yield from combinations(people, 2)
    if kind is Kind.NUMBER:
        for people in _who_share({one: one.numbers for one in block}):
            yield from combinations(people, 2)
    for one, other in _alike(block):
        if kind is Kind.UNIT or _nearly(kind, one, other):
            yield one, other


def _who_share(having: Mapping[Known, Iterable[str | int | None]]) -> Iterable[list[Known]]:
    of: dict[str | int, list[Known]] = defaultdict(list)
    for person, values in having.items():
        for value in values:
            if value is not None:
                of[value].append(person)
    return of.values()


def _alike(block: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    """Yield the pairs whose names are likely one, by how they are spelt."""
    # Only who screens needs them; a process that decides starts without.
    import numpy as np
    from rapidfuzz.process import cdist

    people = [one for one in block if one.name is not None]
    if len(people) < 2:
        return
    names = [one.name.spelt for one in people if one.name is not None]
    for first in range(0, len(people), AT_ONCE):
        part = names[first : first + AT_ONCE]
        scores = cdist(part, names[first:], scorer=ratio, score_cutoff=WORTH_A_LOOK, dtype=np.uint8)
        # Each pair once, and nobody with themselves: what lies above the diagonal.
        rows, columns = np.nonzero(np.triu(scores, k=1))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield people[first + row], people[first + column]


def _nearly(kind: Kind, one: Known, other: Known) -> bool:
    if kind is Kind.PHONE:
        return (
            one.phone is not None and other.phone is not None and one_slip(one.phone, other.phone)
        )
    return any(one_slip(mine, theirs) for mine in one.numbers for theirs in other.numbers)
