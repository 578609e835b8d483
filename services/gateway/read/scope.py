"""What part of the data one reader may see: the policy's reaches, made ready for SQL.

A reach names the top of a subtree; SQL is given the units of it. The subtree is that of today's
hierarchy: who oversees a district oversees what is in it now.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from shared.access.grants import Read
from shared.access.policy import Actor, Reach, reach


class Hierarchy(Protocol):
    """Who stands under whom on a day: the access directory, as queries see it."""

    def path_of(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        """Return the unit and its parents up to the root."""

    def subtree_of(self, units: Iterable[UUID], on: date) -> frozenset[UUID]:
        """Return the units and all below them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of these units (None: of all), of this programme (None: of all, and outside any), and of
    this person's own record (None: of anybody's).
    """

    units: list[UUID] | None
    programme: str | None
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The union of some parts; without any, nothing.

    Attributes:
        parts: what it is made of.
        name: the same for the same reaches: what cursors are tied to.
        people: the health workers that the reader is.
    """

    parts: tuple[Part, ...]
    name: str
    people: frozenset[UUID] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether no row is outside of it."""
        return Part(None, None) in self.parts


Scopes = dict[Read, Scope]


def scopes_of(actor: Actor, hierarchy: Hierarchy, on: date) -> Scopes:
    """Return what `actor` may read on that day, for each kind of reading."""
    people = actor.people_on(on)
    return {action: _scope(reach(actor, action, on), hierarchy, on, people) for action in Read}


def _scope(
    reaches: Iterable[Reach], hierarchy: Hierarchy, on: date, people: frozenset[UUID]
) -> Scope:
    held = frozenset(reaches)
    tops: dict[tuple[str | None, UUID | None], set[UUID] | None] = {}
    for each in held:
        over = (each.programme, each.person)
        units = tops.setdefault(over, set())
        if each.org_unit_id is None:
            tops[over] = None
        elif units is not None:
            units.add(each.org_unit_id)
    parts = [
        Part(None if units is None else list(hierarchy.subtree_of(units, on)), programme, person)
        for (programme, person), units in tops.items()
    ]
    names = "\n".join(sorted(f"{each.org_unit_id}/{each.programme}/{each.person}" for each in held))
    return Scope(tuple(parts), hashlib.sha256(names.encode()).hexdigest()[:16], people)
