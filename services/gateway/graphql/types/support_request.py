"""Support requests: a mentee asked, a mentor answered, after so long."""

from datetime import datetime
from enum import StrEnum

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship, Session
from services.gateway.projections import SUPPORT_FOLLOW_UP, SUPPORT_REQUEST
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.registry.mentorship import Side

graphql_enum(Side)


@graphql_enum
class SupportRequestStatus(StrEnum):
    """What happened to a request last."""

    RAISED = "RAISED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ESCALATED = "ESCALATED"
    ANSWERED = "ANSWERED"
    FOLLOWED_UP = "FOLLOWED_UP"
    CLOSED = "CLOSED"


SupportRequestOrder = order_enum(
    "SupportRequestOrder",
    "In which order support requests are listed.",
    RAISED=(Order(columns=("raised_at",)), "By the time they were raised."),
    RAISED_DESC=(Order(columns=("raised_at",), descending=True), "The latest first."),
)


@graphql_enum
class Awaiting(StrEnum):
    """Whose word is awaited."""

    ME = "ME"


@strawberry.input(description="Which support requests.")
class SupportRequestFilter:
    """Filters of `supportRequests`."""

    programme: str | None = where("programme", "In the programme with this code.")
    area: str | None = where("area", "In this area.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    health_worker_id: ID | None = where(
        "health_worker_id", "Raised by this mentee.", kind="HealthWorker"
    )
    status: SupportRequestStatus | None = where("status", "To which this happened last.")
    late_to_acknowledge: bool | None = where(
        "acknowledge_by",
        "Not seen, though the promised hours are over now, or all others.",
        how="elapsed",
    )
    late_to_answer: bool | None = where(
        "answer_by",
        "Not answered, though the promised hours are over now, or all others.",
        how="elapsed",
    )
    awaiting: Awaiting | None = where(
        "awaited_since",
        "That wait for you: for a mentor's word, in the mentorships that you mentor in.",
        how="mentored",
    )
    session_id: ID | None = where("session_id", "Answered at this session.", kind="Session")


@read_model(
    SUPPORT_FOLLOW_UP,
    scope=Through(to="SupportRequest", by="request_id"),
    description="What either side said more to a request.",
)
class SupportFollowUp:
    """One word in a thread."""

    side: Side = leaf("Of which side: the mentee asks on, a mentor adds.", convert=Side)
    text: str | None = leaf("What was said; null if not for you to read.", personal=True)
    followed_up_at: datetime = leaf("When.")
    competency: str | None = leaf("The competency that was practised for it, if one.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who said it, if in your scope."
    )
    session: Session | None = one(
        "Session", by="session_id", description="The session at which it was taken up, if at one."
    )


@read_model(
    SUPPORT_REQUEST,
    scope=InUnit(
        unit="org_unit_id",
        programme="programme",
        parties="mentorship_id",
        private="private",
        mentee="health_worker_id",
    ),
    description="A mentee asked the mentors for help.",
)
class SupportRequest(Node):
    """A request from its question to its close."""

    id: ID = key("SupportRequest")
    programme: str = leaf("The programme's code.")
    area: str = leaf("The area the mentee is mentored in.")
    phase: str | None = leaf("The mentorship's phase then, where there are phases.")
    status: SupportRequestStatus = leaf("What happened last.", convert=SupportRequestStatus)
    private: bool = leaf(
        "Whether it is between the mentee and the mentors: nobody else reads what is said in it.",
    )
    topic: str | None = leaf("What it is about; null if not for you to read.", personal=True)
    question: str | None = leaf(
        "The question; it names no patient; null if not for you to read.", personal=True
    )
    answer: str | None = leaf("The answer; null before, and if not for you to read.", personal=True)
    acknowledge_hours: int | None = leaf("Within how many hours it was meant to be seen.")
    answer_hours: int | None = leaf("Within how many hours it was meant to be answered.")
    acknowledge_by: datetime | None = leaf("Until when it is to be seen; null once it was.")
    answer_by: datetime | None = leaf("Until when it is to be answered; null once it was.")
    awaited_since: datetime | None = leaf(
        "Since when a mentor's word is awaited: from the question, or from what the mentee said "
        "more; null while none is."
    )
    competency: str | None = leaf("The competency that was practised for the answer, if one.")
    raised_at: datetime = leaf("When it was raised.")
    acknowledged_at: datetime | None = leaf("When a mentor said they had seen it, if one did.")
    acknowledged_after: int | None = leaf("Seconds from raised to acknowledged.")
    answered_at: datetime | None = leaf("When it was answered; null before.")
    answered_after: int | None = leaf("Seconds from raised to answered.")
    escalated_at: datetime | None = leaf("When it was passed on to a unit above, if it was.")
    closed_at: datetime | None = leaf("When it was closed; null before.")
    closed_answered: bool | None = leaf("Whether it had an answer when it was closed.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who asked, if in your scope."
    )
    acknowledged_by: HealthWorker | None = one(
        "HealthWorker", by="acknowledged_by", description="Who saw it, if in your scope."
    )
    answered_by: HealthWorker | None = one(
        "HealthWorker", by="answered_by", description="Who answered it, if in your scope."
    )
    session: Session | None = one(
        "Session", by="session_id", description="The session at which it was answered, if at one."
    )
    thread: list[SupportFollowUp] = many(
        "SupportFollowUp",
        by="request_id",
        order=Order(columns=("number",)),
        description="What was said more, in order.",
    )
    escalated_to: OrgUnit | None = one(
        "OrgUnit", by="escalated_to", description="The unit it was passed on to."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
