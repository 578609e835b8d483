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


@happened("sessions.improvement_action.agreed", subject=ITS_RECORD, version=3, in_clear=2)
class ActionAgreed(Event, kw_only=True):
    """Somebody owns something that is due on a day: a health worker, or an office.

    `owner_unit_id` is the unit that the office is of, where it is of one. What is said of an action
    is said by many and of many: its own key seals it.
    """

    mentorship_id: MentorshipId
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
        """Leave it as it is: what was said in clear is read as it was said."""


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


@asked("sessions", "ImprovementAction", by="coordinator mentor")
class ActionAgree(Command, kw_only=True):
    """Agree on an action with its owner: any health worker, or an office."""

    id: NewId = None
    mentorship_id: MentorshipId
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


@asked("sessions", "ImprovementAction", by="coordinator mentor")
class ActionReschedule(Command, kw_only=True):
    """Move the day an action is due; `reason` says why."""

    improvement_action_id: ImprovementActionId
    due: Annotated[date, Meta(description="By when instead.")]


@asked("sessions", "ImprovementAction", by="administrator coordinator mentor mentee")
class ActionReportProgress(Command, kw_only=True):
    """Note what was done of an action so far, on the day it occurred on."""

    improvement_action_id: ImprovementActionId
    note: Annotated[LongText, Meta(description="What was done; it names nobody.")]


@asked("sessions", "ImprovementAction", by="coordinator mentor mentee")
class ActionComplete(Command, kw_only=True):
    """Record that an action is done."""

    improvement_action_id: ImprovementActionId
    result: LongText


@asked("sessions", "ImprovementAction", by="coordinator mentor")
class ActionDrop(Command, kw_only=True):
    """Drop an action that will not be done; `reason` says why."""

    improvement_action_id: ImprovementActionId


@asked("sessions", "ImprovementAction", by="coordinator mentor")
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
