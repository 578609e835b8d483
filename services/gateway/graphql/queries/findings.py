"""The query of audit findings: a connection over what is worked out, page by page."""

from datetime import date, timedelta
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from services.gateway.clock import today
from services.gateway.figures.calendars import today_in
from services.gateway.figures.findings.asked import Asked, AuditFindingStanding, findings
from services.gateway.figures.findings.declared import AuditFindingSeverity, Wanted
from services.gateway.figures.findings.thresholds import STANDARD
from services.gateway.graphql.connection import MOST, Edge, PageInfo
from services.gateway.graphql.context import Context, context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.paging import After, First
from services.gateway.graphql.queries.following import Unit
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.scalars import Cursor
from services.gateway.graphql.types.audit_finding import AuditFinding, AuditFindingThresholds
from shared.access.grants import Read
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.errors import Malformed

MOST_DAYS = 1_100
"""Three years, and some days."""


class FindingDaysOutOfRange(Malformed):
    """Findings are asked for of some days, in order."""

    code = "FINDING_DAYS_OUT_OF_RANGE"
    template = "From {since} to before {before} are no days that findings are asked for of."
    remedy_template = "Give a day before the other, and at most {most} days between them."


@strawberry.type(description="One page of audit findings.")
class AuditFindings:
    """A connection without a total: to count them all is to work them all out."""

    nodes: list[AuditFinding] = strawberry.field(description="The findings of this page.")
    edges: list[Edge[AuditFinding]] = strawberry.field(description="Each with its cursor.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


async def _audit_findings(
    info: Info[Any, Any],
    first: First,
    after: After = None,
    kinds: Annotated[
        list[AuditFindingKind] | None, strawberry.argument(description="Of these alone.")
    ] = None,
    severity: Annotated[
        list[AuditFindingSeverity] | None, strawberry.argument(description="Of these alone.")
    ] = None,
    org_unit_id: Unit = None,
    programme: Annotated[
        str | None, strawberry.argument(description="In the programme with this code.")
    ] = None,
    since: Annotated[
        date | None,
        strawberry.argument(
            description="About this day or a later one; twelve months before the other if left out."
        ),
    ] = None,
    before: Annotated[
        date | None,
        strawberry.argument(description="About an earlier day than this; tomorrow if left out."),
    ] = None,
    standing: Annotated[
        AuditFindingStanding, strawberry.argument(description="What became of them.")
    ] = AuditFindingStanding.OPEN,
    thresholds: Annotated[
        AuditFindingThresholds | None,
        strawberry.argument(description="What is held to be too much."),
    ] = None,
    after_positions: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after_positions)
    if not 1 <= first <= MOST:
        raise FirstOutOfRange("first", first=first, most=MOST)
    asked = Asked(
        wanted=Wanted(
            **await _days(context, programme, since, before),
            programme=programme,
            thresholds=STANDARD if thresholds is None else thresholds.known(),
        ),
        kinds=tuple(kinds or ()),
        severities=tuple(severity or ()),
        under=None if org_unit_id is None else uuid_of(org_unit_id, "OrgUnit", "orgUnitId"),
        standing=standing,
        first=first,
        beyond=None if after is None else _beyond(context, after),
    )
    page = await findings(context.reader, asked)
    nodes = [AuditFinding.of(found) for found in page.found]
    cursors = [Cursor(context.parts.keyset.cursor(_purpose(context), key)) for key in page.keys]
    return AuditFindings(
        nodes=nodes,
        edges=[Edge(node=n, cursor=c) for n, c in zip(nodes, cursors, strict=True)],
        page_info=PageInfo(
            has_next_page=page.more,
            has_previous_page=after is not None,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
    )


async def _days(
    context: Context, programme: str | None, since: date | None, before: date | None
) -> dict[str, date]:
    if before is None:
        last = today() if programme is None else await today_in(context.reader, programme)
        before = last + timedelta(days=1)
    if since is None:
        since = before - timedelta(days=365)
    if not 0 < (before - since).days <= MOST_DAYS:
        raise FindingDaysOutOfRange("since", since=since, before=before, most=MOST_DAYS)
    return {"since": since, "before": before}


def _beyond(context: Context, after: str) -> tuple[date, str]:
    day, key = context.parts.keyset.values(_purpose(context), after, ("date", "text"))
    return day, key


def _purpose(context: Context) -> str:
    return f"AuditFinding/{context.reader.scopes[Read.AUDIT].name}"


@strawberry.type
class FindingQueries:
    """What an auditor looks for by hand, over what they audit."""

    audit_findings: AuditFindings = strawberry.field(
        resolver=_audit_findings,
        metadata=weighing(2_000),
        description="What an auditor looks for by hand, standing, the latest first: worked out of "
        "what is known now. Each says when it is innocent; `auditFindingDismiss` keeps that it is.",
    )
