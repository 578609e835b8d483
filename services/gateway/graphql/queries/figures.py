"""Queries of figures: what is counted and worked out, over what is in the reader's scope."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.figures.cohorts import cohort_report
from services.gateway.figures.indicators import averaged, indicator_report
from services.gateway.figures.validation import Asked, validation_table
from services.gateway.figures.viewers import Counted, Question, least_shown
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.days import must_be_a_year
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.kinds import KindCode, kind_said
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.cohort_report import CohortReport
from services.gateway.graphql.types.indicator_report import IndicatorAverage, IndicatorChange
from services.gateway.graphql.types.validation_table import (
    HierarchyView,
    ValidationTable,
    ValidationTableBy,
)
from shared.contracts.registry.org_unit import OrgUnitKind
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase

graphql_enum(OrgUnitKind)

Programme = Annotated[str, strawberry.argument(description="The programme's code.")]


async def _validation_table(
    info: Info[Any, Any],
    programme: Programme,
    by: Annotated[ValidationTableBy, strawberry.argument(description="What the rows stand for.")],
    fiscal_year: Annotated[
        int | None,
        strawberry.argument(
            description="The year in which it ends: 2021. Only a table by fiscal year may leave "
            "it out: it shows every year then."
        ),
    ] = None,
    as_of: Annotated[
        date | None,
        strawberry.argument(
            description="Enrolled by that day, and validated as it stood on it; by all that is "
            "recorded if left out."
        ),
    ] = None,
    hierarchy: Annotated[
        HierarchyView, strawberry.argument(description="How org units are seen.")
    ] = HierarchyView.AS_WAS,
    level: Annotated[
        OrgUnitKind | None,
        strawberry.argument(description="The kind of unit that a table by unit is rolled up to."),
    ] = None,
    level_code: KindCode = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    must_be_a_year(fiscal_year)
    if fiscal_year is None and by is not ValidationTableBy.FISCAL_YEAR:
        raise Malformed(
            "fiscalYear",
            problem=Phrase("only a table by fiscal year goes without"),
            expected="validationTable",
        )
    rolled_up_to = kind_said(level, level_code, "level")
    if rolled_up_to is not None and by is not ValidationTableBy.ORG_UNIT:
        raise Malformed(
            "level",
            problem=Phrase("only a table by org unit is rolled up"),
            expected="validationTable",
        )
    asked = Asked(
        programme=programme,
        by=by,
        fiscal_year=fiscal_year,
        as_of=as_of,
        hierarchy=hierarchy,
        level=rolled_up_to,
    )
    question = Question(
        figure="validation_table",
        counts=frozenset({Counted.MENTEES}),
        programme=programme,
        frame=(fiscal_year, as_of),
        rows=_told_apart(by, hierarchy, rolled_up_to),
    )
    return await validation_table(context.reader, asked, today(), least_shown(info, question))


def _told_apart(
    by: ValidationTableBy, hierarchy: HierarchyView, level: str | None
) -> tuple[str, Any]:
    """Return the kind of what a table's rows stand for, and which of that kind.

    Areas add up to technical areas and to associations, as units do to those above.
    """
    if by is ValidationTableBy.ORG_UNIT:
        return "unit", (hierarchy, level)
    return ("year" if by is ValidationTableBy.FISCAL_YEAR else "area"), by


Cohort = Annotated[ID | None, strawberry.argument(description="Of this cohort alone.")]


async def _indicator_average(
    info: Info[Any, Any],
    programme: Programme,
    cohort_id: Cohort = None,
    after: Positions = None,
) -> Any:
    return averaged(await _indicator_report(info, programme, cohort_id, after))


async def _indicator_report(
    info: Info[Any, Any],
    programme: Programme,
    cohort_id: Cohort = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    cohort = None if cohort_id is None else uuid_of(cohort_id, "Cohort", "cohortId")
    question = Question(
        figure="indicator_report",
        counts=frozenset({Counted.MENTEES}),
        programme=programme,
        frame=cohort,
    )
    return await indicator_report(context.reader, programme, cohort, least_shown(info, question))


async def _cohort_report(
    info: Info[Any, Any],
    cohort_id: Annotated[ID, strawberry.argument(description="Which cohort.")],
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    cohort = uuid_of(cohort_id, "Cohort", "cohortId")
    question = Question(
        figure="cohort_report",
        counts=frozenset({Counted.MENTEES, Counted.SESSIONS}),
        programme=None,
        frame=cohort,
    )
    return await cohort_report(context.reader, cohort, least_shown(info, question))


@strawberry.type
class FigureQueries:
    """What can be counted."""

    validation_table: ValidationTable = strawberry.field(
        resolver=_validation_table,
        metadata=weighing(500),
        description="Of a programme's mentees of a fiscal year, how many were validated. Counts "
        "only those in your scope.",
    )
    indicator_report: list[IndicatorChange] = strawberry.field(
        resolver=_indicator_report,
        metadata=weighing(500),
        description="How much each indicator of a programme changed from baseline, over the "
        "mentees in your scope who were scored twice.",
    )
    indicator_average: IndicatorAverage = strawberry.field(
        resolver=_indicator_average,
        metadata=weighing(500),
        description="What the indicator report comes to on average over all indicators.",
    )
    cohort_report: CohortReport = strawberry.field(
        resolver=_cohort_report,
        metadata=weighing(200),
        description="What became of those who started together. Counts only what is in your scope.",
    )
