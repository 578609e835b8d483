"""Improvement actions: the board of who does what by when."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import ID

from services.gateway.graphql.days import is_over
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, needing, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship, Session
from services.gateway.projections import ACTION_STEP, IMPROVEMENT_ACTION
from services.gateway.read.declare import InUnit, Order, Through

if TYPE_CHECKING:
    from services.gateway.graphql.types.oversight import CoordinationMeeting, SupervisionVisit

LazySupervisionVisit = Annotated[
    "SupervisionVisit", strawberry.lazy("services.gateway.graphql.types.oversight")
]
LazyCoordinationMeeting = Annotated[
    "CoordinationMeeting", strawberry.lazy("services.gateway.graphql.types.oversight")
]


@graphql_enum
class ActionOrigin(StrEnum):
    """Where an action arose."""

    MENTORSHIP = "MENTORSHIP"
    SUPERVISION_VISIT = "SUPERVISION_VISIT"
    COORDINATION_MEETING = "COORDINATION_MEETING"


@graphql_enum
class ImprovementActionStatus(StrEnum):
    """How an action stands; whether it is overdue, its due day says."""

    OPEN = "OPEN"
    ESCALATED = "ESCALATED"
    DONE = "DONE"
    DROPPED = "DROPPED"


@graphql_enum
class ActionStepKind(StrEnum):
    """What became of an action on its way."""

    PROGRESSED = "PROGRESSED"
    RESCHEDULED = "RESCHEDULED"
    ESCALATED = "ESCALATED"
    RETURNED = "RETURNED"
    DROPPED = "DROPPED"


ImprovementActionOrder = order_enum(
    "ImprovementActionOrder",
    "In which order improvement actions are listed.",
    DUE=(Order(columns=("due",)), "What is due first, first."),
    DUE_DESC=(Order(columns=("due",), descending=True), "What is due last, first."),
)


@strawberry.input(description="Which improvement actions.")
class ImprovementActionFilter:
    """Filters of `improvementActions`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    arose_from: ActionOrigin | None = where("arose_from", "That arose there.")
    supervision_visit_id: ID | None = where(
        "supervision_visit_id", "From this supervision visit.", kind="SupervisionVisit"
    )
    coordination_meeting_id: ID | None = where(
        "coordination_meeting_id", "From this coordination meeting.", kind="CoordinationMeeting"
    )
    owner_id: ID | None = where("owner_id", "To be done by this person.", kind="HealthWorker")
    status: ImprovementActionStatus | None = where("status", "That stand so.")
    escalated_to: ID | None = where(
        "escalated_to", "That lie with this unit, or were solved there.", kind="OrgUnit"
    )
    overdue: bool | None = where(
        "open_due", "Neither done nor dropped though the day is over, or all others.", how="past"
    )


@read_model(
    ACTION_STEP,
    scope=Through(to="ImprovementAction", by="action_id"),
    description="What became of an action on its way.",
)
class ActionStep:
    """A note, a new day, or a turn upwards and back."""

    kind: ActionStepKind = leaf("What it was.", convert=ActionStepKind)
    day: date = leaf("The day.")
    note: str | None = leaf("What was done so far; null if not for you to read.", personal=True)
    reason: str | None = leaf(
        "Why, as its sender said; null if not for you to read.", personal=True
    )
    due: date | None = leaf("The day it was due from then on, where that was moved.")
    office: str | None = leaf("The office that it went to, if to one.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The unit that it went to, if to one."
    )


def _overdue(root: Any) -> bool:
    return is_over(root.c_open_due)


@read_model(
    IMPROVEMENT_ACTION,
    scope=InUnit(
        unit="org_unit_id", programme="programme", person="owner_id", parties="mentorship_id"
    ),
    description="Something that somebody will do by a day, and what became of it.",
)
class ImprovementAction(Node):
    """An action with its owner and its day."""

    id: ID = key("ImprovementAction")
    programme: str = leaf("The programme's code.")
    arose_from: ActionOrigin = leaf("Where it arose.", convert=ActionOrigin)
    finding: int | None = leaf("Which of the visit's findings it answers, from 1; null: none.")
    decision: int | None = leaf(
        "Which of the meeting's decisions it carries out, from 1; null: none."
    )
    title: str | None = leaf("What is to be done; null if not for you to read.", personal=True)
    root_causes: list[str] | None = leaf(
        "What lies behind, deepest last; null if not for you to read.", personal=True
    )
    status: ImprovementActionStatus = leaf("How it stands.", convert=ImprovementActionStatus)
    agreed_on: date = leaf("The day it was agreed.")
    due: date = leaf("The day by which it is to be done.")
    overdue: bool = strawberry.field(
        resolver=_overdue,
        metadata=needing("open_due"),
        description="Whether that day is over, and it is neither done nor dropped.",
    )
    owner_office: str | None = leaf("The office that does it, where it is no one person.")
    escalated_to_office: str | None = leaf("The office that has it now, if one has.")
    escalated_on: date | None = leaf("The day it was passed on last, while it is escalated.")
    done_on: date | None = leaf("The day it was done, or solved above; null before.")
    late: bool | None = leaf("Whether it was done after its day; null where it was solved above.")
    result: str | None = leaf("What came of it; null if not for you to read.", personal=True)
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to, if to one."
    )
    supervision_visit: LazySupervisionVisit | None = one(
        "SupervisionVisit",
        by="supervision_visit_id",
        description="The supervision visit it arose from, if from one.",
    )
    coordination_meeting: LazyCoordinationMeeting | None = one(
        "CoordinationMeeting",
        by="coordination_meeting_id",
        description="The coordination meeting it arose from, if from one.",
    )
    session: Session | None = one(
        "Session", by="session_id", description="The session it was agreed at, if at one."
    )
    owner: HealthWorker | None = one(
        "HealthWorker", by="owner_id", description="Who does it, if a person in your scope."
    )
    owner_unit: OrgUnit | None = one(
        "OrgUnit", by="owner_unit_id", description="The unit that the office is of, if of one."
    )
    steps: list[ActionStep] = many(
        "ActionStep",
        by="action_id",
        order=Order(columns=("number",)),
        description="What became of it on its way, in order.",
    )
    escalated_to: OrgUnit | None = one(
        "OrgUnit", by="escalated_to", description="The unit that has it now, or solved it."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit",
        by="org_unit_id",
        description="Where the mentorship, the visit or the meeting is.",
    )
