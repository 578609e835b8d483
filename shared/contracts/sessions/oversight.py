"""Oversight: supervision visits to facilities, coordination meetings of districts."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    CoordinationMeetingId,
    Event,
    HealthWorkerId,
    LongText,
    NewId,
    OrgUnitId,
    PersonalNotes,
    PersonalText,
    ProgrammeVersionId,
    SupervisionVisitId,
    Text,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.taking_back import Reinstated, Voided

Participants = Annotated[int, Meta(ge=1, le=10_000, description="People who took part.")]
Count = Annotated[int, Meta(ge=0, le=50)]
Joint = Annotated[bool, Meta(description="Several institutions visited together.")]
HeldOn = Annotated[date, Meta(description="The day it was held.")]
Supervisors = Annotated[
    tuple[Text, ...],
    Meta(min_length=1, max_length=30, description="Their offices, not their names."),
]
Notes = Annotated[tuple[LongText, ...], Meta(max_length=50, description="Each in a few sentences.")]


class SupervisionScore(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a unit reached by one checklist of the supervisors."""

    checklist: Annotated[Text, Meta(description="What the checklist is called.")]
    points: Annotated[int, Meta(ge=0, le=10_000, description="The points given.")]
    most: Annotated[int, Meta(ge=1, le=10_000, description="The most that it gives.")]


@happened("sessions.supervision_visit.held", subject=ITS_RECORD, version=2, in_clear=1)
class SupervisionVisitHeld(Event, kw_only=True):
    """Supervisors visited a unit; its own key seals who came, and what they found.

    `told` says how many findings there are, whoever may read them.
    """

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    joint: bool
    supervisors: tuple[PersonalText, ...]
    findings: PersonalNotes = ()
    recommendations: PersonalNotes = ()
    told: Count = 0
    mentors: tuple[HealthWorkerId, ...] = ()
    scores: tuple[SupervisionScore, ...] = ()
    next_visit_on: date | None = None

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Count the findings; what was said in clear is read as it was said."""
        payload["told"] = len(payload.get("findings", ()))


@happened("sessions.supervision_visit.corrected", subject=ITS_RECORD)
class SupervisionVisitCorrected(Event, kw_only=True):
    """It was held on that day, by these, after all; the event's reason says why.

    What they found stays as it was told.
    """

    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    joint: bool
    supervisors: tuple[PersonalText, ...]


@happened("sessions.supervision_visit.voided")
class SupervisionVisitVoided(Voided, kw_only=True):
    """It was not held after all; the event's reason says why."""

    programme: Code
    org_unit_id: OrgUnitId


@happened("sessions.supervision_visit.reinstated")
class SupervisionVisitReinstated(Reinstated, kw_only=True):
    """It was held, as it was said last; the event's reason says why."""

    programme: Code
    org_unit_id: OrgUnitId


@happened("sessions.coordination_meeting.held", subject=ITS_RECORD, version=2, in_clear=1)
class CoordinationMeetingHeld(Event, kw_only=True):
    """Those responsible for a unit met; its own key seals what they spoke of, and decided.

    `participants` are all who came; `attendees` those of them who are known, `offices` what others
    came for. `told` says how many decisions there are, whoever may read them.
    """

    programme_version_id: ProgrammeVersionId
    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    participants: Participants
    decisions: PersonalNotes = ()
    agenda: PersonalNotes = ()
    attendees: tuple[HealthWorkerId, ...] = ()
    offices: tuple[Text, ...] = ()
    reports: tuple[PersonalText, ...] = ()
    told: Count = 0

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Count the decisions; what was said in clear is read as it was said."""
        payload["told"] = len(payload.get("decisions", ()))


@happened("sessions.coordination_meeting.corrected")
class CoordinationMeetingCorrected(Event, kw_only=True):
    """It was held on that day, by so many, after all; the event's reason says why.

    What they decided stays as it was told.
    """

    programme: Code
    org_unit_id: OrgUnitId
    held_on: date
    participants: Participants


@happened("sessions.coordination_meeting.voided")
class CoordinationMeetingVoided(Voided, kw_only=True):
    """It was not held after all; the event's reason says why."""

    programme: Code
    org_unit_id: OrgUnitId


