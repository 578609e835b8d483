"""What a grant over a unit reaches once the unit was split up or merged: as much as before.

A reform takes no access away silently, and gives none. From its day on, a grant over a unit that
was split up is one over each successor as well. One over a unit that became part of another is one
over what stood right under it the day before, for as long as that stands within what the unit
became: what the other unit had before is not its, and what is moved elsewhere later is its no more.
Over the unit itself a grant goes on, for what happened there stays there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from msgspec.structs import replace

from shared.access.grants import Grant
from shared.access.tree import DatedTree


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit takes another's place since a day: as a part of it, or having taken it in."""

    unit: UUID
    since: date
    merged: bool


@dataclass(frozen=True, slots=True)
class _Carried:
    """A unit that a grant is over besides, since a day, while it stands `within` one of each."""

    unit: UUID
    since: date
    within: tuple[frozenset[UUID], ...] = ()


class Reforms:
    """Every split and merge that is known, and what becomes of grants by them."""

    def __init__(self, tree: DatedTree) -> None:
        """Take the units as they stood on any day."""
        self._tree = tree
        self._heirs: dict[UUID, dict[UUID, Heir]] = {}

    def take(self, unit: UUID, heir: Heir) -> None:
        """Take in what became of a unit."""
        self._heirs.setdefault(unit, {})[heir.unit] = heir

    def supposing(self, tree: DatedTree, heirs: Iterable[tuple[UUID, Heir]]) -> "Reforms":
        """Return what would be known if these took units' places besides, in that tree."""
        other = Reforms(tree)
        other._heirs = {unit: dict(known) for unit, known in self._heirs.items()}
        for unit, heir in heirs:
            other.take(unit, heir)
        return other

    def carried(self, grants: Iterable[Grant], on: date) -> tuple[Grant, ...]:
        """Return the grants, and those that they are besides since reforms, as units stand on a
        day.
        """
        return tuple(each for grant in grants for each in self._on(grant, on))

    def _on(self, grant: Grant, on: date) -> Iterator[Grant]:
        yield grant
        if grant.org_unit_id is None or grant.org_unit_id not in self._heirs:
            return
        waiting = [_Carried(grant.org_unit_id, grant.since)]
        seen = set(waiting)
        while waiting:
            for each in self._next(waiting.pop()):
                if each not in seen and self._holds(each, on):
                    seen.add(each)
                    waiting.append(each)
                    yield replace(grant, org_unit_id=each.unit, since=each.since)

    def _next(self, one: _Carried) -> Iterator[_Carried]:
        for heir in self._heirs.get(one.unit, {}).values():
            # A grant of before a reform goes on at its day; a later one has begun already.
            since = max(one.since, heir.since)
            if not heir.merged:
                yield _Carried(heir.unit, since, one.within)
                continue
            within = (*one.within, self._became(one.unit))
            for below in self._tree.children(one.unit, heir.since - timedelta(days=1)):
                yield _Carried(below, since, within)

    def _became(self, unit: UUID) -> frozenset[UUID]:
        """Return the unit and everything that took its place, or the place of that."""
        found = {unit}
        waiting = [unit]
        while waiting:
            new = self._heirs.get(waiting.pop(), {}).keys() - found
            found |= new
            waiting.extend(new)
        return frozenset(found)

    def _holds(self, each: _Carried, on: date) -> bool:
        path = self._tree.path(each.unit, on)
        return all(not tops.isdisjoint(path) for tops in each.within)
