"""Mentorships: a mentor or a team, the mentees in their care, and who has signed."""

from datetime import date
from enum import StrEnum

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.recording import recorded_for_another
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.mentor import Mentor
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.pause import Pause
from services.gateway.graphql.types.programme import Cohort, ProgrammeVersion
from services.gateway.graphql.types.session import LazyMentorship, Session, SessionOrder
from services.gateway.projections import (
    DISENGAGEMENT,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_PARTY,
    MENTORSHIP_PHASE,
    MENTORSHIP_VERSION,
    PARTY_CHANGE,
)
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.registry.mentorship import MenteeLeaving, MentorLeaving, Side

graphql_enum(MenteeLeaving)
graphql_enum(MentorLeaving)


@graphql_enum
class MentorshipStatus(StrEnum):
    """How a mentorship stands."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    AGREED = "AGREED"
    DISENGAGED = "DISENGAGED"
    CONCLUDED = "CONCLUDED"
    DECLINED = "DECLINED"


@graphql_enum
class PartyChanging(StrEnum):
    """What changed of a mentorship's parties."""

    JOINED = "JOINED"
    LEFT = "LEFT"
    STAYED = "STAYED"
    """They did not leave after all."""


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
    status: MentorshipStatus | None = where("status", "That stands so.")
    cohort_id: ID | None = where("cohort_id", "Of this cohort.", kind="Cohort")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    group_id: ID | None = where(
        "org_unit_id",
        "At a unit of this group of today, or below one.",
        how="in_group",
        kind="Group",
    )
    health_worker_id: ID | None = where(
        "id",
        "That this person, if in your scope, is or was a party of.",
        how="party",
        kind="HealthWorker",
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
    signature_recorded_by: str | None = leaf(
        "Who recorded the signature, by the subject of their token; null before."
    )
    signature_recorded_for_another: bool | None = recorded_for_another(
        "the one who signed",
        person="health_worker_id",
        by="signature_recorded_by",
        until="; null before",
    )
    joined_on: date | None = leaf("Since when they are in it, the last time.")
    left_on: date | None = leaf("The day they left it; null while they are in it.")
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    mentor: Mentor | None = one(
        "Mentor", by="mentor_id", description="Their record as mentor; null for a mentee."
    )
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="What they are a party of."
    )


@read_model(
    MENTORSHIP_MENTEE,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="An enrolment in the care of a mentorship.",
)
class MentorshipMentee:
    """A mentee in its care."""

    area: str = leaf("The area they are mentored in.")
    joined_on: date = leaf("Since when they are in its care.")
    left_on: date | None = leaf("Their last day in its care; null while they are in it.")
    left_because: MenteeLeaving | None = leaf("Why they left it.", convert=MenteeLeaving)
    phase: str | None = leaf("The phase they went to by themselves; null: the mentorship's.")
    phase_since: date | None = leaf("Since when they are in it.")
    mentee: Mentee | None = one("Mentee", by="mentee_id", description="The enrolment.")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="In whose care it is."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@read_model(
    MENTORSHIP_PHASE,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="A phase that a mentorship was in, until the day of the next one.",
)
class MentorshipPhase:
    """A phase."""

    phase: str = leaf("The phase, by the programme's code.")
    since: date = leaf("The first day of it.")
    reason: str | None = leaf(
        "Why it came to it; null for the first, and if not for you to read.", personal=True
    )


@read_model(
    MENTORSHIP_VERSION,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="A version of the rules that a mentorship was under, until the next one.",
)
class MentorshipVersion:
    """Which rules decided."""

    since: date = leaf("The first day of it.")
    reason: str | None = leaf(
        "Why it came under it; null for the first, and if not for you to read.", personal=True
    )
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules."
    )


@read_model(
    PARTY_CHANGE,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="Somebody came into a mentorship, or left it.",
)
class PartyChange:
    """One coming or going."""

    change: PartyChanging = leaf("What changed.", convert=PartyChanging)
    day: date = leaf("The day they came, or the last they were there; of a mentor, the day after.")
    side: Side = leaf("As mentor or as mentee.", convert=Side)
    reason: str | None = leaf(
        "Why, as its sender said; null if not for you to read.", personal=True
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@read_model(
    DISENGAGEMENT,
    scope=Through(to="Mentorship", by="mentorship_id"),
    description="A mentor could not go on, and left a mentorship formally.",
)
class Disengagement:
    """Who left, and who was told."""

    left_on: date = leaf("The day they left.")
    reason: str | None = leaf("Why; null if not for you to read.", personal=True)
    cause: MentorLeaving | None = leaf("Why, by kind.", convert=MentorLeaving)
    notified: JSON | None = leaf(
        "Who was told: `[{role, name, notifiedOn}]`; null if not for you to read.", personal=True
    )
    due: list[str] = leaf("The roles that had still to be told.")
    due_on: date | None = leaf("Until when they had to be.")
    team: int = leaf("Mentors who remained.")
    mentor: Mentor | None = one(
        "Mentor", by="mentor_id", description="The mentor, if in your scope."
    )


@read_model(
    MENTORSHIP,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="id"),
    description="A team of mentors and the mentees in its care.",
)
class Mentorship(Node):
    """A mentorship: agreed once everybody has signed, where its programme has letters."""

    id: ID = key("Mentorship")
    programme: str = leaf("The programme's code.")
    proposed_on: date = leaf("The day it was proposed.")
    agreed_on: date | None = leaf(
        "The day the last party signed, or it was taken up without letters; null before."
    )
    letters: bool = leaf("Whether everybody is to sign an acceptance letter.")
    counts: bool = leaf("Whether what is held in it counts: it departs from no rule, or by waiver.")
    paused_on: date | None = leaf("Since when it pauses; null while it goes on.")
    status: MentorshipStatus = leaf("How it stands.", convert=MentorshipStatus)
    phase: str | None = leaf("The phase it is in, where the programme has phases.")
    matched: bool = leaf("Whether the matching proposed it.")
    score: float | None = leaf("How well they fit, out of 100, where they were matched.")
    reasons: list[str] = leaf("Why they fit, in short sentences.")
    declined_on: date | None = leaf("The day a coordinator turned it down.")
    concluded_on: date | None = leaf("The day it was concluded.")
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
    phases: list[MentorshipPhase] = many(
        "MentorshipPhase",
        by="mentorship_id",
        order=Order(columns=("since",)),
        description="Every phase it was in.",
    )
    versions: list[MentorshipVersion] = many(
        "MentorshipVersion",
        by="mentorship_id",
        order=Order(columns=("since",)),
        description="Every version of the rules it was under.",
    )
    party_changes: list[PartyChange] = many(
        "PartyChange",
        by="mentorship_id",
        order=Order(columns=("version", "party_id")),
        description="Every coming and going, in the order it was recorded.",
    )
    pauses: list[Pause] = many(
        "Pause",
        by="record_id",
        order=Order(columns=("since",)),
        description="When it paused, but for pauses of its cohort.",
    )
    disengagements: list[Disengagement] = many(
        "Disengagement",
        by="mentorship_id",
        order=Order(columns=("left_on",)),
        description="The mentors who left.",
    )
    sessions: Connection[Session] = pages(
        "Session",
        by="mentorship_id",
        orders=SessionOrder,
        description="Its sessions: planned, held, cancelled, voided.",
    )
