"""Health workers: who they are, and where they were posted since when."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import (
    Node,
    key,
    leaf,
    many,
    needing,
    one,
    read_model,
    where,
)
from services.gateway.graphql.types.access_event import (
    AccessEvent,
    AccessEventFilter,
    AccessEventOrder,
)
from services.gateway.graphql.types.audit import AuditEntry, AuditOrder
from services.gateway.graphql.types.employment import EmploymentOutcome, EmploymentSince
from services.gateway.graphql.types.erasure import HealthWorkerErasure
from services.gateway.graphql.types.history import HistoryEntry, HistoryFilter, HistoryOrder
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.personal_data import all_held_on
from services.gateway.projections import HEALTH_WORKER, LICENCE, PERSON_IDENTIFIER, POSTING
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.registry.employment import Employment
from shared.contracts.registry.health_worker import Detail, Sex

if TYPE_CHECKING:
    from services.gateway.graphql.types.group import GroupOfficer
    from services.gateway.graphql.types.mentee import Mentee
    from services.gateway.graphql.types.mentor import Mentor
    from services.gateway.graphql.types.mentorship import MentorshipParty
    from services.gateway.graphql.types.right_to_mentor import RightToMentor
    from services.gateway.graphql.types.workshop import WorkshopAttendance

graphql_enum(Sex)
graphql_enum(Detail)


@graphql_enum
class PostingKind(StrEnum):
    """Whether somebody is posted there first of all, or besides."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


HealthWorkerOrder = order_enum(
    "HealthWorkerOrder",
    "In which order health workers are listed. Never by name: an order would tell it.",
    ID=(Order(columns=("id",)), "By id; ids made by the services grow with time."),
    ID_DESC=(Order(columns=("id",), descending=True), "By id, backwards."),
)


@strawberry.input(description="Which health workers.")
class HealthWorkerFilter:
    """Filters of `healthWorkers`."""

    number: str | None = where("number", "The one with this number.")
    numbers: list[str] | None = where("number", "Those with these numbers.", how="among")
    name: str | None = where(
        "id", "Who is or was called so, as far as you may read names: see `search`.", how="named"
    )
    phone: str | None = where(
        "id", "Who is reached by this phone or e-mail, if it is for you to read.", how="reached"
    )
    identifier: str | None = where(
        "id", "Who has this identifier or licence, if it is for you to read.", how="known"
    )
    cadre: str | None = where("cadre", "Of this cadre.")
    employment: Employment | None = where("employment", "Who stand so to the service now.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Posted now at this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    group_id: ID | None = where(
        "org_unit_id",
        "Members of this group today, and who is posted at its units or below them.",
        how="in_group",
        kind="Group",
    )


@read_model(
    POSTING,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="Where a health worker was posted since when.",
)
class Posting:
    """One posting; a primary one ends where the next primary one begins."""

    kind: PostingKind = leaf(
        "PRIMARY: scope goes by it; SECONDARY: they work there too.", convert=PostingKind
    )
    until: date | None = leaf(
        "Of a secondary one, the first day without it; null while it runs, and of primary ones."
    )
    since: date = leaf("The first day there.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit.")


@read_model(
    PERSON_IDENTIFIER,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="A number that another system knows a health worker by.",
)
class PersonIdentifier:
    """A number; null without the right to read it."""

    system: str | None = leaf("Whose number it is: NID, NCK, …", personal=True)
    value: str | None = leaf("The number itself.", personal=True)


@read_model(
    LICENCE,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="What a health worker may practise by; its terms are for who may read names.",
)
class Licence:
    """A licence, as it was told last; all it says is null without the right to read it."""

    id: ID = key("Licence", "licence_id")
    issuing_body: str | None = leaf("The council or board that issued it.", personal=True)
    number: str | None = leaf("Its number.", personal=True)
    valid_from: date | None = leaf("The first day that it holds, if told.", personal=True)
    valid_until: date | None = leaf("The last day that it holds, if told.", personal=True)
    withdrawn_on: date | None = leaf(
        "The first day that it was withdrawn; null if it never was.", personal=True
    )


