"""Improvement actions: what somebody will do by a day, and what became of it; what the facility
cannot solve is escalated to a unit above.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    ImprovementActionId,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    SessionId,
    Text,
    asked,
    happened,
    ref,
)

RootCauses = Annotated[
    tuple[LongText, ...], Meta(max_length=20, description="What lies behind, deepest last.")
]


@happened("sessions.improvement_action.agreed")
class ActionAgreed(Event, kw_only=True):
    """Somebody owns something that is due on a day."""

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    session_id: SessionId | None = None
    title: Text
    root_causes: RootCauses = ()
    owner_id: HealthWorkerId
    agreed_on: date
    due: date


@happened("sessions.improvement_action.completed")
class ActionCompleted(Event, kw_only=True):
    """It is done: `result` says what came of it."""

    result: LongText
    completed_on: date
    late: bool


@happened("sessions.improvement_action.escalated")
class ActionEscalated(Event, kw_only=True):
    """The facility cannot solve it; a unit above has it now. The event's reason says why."""

    to_org_unit_id: OrgUnitId
    escalated_on: date


@happened("sessions.improvement_action.resolved")
class ActionResolved(Event, kw_only=True):
    """Whom it was escalated to has solved it."""

    result: LongText
    resolved_on: date


@asked("sessions", "ImprovementAction", by="coordinator mentor")
class ActionAgree(Command, kw_only=True):
    """Agree on an action with its owner, who is a party of the mentorship."""

    id: NewId = None
    mentorship_id: MentorshipId
    session_id: Annotated[UUID, ref("Session", "Where it was agreed, if at one.")] | None = None
    title: Text
    root_causes: RootCauses = ()
    owner_id: Annotated[UUID, ref("HealthWorker", "Who does it.")]
    due: Annotated[date, Meta(description="By when.")]


@asked("sessions", "ImprovementAction", by="coordinator mentor mentee")
class ActionComplete(Command, kw_only=True):
    """Record that an action is done."""

    improvement_action_id: ImprovementActionId
    result: LongText


@asked("sessions", "ImprovementAction", by="coordinator mentor")
class ActionEscalate(Command, kw_only=True):
    """Pass an action on to a unit above; `reason` says why."""

    improvement_action_id: ImprovementActionId
    to_org_unit_id: OrgUnitId


@asked("sessions", "ImprovementAction", by="administrator coordinator")
class ActionResolve(Command, kw_only=True):
    """Record how an escalated action was solved."""

    improvement_action_id: ImprovementActionId
    result: LongText
