"""Support requests: who asked what, who answered, and how long it took, in seconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta

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
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledged,
    SupportRequestAnswered,
    SupportRequestClosed,
    SupportRequestEscalated,
    SupportRequestFollowedUp,
    SupportRequestRaised,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

SUPPORT_REQUEST = Table(
    name="support_request",
    version=3,
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
        "private": BOOLEAN,
        "topic": TEXT,
        "question": TEXT,
        "answer": maybe(TEXT),
        "acknowledge_hours": maybe(INTEGER),
        "answer_hours": maybe(INTEGER),
        "acknowledge_by": maybe(INSTANT),
        "answer_by": maybe(INSTANT),
        "awaited_since": maybe(INSTANT),
        "session_id": maybe(ID),
        "competency": maybe(TEXT),
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
        ("acknowledge_by", "id"),
        ("answer_by", "id"),
        ("awaited_since", "id"),
        ("session_id",),
    ),
)
"""`status` is RAISED, ACKNOWLEDGED, ESCALATED, ANSWERED, FOLLOWED_UP (by the mentee) or CLOSED: the
last thing that happened. `private`: what is said in it is between the mentee and the mentors, until
the mentee passes it on. `…_by` is until when it is to be, as long as it is awaited: what lies
before now there is late. `awaited_since` is since when a mentor's word is awaited, empty while none
is.
`…_after` are seconds since it was raised. An answer counts as seen too, where nobody had said so
before: what is acknowledged by an answer alone has no `acknowledged_after`."""

SUPPORT_FOLLOW_UP = Table(
    name="support_follow_up",
    version=1,
    key=("request_id", "number"),
    columns={
        "request_id": ID,
        "number": INTEGER,
        "health_worker_id": ID,
        "side": TEXT,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "text": TEXT,
        "followed_up_at": INSTANT,
        "session_id": maybe(ID),
        "competency": maybe(TEXT),
    },
)
"""What either side said more, by the record's version that it made; `text` is personal."""

SUPPORT_REQUESTS = Projection("support_requests", SUPPORT_REQUEST, SUPPORT_FOLLOW_UP)


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
            "private": event.private,
            "topic": event.about,
            "question": event.question,
            "acknowledge_hours": event.acknowledge_hours,
            "answer_hours": event.answer_hours,
            "acknowledge_by": _within(event.raised_at, event.acknowledge_hours),
            "answer_by": _within(event.raised_at, event.answer_hours),
            "awaited_since": event.raised_at,
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
            "acknowledge_by": None,
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
            "acknowledge_by": None,
            "answer_by": None,
            "awaited_since": None,
            "session_id": event.session_id,
            "competency": event.competency,
            "answer": event.answer,
            "answered_at": event.answered_at,
            "answered_by": event.health_worker_id,
            "answered_after": event.after,
            **record(happening),
        },
    )


@SUPPORT_REQUESTS.on(SupportRequestFollowedUp)
def followed_up(event: SupportRequestFollowedUp, happening: Happening) -> Iterator[Change]:
    """Show what was said more."""
    yield Upsert(
        SUPPORT_FOLLOW_UP,
        (happening.stream, happening.version),
        {
            "health_worker_id": event.health_worker_id,
            "side": event.side.value,
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "text": event.text,
            "followed_up_at": event.followed_up_at,
            "session_id": event.session_id,
            "competency": event.competency,
        },
    )
    asks_on = event.side is Side.MENTEE
    yield Patch(
        SUPPORT_REQUEST,
        (happening.stream,),
        {
            "status": "FOLLOWED_UP" if asks_on else "ANSWERED",
            "awaited_since": event.followed_up_at if asks_on else None,
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
            "private": False,
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
            "acknowledge_by": None,
            "answer_by": None,
            "awaited_since": None,
            "closed_at": event.closed_at,
            "closed_answered": event.answered,
            **record(happening),
        },
    )


def _within(since: datetime, hours: int | None) -> datetime | None:
    """Return when a promise falls due; None: there is none, or not in any year to come."""
    try:
        return None if hours is None else since + timedelta(hours=hours)
    except OverflowError:
        return None
