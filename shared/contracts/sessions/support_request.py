"""Support requests: a mentee asks, a mentor answers, and either says more; how long it took is part
of the record.
"""

from typing import Annotated, Any
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
    PersonalText,
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


class OfThread(Event, kw_only=True):
    """Something that was said or done in a thread.

    `private`: it is between the mentee and the mentors alone, why it was done as well.
    """

    private: bool = False

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: no thread was private, and what was said in clear is read so."""


@happened("sessions.support_request.raised", subject="health_worker_id", version=2, in_clear=1)
class SupportRequestRaised(OfThread, kw_only=True):
    """A mentee needs help: their key seals what they say. The question names no patient.

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
    about: PersonalText = field(name="topic")
    question: PersonalLongText
    raised_at: Instant
    acknowledge_hours: int | None = None
    answer_hours: int | None = None
    said_at: SaidAt = None


@happened("sessions.support_request.acknowledged", version=2)
class SupportRequestAcknowledged(OfThread, kw_only=True):
    """A mentor has seen it."""

    health_worker_id: HealthWorkerId
    acknowledged_at: Instant
    after: Seconds
    said_at: SaidAt = None


@happened("sessions.support_request.answered", subject="health_worker_id", version=2, in_clear=1)
class SupportRequestAnswered(OfThread, kw_only=True):
    """A mentor answered it; an answer given at once counts as seen at that time too.

    Like whatever else is said in the thread, it is sealed with the key of who says it.

    `session_id` is the session at which it was answered, `competency` what was practised for it.
    """

    health_worker_id: HealthWorkerId
    answer: PersonalLongText
    answered_at: Instant
    after: Seconds
    said_at: SaidAt = None
    session_id: SessionId | None = None
    competency: Code | None = None


@happened("sessions.support_request.followed_up", subject="health_worker_id", version=2)
class SupportRequestFollowedUp(OfThread, kw_only=True):
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


@happened("sessions.support_request.escalated", version=2)
class SupportRequestEscalated(OfThread, kw_only=True):
    """It was passed on to a unit above; the event's reason says why.

    What was `private` until then is so no more: its mentee passed it on, and opened it.
    """

    to_org_unit_id: OrgUnitId
    escalated_at: Instant
    said_at: SaidAt = None


@happened("sessions.support_request.closed", version=2)
class SupportRequestClosed(OfThread, kw_only=True):
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
    private: Annotated[
        bool,
        later(
            "Between the mentee and the mentorship's mentors alone: nobody else reads what is said"
            " in it, until the mentee passes it on. Raised with the mentee's own account."
        ),
    ] = False


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


@asked("sessions", "SupportRequest", by="coordinator mentor mentee")
class SupportRequestEscalate(Command, kw_only=True):
    """Pass a request on to a unit above; `reason` says why.

    One that is private its mentee alone passes on, and opens by it.
    """

    support_request_id: SupportRequestId
    to_org_unit_id: OrgUnitId
    at: At = None


@asked("sessions", "SupportRequest", by="coordinator mentor mentee")
class SupportRequestClose(Command, kw_only=True):
    """Close an answered request; one without an answer needs a `reason`."""

    support_request_id: SupportRequestId
    at: At = None
