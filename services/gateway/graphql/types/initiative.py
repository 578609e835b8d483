"""Initiatives that coached people chose, with the measures of the way and of the result."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import (
    INITIATIVE,
    INITIATIVE_MEASURE,
    INITIATIVE_NOTE,
    INITIATIVE_VALUE,
)
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.sessions.initiative import InitiativeEnding, MeasureKind, NoteKind

graphql_enum(MeasureKind)
graphql_enum(NoteKind)
graphql_enum(InitiativeEnding)


@graphql_enum
class InitiativeStatus(StrEnum):
    """How an initiative stands."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    ABANDONED = "ABANDONED"


InitiativeOrder = order_enum(
    "InitiativeOrder",
    "In which order initiatives are listed.",
    CHOSEN=(Order(columns=("chosen_on",)), "By the day they were chosen."),
    CHOSEN_DESC=(Order(columns=("chosen_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which initiatives.")
class InitiativeFilter:
    """Filters of `initiatives`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    health_worker_id: ID | None = where(
        "health_worker_id", "Chosen by this person.", kind="HealthWorker"
    )
    status: InitiativeStatus | None = where("status", "That stand so.")


@read_model(
    INITIATIVE_MEASURE,
    scope=Through(to="Initiative", by="initiative_id"),
    description="What an initiative is measured by.",
)
class InitiativeMeasure:
    """A measure, leading or lagging."""

    code: str = leaf("The measure's code.")
    name: str = leaf("What it is called.")
    kind: MeasureKind = leaf("Of the way, or of the result.", convert=MeasureKind)
    unit: str = leaf("What it is counted in.")
    baseline: Decimal | None = leaf("Where it stood before, if known.")
    target: Decimal = leaf("Where it is to stand.")


@read_model(
    INITIATIVE_VALUE,
    scope=Through(to="Initiative", by="initiative_id"),
    description="Where one measure stood on one day.",
)
class InitiativeValue:
    """A measurement."""

    measure: str = leaf("The measure's code.")
    value: Decimal = leaf("Where it stood, in the measure's unit.")
    target: Decimal = leaf("Where it was to stand.")
    measured_on: date = leaf("The day it was measured.")


@read_model(
    INITIATIVE_NOTE,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="What happened on the way of an initiative.",
)
class InitiativeNote:
    """A step, a setback or a win."""

    kind: NoteKind = leaf("What it was.", column="note_kind", convert=NoteKind)
    text: str | None = leaf("What happened; null if not for you to read.", personal=True)
    noted_on: date = leaf("The day.")


_IN_TIME = Order(columns=("measured_on", "number"))


@read_model(
    INITIATIVE,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="What a coached person chose to change, down to its root causes.",
)
class Initiative(Node):
    """An initiative and how it goes."""

    id: ID = key("Initiative")
    programme: str = leaf("The programme's code.")
    title: str | None = leaf("What is to change; null if not for you to read.", personal=True)
    root_causes: list[str] | None = leaf(
        "What lies behind, deepest last; null if not for you to read.", personal=True
    )
    chosen_on: date = leaf("The day it was chosen.")
    status: InitiativeStatus = leaf("How it stands.", convert=InitiativeStatus)
    ended_on: date | None = leaf("The day it was closed or abandoned; null before.")
    result: str | None = leaf("What came of it; null if not for you to read.", personal=True)
    ending_reason: str | None = leaf(
        "Why it ended, as its sender said; null if not for you to read.", personal=True
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who chose it, if in your scope."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
    measures: list[InitiativeMeasure] = many(
        "InitiativeMeasure",
        by="initiative_id",
        order=Order(columns=("place",)),
        description="What it is measured by, in the order chosen.",
    )
    notes: list[InitiativeNote] = many(
        "InitiativeNote",
        by="initiative_id",
        order=Order(columns=("noted_on", "number")),
        description="Steps, setbacks and wins on the way.",
    )
    leading: list[InitiativeValue] = many(
        "InitiativeValue",
        by="initiative_id",
        order=_IN_TIME,
        wanted=(("kind", "LEADING"),),
        description="The series of the measures of the way: what is being done.",
    )
    lagging: list[InitiativeValue] = many(
        "InitiativeValue",
        by="initiative_id",
        order=_IN_TIME,
        wanted=(("kind", "LAGGING"),),
        description="The series of the measures of the result: what came of it.",
    )
