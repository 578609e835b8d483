"""From whom small cells are hidden, and what they cannot ask for in one operation.

Whoever may see a place as more than a viewer (a coordinator, a mentor, an auditor) sees every count
of it. Who is a viewer there does not, and has the same things counted in one way in an operation:
two answers that cut them up otherwise would tell by their difference what each of them hides.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from strawberry.types import Info

from services.gateway.clock import this_day
from services.gateway.graphql.context import context_of
from services.gateway.graphql.errors import CountedTwice
from shared.access.grants import Read
from shared.access.policy import Actor, Reach, reach
from shared.contracts.base import camel
from shared.contracts.registry.access_grant import Role

PathOf = Callable[[UUID, date], tuple[UUID, ...]]
"""A unit and its parents up to the root, on a day."""


class Counted(Enum):
    """What figures count."""

    MENTEES = "mentees"
    SESSIONS = "sessions"
    REQUESTS = "requests"
    DEVIATIONS = "deviations"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A figure as it is asked for.

    Attributes:
        figure: its query.
        counts: what is counted by it.
        programme: of which programme; None: of whichever it turns out to be.
        under: the unit asked for, with all below it; None: all that the reader may see.
        frame: all else that says what is counted: days, a year, a cohort.
        rows: by what its rows are told apart, where that can be chosen: the kind of it, such as
            the org unit, and which one, such as the level.
        kinds: all kinds of it, where rows are told apart by several at once.
    """

    figure: str
    counts: frozenset[Counted]
    programme: str | None
    under: UUID | None = None
    frame: Hashable = None
    rows: tuple[Hashable, Hashable] = (None, None)
    kinds: frozenset[str] = frozenset()

    def goes_with(self, other: "Question") -> bool:
        """Say whether the answers to both, side by side, tell no more than each.

        Two ways of cutting up the same, by unit and by area, have nothing but their total in
        common. Two levels of units, or two days, have more.
        """
        elsewhere = self.programme != other.programme and None not in (
            self.programme,
            other.programme,
        )
        if elsewhere or not self.counts & other.counts:
            return True
        apart = self.rows[0] != other.rows[0] and self.kinds.isdisjoint(other.kinds)
        return self == (replace(other, rows=self.rows, kinds=self.kinds) if apart else other)


def least_shown(info: Info[Any, Any], question: Question) -> int:
    """Return the lowest count that is shown to who asks; 0: all are.

    Raises:
        CountedTwice: the operation asks for the same otherwise, too, and small cells are hidden.
    """
    context = context_of(info)
    least = context.parts.smallest_cell
    day = this_day()  # whatever day it is that the figures stand at
    if not least or not merely_views(
        context.actor, context.parts.directory.path_of, day, question.programme, question.under
    ):
        return 0
    for before in context.questions(info.variable_values):
        if not question.goes_with(before):
            raise CountedTwice(one=camel(before.figure), other=camel(question.figure))
    context.questions(info.variable_values).append(question)
    return least


def merely_views(
    actor: Actor, path_of: PathOf, on: date, programme: str | None, under: UUID | None
) -> bool:
    """Say whether any of what somebody sees the figures of, they see as a viewer alone.

    Args:
        programme: of this programme; None: of any.
        under: at this unit or below it; None: anywhere.
    """
    viewing = tuple(grant for grant in actor.grants if grant.role is Role.VIEWER)
    others = tuple(grant for grant in actor.grants if grant.role is not Role.VIEWER)
    seen = reach(replace(actor, grants=viewing), Read.FIGURES, on)
    more = reach(replace(actor, grants=others), Read.FIGURES, on)
    for each in seen:
        if programme is not None and each.programme not in (None, programme):
            continue
        for top in _below_both(each.org_unit_id, under, path_of, on):
            if not _covered(top, programme or each.programme, more, path_of, on):
                return True
    return False


def _below_both(
    top: UUID | None, under: UUID | None, path_of: PathOf, on: date
) -> tuple[UUID | None, ...]:
    """Return the top of what lies below both; nothing where they have nothing in common."""
    if under is None or (top is not None and under in path_of(top, on)):
        return (top,)
    if top is None or top in path_of(under, on):
        return (under,)
    return ()


def _covered(
    top: UUID | None, programme: str | None, more: Iterable[Reach], path_of: PathOf, on: date
) -> bool:
    path = () if top is None else path_of(top, on)
    return any(
        each.programme in (None, programme)
        and (each.org_unit_id is None or each.org_unit_id in path)
        for each in more
    )
