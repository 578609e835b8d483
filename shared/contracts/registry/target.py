"""Targets: how many a programme means to reach, of what figures count, in some days."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    GroupId,
    OrgUnitId,
    asked,
    happened,
    ref,
)


class TargetMeasure(StrEnum):
    """What is counted: a value of one of the figures, over the days of the target."""

    REACHED = "REACHED"
    """`reached` of `reachFigure`: people whom mentoring came to."""
    ENROLLED = "ENROLLED"
    """`enrolled` of `reachFigure`: people who enrolled in these days."""
    VALIDATED = "VALIDATED"
    """`validated` of `validationFigure`: of who enrolled in these days, those validated in at least
    one competency."""
    FULLY_VALIDATED = "FULLY_VALIDATED"
    """`fullyValidated` of `validationFigure`: likewise, in every competency."""
    ENCOUNTERS = "ENCOUNTERS"
    """`encounters` of `encounterFigure`: sessions and contacts."""
    SESSIONS = "SESSIONS"
    """`sessions` of `encounterFigure`: sessions held."""
    SESSIONS_COUNTED = "SESSIONS_COUNTED"
    """`counted` of `encounterFigure`: sessions that count for points, ends and rights."""
    MENTORS_ACTIVE = "MENTORS_ACTIVE"
    """`active` of `mentorFigure`: people who were at a session as its mentors."""
    MENTORS_CERTIFIED = "MENTORS_CERTIFIED"
    """`certified` of `mentorFigure`: people who were certified as mentors in these days."""
    EARNING_POINTS = "EARNING_POINTS"
    """`people` of `cpdFigure`: people who earned points of CPD."""


OF_NO_AREA = frozenset(
    {
        TargetMeasure.ENCOUNTERS,
        TargetMeasure.SESSIONS,
        TargetMeasure.SESSIONS_COUNTED,
        TargetMeasure.EARNING_POINTS,
    }
)
"""Measures that are not told apart by area."""

Number = Annotated[
    int, Meta(ge=1, le=1_000_000_000, description="How many are to be counted in the end.")
]
FiscalYear = Annotated[int, Meta(ge=1900, le=2999, description="The year in which it ends: 2021.")]
Quarter = Annotated[int, Meta(ge=1, le=4, description="Its quarter: 1 are its first three months.")]


class TargetNumber(Struct, frozen=True, kw_only=True, rename="camel"):
    """The number of a target from a day on; none: there is no such target from then on."""

    since: date
    number: Number | None = None


Numbers = Annotated[
    tuple[TargetNumber, ...],
    Meta(min_length=1, max_length=100, description="Every number that it had, in order."),
]


@happened("registry.target.told")
class TargetTold(Event, kw_only=True):
    """A programme means to reach a number since a day, from `starts` to `ends`, both counted.

    It is of a unit and all below it, of a group, or of the whole programme, and of one area of it
    or all. `fiscal_year` and `quarter`: the days were told so.
    """

    programme: Code
    measure: TargetMeasure
    starts: date
    ends: date
    number: Number
    since: date
    org_unit_id: OrgUnitId | None = None
    group_id: GroupId | None = None
    area: Code | None = None
    fiscal_year: FiscalYear | None = None
    quarter: Quarter | None = None


@happened("registry.target.changed")
class TargetChanged(Event, kw_only=True):
    """It is another number since a day; `stands` is the number that holds after its last day."""

    number: Number
    since: date
    stands: Number | None = None


@happened("registry.target.withdrawn")
class TargetWithdrawn(Event, kw_only=True):
    """It is no target any more since a day; the event's reason says why.

    `stands` is the number that holds after its last day: of what is withdrawn late, another.
    """

    since: date
    stands: Number | None = None


@happened("registry.target.corrected")
class TargetCorrected(Event, kw_only=True):
    """Its numbers are these, all of them, in place of what was said before; the event's reason says
    why. `removed` are days on which one began and none does any more.
    """

    numbers: Numbers
    removed: Annotated[tuple[date, ...], Meta(max_length=100)] = ()


TargetId = Annotated[UUID, ref("Target")]


@asked("registry", "Target", by="administrator coordinator")
class TargetSet(Command, kw_only=True):
    """Set what a programme means to reach in some days, since the day it occurred on.

    The days are a fiscal year, a quarter of it, or `starts` and `ends`. Of the same measure, place,
    area and days there is one target: to set it again changes it from that day on.
    """

    programme: Code
    measure: TargetMeasure
    number: Number
    org_unit_id: (
        Annotated[UUID, ref("OrgUnit", "Of this unit and all below it; else of all.")] | None
    ) = None
    group_id: Annotated[UUID, ref("Group", "Of this group, in place of a unit.")] | None = None
    area: Annotated[Code, Meta(description="Of this area alone.")] | None = None
    fiscal_year: FiscalYear | None = None
    quarter: Quarter | None = None
    fiscal_year_start: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=12,
                description="The month in which that year begins, if not the programme's own.",
            ),
        ]
        | None
    ) = None
    starts: Annotated[date, Meta(description="The first day.")] | None = None
    ends: Annotated[date, Meta(description="The last day.")] | None = None


@asked("registry", "Target", by="administrator coordinator")
class TargetCorrect(Command, kw_only=True):
    """Say anew which numbers a target had, and since when; `reason` says why.

    `numbers` takes the place of all that was said before.
    """

    target_id: TargetId
    numbers: Numbers


@asked("registry", "Target", by="administrator coordinator")
class TargetWithdraw(Command, kw_only=True):
    """Let a target be none any more, since the day it occurred on; `reason` says why."""

    target_id: TargetId