@read_model(
    HEALTH_WORKER,
    scope=InUnit(unit="org_unit_id", person="id"),
    description="Somebody who works in health care, mentor or mentee or both.",
)
class HealthWorker(Node):
    """A health worker as they are now; names are for who may read them there."""

    id: ID = key("HealthWorker")
    number: str | None = leaf("The number they are known by in public.")
    given_names: str | None = leaf(
        "Given names; null without the right to read names, and once erased.", personal=True
    )
    family_name: str | None = leaf(
        "Family name; null without the right to read names, for who has none, and once erased.",
        personal=True,
        convert=lambda name: name or None,
    )
    phone: str | None = leaf(
        "Phone number, E.164 where its country is known; null without the right to read it, and "
        "once erased.",
        personal=True,
    )
    email: str | None = leaf("E-mail address; personal as the phone is.", personal=True)
    sex: Sex | None = leaf(
        "As they say it; null where nobody said, too.", personal=True, convert=Sex
    )
    birth_year: int | None = leaf("The year they were born in.", personal=True)
    qualification: str | None = leaf("What they learnt and passed.", personal=True)
    employer: str | None = leaf("Who pays them, if not who runs the unit.", personal=True)
    cadre: str = leaf(
        "What they are trained as, by its code in `codeListEntries` where the country told a list: "
        "nurse, midwife, doctor, …"
    )
    languages: list[str] = leaf("Languages they speak, by their ISO 639-1 codes.")
    since: date = leaf("The first day of their posting now.")
    employment: Employment = leaf("How they stand to the service: whether they are in it.")
    employment_since: date | None = leaf(
        "The first day of that; null: in service all along.", column="employment_since"
    )
    expected_return: date | None = leaf("Of a leave: the day they are expected back.")
    employments: list[EmploymentSince] = many(
        "EmploymentSince",
        by="health_worker_id",
        order=Order(columns=("since",)),
        description="Every change of it, from the first; before, they were in service.",
    )
    employment_outcomes: list[EmploymentOutcome] = many(
        "EmploymentOutcome",
        by="health_worker_id",
        order=Order(columns=("since", "duty", "record_id", "party_id")),
        description="What became of what they had in programmes, when they were away.",
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where they work now.")
    merged_into: (
        Annotated["HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")]
        | None
    ) = one(
        "HealthWorker",
        by="merged_into_id",
        description="The record that stands for this person instead, if in your scope.",
    )
    postings: list[Posting] = many(
        "Posting",
        by="health_worker_id",
        order=Order(columns=("since",)),
        description="Every posting, from the first; secondary ones too.",
    )
    identifiers: list[PersonIdentifier] = many(
        "PersonIdentifier",
        by="health_worker_id",
        order=Order(columns=("system_folded", "value_folded")),
        description="The numbers that other systems know them by.",
    )
    licences: list[Licence] = many(
        "Licence",
        by="health_worker_id",
        order=Order(columns=("told", "licence_id")),
        description="What they may practise by, those that were withdrawn too.",
    )
    enrolments: list[
        Annotated["Mentee", strawberry.lazy("services.gateway.graphql.types.mentee")]
    ] = many(
        "Mentee",
        by="health_worker_id",
        order=Order(columns=("since",)),
        description="Where they are or were mentored, one an area.",
    )
    mentoring: list[
        Annotated["Mentor", strawberry.lazy("services.gateway.graphql.types.mentor")]
    ] = many(
        "Mentor",
        by="health_worker_id",
        order=Order(columns=("nominated_on",)),
        description="Where they are or would be mentor, one an area.",
    )
    mentorships: list[
        Annotated["MentorshipParty", strawberry.lazy("services.gateway.graphql.types.mentorship")]
    ] = many(
        "MentorshipParty",
        by="health_worker_id",
        order=Order(columns=("mentorship_id",)),
        description="The mentorships they are or were a party of, as mentor or as mentee.",
    )
    rights: list[
        Annotated[
            "RightToMentor", strawberry.lazy("services.gateway.graphql.types.right_to_mentor")
        ]
    ] = many(
        "RightToMentor",
        by="health_worker_id",
        order=Order(columns=("earned_on", "mentee_id", "tier", "tier_area")),
        description="The rights to mentor that they earned, those that were lost too.",
    )
    workshops: list[
        Annotated["WorkshopAttendance", strawberry.lazy("services.gateway.graphql.types.workshop")]
    ] = many(
        "WorkshopAttendance",
        by="health_worker_id",
        order=Order(columns=("starts",)),
        description="The workshops they were at, those that are voided too.",
    )
    offices: list[
        Annotated["GroupOfficer", strawberry.lazy("services.gateway.graphql.types.group")]
    ] = many(
        "GroupOfficer",
        by="health_worker_id",
        order=Order(columns=("since",)),
        description="The offices that they hold in groups, or held.",
    )
    erasure: HealthWorkerErasure | None = one(
        "HealthWorkerErasure",
        by="id",
        description="The erasure of their personal data; null where it was never asked for.",
    )
    personal_data: JSON = strawberry.field(
        resolver=all_held_on,
        metadata={**needing("id"), **weighing(5_000)},
        description="All that is held on them, as JSON, under all of their names: for the person "
        "themselves, by a grant of theirs, and for who audits and reads names there. What others "
        "said under their own key is listed as held, without its words.",
    )
    audit_trail: Connection[AuditEntry] = pages(
        "AuditEntry",
        by="health_worker_id",
        orders=AuditOrder,
        known_by="recorded",
        description="Every event that names them, in the order it was recorded.",
    )
    history: Connection[HistoryEntry] = pages(
        "HistoryEntry",
        by="health_worker_id",
        orders=HistoryOrder,
        filter=HistoryFilter,
        known_by="recorded",
        description="Their history in words: every event that names them, or that happened to a "
        "record of theirs, and what was recorded under a record that is merged into this one.",
    )
    access_events: Connection[AccessEvent] = pages(
        "AccessEvent",
        by="health_worker_id",
        orders=AccessEventOrder,
        filter=AccessEventFilter,
        description="Who was shown something of them: for auditors there, and for themselves.",
    )
