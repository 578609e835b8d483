"""Improvement actions: what somebody will do by a day, and what became of it; what its owner cannot
solve is escalated, from unit to unit upwards or to an office outside the tree, and may come back.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    CoordinationMeetingId,
    Event,
    HealthWorkerId,
    ImprovementActionId,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    PersonalNotes,
    PersonalText,
    SealedSinceV2,
    SessionId,
    SupervisionVisitId,
    Text,
    asked,
    happened,
    later,
    ref,
)

RootCauses = Annotated[
    tuple[LongText, ...], Meta(max_length=20, description="What lies behind, deepest last.")
]
Office = Annotated[
    Text, Meta(description="An office, not a person: the hospital's director, an agency.")
]


Told = Annotated[int, Meta(ge=1, le=50, description="Its place among those told, from 1.")]


@happened("sessions.improvement_action.agreed", subject=ITS_RECORD, version=3, in_clear=2)
class ActionAgreed(Event, kw_only=True):
    """Somebody owns something that is due on a day: a health worker, or an office.

    It arises from a mentorship, perhaps at a session of it, or from a supervision visit or a
    coordination meeting, perhaps from one `finding` or `decision` of it. `owner_unit_id` is the
    unit that the office is of, where it is of one. What is said of an action is said by many and of
    many: its own key seals it.
    """

    mentorship_id: MentorshipId | None = None
    supervision_visit_id: SupervisionVisitId | None = None
    finding: Told | None = None
    coordination_meeting_id: CoordinationMeetingId | None = None
    decision: Told | None = None
    programme: Code
    org_unit_id: OrgUnitId
    session_id: SessionId | None = None
    title: PersonalText
    root_causes: PersonalNotes = ()
    owner_id: HealthWorkerId | None = None
    owner_office: Office | None = None
    owner_unit_id: OrgUnitId | None = None
    agreed_on: date
    due: date

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: its owner was always a health worker."""

    @staticmethod
    def upcast_v2_v3(_payload: dict[str, Any]) -> None:
        """Leave it as it is: what was said in clear is read as it was said, and it always arose
        from a mentorship.
        """


@happened("sessions.improvement_action.rescheduled")
class ActionRescheduled(Event, kw_only=True):
    """It is due on another day; the event's reason says why."""

    due: date
    rescheduled_on: date


@happened("sessions.improvement_action.progressed", subject=ITS_RECORD, version=2, in_clear=1)
class ActionProgressed(SealedSinceV2, kw_only=True):
    """This was done so far. The note names nobody."""

    note: PersonalLongText
    progressed_on: date


@happened("sessions.improvement_action.completed", subject=ITS_RECORD, version=2, in_clear=1)
class ActionCompleted(SealedSinceV2, kw_only=True):
    """It is done: `result` says what came of it."""

    result: PersonalLongText
    completed_on: date
    late: bool


@happened("sessions.improvement_action.dropped")
class ActionDropped(Event, kw_only=True):
    """It will not be done; the event's reason says why."""

    dropped_on: date


@happened("sessions.improvement_action.escalated", version=2)
class ActionEscalated(Event, kw_only=True):
    """Who had it cannot solve it; a unit above, or an office, has it now.

    The event's reason says why.
    """

    to_org_unit_id: OrgUnitId | None = None
    to_office: Office | None = None
    escalated_on: date

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: it always went to a unit."""


@happened("sessions.improvement_action.returned")
class ActionReturned(Event, kw_only=True):
    """It came back to who had it before; neither a unit nor an office: to its owner.

    The event's reason says why.
    """

    to_org_unit_id: OrgUnitId | None = None
    to_office: Office | None = None
    returned_on: date


@happened("sessions.improvement_action.resolved", subject=ITS_RECORD, version=2, in_clear=1)
class ActionResolved(SealedSinceV2, kw_only=True):
    """Whom it was escalated to has solved it."""

    result: PersonalLongText
    resolved_on: date


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor")
class ActionAgree(Command, kw_only=True):
    """Agree on an action with its owner: any health worker, or an office.

    It arises from a mentorship, a supervision visit or a coordination meeting.
    """

    id: NewId = None
    mentorship_id: MentorshipId | None = None
    session_id: Annotated[UUID, ref("Session", "Where it was agreed, if at one.")] | None = None
    title: Text
    root_causes: RootCauses = ()
    owner_id: Annotated[UUID, ref("HealthWorker", "Who does it.")] | None = None
    due: Annotated[date, Meta(description="By when.")]
    owner_office: (
        Annotated[Text, later("The office that does it, where it is no one person.")] | None
    ) = None
    owner_unit_id: (
        Annotated[
            UUID,
            ref("OrgUnit", "The unit that the office is of."),
            later("The unit that the office is of."),
        ]
        | None
    ) = None
    supervision_visit_id: (
        Annotated[
            UUID,
            ref("SupervisionVisit"),
            later("The supervision visit that it arises from."),
        ]
        | None
    ) = None
    finding: Annotated[Told, later("Which of the visit's findings it answers, from 1.")] | None = (
        None
    )
    coordination_meeting_id: (
        Annotated[
            UUID,
            ref("CoordinationMeeting"),
            later("The coordination meeting that it arises from."),
        ]
        | None
    ) = None
    decision: (
        Annotated[Told, later("Which of the meeting's decisions it carries out, from 1.")] | None
    ) = None


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor")
class ActionReschedule(Command, kw_only=True):
    """Move the day an action is due; `reason` says why."""

    improvement_action_id: ImprovementActionId
    due: Annotated[date, Meta(description="By when instead.")]


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor mentee")
class ActionReportProgress(Command, kw_only=True):
    """Note what was done of an action so far, on the day it occurred on."""

    improvement_action_id: ImprovementActionId
    note: Annotated[LongText, Meta(description="What was done; it names nobody.")]


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor mentee")
class ActionComplete(Command, kw_only=True):
    """Record that an action is done."""

    improvement_action_id: ImprovementActionId
    result: LongText


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor")
class ActionDrop(Command, kw_only=True):
    """Drop an action that will not be done; `reason` says why."""

    improvement_action_id: ImprovementActionId


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor")
class ActionEscalate(Command, kw_only=True):
    """Pass an action on, to a unit above who has it or to an office; `reason` says why."""

    improvement_action_id: ImprovementActionId
    to_org_unit_id: OrgUnitId | None = None
    to_office: (
        Annotated[Text, later("An office outside the tree: an association, an agency.")] | None
    ) = None


@asked("sessions", "ImprovementAction", by="administrator coordinator")
class ActionReturn(Command, kw_only=True):
    """Send an action back to who had it before; `reason` says why."""

    improvement_action_id: ImprovementActionId


@asked("sessions", "ImprovementAction", by="administrator coordinator")
class ActionResolve(Command, kw_only=True):
    """Record how an escalated action was solved."""

    improvement_action_id: ImprovementActionId
    result: LongText
