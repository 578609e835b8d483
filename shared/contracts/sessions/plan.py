"""Plans: what a mentorship, a visit, or a person's development is to bring; agreed, amended as it
grows, and sent.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    Event,
    HealthWorkerId,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalNotes,
    PersonalText,
    PlanId,
    SealedSinceV2,
    Text,
    asked,
    happened,
    ref,
)


class PlanKind(StrEnum):
    """What it is a plan of."""

    MENTORSHIP = "MENTORSHIP"
    """The whole mentorship."""
    VISIT = "VISIT"
    """One visit, or the sessions of a few days."""
    DEVELOPMENT = "DEVELOPMENT"
    """A mentee's own development."""


Objectives = Annotated[
    tuple[LongText, ...], Meta(min_length=1, max_length=50, description="What is to be reached.")
]
Strengths = Annotated[
    tuple[Text, ...], Meta(max_length=50, description="The strengths that the mentee named.")
]


OwnStrengths = Annotated[
    tuple[PersonalText, ...],
    Meta(max_length=50, description="The strengths that the mentee named. Personal."),
]


@happened("sessions.plan.agreed", subject="health_worker_id", version=2, in_clear=1)
class PlanAgreed(Event, kw_only=True):
    """Both sides agreed on a plan, for the days from `starts` to `ends`.

    Attributes:
        health_worker_id: the mentee whose development plan it is: their key seals what it says;
            that of the plan itself, where it is no one mentee's.
        named: how many strengths there are; whoever cannot read them counts by it.
    """

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    plan_kind: PlanKind
    health_worker_id: HealthWorkerId | None = None
    starts: date
    ends: date
    objectives: PersonalNotes
    strengths: OwnStrengths = ()
    named: Annotated[int, Meta(ge=0)] = 0
    agreed_on: date

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Count its strengths; what was said in clear is read as it was said."""
        payload["named"] = len(payload.get("strengths", ()))


@happened("sessions.plan.amended", subject="health_worker_id", version=2, in_clear=1)
class PlanAmended(SealedSinceV2, kw_only=True):
    """Both sides agreed on what stands in it from now on, whole; the event's reason says why.

    Attributes:
        health_worker_id: the mentee whose development plan it is; see `PlanAgreed`.
        named: how many strengths there are; whoever cannot read them counts by it.
    """

    health_worker_id: HealthWorkerId | None = None
    mentorship_id: MentorshipId
    starts: date
    ends: date
    objectives: PersonalNotes
    strengths: OwnStrengths = ()
    named: Annotated[int, Meta(ge=0)] = 0
    amended_on: date


@happened("sessions.plan.sent", subject=ITS_RECORD, version=2, in_clear=1)
class PlanSent(SealedSinceV2, kw_only=True):
    """It was sent to where it is carried out."""

    mentorship_id: MentorshipId
    sent_to: PersonalText
    sent_on: date


@asked("sessions", "Plan", by="coordinator mentor")
class PlanAgree(Command, kw_only=True):
    """Record a plan that both sides agreed on."""

    id: NewId = None
    mentorship_id: MentorshipId
    plan_kind: PlanKind
    health_worker_id: (
        Annotated[UUID, ref("HealthWorker", "The mentee, of a development plan.")] | None
    ) = None
    starts: Annotated[date, Meta(description="The first day it is for.")]
    ends: Annotated[date, Meta(description="The last day it is for.")]
    objectives: Objectives
    strengths: Strengths = ()


@asked("sessions", "Plan", by="coordinator mentor")
class PlanAmend(Command, kw_only=True):
    """Amend a plan that both sides agreed on: give it again, whole; `reason` says why."""

    plan_id: PlanId
    starts: Annotated[date, Meta(description="The first day it is for.")]
    ends: Annotated[date, Meta(description="The last day it is for.")]
    objectives: Objectives
    strengths: OwnStrengths = ()


@asked("sessions", "Plan", by="coordinator mentor")
class PlanSend(Command, kw_only=True):
    """Record that a plan was sent, on the day it occurred on.

    A session that is logged a moment later, and depends on it, gives its position as `after`.
    """

    plan_id: PlanId
    sent_to: Annotated[str, Meta(min_length=1, max_length=200, description="To whom.")]
