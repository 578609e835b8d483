"""Support requests: a mentee asks, a mentor answers, and either says more; how long it took is part
of the record.
"""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    Instant,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    SessionId,
    SupportRequestId,
    Text,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.registry.mentorship import Side

At = Annotated[Instant, Meta(description="When it was, if not right now.")] | None
SaidAt = (
    Annotated[
        Instant,
        Meta(
            description="What the phone called it, where its clock was some minutes ahead: then it"
            " was taken as now."
        ),
    ]
    | None
)
Seconds = Annotated[int, Meta(ge=0, description="Seconds since the request was raised.")]


AnsweredAt = (
    Annotated[
        UUID,
        ref("Session", "The session at which it was taken up."),
        later("The session at which it was taken up."),
    ]
    | None
)
PractisedFor = Annotated[Code, later("The competency that was practised for it.")] | None


@happened("sessions.support_request.raised")
class SupportRequestRaised(Event, kw_only=True):
    """A mentee needs help. The question names no patient.

    Attributes:
        about: the topic, as the wire calls it; `topic` is every event's own.
        acknowledge_hours, answer_hours: what the programme means to keep to, if it says.
    """

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    programme: Code
    org_unit_id: OrgUnitId
    area: Code
    phase: Code | None = None
    about: Text = field(name="topic")
    question: LongText
    raised_at: Instant
    acknowledge_hours: int | None = None
    answer_hours: int | None = None
    said_at: SaidAt = None


@happened("sessions.support_request.acknowledged")
class SupportRequestAcknowledged(Event, kw_only=True):
    """A mentor has seen it."""

    health_worker_id: HealthWorkerId
    acknowledged_at: Instant
    after: Seconds
    said_at: SaidAt = None


@happened("sessions.support_request.answered")
class SupportRequestAnswered(Event, kw_only=True):
    """A mentor answered it; an answer given at once counts as seen at that time too.

    `session_id` is the session at which it was answered, `competency` what was practised for it.
    """

    health_worker_id: HealthWorkerId
    answer: LongText
    answered_at: Instant
    after: Seconds
    said_at: SaidAt = None
    session_id: SessionId | None = None
    competency: Code | None = None


@happened("sessions.support_request.followed_up", subject="health_worker_id")
class SupportRequestFollowedUp(Event, kw_only=True):
    """Either side said more: the mentee asks on, a mentor adds to the answer.

    `session_id` is the session at which it was taken up, `competency` what was practised for it.
    """

    health_worker_id: HealthWorkerId
    side: Side
    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    text: PersonalLongText
    followed_up_at: Instant
    said_at: SaidAt = None
    session_id: SessionId | None = None
    competency: Code | None = None


@happened("sessions.support_request.escalated")
class SupportRequestEscalated(Event, kw_only=True):
    """It was passed on to a unit above; the event's reason says why."""

    to_org_unit_id: OrgUnitId
    escalated_at: Instant
    said_at: SaidAt = None


@happened("sessions.support_request.closed")
class SupportRequestClosed(Event, kw_only=True):
    """The mentee has what they needed, or the event's reason says why not."""

    closed_at: Instant
    answered: bool
    said_at: SaidAt = None


@asked("sessions", "SupportRequest", by="coordinator mentor mentee")
class SupportRequestRaise(Command, kw_only=True):
    """Ask the mentors of a mentorship for help."""

    id: NewId = None
    mentorship_id: MentorshipId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "The mentee.")]
    area: Annotated[Code, Meta(description="Theirs, if they have several here.")] | None = None
    topic: Text
    question: LongText
    at: At = None


@asked("sessions", "SupportRequest", by="coordinator mentor")
class SupportRequestAcknowledge(Command, kw_only=True):
    """Record that a mentor has seen a request."""

    support_request_id: SupportRequestId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "The mentor.")]
    at: At = None


@asked("sessions", "SupportRequest", by="coordinator mentor")
class SupportRequestAnswer(Command, kw_only=True):
    """Record a mentor's answer; what follows the first one is added to it."""

    support_request_id: SupportRequestId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "The mentor.")]
    answer: LongText
    at: At = None
    session_id: AnsweredAt = None
    competency: PractisedFor = None


@asked("sessions", "SupportRequest", by="coordinator mentor mentee")
class SupportRequestFollowUp(Command, kw_only=True):
    """Say more to a request, from either side; a mentor's first word is the answer."""

    support_request_id: SupportRequestId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "Who says it: a mentor, or the mentee.")]
    text: Annotated[PersonalLongText, Meta(description="It names no patient. Personal.")]
    at: At = None
    session_id: AnsweredAt = None
    competency: PractisedFor = None


@asked("sessions", "SupportRequest", by="coordinator mentor")
class SupportRequestEscalate(Command, kw_only=True):
    """Pass a request on to a unit above; `reason` says why."""

    support_request_id: SupportRequestId
    to_org_unit_id: OrgUnitId
    at: At = None


@asked("sessions", "SupportRequest", by="coordinator mentor mentee")
class SupportRequestClose(Command, kw_only=True):
    """Close an answered request; one without an answer needs a `reason`."""

    support_request_id: SupportRequestId
    at: At = None
