"""Sessions from their planning on, and who was there."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import (
    SESSION,
    SESSION_ATTENDANCE,
    SESSION_DEBRIEF,
    SESSION_GUEST,
    SESSION_SIMULATION,
)
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.definition import Mode
from shared.contracts.definition.visits import GuestRole, Initiative, SessionFormat
from shared.contracts.registry.mentorship import Side

if TYPE_CHECKING:
    from services.gateway.graphql.types.deviation import Deviation
    from services.gateway.graphql.types.improvement_action import ImprovementAction
    from services.gateway.graphql.types.mentorship import Mentorship
    from services.gateway.graphql.types.plan import Plan
    from services.gateway.graphql.types.support_request import SupportRequest
    from services.gateway.graphql.types.visit import Visit

LazyMentorship = Annotated[
    "Mentorship", strawberry.lazy("services.gateway.graphql.types.mentorship")
]

LazySession = Annotated["Session", strawberry.lazy("services.gateway.graphql.types.session")]
LazyPlan = Annotated["Plan", strawberry.lazy("services.gateway.graphql.types.plan")]
LazyAction = Annotated[
    "ImprovementAction", strawberry.lazy("services.gateway.graphql.types.improvement_action")
]
LazyRequest = Annotated[
    "SupportRequest", strawberry.lazy("services.gateway.graphql.types.support_request")
]
LazyVisit = Annotated["Visit", strawberry.lazy("services.gateway.graphql.types.visit")]
LazyDeviation = Annotated["Deviation", strawberry.lazy("services.gateway.graphql.types.deviation")]

graphql_enum(Mode)
graphql_enum(Side)
graphql_enum(SessionFormat)
graphql_enum(Initiative)
graphql_enum(GuestRole)


@graphql_enum
class SessionStatus(StrEnum):
    """What became of a session."""

    PLANNED = "PLANNED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"
    VOIDED = "VOIDED"


SessionOrder = order_enum(
    "SessionOrder",
    "In which order sessions are listed.",
    HELD=(Order(columns=("day",)), "By the day they were held, or are planned for."),
    HELD_DESC=(Order(columns=("day",), descending=True), "The latest first."),
)


@strawberry.input(description="Which sessions.")
class SessionFilter:
    """Filters of `sessions`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Held at this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    health_worker_id: ID | None = where(
        "facts_id",
        "Where this person, if in your scope, was, or should have been.",
        how="attended",
        kind="HealthWorker",
        unindexed="a person's sessions are some tens, and found by the person",
    )
    status: SessionStatus | None = where("status", "Of which this became.")
    since: date | None = where("day", "Held, or planned for, that day or later.", how="since")
    before: date | None = where("day", "Held, or planned for, earlier than that day.", how="before")
    competency: str | None = where(
        "competencies",
        "Where this competency was practised, by its code.",
        how="holds",
        unindexed="it narrows what the other filters find: a district's sessions are thousands",
    )
    guest_role: GuestRole | None = where(
        "guest_roles",
        "Where somebody came in this role.",
        how="holds",
        unindexed="it narrows what the other filters find: a district's sessions are thousands",
    )
    group_id: ID | None = where(
        "org_unit_id",
        "Held at a unit of this group of today, or below one.",
        how="in_group",
        kind="Group",
    )


@read_model(
    SESSION_ATTENDANCE,
    scope=Through(to="Session", by="session_id"),
    description="Somebody who was at a session, or should have been.",
)
class SessionAttendance:
    """A party of the mentorship, there or not."""

    side: Side | None = leaf(
        "As mentor or as mentee; null for who was not there: see the mentorship.", convert=Side
    )
    present: bool = leaf("Whether they were there.")
    minutes: int = leaf("How long they were there, in minutes; 0 for who was not.")
    credited: int = leaf("Of them, how many count for points, ends and rights.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@read_model(
    SESSION_GUEST,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="Somebody who was at a session, and is no party of its mentorship.",
)
class SessionGuest:
    """A guest, in the role they came for."""

    role: GuestRole = leaf("As what they came.", convert=GuestRole)
    name: str | None = leaf(
        "Who they are, where they have no record; null if not for you to read.", personal=True
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Their record, if one is in your scope."
    )


