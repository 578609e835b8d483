"""Contacts between mentors and mentees that were no sessions."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.recording import recorded_by
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import CONTACT
from services.gateway.read.declare import InUnit, Order
from shared.contracts.definition import Mode
from shared.contracts.registry.mentorship import Side

graphql_enum(Mode)
graphql_enum(Side)

ContactOrder = order_enum(
    "ContactOrder",
    "In which order contacts are listed.",
    MADE=(Order(columns=("made_on",)), "By the day they were made."),
    MADE_DESC=(Order(columns=("made_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which contacts.")
class ContactFilter:
    """Filters of `contacts`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    mentor_id: ID | None = where("mentor", "Of this mentor.", kind="HealthWorker")
    mentee_id: ID | None = where("mentee", "Of this mentee.", kind="HealthWorker")
    since: date | None = where("made_on", "Made that day or later.", how="since")
    before: date | None = where("made_on", "Made earlier than that day.", how="before")


@read_model(
    CONTACT,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="A mentor and a mentee were in touch, without a session.",
)
class Contact(Node):
    """A contact, in a line."""

    id: ID = key("Contact")
    programme: str = leaf("The programme's code.")
    mode: Mode = leaf("How they were in touch.", convert=Mode)
    made_on: date = leaf("The day.")
    minutes: int | None = leaf("How long it took, if that is known.")
    reached_by: Side = leaf("Who reached out to the other.", convert=Side)
    about: str | None = leaf("What it was about; null if not for you to read.", personal=True)
    voided: bool = leaf("Whether it was not made after all.")
    recorded_by: str = recorded_by()
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    mentor: HealthWorker | None = one(
        "HealthWorker", by="mentor", description="The mentor, if in your scope."
    )
    mentee: HealthWorker | None = one(
        "HealthWorker", by="mentee", description="The mentee, if in your scope."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
