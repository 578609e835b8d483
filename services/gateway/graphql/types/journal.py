"""Journal entries: that they exist, when, and whose; what they say, for the pair alone."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.recording import recorded_by, recorded_for_another
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship, Session
from services.gateway.projections import JOURNAL_ENTRY
from services.gateway.read.declare import InUnit, Order
from shared.contracts.access.operation import AccessKind

JournalEntryOrder = order_enum(
    "JournalEntryOrder",
    "In which order journal entries are listed.",
    WRITTEN=(Order(columns=("written_on",)), "By the day they were written."),
    WRITTEN_DESC=(Order(columns=("written_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which journal entries.")
class JournalEntryFilter:
    """Filters of `journalEntries`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    health_worker_id: ID | None = where(
        "health_worker_id", "Written by this person.", kind="HealthWorker"
    )
    voided: bool | None = where("voided_on", "Taken back, or those that stand.", how="filled")


@read_model(
    JOURNAL_ENTRY,
    scope=InUnit(
        unit="org_unit_id",
        programme="programme",
        person="health_worker_id",
        parties="mentorship_id",
    ),
    description="What a party of a mentorship wrote down.",
    shows=AccessKind.JOURNAL,
)
class JournalEntry(Node):
    """An entry: its text is confided to the parties of its mentorship."""

    id: ID = key("JournalEntry")
    programme: str = leaf("The programme's code.")
    written_on: date = leaf("The day it was written.")
    text: str | None = leaf(
        "What it says: for the parties of the mentorship alone, null for everybody else, whatever "
        "their role.",
        confided="mentorship_id",
    )
    voided_on: date | None = leaf("The day it was taken back; null while it stands.")
    version: int = leaf("The record's version.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    session: Session | None = one(
        "Session", by="session_id", description="The session it is about, if one."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who wrote it, if in your scope."
    )
    recorded_by: str = recorded_by()
    recorded_for_another: bool | None = recorded_for_another(
        "the one who wrote", person="health_worker_id"
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
