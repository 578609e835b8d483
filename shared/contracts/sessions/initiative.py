"""Initiatives: what a coached person chose to change, and measures of the way and of the result;
they grow on the way, and end.
"""

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
    PersonalLongText,
    PersonalNotes,
    PersonalText,
    SealedSinceV2,
    Text,
    asked,
    happened,
    ref,
)


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


class NoteKind(StrEnum):
    """What happened on the way."""

    STEP = "STEP"
    """A small step was done."""
    SETBACK = "SETBACK"
    """Something went wrong, or backwards."""
    WIN = "WIN"
    """Something that others can see: evidence that it works."""


class InitiativeEnding(StrEnum):
    """How an initiative ends."""

    CLOSED = "CLOSED"
    """It came to its end; the measures say how far it came."""
    ABANDONED = "ABANDONED"
    """It was given up."""


Measures = Annotated[
    tuple[Measure, ...],
    Meta(
        min_length=1,
        max_length=20,
        description="What is known so far: others can be added later.",
    ),
]
Value = Annotated[Decimal, Meta(description="In the measure's own unit.")]
Result = Annotated[PersonalLongText, Meta(description="What came of it. Personal.")]


@happened("sessions.initiative.chosen", subject="health_worker_id", version=2, in_clear=1)
class InitiativeChosen(SealedSinceV2, kw_only=True):
    """A mentee chose an initiative themselves, down to its root causes: in words of their own."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    programme: Code
    org_unit_id: OrgUnitId
    title: PersonalText
    root_causes: PersonalNotes
    measures: Measures
    chosen_on: date


@happened("sessions.initiative.measure_added")
class InitiativeMeasureAdded(Event, kw_only=True):
    """It is measured by something else too, at the next `place` of its list, from 1."""

    measure: Measure
    place: Annotated[int, Meta(ge=1)]
    added_on: date


@happened("sessions.initiative.measured")
class InitiativeMeasured(Event, kw_only=True):
    """One of its measures stands at a value."""

    measure: Code
    kind: MeasureKind
    value: Value
    target: Decimal
    measured_on: date


@happened("sessions.initiative.noted", subject="health_worker_id")
class InitiativeNoted(Event, kw_only=True):
    """A step, a setback or a win on the way; `health_worker_id` is whose initiative it is."""

    health_worker_id: HealthWorkerId
    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    note_kind: NoteKind
    text: PersonalLongText
    noted_on: date


@happened("sessions.initiative.ended", subject="health_worker_id")
class InitiativeEnded(Event, kw_only=True):
    """It is closed or abandoned; `health_worker_id` is whose initiative it was."""

    health_worker_id: HealthWorkerId
    ending: InitiativeEnding
    result: Result | None = None
    ended_on: date


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
class InitiativeAddMeasure(Command, kw_only=True):
    """Have an initiative measured by something else too."""

    initiative_id: InitiativeId
    measure: Annotated[Measure, Meta(description="The measure, under a code of its own.")]


@asked("sessions", "Initiative", by="coordinator mentor mentee")
class InitiativeMeasure(Command, kw_only=True):
    """Record where a measure stands on the day it occurred on."""

    initiative_id: InitiativeId
    measure: Code
    value: Value


@asked("sessions", "Initiative", by="coordinator mentor mentee")
class InitiativeNote(Command, kw_only=True):
    """Note a step, a setback or a win on the day it occurred on."""

    initiative_id: InitiativeId
    note_kind: Annotated[NoteKind, Meta(description="What it was.")]
    text: Annotated[PersonalLongText, Meta(description="What happened. Personal.")]


@asked("sessions", "Initiative", by="coordinator mentor mentee")
class InitiativeEnd(Command, kw_only=True):
    """Close an initiative, or abandon it; `reason` says why it is abandoned."""

    initiative_id: InitiativeId
    ending: Annotated[InitiativeEnding, Meta(description="How it ends.")]
    result: Result | None = None
