"""Initiatives: what a coached person chose to change, and measures of the way and of the result."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    InitiativeId,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    Text,
    asked,
    happened,
    ref,
)
from shared.contracts.sessions.improvement_action import RootCauses


class MeasureKind(StrEnum):
    """What a measure tells of."""

    LEADING = "LEADING"
    """The way: what is being done."""
    LAGGING = "LAGGING"
    """The result: what came of it."""


class Measure(Struct, frozen=True, kw_only=True, rename="camel"):
    """Something an initiative is measured by."""

    code: Code
    name: Text
    kind: MeasureKind
    unit: Text
    baseline: Decimal | None = None
    target: Decimal


Measures = Annotated[
    tuple[Measure, ...],
    Meta(min_length=1, max_length=20, description="One leading and one lagging at the least."),
]
Value = Annotated[Decimal, Meta(description="In the measure's own unit.")]


@happened("sessions.initiative.chosen")
class InitiativeChosen(Event, kw_only=True):
    """A mentee chose an initiative themselves, down to its root causes."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    programme: Code
    org_unit_id: OrgUnitId
    title: Text
    root_causes: RootCauses
    measures: Measures
    chosen_on: date


@happened("sessions.initiative.measured")
class InitiativeMeasured(Event, kw_only=True):
    """One of its measures stands at a value."""

    measure: Code
    kind: MeasureKind
    value: Value
    target: Decimal
    measured_on: date


@asked("sessions", "Initiative", by="coordinator mentor mentee")
class InitiativeChoose(Command, kw_only=True):
    """Record the initiative that a mentee chose."""

    id: NewId = None
    mentorship_id: MentorshipId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "The mentee.")]
    title: Text
    root_causes: Annotated[
        tuple[LongText, ...],
        Meta(min_length=1, max_length=20, description="What lies behind, deepest last."),
    ]
    measures: Measures


@asked("sessions", "Initiative", by="coordinator mentor mentee")
class InitiativeMeasure(Command, kw_only=True):
    """Record where a measure stands on the day it occurred on."""

    initiative_id: InitiativeId
    measure: Code
    value: Value
