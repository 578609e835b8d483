"""Deciding on offers and requests."""

from typing import Any

from services.sessions.aggregates.exchange import Exchange
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from services.sessions.commands.taking_back import can_be_taken_back
from shared.contracts.sessions.exchange import (
    ExchangePost,
    ExchangeReinstate,
    ExchangeTakeUp,
    ExchangeWithdraw,
)
from shared.deciding.work import Work


@handlers.decides(ExchangePost)
async def post(command: ExchangePost, work: Work[ExchangePost]) -> Exchange:
    """Post an offer or a request: whoever makes it, or a mentor whom they told."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=agreement.mentors | {command.health_worker_id},
    )
    exchange = Exchange.posted(
        id=work.new_id(command.id, "exchange"),
        agreement=agreement,
        person=await party_named(command.health_worker_id, agreement, work),
        exchange_kind=command.exchange_kind,
        text=command.text,
        posted_on=work.day,
    )
    work.add(exchange)
    return exchange


@handlers.decides(ExchangeTakeUp)
async def take_up(command: ExchangeTakeUp, work: Work[ExchangeTakeUp]) -> Exchange:
    """Take it up: whoever does, or a mentor whom they told."""
    exchange = await work.get(Exchange, command.exchange_id, field="exchangeId")
    agreement = await agreement_of(exchange.mentorship_id, work, field="exchangeId")
    await work.allow(
        at=exchange.org_unit_id,
        programme=exchange.programme,
        people=agreement.mentors | {command.health_worker_id},
    )
    person = await party_named(command.health_worker_id, agreement, work)
    exchange.take_up(agreement, person, work.day)
    return exchange


async def _allow(exchange: Exchange, work: Work[Any]) -> None:
    """Ask the policy: whoever posted it, or a mentor whom they told."""
    agreement = await agreement_of(exchange.mentorship_id, work, field="exchangeId")
    await work.allow(
        at=exchange.org_unit_id,
        programme=exchange.programme,
        people=agreement.mentors | {exchange.posted_by},
    )


can_be_taken_back(
    Exchange, void=ExchangeWithdraw, reinstate=ExchangeReinstate, by="exchange_id", allow=_allow
)
