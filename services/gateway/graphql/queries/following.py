"""Queries for who follows a programme: what lags, where nobody comes, and what was earned."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.figures.calendars import today_in
from services.gateway.figures.viewers import Counted, Question, least_shown
from services.gateway.graphql.context import Context, context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.days import must_be_a_year
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.cpd import CpdStatement, cpd_statement
from services.gateway.graphql.types.deviation_report import (
    Asked as DeviationsAsked,
)
from services.gateway.graphql.types.deviation_report import (
    DeviationReport,
    deviation_report,
)
from services.gateway.graphql.types.encounter_report import (
    Asked as EncountersAsked,
)
from services.gateway.graphql.types.encounter_report import (
    EncounterReport,
    encounter_report,
)
from services.gateway.graphql.types.facility_coverage import FacilityCoverage, facility_coverage
from services.gateway.graphql.types.facility_progress import FacilityProgress, facility_progress
from services.gateway.graphql.types.figure import MOST_ROWS, Asked
from services.gateway.graphql.types.mentor_caseload import MentorCaseload, mentor_caseload
from services.gateway.graphql.types.overdue import (
    OverdueArtefacts,
    OverdueVisit,
    overdue_artefacts,
    overdue_visits,
)
from services.gateway.graphql.types.overdue_oversight import OverdueOversight, overdue_oversight
from services.gateway.graphql.types.support_response import SupportResponse, support_response
from services.gateway.graphql.types.vacancy import Vacancy, vacancies
from services.gateway.graphql.types.workshop_report import (
    Asked as WorkshopsAsked,
)
from services.gateway.graphql.types.workshop_report import (
    WorkshopReport,
    workshop_report,
)
from services.gateway.read.loader import Reader
from shared.contracts.definition.visits import GuestRole
from shared.contracts.registry.org_unit import OrgUnitKind
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase

graphql_enum(OrgUnitKind)

Programme = Annotated[str, strawberry.argument(description="The programme's code.")]
Unit = Annotated[
    ID | None, strawberry.argument(description="At this unit, or at one below it; else anywhere.")
]
Day = Annotated[
    date | None,
    strawberry.argument(
        description="As of that day's end; today in the programme's zone if left out."
    ),
]
FiscalYear = Annotated[
    int | None, strawberry.argument(description="The year in which it ends: 2021.")
]
KindOfCode = Annotated[
    str | None,
    strawberry.argument(description="Likewise, by the code of a kind; it comes before the other."),
]
First = Annotated[int, strawberry.argument(description=f"How many rows: 1 to {MOST_ROWS}.")]
Skip = Annotated[int, strawberry.argument(description="How many rows to leave out before.")]


def _unit(unit: ID | None) -> UUID | None:
    return None if unit is None else uuid_of(unit, "OrgUnit", "orgUnitId")


async def asked_of(
    info: Info[Any, Any],
    programme: str,
    unit: ID | None,
    day: date | None,
    first: int,
    skip: int,
    after: Sequence[str] | None,
) -> tuple[Context, Asked]:
    """Wait for positions, and return what a figure of a programme is asked for."""
    context = context_of(info)
    await context.reach(after)
    asked = Asked(
        programme=programme,
        under=_unit(unit),
        day=day or await today_in(context.reader, programme),
        first=first,
        skip=skip,
    )
    return context, asked


def listing(figure: Callable[[Reader, Asked], Awaitable[Any]]) -> Any:
    """Return the resolver of a figure that is a list of rows, and asks for nothing of its own."""

    async def resolve(
        info: Info[Any, Any],
        programme: Programme,
        first: First,
        skip: Skip = 0,
        org_unit_id: Unit = None,
        as_of: Day = None,
        after: Positions = None,
    ) -> Any:
        context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
        return await figure(context.reader, asked)

    return resolve


async def _mentor_caseload(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    area: Annotated[
        str | None, strawberry.argument(description="Of mentors in this area alone, by its code.")
    ] = None,
    room_for: Annotated[
        int | None,
        strawberry.argument(
            description="Of those alone who would carry at least so many mentorships more."
        ),
    ] = None,
    after: Positions = None,
) -> Any:
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    return await mentor_caseload(context.reader, asked, area=area, room_for=room_for)


async def _facility_coverage(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    all: Annotated[
        bool, strawberry.argument(description="Operational facilities without mentees too.")
    ] = False,
    after: Positions = None,
) -> Any:
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    question = Question(
        figure="facility_coverage",
        counts=frozenset({Counted.MENTEES, Counted.SESSIONS}),
        programme=programme,
        under=asked.under,
        frame=asked.day,
    )
    least = least_shown(info, question)
    return await facility_coverage(context.reader, asked, every=all, least=least)


async def _overdue_artefacts(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    by_mentor: Annotated[
        bool,
        strawberry.argument(
            description="What each mentor of a team owes, and not what the team does."
        ),
    ] = False,
    after: Positions = None,
) -> Any:
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    return await overdue_artefacts(context.reader, asked, by_mentor=by_mentor)


async def _overdue_oversight(
    info: Info[Any, Any],
    programme: Programme,
    first: First,
    skip: Skip = 0,
    org_unit_id: Unit = None,
    as_of: Day = None,
    supervision_of: Annotated[
        OrgUnitKind,
        strawberry.argument(description="The kind of unit that supervisors visit."),
    ] = OrgUnitKind.DISTRICT,
    meeting_of: Annotated[
        OrgUnitKind, strawberry.argument(description="The kind of unit that meets.")
    ] = OrgUnitKind.DISTRICT,
    supervision_of_code: KindOfCode = None,
    meeting_of_code: KindOfCode = None,
    after: Positions = None,
) -> Any:
    context, asked = await asked_of(info, programme, org_unit_id, as_of, first, skip, after)
    return await overdue_oversight(
        context.reader,
        asked,
        supervision=supervision_of_code or supervision_of.value,
        meeting=meeting_of_code or meeting_of.value,
    )


async def _support_response(
    info: Info[Any, Any],
    programme: Programme,
    org_unit_id: Unit = None,
    fiscal_year: FiscalYear = None,
    since: Annotated[
        date | None, strawberry.argument(description="Raised on this day or later.")
    ] = None,
    until: Annotated[
        date | None, strawberry.argument(description="Raised on this day or earlier.")
    ] = None,
    after: Positions = None,
) -> Any:
    must_be_a_year(fiscal_year)
    if fiscal_year is not None and (since is not None or until is not None):
        raise Malformed(
            "fiscalYear",
            problem=Phrase("give either a fiscal year or days"),
            expected="fiscalYear, or since and until",
        )
    context = context_of(info)
    await context.reach(after)
    question = Question(
        figure="support_response",
        counts=frozenset({Counted.REQUESTS}),
        programme=programme,
        under=_unit(org_unit_id),
        frame=(fiscal_year, since, until),
    )
    return await support_response(
        context.reader,
        programme,
        question.under,
        fiscal_year=fiscal_year,
        since=since,
        before=_day_after(until),
        least=least_shown(info, question),
    )


Since = Annotated[date | None, strawberry.argument(description="Of this day or later.")]
Until = Annotated[date | None, strawberry.argument(description="Of this day or earlier.")]


def _day_after(until: date | None) -> date | None:
    return None if until is None else until + timedelta(days=1)


async def _deviation_report(
    info: Info[Any, Any],
    programme: Programme,
    org_unit_id: Unit = None,
    since: Since = None,
    until: Until = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    asked = DeviationsAsked(
        programme=programme,
        under=_unit(org_unit_id),
        since=since,
        before=_day_after(until),
    )
    question = Question(
        figure="deviation_report",
        counts=frozenset({Counted.DEVIATIONS}),
        programme=programme,
        under=asked.under,
        frame=(since, until),
    )
    return await deviation_report(context.reader, asked, least_shown(info, question))


async def _encounter_report(
    info: Info[Any, Any],
    programme: Programme,
    org_unit_id: Unit = None,
    since: Since = None,
    until: Until = None,
    guest_role: Annotated[
        GuestRole, strawberry.argument(description="Whose company `withGuest` counts.")
    ] = GuestRole.SUPERVISOR,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    asked = EncountersAsked(
        programme=programme,
        under=_unit(org_unit_id),
        since=since,
        before=_day_after(until),
        guest_role=guest_role,
    )
    question = Question(
        figure="encounter_report",
        counts=frozenset({Counted.SESSIONS}),
        programme=programme,
        under=asked.under,
        frame=(since, until, guest_role),
    )
    return await encounter_report(context.reader, asked, least_shown(info, question))


async def _workshop_report(
    info: Info[Any, Any],
    programme: Programme,
    org_unit_id: Unit = None,
    since: Annotated[
        date | None, strawberry.argument(description="Ended on this day or later.")
    ] = None,
    until: Annotated[
        date | None, strawberry.argument(description="Ended on this day or earlier.")
    ] = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    asked = WorkshopsAsked(
        programme=programme,
        under=_unit(org_unit_id),
        since=since,
        before=_day_after(until),
    )
    question = Question(
        figure="workshop_report",
        counts=frozenset({Counted.PEOPLE}),
        programme=programme,
        under=asked.under,
        frame=(since, until),
    )
    return await workshop_report(context.reader, asked, least_shown(info, question))


async def _cpd_statement(
    info: Info[Any, Any],
    health_worker_id: Annotated[ID, strawberry.argument(description="Whose account.")],
    fiscal_year: FiscalYear = None,
    after: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after)
    person = uuid_of(health_worker_id, "HealthWorker", "healthWorkerId")
    must_be_a_year(fiscal_year)
    return await cpd_statement(context.reader, person, fiscal_year)


@strawberry.type
class FollowingQueries:
    """What can be asked about how a programme goes, over what is in the reader's scope."""

    mentor_caseload: list[MentorCaseload] = strawberry.field(
        resolver=_mentor_caseload,
        metadata=weighing(200),
        description="What each certified mentor carries: the longest idle first, those without a "
        "mentorship last.",
    )
    facility_coverage: list[FacilityCoverage] = strawberry.field(
        resolver=_facility_coverage,
        metadata=weighing(500),
        description="Facilities with mentees or sessions: the never visited first, then by how "
        "long ago they were visited.",
    )
    facility_progress: list[FacilityProgress] = strawberry.field(
        resolver=listing(facility_progress),
        metadata=weighing(200),
        description="How facilities stand since they were first looked at: those that fell behind "
        "first.",
    )
    overdue_visits: list[OverdueVisit] = strawberry.field(
        resolver=listing(overdue_visits),
        metadata=weighing(200),
        description="Live mentorships that met less often than the programme's rhythm asks: the "
        "longest overdue first.",
    )
    overdue_artefacts: list[OverdueArtefacts] = strawberry.field(
        resolver=_overdue_artefacts,
        metadata=weighing(500),
        description="What live mentorships did not submit for periods that are over: the newest "
        "periods first.",
    )
    overdue_oversight: list[OverdueOversight] = strawberry.field(
        resolver=_overdue_oversight,
        metadata=weighing(500),
        description="Units whose supervision visit or coordination meeting of a period is missing, "
        "as the programme asks for them: the longest overdue first.",
    )
    vacancies: list[Vacancy] = strawberry.field(
        resolver=listing(vacancies),
        metadata=weighing(200),
        description="Places of mentors who left live mentorships, and nobody took: the longest "
        "vacant first.",
    )
    support_response: SupportResponse = strawberry.field(
        resolver=_support_response,
        metadata=weighing(200),
        description="How fast support requests were acknowledged and answered.",
    )
    deviation_report: DeviationReport = strawberry.field(
        resolver=_deviation_report,
        metadata=weighing(200),
        description="How often the programme's rules were departed from: by rule, by org unit, by "
        "mentor, the most frequent first.",
    )
    encounter_report: EncounterReport = strawberry.field(
        resolver=_encounter_report,
        metadata=weighing(200),
        description="How often mentors and mentees met, in person and virtually, and how often "
        "somebody came in a role: by mode, month and org unit.",
    )
    workshop_report: WorkshopReport = strawberry.field(
        resolver=_workshop_report,
        metadata=weighing(200),
        description="Workshops by what they were for, and people trained by course, cadre and "
        "unit.",
    )
    cpd_statement: CpdStatement | None = strawberry.field(
        resolver=_cpd_statement,
        metadata=weighing(20),
        description="A health worker's CPD account; null if they are not in your scope.",
    )
