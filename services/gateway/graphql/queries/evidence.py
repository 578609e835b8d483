"""Queries of evidence: links to what proves a mentee's history, or a certificate."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.clock import this_day
from services.gateway.evidence import gathering
from services.gateway.evidence.errors import PeriodBackwards
from services.gateway.evidence.making import since_by_service
from services.gateway.evidence.served import VERIFIER_PATH
from services.gateway.evidence.tickets import LASTS, Ticket
from services.gateway.graphql.context import Context, context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.types.evidence import Evidence
from shared.access.grants import Read
from shared.access.policy import Place, must

Since = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Checkpoints of the services' logs that you kept, whole, as they were fetched: "
        "the bundle proves that each log continues its own."
    ),
]


async def _audit_evidence(
    info: Info[Any, Any],
    mentee: Annotated[ID, strawberry.argument(description="The id of a mentee.")],
    first: Annotated[
        date | None,
        strawberry.argument(name="from", description="What happened on that day or later."),
    ] = None,
    last: Annotated[
        date | None,
        strawberry.argument(name="to", description="What happened on that day or earlier."),
    ] = None,
    since: Since = None,
    pdf: Annotated[bool, strawberry.argument(description="With its report as PDF, too.")] = False,
    after: Positions = None,
) -> Evidence:
    context = context_of(info)
    await context.reach(after)
    if first is not None and last is not None and last < first:
        raise PeriodBackwards("to", since=first, to=last)
    id = uuid_of(mentee, "Mentee", "mentee")
    since_by_service(since or ())
    scopes = context.reader.scopes
    database = context.parts.database
    subject = await gathering.subject(database, scopes, id)
    # Its events are judged one by one; who may audit none of where she is now, is not shown any.
    path = context.parts.directory.path_of(subject.org_unit, this_day())
    must(context.actor, Read.AUDIT, Place(path=path), this_day())
    named = await gathering.named(database, scopes, subject.people, first, last)
    ticket = Ticket(
        subject=context.principal.subject,
        expires=datetime.now(UTC) + LASTS,
        mentee=id,
        first=first,
        last=last,
        since=list(since or ()),
        pdf=pdf,
        trace_id=context.trace_id,
        purpose=context.purpose,
    )
    return _link(context, ticket, len(named))


async def _certificate_evidence(
    info: Info[Any, Any],
    number: Annotated[str, strawberry.argument(description="The number on it.")],
    after: Positions = None,
) -> Evidence:
    context = context_of(info)
    await context.reach(after)
    must(context.actor, Read.CATALOGUE, Place(), this_day())
    database = context.parts.database
    shown = await gathering.certificate(database, number)
    places = await gathering.certified(database, UUID(shown["certificateId"]))
    ticket = Ticket(
        subject=context.principal.subject,
        expires=datetime.now(UTC) + LASTS,
        number=number,
        trace_id=context.trace_id,
        purpose=context.purpose,
    )
    return _link(context, ticket, len(places))


def _link(context: Context, ticket: Ticket, events: int) -> Evidence:
    return Evidence(
        url=context.parts.tickets.link(ticket),
        expires_at=ticket.expires,
        events=events,
        verifier=VERIFIER_PATH,
    )


@strawberry.type
class EvidenceQueries:
    """What can be taken away as evidence."""

    audit_evidence: Evidence = strawberry.field(
        resolver=_audit_evidence,
        metadata=weighing(500),
        description="For auditors of where a mentee is: everything that names the person, whatever "
        "they are enrolled in, in one file that verifies with no access to the system.",
    )
    certificate_evidence: Evidence = strawberry.field(
        resolver=_certificate_evidence,
        metadata=weighing(50),
        description="For anybody with a grant, as `certificate` is: what the log has of a "
        "certificate, in a file that verifies with no access to the system; it tells no more of "
        "anybody than `certificate` does.",
    )
