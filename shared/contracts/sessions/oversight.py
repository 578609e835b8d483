"""Oversight: supervision visits to facilities, coordination meetings of districts."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    LongText,
    NewId,
    OrgUnitId,
    PersonalNotes,
    PersonalText,
    ProgrammeVersionId,
    SealedSinceV2,
    Text,
    asked,
    happened,
)

Participants = Annotated[int, Meta(ge=1, le=10_000, description="People who took part.")]
Notes = Annotated[tuple[LongText, ...], Meta(max_length=50, description="Each in a few sentences.")]


@happened("sessions.supervision_visit.held", subject=ITS_RECORD, version=2, in_clear=1)
class SupervisionVisitHeld(SealedSinceV2, kw_only=True):
    """Supervisors visited a unit; its own key seals who came, and what they found."""

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    joint: bool
    supervisors: tuple[PersonalText, ...]
    findings: PersonalNotes = ()
    recommendations: PersonalNotes = ()


@happened("sessions.coordination_meeting.held", subject=ITS_RECORD, version=2, in_clear=1)
class CoordinationMeetingHeld(SealedSinceV2, kw_only=True):
    """Those responsible for a unit met; its own key seals what they decided."""

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    participants: Participants
    decisions: PersonalNotes = ()


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
