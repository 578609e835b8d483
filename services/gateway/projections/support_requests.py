"""Support requests: who asked what, who answered, and how long it took, in seconds."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    ID,
    INSTANT,
    INTEGER,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledged,
    SupportRequestAnswered,
    SupportRequestClosed,
    SupportRequestEscalated,
    SupportRequestRaised,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

SUPPORT_REQUEST = Table(
    name="support_request",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "health_worker_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "area": TEXT,
        "phase": maybe(TEXT),
        "status": TEXT,
        "topic": TEXT,
        "question": TEXT,
        "answer": maybe(TEXT),
        "acknowledge_hours": maybe(INTEGER),
        "answer_hours": maybe(INTEGER),
        "raised_at": INSTANT,
        "acknowledged_at": maybe(INSTANT),
        "acknowledged_by": maybe(ID),
        "acknowledged_after": maybe(INTEGER),
        "answered_at": maybe(INSTANT),
        "answered_by": maybe(ID),
        "answered_after": maybe(INTEGER),
        "escalated_at": maybe(INSTANT),
        "escalated_to": maybe(ID),
        "closed_at": maybe(INSTANT),
        "closed_answered": maybe(BOOLEAN),
        **RECORD,
    },
    indexes=(
        ("raised_at", "id"),
        ("mentorship_id", "raised_at", "id"),
        ("programme", "raised_at", "id"),
        ("org_unit_id", "raised_at", "id"),
        ("status", "raised_at", "id"),
        ("health_worker_id", "raised_at", "id"),
        ("area", "raised_at", "id"),
    ),
)
"""`status` is RAISED, ACKNOWLEDGED, ESCALATED, ANSWERED or CLOSED: the last thing that happened.
`…_after` are seconds since it was raised. An answer counts as seen too, where nobody had said so
before: what is acknowledged by an answer alone has no `acknowledged_after`."""

SUPPORT_REQUESTS = Projection("support_requests", SUPPORT_REQUEST)


@SUPPORT_REQUESTS.on(SupportRequestRaised)
def raised(event: SupportRequestRaised, happening: Happening) -> Iterator[Change]:
    """Show a mentee's question."""
    yield Upsert(
        SUPPORT_REQUEST,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "health_worker_id": event.health_worker_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "area": event.area,
            "phase": event.phase,
            "status": "RAISED",
            "topic": event.topic,
            "question": event.question,
            "acknowledge_hours": event.acknowledge_hours,
            "answer_hours": event.answer_hours,
            "raised_at": event.raised_at,
            **record(happening),
        },
    )


@SUPPORT_REQUESTS.on(SupportRequestAcknowledged)
def acknowledged(event: SupportRequestAcknowledged, happening: Happening) -> Iterator[Change]:
    """Show that a mentor has seen it."""
    yield Patch(
        SUPPORT_REQUEST,
        (happening.stream,),
        {
            "status": "ACKNOWLEDGED",
            "acknowledged_at": event.acknowledged_at,
            "acknowledged_by": event.health_worker_id,
            "acknowledged_after": event.after,
            **record(happening),
        },
    )


@SUPPORT_REQUESTS.on(SupportRequestAnswered)
def answered(event: SupportRequestAnswered, happening: Happening) -> Iterator[Change]:
    """Show the answer."""
    yield Patch(
        SUPPORT_REQUEST,
        (happening.stream,),
        {
            "status": "ANSWERED",
            "answer": event.answer,
            "answered_at": event.answered_at,
            "answered_by": event.health_worker_id,
            "answered_after": event.after,
            **record(happening),
        },
    )


@SUPPORT_REQUESTS.on(SupportRequestEscalated)
def escalated(event: SupportRequestEscalated, happening: Happening) -> Iterator[Change]:
    """Show which unit has it now."""
    yield Patch(
        SUPPORT_REQUEST,
        (happening.stream,),
        {
            "status": "ESCALATED",
            "escalated_at": event.escalated_at,
            "escalated_to": event.to_org_unit_id,
            **record(happening),
        },
    )


@SUPPORT_REQUESTS.on(SupportRequestClosed)
def closed(event: SupportRequestClosed, happening: Happening) -> Iterator[Change]:
    """Show that nothing more is awaited."""
    yield Patch(
        SUPPORT_REQUEST,
        (happening.stream,),
        {
            "status": "CLOSED",
            "closed_at": event.closed_at,
            "closed_answered": event.answered,
            **record(happening),
        },
    )
