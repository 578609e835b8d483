"""Queries of figures that all take the same arguments and answer in the same shape."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import now
from services.gateway.figures.calendars import Calendar, calendar_of
from services.gateway.figures.counted.attrition import ATTRITION, AttritionCounts
from services.gateway.figures.counted.cpd import CPD, CpdCounts
from services.gateway.figures.counted.encounters import ENCOUNTERS, EncounterCounts
from services.gateway.figures.counted.gains import (
    COMPETENCY_GAINS,
    INDICATOR_GAINS,
    TEST_GAINS,
    GainCounts,
)
from services.gateway.figures.counted.items import ITEMS, ItemCounts
from services.gateway.figures.counted.mentors import MENTORS, MentorCounts
from services.gateway.figures.counted.reach import REACH, ReachCounts
from services.gateway.figures.counted.rights import RIGHTS_TO_MENTOR, RightCounts
from services.gateway.figures.counted.support import SUPPORT, SupportCounts
from services.gateway.figures.counted.validations import VALIDATIONS, ValidatedCounts
from services.gateway.figures.frame.answer import figure
from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.frame.declared import Figure as Declared
from services.gateway.figures.frame.dimensions import ALONE
from services.gateway.figures.viewers import Question, least_shown
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.days import must_be_a_year
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.figure_answer import Figure
from services.gateway.graphql.types.validation_table import HierarchyView
from services.gateway.read.loader import Reader
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase

MOST_DIMENSIONS = 2


@strawberry.input(description="Some days.")
class PeriodInput:
    """From a day to another, both counted."""

    since: date | None = strawberry.field(
        name="from", default=None, description="The first day; from the beginning if left out."
    )
    to: date | None = strawberry.field(
        default=None, description="The last day; up to now if left out."
    )


@strawberry.input(
    description="What a figure is asked for. Every figure takes all of it, but for dimensions that "
    "what it counts does not have."
)
class FigureInput:
    """The frame of every figure."""

    programme: str | None = strawberry.field(
        default=None, description="The programme's code; all programmes if left out."
    )
    period: PeriodInput | None = strawberry.field(
        default=None, description="Of these days; of all, if there is no fiscal year either."
    )
    fiscal_year: int | None = strawberry.field(
        default=None, description="Of the fiscal year that ends in this one: 2021."
    )
    fiscal_year_start: int | None = strawberry.field(
        default=None,
        description="The month in which fiscal years begin, 1 to 12, for whoever reports by "
        "another year than the programme: 7 is July to June. The programme's own if left out; "
        "January, where no programme is named.",
    )
    as_of: date | None = strawberry.field(
        default=None,
        description="What had happened by the end of that day, and how it stood then, by all that "
        "is recorded; today's state if left out.",
    )
    hierarchy: HierarchyView = strawberry.field(
        default=HierarchyView.AS_WAS, description="How org units and groups are seen."
    )
    org_unit_id: ID | None = strawberry.field(
        default=None, description="At this unit, or at one below it."
    )
    group_id: ID | None = strawberry.field(
        default=None,
        description="At the units of this group and those below them, or of the people in it.",
    )
    by: list[FigureBy] = strawberry.field(
        default_factory=list,
        description=f"What the rows stand for: up to {MOST_DIMENSIONS}. Without, the total alone.",
    )
    level: str | None = strawberry.field(
        default=None,
        description="The kind of unit that rows by ORG_UNIT are rolled up to, as DISTRICT.",
    )


Of = Annotated[FigureInput, strawberry.argument(description="What is asked for.")]


def _malformed(field: str, problem: Phrase) -> Malformed:
    return Malformed(f"of.{field}", problem=problem, expected="FigureInput")


def _must_be_asked_rightly(of: FigureInput, declared: Declared) -> None:
    must_be_a_year(of.fiscal_year, "of.fiscalYear")
    if of.fiscal_year is not None and of.period is not None:
        raise _malformed("fiscalYear", Phrase("give either a fiscal year or days"))
    if of.period and of.period.since and of.period.to and of.period.since > of.period.to:
        raise _malformed("period.from", Phrase("the first day is after the last"))
    if of.fiscal_year_start is not None and not 1 <= of.fiscal_year_start <= 12:
        raise _malformed("fiscalYearStart", Phrase("a month is 1 to 12"))
    if len(of.by) > MOST_DIMENSIONS or len(set(of.by)) < len(of.by):
        raise _malformed(
            "by", Phrase("rows stand for up to {most} different things", most=MOST_DIMENSIONS)
        )
    for by in of.by:
        needs = ALONE[by].needs
        if needs is not None and needs not in declared.has:
            raise _malformed("by", Phrase("this figure has no {dimension}", dimension=by.name))
    if of.level is not None and FigureBy.ORG_UNIT not in of.by:
        raise _malformed("level", Phrase("only rows by org unit are rolled up"))


async def _asked(reader: Reader, of: FigureInput) -> Asked:
    calendar = Calendar()
    if of.programme is not None:
        calendar = await calendar_of(reader, of.programme)
    if of.fiscal_year_start is not None:
        calendar = Calendar(zone=calendar.zone, fiscal_year_start=f"{of.fiscal_year_start:02}-01")
    today = calendar.day(now())
    since, last = (of.period.since, of.period.to) if of.period else (None, None)
    if of.fiscal_year is not None:
        since, last = calendar.days(of.fiscal_year)
    if of.as_of is not None:
        last = min(last or of.as_of, of.as_of)
    month, first = map(int, calendar.fiscal_year_start.split("-"))
    return Asked(
        programme=of.programme,
        since=since,
        last=last,
        as_of=of.as_of or today,
        dated=of.as_of is not None,
        year_starts=(month, first),
        as_is=of.hierarchy is HierarchyView.AS_IS,
        today=today,
        under=None if of.org_unit_id is None else uuid_of(of.org_unit_id, "OrgUnit", "orgUnitId"),
        group=None if of.group_id is None else uuid_of(of.group_id, "Group", "groupId"),
        by=tuple(of.by),
        level=of.level,
    )


def _question(declared: Declared, asked: Asked, of: FigureInput) -> Question:
    """Return what is asked for, as it is held against what else a viewer asks for.

    Who merely views some of what a unit was made of in earlier days sees it as a viewer.
    """
    placed = asked.under is not None or asked.group is not None
    dated = (asked.since, asked.last, of.as_of)
    return Question(
        figure=declared.name,
        counts=declared.counts,
        programme=asked.programme,
        under=asked.under if asked.as_is else None,
        frame=(dated, placed and asked.as_is, asked.under, asked.group),
        rows=(asked.by, (asked.level, asked.year_starts, asked.as_is))
        if asked.by
        else (None, None),
        kinds=frozenset(ALONE[by].kind for by in asked.by),
    )


def counting(declared: Declared) -> Callable[..., Awaitable[Any]]:
    """Return the resolver of a figure."""

    async def resolve(info: Info[Any, Any], of: Of, after: Positions = None) -> Any:
        context = context_of(info)
        await context.reach(after)
        return await counted(info, declared, of)

    return resolve


async def counted(info: Info[Any, Any], declared: Declared, of: FigureInput) -> Figure[Any]:
    """Return a figure for who asks, its small cells hidden.

    Raises:
        Malformed: it cannot be asked for so.
        CountedTwice: see `least_shown`.
    """
    reader = context_of(info).reader
    _must_be_asked_rightly(of, declared)
    asked = await _asked(reader, of)
    least = least_shown(info, _question(declared, asked, of))
    return await figure(reader, declared, asked, least)


@strawberry.type
class CountedQueries:
    """What can be counted by every argument alike."""

    encounter_figure: Figure[EncounterCounts] = strawberry.field(
        resolver=counting(ENCOUNTERS),
        metadata=weighing(500),
        description="Sessions held and contacts made, by mode, unit, day and the rest: how often "
        "mentors and mentees met.",
    )
    reach_figure: Figure[ReachCounts] = strawberry.field(
        resolver=counting(REACH),
        metadata=weighing(1_000),
        description="People reached by mentoring, those carried over among them, beside people who "
        "enrolled.",
    )
    validation_figure: Figure[ValidatedCounts] = strawberry.field(
        resolver=counting(VALIDATIONS),
        metadata=weighing(500),
        description="Of the mentees who enrolled, how many were validated.",
    )
    attrition_figure: Figure[AttritionCounts] = strawberry.field(
        resolver=counting(ATTRITION),
        metadata=weighing(500),
        description="Mentees who withdrew and mentors who left: why, when and where.",
    )
    competency_gain_figure: Figure[GainCounts] = strawberry.field(
        resolver=counting(COMPETENCY_GAINS),
        metadata=weighing(500),
        description="From the pre-test of a competency to the last attempt at it.",
    )
    test_gain_figure: Figure[GainCounts] = strawberry.field(
        resolver=counting(TEST_GAINS),
        metadata=weighing(500),
        description="From the pre-test of an area to the last written test after an attempt.",
    )
    indicator_gain_figure: Figure[GainCounts] = strawberry.field(
        resolver=counting(INDICATOR_GAINS),
        metadata=weighing(500),
        description="From the baseline of an indicator to the last follow-up.",
    )
    item_figure: Figure[ItemCounts] = strawberry.field(
        resolver=counting(ITEMS),
        metadata=weighing(2_000),
        description="Which items of the checklists are failed most: those that lost the most "
        "points first.",
    )
    support_figure: Figure[SupportCounts] = strawberry.field(
        resolver=counting(SUPPORT),
        metadata=weighing(500),
        description="How soon support requests were seen and answered, and within the promise.",
    )
    cpd_figure: Figure[CpdCounts] = strawberry.field(
        resolver=counting(CPD),
        metadata=weighing(500),
        description="CPD points that were earned and stand, and the people who have them.",
    )
    right_to_mentor_figure: Figure[RightCounts] = strawberry.field(
        resolver=counting(RIGHTS_TO_MENTOR),
        metadata=weighing(500),
        description="People who may mentor by what they proved: those who do, and those who do "
        "not.",
    )
    mentor_figure: Figure[MentorCounts] = strawberry.field(
        resolver=counting(MENTORS),
        metadata=weighing(500),
        description="Mentors who were at a session in these days, and people who were certified as "
        "mentors.",
    )