@happened("sessions.coordination_meeting.reinstated")
class CoordinationMeetingReinstated(Reinstated, kw_only=True):
    """It was held, as it was said last; the event's reason says why."""

    programme: Code
    org_unit_id: OrgUnitId


@asked("sessions", "SupervisionVisit", by="administrator coordinator")
class SupervisionVisitLog(Command, kw_only=True):
    """Log a supervision visit that was held on the day it occurred on."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    org_unit_id: OrgUnitId
    joint: Joint = False
    supervisors: Supervisors
    findings: Notes = ()
    recommendations: Notes = ()
    mentors: Annotated[
        tuple[Annotated[UUID, ref("HealthWorker")], ...],
        Meta(max_length=100),
        later("The mentors who were supervised."),
    ] = ()
    scores: Annotated[
        tuple[SupervisionScore, ...],
        Meta(max_length=20),
        later("What the unit reached, by each checklist."),
    ] = ()
    next_visit_on: Annotated[date, later("The day they mean to come again.")] | None = None


@asked("sessions", "CoordinationMeeting", by="administrator coordinator")
class CoordinationMeetingLog(Command, kw_only=True):
    """Log a coordination meeting that was held on the day it occurred on."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    org_unit_id: OrgUnitId
    participants: Participants
    decisions: Notes = ()
    agenda: Annotated[
        tuple[LongText, ...], Meta(max_length=50), later("What was to be spoken of, in order.")
    ] = ()
    attendees: Annotated[
        tuple[Annotated[UUID, ref("HealthWorker")], ...],
        Meta(max_length=500),
        later("Those who took part and have a record."),
    ] = ()
    offices: Annotated[
        tuple[Text, ...],
        Meta(max_length=100),
        later("The offices that others came for: a ministry, a partner."),
    ] = ()
    reports: Annotated[
        tuple[Text, ...], Meta(max_length=50), later("The reports that were presented.")
    ] = ()


@asked("sessions", "SupervisionVisit", by="administrator coordinator")
class SupervisionVisitCorrect(Command, kw_only=True):
    """Correct the day of a supervision visit, and who came; `reason` says why.

    What they found is told anew with the visit: void this one, and log it again.
    """

    supervision_visit_id: SupervisionVisitId
    held_on: HeldOn
    joint: Joint = False
    supervisors: Supervisors


@asked("sessions", "SupervisionVisit", by="administrator coordinator")
class SupervisionVisitVoid(Command, kw_only=True):
    """Void a supervision visit that was not held; `reason` says why."""

    supervision_visit_id: SupervisionVisitId


@asked("sessions", "SupervisionVisit", by="administrator coordinator")
class SupervisionVisitReinstate(Command, kw_only=True):
    """Let a voided supervision visit stand again; `reason` says why."""

    supervision_visit_id: SupervisionVisitId


@asked("sessions", "CoordinationMeeting", by="administrator coordinator")
class CoordinationMeetingCorrect(Command, kw_only=True):
    """Correct the day of a coordination meeting, and how many came; `reason` says why.

    What they decided is told anew with the meeting: void this one, and log it again.
    """

    coordination_meeting_id: CoordinationMeetingId
    held_on: HeldOn
    participants: Participants


@asked("sessions", "CoordinationMeeting", by="administrator coordinator")
class CoordinationMeetingVoid(Command, kw_only=True):
    """Void a coordination meeting that was not held; `reason` says why."""

    coordination_meeting_id: CoordinationMeetingId


@asked("sessions", "CoordinationMeeting", by="administrator coordinator")
class CoordinationMeetingReinstate(Command, kw_only=True):
    """Let a voided coordination meeting stand again; `reason` says why."""

    coordination_meeting_id: CoordinationMeetingId
