"""Offers and requests: what members of a coached group can give each other, and who took it up."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from shared.contracts.base import (
    Code,
    Command,
    Event,
    ExchangeId,
    HealthWorkerId,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    SealedSinceV2,
    asked,
    happened,
    ref,
)
from shared.contracts.taking_back import Reinstated, Voided


class ExchangeKind(StrEnum):
    """Which way it goes."""

    OFFER = "OFFER"
    REQUEST = "REQUEST"


@happened("sessions.exchange.posted", subject="health_worker_id", version=2, in_clear=1)
class ExchangePosted(SealedSinceV2, kw_only=True):
    """Somebody offers, or asks for, something; their key seals what it is."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId
    programme: Code
    org_unit_id: OrgUnitId
    exchange_kind: ExchangeKind
    text: PersonalLongText
    posted_on: date


@happened("sessions.exchange.taken_up")
class ExchangeTakenUp(Event, kw_only=True):
    """Somebody else of the mentorship takes the offer, or grants the request."""

    health_worker_id: HealthWorkerId
    taken_up_on: date


@happened("sessions.exchange.withdrawn", subject="health_worker_id")
class ExchangeWithdrawn(Voided, kw_only=True):
    """It is offered, or asked for, no more; the event's reason says why."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId


@happened("sessions.exchange.reinstated", subject="health_worker_id")
class ExchangeReinstated(Reinstated, kw_only=True):
    """It is again; the event's reason says why."""

    mentorship_id: MentorshipId
    health_worker_id: HealthWorkerId


@asked("sessions", "Exchange", by="coordinator mentor mentee")
class ExchangePost(Command, kw_only=True):
    """Post an offer or a request to the others of a mentorship."""

    id: NewId = None
    mentorship_id: MentorshipId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "Who offers or asks.")]
    exchange_kind: ExchangeKind
    text: LongText


@asked("sessions", "Exchange", by="coordinator mentor mentee")
class ExchangeTakeUp(Command, kw_only=True):
    """Take up an offer, or grant a request, of somebody else."""

    exchange_id: ExchangeId
    health_worker_id: Annotated[UUID, ref("HealthWorker", "Who takes it up.")]


@asked("sessions", "Exchange", by="coordinator mentor mentee")
class ExchangeWithdraw(Command, kw_only=True):
    """Withdraw an offer or a request: nobody takes it up any more; `reason` says why."""

    exchange_id: ExchangeId


@asked("sessions", "Exchange", by="coordinator mentor mentee")
class ExchangeReinstate(Command, kw_only=True):
    """Let an offer or a request that was withdrawn stand again; `reason` says why."""

    exchange_id: ExchangeId
