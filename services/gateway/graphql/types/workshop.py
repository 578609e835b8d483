"""Workshops: what they were for, who led them, and who was there on which days."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import Cohort, ProgrammeVersion
from services.gateway.projections import (
    WORKSHOP,
    WORKSHOP_ATTENDANCE,
    WORKSHOP_FACILITATOR,
    WORKSHOP_MODULE,
)
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.sessions.workshop import TeachingMethod, WorkshopKind

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker

LazyHealthWorker = Annotated[
    "HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")
]
LazyWorkshop = Annotated["Workshop", strawberry.lazy("services.gateway.graphql.types.workshop")]

graphql_enum(WorkshopKind)
graphql_enum(TeachingMethod)


@graphql_enum
class WorkshopStatus(StrEnum):
    """Whether a workshop stands."""

    HELD = "HELD"
    VOIDED = "VOIDED"


WorkshopOrder = order_enum(
    "WorkshopOrder",
    "In which order workshops are listed.",
    STARTS=(Order(columns=("starts",)), "By their first day."),
    STARTS_DESC=(Order(columns=("starts",), descending=True), "The latest first."),
)


@strawberry.input(description="Which workshops.")
class WorkshopFilter:
    """Filters of `workshops`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Of this unit, or of one below it.", how="under", kind="OrgUnit"
    )
    cohort_id: ID | None = where("cohort_id", "For this cohort.", kind="Cohort")
    kind: WorkshopKind | None = where("workshop_kind", "For this.")
    course: str | None = where("course", "Of the course with this code.")
    status: WorkshopStatus | None = where("status", "That stand, or that are voided.")
    health_worker_id: ID | None = where(
        "people",
        "Where this person was, by the record they are listed under.",
        how="holds",
        kind="HealthWorker",
        unindexed="it narrows what the other filters find: a country's workshops are thousands",
    )
    topic: str | None = where(
        "topics",
        "With a module of this topic.",
        how="holds",
        unindexed="it narrows what the other filters find: a country's workshops are thousands",
    )


def _days(written: Iterable[str]) -> list[date]:
    return [date.fromisoformat(day) for day in written]


@read_model(
    WORKSHOP_ATTENDANCE,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="Somebody who was at a workshop.",
)
class WorkshopAttendance:
    """On which days they were there, what they took, and what they scored."""

    days: list[date] = leaf("The days they were there.", convert=_days)
    modules: list[str] = leaf("The modules they took, by topic; none: all that was held then.")
    pre_test: int | None = leaf("What they scored before it, out of 100.")
    post_test: int | None = leaf("What they scored after it, out of 100.")
    status: WorkshopStatus = leaf("Whether the workshop stands.", convert=WorkshopStatus)
    health_worker: LazyHealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    workshop: LazyWorkshop | None = one(
        "Workshop", by="workshop_id", description="Which one, if in your scope."
    )


@read_model(
    WORKSHOP_FACILITATOR,
    scope=InUnit(unit="org_unit_id", programme="programme", person="health_worker_id"),
    description="Somebody who led a workshop.",
)
class WorkshopFacilitator:
    """Who led it, as far as it is told."""

    name: str | None = leaf(
        "Who they are, where they have no record; null if not for you to read.", personal=True
    )
    organisation: str | None = leaf("Whom they came from.")
    health_worker: LazyHealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Their record, if one is in your scope."
    )


@read_model(
    WORKSHOP_MODULE,
    scope=Through(to="Workshop", by="workshop_id"),
    description="A part of a workshop, about one topic.",
)
class WorkshopModule:
    """What was taught, how, and for how long."""

    topic: str = leaf("What it was about, by a code of the course.")
    name: str | None = leaf("What it was about, in words.")
    methods: list[TeachingMethod] = leaf(
        "How it was taught.", convert=lambda methods: [TeachingMethod(one) for one in methods]
    )
    minutes: int | None = leaf("How long it took, in minutes.")
    days: list[date] = leaf("On which days it was held; none: that is not known.", convert=_days)


@read_model(
    WORKSHOP,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="People of a programme together for some days, outside of any one mentorship.",
)
class Workshop(Node):
    """A workshop as it is known now: a correction replaces what was said of it before."""

    id: ID = key("Workshop")
    programme: str = leaf("The programme's code.")
    kind: WorkshopKind = leaf("What it was for.", column="workshop_kind", convert=WorkshopKind)
    status: WorkshopStatus = leaf("Whether it stands.", convert=WorkshopStatus)
    title: str = leaf("What it was called.")
    place: str | None = leaf("Where people met, in words.")
    starts: date = leaf("The first day.")
    ends: date = leaf("The last day.")
    days: list[date] = leaf("The days on which it was held.", convert=_days)
    course: str | None = leaf("The course it was part of, by the programme's code.")
    attendees: int = leaf("How many were there by their records.")
    others: int = leaf("How many more were there, who have no record.")
    corrected: bool = leaf("Whether what was logged first was corrected.")
    notes: str | None = leaf(
        "What was said, and how it is to go on; null if not for you to read.", personal=True
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    cohort: Cohort | None = one(
        "Cohort", by="cohort_id", description="The cohort it was for, if for one."
    )
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The rules it was held under."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Whose people came.")
    facilitators: list[WorkshopFacilitator] = many(
        "WorkshopFacilitator",
        by="facts_id",
        own="facts_id",
        order=Order(columns=("place",)),
        description="Who led it.",
    )
    modules: list[WorkshopModule] = many(
        "WorkshopModule",
        by="facts_id",
        own="facts_id",
        order=Order(columns=("place",)),
        description="Its parts, in order.",
    )
    attendance: list[WorkshopAttendance] = many(
        "WorkshopAttendance",
        by="workshop_id",
        order=Order(columns=("health_worker_id",)),
        description="Who was there, on which days.",
    )
