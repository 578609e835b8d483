"""Mentorships: a mentor or a team, the mentees in their care, and who has signed."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.mentor import Mentor
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import Cohort
from services.gateway.graphql.types.session import Session, SessionOrder
from services.gateway.projections import MENTORSHIP, MENTORSHIP_MENTEE, MENTORSHIP_PARTY
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.registry.mentorship import Side

MentorshipOrder = order_enum(
    "MentorshipOrder",
    "In which order mentorships are listed.",
    PROPOSED=(Order(columns=("proposed_on",)), "By the day they were proposed."),
    PROPOSED_DESC=(Order(columns=("proposed_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which mentorships.")
class MentorshipFilter:
    """Filters of `mentorships`."""

    programme: str | None = where("programme", "In the programme with this code.")
    cohort_id: ID | None = where("cohort_id", "Of this cohort.", kind="Cohort")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )


@read_model(
    MENTORSHIP_PARTY,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="Somebody who signs a mentorship: once, though in more than one area.",
)
class MentorshipParty:
    """A person on one side."""

    side: Side = leaf("As mentor or as mentee.", convert=Side)
    areas: list[str] = leaf("The areas they mentor, or are mentored, in.")
    signed_on: date | None = leaf("The day they signed the acceptance letter; null before.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    mentor: Mentor | None = one(
        "Mentor", by="mentor_id", description="Their record as mentor; null for a mentee."
    )


@read_model(
    MENTORSHIP_MENTEE,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="An enrolment in the care of a mentorship.",
)
class MentorshipMentee:
    """A mentee in its care."""

    area: str = leaf("The area they are mentored in.")
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="The enrolment.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@read_model(
    MENTORSHIP,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="A team of mentors and the mentees in its care.",
)
class Mentorship(Node):
    """A mentorship: agreed once everybody has signed."""

    id: ID = key("Mentorship")
    programme: str = leaf("The programme's code.")
    proposed_on: date = leaf("The day it was proposed.")
    agreed_on: date | None = leaf("The day the last party signed; null before.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    cohort: Cohort | None = one("Cohort", by="cohort_id", description="The mentees' cohort.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it takes place.")
    parties: list[MentorshipParty] = many(
        "MentorshipParty",
        by="mentorship_id",
        order=Order(columns=("health_worker_id",)),
        description="Everybody who signs.",
    )
    mentors: list[MentorshipParty] = many(
        "MentorshipParty",
        by="mentorship_id",
        order=Order(columns=("health_worker_id",)),
        wanted=(("side", "MENTOR"),),
        description="The team.",
    )
    mentees: list[MentorshipMentee] = many(
        "MentorshipMentee",
        by="mentorship_id",
        order=Order(columns=("mentee_id",)),
        description="The enrolments in its care.",
    )
    sessions: Connection[Session] = pages(
        "Session",
        by="mentorship_id",
        orders=SessionOrder,
        description="The sessions that were held.",
    )
