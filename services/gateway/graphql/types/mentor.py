"""Mentors: from nomination over orientation to certification, one record an area."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import ProgrammeVersion
from services.gateway.projections import MENTOR, MENTOR_LOAD
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.registry.mentor import NominatedBy, SuspensionGround

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker
    from services.gateway.graphql.types.mentee import Mentee
    from services.gateway.graphql.types.mentorship import Mentorship

graphql_enum(NominatedBy)
graphql_enum(SuspensionGround)


@graphql_enum
class MentorStatus(StrEnum):
    """How far a mentor has come."""

    NOMINATED = "NOMINATED"
    ORIENTED = "ORIENTED"
    CERTIFIED = "CERTIFIED"
    SUSPENDED = "SUSPENDED"


MentorOrder = order_enum(
    "MentorOrder",
    "In which order mentors are listed.",
    NOMINATED=(Order(columns=("nominated_on",)), "By the day of their nomination."),
    NOMINATED_DESC=(Order(columns=("nominated_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which mentors.")
class MentorFilter:
    """Filters of `mentors`."""

    programme: str | None = where("programme", "In the programme with this code.")
    area: str | None = where("area", "In this area.")
    status: MentorStatus | None = where("status", "At this station.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Nominated at this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    group_id: ID | None = where(
        "org_unit_id",
        "Members of this group today, and who was nominated at its units or below them.",
        how="in_group",
        kind="Group",
    )


@read_model(
    MENTOR_LOAD,
    scope=Through(to="Mentor", by="mentor_id"),
    description="A mentorship that counts towards a mentor's load now.",
)
class MentorLoad:
    """One mentorship they carry."""

    assigned_on: date = leaf("Since when.")
    mentorship: (
        Annotated["Mentorship", strawberry.lazy("services.gateway.graphql.types.mentorship")] | None
    ) = one("Mentorship", by="mentorship_id", description="Which one, if in your scope.")


@read_model(
    MENTOR,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="A health worker as mentor in one area of a programme.",
)
class Mentor(Node):
    """A mentor in one area."""

    id: ID = key("Mentor")
    programme: str = leaf("The programme's code.")
    area: str = leaf("The area they answer for.")
    association: str | None = leaf("The professional association behind that area.")
    status: MentorStatus = leaf("How far they have come.", convert=MentorStatus)
    theory: int | None = leaf("Score of the theoretical evaluation, out of 100.")
    practical: int | None = leaf("Score of the practical evaluation, out of 100.")
    nominated_on: date = leaf("The day they were nominated.")
    oriented_on: date | None = leaf("The day of the orientation.")
    certified_on: date | None = leaf("The day they were certified.")
    suspended_on: date | None = leaf("Since when they may not mentor; null if they may.")
    suspended_for: SuspensionGround | None = leaf(
        "What they are suspended for, by kind.", convert=SuspensionGround
    )
    nominated_by: NominatedBy = leaf("What put them forward.", convert=NominatedBy)
    criteria: list[str] = leaf("Criteria of the selection they fulfil, by code.")
    skills: list[str] = leaf("What they mentor best, as they declared it.")
    languages: list[str] = leaf("Languages they offer, as they declared them.")
    places: int | None = leaf("Mentorships they would carry; null before they declared it.")
    available_since: date | None = leaf("The first day of what they declared.")
    available_until: date | None = leaf("The last day of it; null: without an end.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    health_worker: (
        Annotated["HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")]
        | None
    ) = one("HealthWorker", by="health_worker_id", description="The person, if in your scope.")
    earned_in: (
        Annotated["Mentee", strawberry.lazy("services.gateway.graphql.types.mentee")] | None
    ) = one(
        "Mentee",
        by="earned_in",
        description="The enrolment whose validations put them forward, if in your scope.",
    )
    load: list[MentorLoad] = many(
        "MentorLoad",
        by="mentor_id",
        order=Order(columns=("assigned_on",)),
        description="The mentorships they carry now.",
    )
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules they came under."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where they worked when they were nominated."
    )