@read_model(
    SESSION_SIMULATION,
    scope=Through(to="Session", by="session_id"),
    description="A short drill at a session, repeated.",
)
class SessionSimulation:
    """What was drilled, and how often."""

    topic: str = leaf("What was drilled.")
    doses: int = leaf("How often.")


@read_model(
    SESSION_DEBRIEF,
    scope=InUnit(
        unit="org_unit_id",
        programme="programme",
        person="health_worker_id",
        parties="mentorship_id",
    ),
    description="What somebody took away from a session; null where not for you to read.",
)
class SessionDebrief:
    """A debrief, in personal words."""

    strengths: str | None = leaf("What they do well.", personal=True)
    weaknesses: str | None = leaf("What they do not do well yet.", personal=True)
    feedback: str | None = leaf("What they were told.", personal=True)
    homework: str | None = leaf("What they do until the next time.", personal=True)
    next_steps: str | None = leaf("What comes next.", personal=True)
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@read_model(
    SESSION,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="Mentors and mentees meet, or met.",
)
class Session(Node):
    """A session as it is known now: a correction replaces what was said of it before."""

    id: ID = key("Session")
    programme: str = leaf("The programme's code.")
    status: SessionStatus = leaf("What became of it.", convert=SessionStatus)
    day: date = leaf("The day it was held; before that, the day it is planned for.")
    planned_for: date | None = leaf("The day it was planned for; null where nobody planned it.")
    held_on: date | None = leaf("The day it was held; null before.")
    mode: Mode = leaf("How they met.", convert=Mode)
    format: SessionFormat | None = leaf(
        "Who met whom, by who was there; null before it was held.", convert=SessionFormat
    )
    phase: str | None = leaf("The mentorship's phase on that day, where there are phases.")
    initiative: Initiative | None = leaf("Whose initiative it was, if known.", convert=Initiative)
    minutes: int | None = leaf("How long it lasted, in minutes.")
    begins: datetime | None = leaf("When it began, if that is known.")
    ends: datetime | None = leaf("When it ended, if that is known.")
    steps: list[str] | None = leaf("The visit steps done, by the programme's codes, in order.")
    consent_recorded: bool | None = leaf("Whether each observed patient had agreed before.")
    counts: bool | None = leaf(
        "Whether it counts for points, ends, figures and rights: what departs from its "
        "programme's rules may not; null before it was held."
    )
    corrected: bool = leaf("Whether what was logged first was corrected.")
    facts_version: int | None = leaf(
        "The version of the record that said what is shown; null before it was held."
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it is held.")
    attendance: list[SessionAttendance] = many(
        "SessionAttendance",
        by="facts_id",
        own="facts_id",
        order=Order(columns=("side", "health_worker_id")),
        description="Who was there and who was not, by what is known now; none before it was held.",
    )
    topics: list[str] | None = leaf("What was talked about; null before it was held.")
    competencies: list[str] | None = leaf("Competencies practised, by the frameworks' codes.")
    observed_cases: int | None = leaf("How many patients were observed, each with consent.")
    simulations: list[SessionSimulation] = many(
        "SessionSimulation",
        by="facts_id",
        own="facts_id",
        order=Order(columns=("place",)),
        description="What was drilled, and how often.",
    )
    debriefs: list[SessionDebrief] = many(
        "SessionDebrief",
        by="words_id",
        own="words_id",
        order=Order(columns=("health_worker_id",)),
        description="What those present took away.",
    )
    support_request: LazyRequest | None = one(
        "SupportRequest",
        by="support_request_id",
        description="The support request that it took up, if one.",
    )
    improvement_action: LazyAction | None = one(
        "ImprovementAction",
        by="improvement_action_id",
        description="The improvement action that it was for, if one.",
    )
    visit: LazyVisit | None = one(
        "Visit", by="visit_id", description="The visit that it was held in, if in one."
    )
    plan: LazyPlan | None = one(
        "Plan", by="plan_id", description="The plan that it carried out, if one."
    )
    guests: list[SessionGuest] = many(
        "SessionGuest",
        by="words_id",
        own="words_id",
        order=Order(columns=("place",)),
        description="Who else was there: they are no parties, and earn nothing.",
    )
    deviations: list[LazyDeviation] = many(
        "Deviation",
        by="record_id",
        order=Order(columns=("rule",)),
        description="The rules of its programme that it departs from; none once it is voided.",
    )
