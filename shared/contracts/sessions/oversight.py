"""Oversight: supervision visits to facilities, coordination meetings of districts."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    LongText,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    Text,
    asked,
    happened,
)

Participants = Annotated[int, Meta(ge=1, le=10_000, description="People who took part.")]
Notes = Annotated[tuple[LongText, ...], Meta(max_length=50, description="Each in a few sentences.")]


@happened("sessions.supervision_visit.held")
class SupervisionVisitHeld(Event, kw_only=True):
    """Supervisors visited a unit."""

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    joint: bool
    supervisors: tuple[Text, ...]
    findings: Notes = ()
    recommendations: Notes = ()


@happened("sessions.coordination_meeting.held")
class CoordinationMeetingHeld(Event, kw_only=True):
    """Those responsible for a unit met."""

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    participants: Participants
    decisions: Notes = ()


@asked("sessions", "SupervisionVisit", by="administrator coordinator")
class SupervisionVisitLog(Command, kw_only=True):
    """Log a supervision visit that was held on the day it occurred on."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    org_unit_id: OrgUnitId
    joint: Annotated[bool, Meta(description="Several institutions visited together.")] = False
    supervisors: Annotated[
        tuple[Text, ...],
        Meta(min_length=1, max_length=30, description="Their offices, not their names."),
    ]
    findings: Notes = ()
    recommendations: Notes = ()


@asked("sessions", "CoordinationMeeting", by="administrator coordinator")
class CoordinationMeetingLog(Command, kw_only=True):
    """Log a coordination meeting that was held on the day it occurred on."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    org_unit_id: OrgUnitId
    participants: Participants
    decisions: Notes = ()
