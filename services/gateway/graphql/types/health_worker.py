"""Health workers: who they are, and where they were posted since when."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import (
    Node,
    key,
    leaf,
    many,
    one,
    read_model,
    where,
)
from services.gateway.graphql.types.audit import AuditEntry, AuditOrder
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import HEALTH_WORKER, POSTING
from services.gateway.read.declare import InUnit, Order, Through

if TYPE_CHECKING:
    from services.gateway.graphql.types.mentee import Mentee
    from services.gateway.graphql.types.mentor import Mentor
    from services.gateway.graphql.types.workshop import WorkshopAttendance

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
    cadre: str | None = where("cadre", "Of this cadre.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Posted now at this unit, or at one below it.", how="under", kind="OrgUnit"
    )


@read_model(
    POSTING,
    scope=Through(to="HealthWorker", by="health_worker_id"),
    description="Where a health worker was posted since when.",
)
class Posting:
    """One posting; it ends where the next one begins."""

    since: date = leaf("The first day there.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit.")


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
        "Phone number; null without the right to read it, and once erased.", personal=True
    )
    cadre: str = leaf("What they are trained as: nurse, midwife, doctor, …")
    languages: list[str] = leaf("Languages they speak, by their ISO 639-1 codes.")
    since: date = leaf("The first day of their posting now.")
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
        description="Every posting, from the first.",
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
    workshops: list[
        Annotated["WorkshopAttendance", strawberry.lazy("services.gateway.graphql.types.workshop")]
    ] = many(
        "WorkshopAttendance",
        by="health_worker_id",
        order=Order(columns=("starts",)),
        description="The workshops they were at, those that are voided too.",
    )
    audit_trail: Connection[AuditEntry] = pages(
        "AuditEntry",
        by="health_worker_id",
        orders=AuditOrder,
        known_by="recorded",
        description="Every event that names them, in the order it was recorded.",
    )
