"""What part of the data one reader may see: the policy's reaches, made ready for SQL.

A reach names the top of a subtree, and so does the condition made of it: a row is within if the
top is among the ancestors of its unit (`below`). They are those of today: who oversees a district
oversees what is in it now; where what is read stands at another day, what was in it then.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.access.grants import Read
from shared.access.policy import Actor, Reach, reach


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of these units and of all below them (None: of all, and of none), of this programme
    (None: of all, and outside any), and of this person's own record (None: of anybody's), with
    those of the people in their mentorships, if `care`.
    """

    tops: tuple[UUID, ...] | None
    programme: str | None
    person: UUID | None = None
    care: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The union of some parts; without any, nothing.

    Attributes:
        parts: what it is made of.
        name: the same for the same reaches: what cursors are tied to.
        day: whose hierarchy counts.
        people: the health workers that the reader is.
    """

    parts: tuple[Part, ...]
    name: str
    day: date
    people: frozenset[UUID] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether no row is outside of it."""
        return Part(None, None) in self.parts


Scopes = dict[Read, Scope]


def scopes_of(actor: Actor, on: date, *, at: date | None = None) -> Scopes:
    """Return what `actor` may read on that day, for each kind of reading.

    Args:
        at: the day whose hierarchy counts, if it is another one.
    """
    people, day = actor.people_on(on), at or on
    return {action: _scope(reach(actor, action, on), day, people) for action in Read}


def _scope(reaches: Iterable[Reach], on: date, people: frozenset[UUID]) -> Scope:
    held = frozenset(reaches)
    tops: dict[tuple[str | None, UUID | None, bool], set[UUID] | None] = {}
    for each in held:
        over = (each.programme, each.person, each.care)
        units = tops.setdefault(over, set())
        if each.org_unit_id is None:
            tops[over] = None
        elif units is not None:
            units.add(each.org_unit_id)
    parts = [
        Part(None if units is None else tuple(sorted(units)), *over) for over, units in tops.items()
    ]
    names = "\n".join(
        sorted(
            f"{one.org_unit_id}/{one.programme}/{one.person}{'/care' if one.care else ''}"
            for one in held
        )
    )
    return Scope(tuple(parts), hashlib.sha256(names.encode()).hexdigest()[:16], on, people)
