"""The org units as a tree: who stands under whom, on one day (`Tree`) or on any (`DatedTree`)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit stands under a parent (None: it is a root) since a day."""

    unit: UUID
    since: date
    parent: UUID | None


class Tree:
    """Paths up and subtrees down, in time proportional to what they return."""

    def __init__(self, parents: dict[UUID, UUID | None]) -> None:
        self._parents = parents
        self._children: dict[UUID, list[UUID]] = defaultdict(list)
        for unit, parent in parents.items():
            if parent is not None:
                self._children[parent].append(unit)

    @classmethod
    def on(cls, day: date, standings: Iterable[Standing]) -> "Tree":
        """Build the tree of that day from every standing there ever was.

        A unit stands where its latest standing up to the day puts it. Before its first day it
        stands where it first will: a day begins hours apart across a country's time zones, and
        nobody should be locked out of a unit for those.
        """
        latest: dict[UUID, Standing] = {}
        for standing in standings:
            held = latest.get(standing.unit)
            if held is None or _supersedes(standing, held, day):
                latest[standing.unit] = standing
        return cls({unit: standing.parent for unit, standing in latest.items()})

    def path(self, unit: UUID) -> tuple[UUID, ...]:
        """Return the unit, its parent, and so on to the root; nothing for a unit not known here.

        Two units moved under each other at the same time by two people make a ring; the path then
        ends before it would repeat itself.
        """
        return tuple(self._up(unit)) if unit in self._parents else ()

    def subtree(self, units: Iterable[UUID]) -> frozenset[UUID]:
        """Return those of the units that are known here, and all below them."""
        found: set[UUID] = set()
        waiting = [unit for unit in units if unit in self._parents]
        while waiting:
            unit = waiting.pop()
            if unit not in found:
                found.add(unit)
                waiting.extend(self._children.get(unit, ()))
        return frozenset(found)

    def _up(self, unit: UUID) -> Iterator[UUID]:
        seen: set[UUID] = set()
        here: UUID | None = unit
        while here is not None and here not in seen:
            seen.add(here)
            yield here
            here = self._parents.get(here)


def _supersedes(one: Standing, held: Standing, day: date) -> bool:
    if one.since <= day:
        return held.since > day or one.since > held.since
    return held.since > day and one.since < held.since


class DatedTree:
    """The units as they stood on any day: a path costs its depth, whatever the day.

    The tree of one day, which says what is below a unit, is made when it is asked for, and kept
    for the few days that are asked about.
    """

    DAYS_KEPT = 8

    def __init__(self) -> None:
        self._since: dict[UUID, list[date]] = {}
        self._parents: dict[UUID, list[UUID | None]] = {}
        self._ever: dict[UUID, set[UUID]] = {}
        """By unit, which others ever stood right under it."""
        self._days: dict[date, Tree] = {}

    def take(self, standing: Standing) -> None:
        """Take in that a unit stands under a parent since a day."""
        since = self._since.setdefault(standing.unit, [])
        parents = self._parents.setdefault(standing.unit, [])
        at = bisect_right(since, standing.since)
        if at and since[at - 1] == standing.since:
            parents[at - 1] = standing.parent
        else:
            since.insert(at, standing.since)
            parents.insert(at, standing.parent)
        if standing.parent is not None:
            self._ever.setdefault(standing.parent, set()).add(standing.unit)
        self._days.clear()

    def supposing(self, standings: Iterable[Standing]) -> "DatedTree":
        """Return the tree as it would be if units stood so besides; this one stays as it is."""
        told = list(standings)
        other = DatedTree()
        other._since, other._parents = dict(self._since), dict(self._parents)
        other._ever = dict(self._ever)
        for unit in {each.unit for each in told}:
            other._since[unit] = list(self._since.get(unit, ()))
            other._parents[unit] = list(self._parents.get(unit, ()))
        for parent in {each.parent for each in told if each.parent is not None}:
            other._ever[parent] = set(self._ever.get(parent, ()))
        for each in told:
            other.take(each)
        return other

    def path(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        """Return the unit, its parent, and so on to the root, that day; see `Tree.path`."""
        path: dict[UUID, None] = {}
        here: UUID | None = unit if unit in self._since else None
        while here is not None and here not in path:
            path[here] = None
            here = self._parent(here, on) if here in self._since else None
        return tuple(path)

    def subtree(self, units: Iterable[UUID], on: date) -> frozenset[UUID]:
        """Return those of the units that are known here, and all below them, that day."""
        tree = self._days.get(on)
        if tree is None:
            tree = Tree({unit: self._parent(unit, on) for unit in self._since})
            if len(self._days) >= self.DAYS_KEPT:
                self._days.pop(next(iter(self._days)))
            self._days[on] = tree
        return tree.subtree(units)

    def children(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        """Return the units that stood right under one that day, of those established by then."""
        return tuple(
            child
            for child in self._ever.get(unit, ())
            if self._since[child][0] <= on and self._parent(child, on) == unit
        )

    def _parent(self, unit: UUID, on: date) -> UUID | None:
        # Before its first day it stands where it first will: see `Tree.on`.
        return self._parents[unit][max(bisect_right(self._since[unit], on) - 1, 0)]
