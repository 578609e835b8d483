"""Supervision visits and coordination meetings."""

from datetime import date
from typing import Any

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.improvement_action import ImprovementAction
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import ProgrammeVersion
from services.gateway.projections import (
    COORDINATION_MEETING,
    OVERSIGHT_PERSON,
    SUPERVISION_VISIT,
)
from services.gateway.read.declare import InUnit, Order

SupervisionVisitOrder = order_enum(
    "SupervisionVisitOrder",
    "In which order supervision visits are listed.",
    HELD=(Order(columns=("held_on",)), "By the day of the visit."),
    HELD_DESC=(Order(columns=("held_on",), descending=True), "The latest first."),
)
CoordinationMeetingOrder = order_enum(
    "CoordinationMeetingOrder",
    "In which order coordination meetings are listed.",
    HELD=(Order(columns=("held_on",)), "By the day of the meeting."),
    HELD_DESC=(Order(columns=("held_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which supervision visits.")
class SupervisionVisitFilter:
    """Filters of `supervisionVisits`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "To this unit, or to one below it.", how="under", kind="OrgUnit"
    )
    joint: bool | None = where("joint", "Of several institutions together, or of one.")
    voided: bool | None = where("voided_on", "Voided, or those that stand.", how="filled")


@strawberry.input(description="Which coordination meetings.")
class CoordinationMeetingFilter:
    """Filters of `coordinationMeetings`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Of this unit, or of one below it.", how="under", kind="OrgUnit"
    )
    voided: bool | None = where("voided_on", "Voided, or those that stand.", how="filled")


@read_model(
    OVERSIGHT_PERSON,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="Somebody who was supervised at a visit, or who took part in a meeting.",
)
class OversightPerson:
    """One of those named."""

    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@strawberry.type(description="What a unit reached by one checklist of the supervisors.")
class SupervisionScore:
    """Points by a checklist."""

    checklist: str = strawberry.field(description="What the checklist is called.")
    points: int = strawberry.field(description="The points given.")
    most: int = strawberry.field(description="The most that it gives.")


def _scores(found: list[dict[str, Any]]) -> list[SupervisionScore]:
    return [SupervisionScore(**score) for score in found]


_PEOPLE = Order(columns=("place",))
_DUE = Order(columns=("due",))


@read_model(
    SUPERVISION_VISIT,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="Supervisors visited a unit.",
)
class SupervisionVisit(Node):
    """A visit with what was found."""

    id: ID = key("SupervisionVisit")
    programme: str = leaf("The programme's code.")
    held_on: date = leaf("The day of the visit.")
    joint: bool = leaf("Whether several institutions visited together.")
    supervisors: list[str] | None = leaf(
        "The supervisors' offices; null if not for you to read.", personal=True
    )
    findings: list[str] | None = leaf(
        "What they found; null if not for you to read.", personal=True
    )
    recommendations: list[str] | None = leaf(
        "What they recommend; null if not for you to read.", personal=True
    )
    scores: list[SupervisionScore] = leaf("What the unit reached.", convert=_scores)
    next_visit_on: date | None = leaf("The day they mean to come again, if they said.")
    mentors: list[OversightPerson] = many(
        "OversightPerson",
        by="record_id",
        order=_PEOPLE,
        description="The mentors who were supervised.",
    )
    actions: list[ImprovementAction] = many(
        "ImprovementAction",
        by="supervision_visit_id",
        order=_DUE,
        description="What is done about it, by the day it is due.",
    )
    voided_on: date | None = leaf("The day it was voided; null while it stands.")
    version: int = leaf("The record's version.", column="record_version")
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules it was held under."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit visited.")


@read_model(
    COORDINATION_MEETING,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="Those responsible for a unit met.",
)
class CoordinationMeeting(Node):
    """A meeting with what was decided."""

    id: ID = key("CoordinationMeeting")
    programme: str = leaf("The programme's code.")
    held_on: date = leaf("The day of the meeting.")
    participants: int = leaf("How many people took part.")
    decisions: list[str] | None = leaf(
        "What was decided; null if not for you to read.", personal=True
    )
    agenda: list[str] | None = leaf(
        "What was to be spoken of, in order; null if not for you to read.", personal=True
    )
    offices: list[str] = leaf("The offices that some of them came for.")
    reports: list[str] | None = leaf(
        "The reports that were presented; null if not for you to read.", personal=True
    )
    attendees: list[OversightPerson] = many(
        "OversightPerson",
        by="record_id",
        order=_PEOPLE,
        description="Those of them who have a record.",
    )
    actions: list[ImprovementAction] = many(
        "ImprovementAction",
        by="coordination_meeting_id",
        order=_DUE,
        description="How its decisions are carried out, by the day they are due.",
    )
    voided_on: date | None = leaf("The day it was voided; null while it stands.")
    version: int = leaf("The record's version.", column="record_version")
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules it was held under."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Whose meeting it was.")
