"""Offers and requests: posted by one party of a mentorship, taken up once by another."""

from datetime import date
from typing import Any

import pytest

from services.sessions.aggregates.agreement import MentorshipOver, NotOfThisMentorship
from services.sessions.aggregates.exchange import (
    AlreadyTakenUp,
    BeforePosted,
    Exchange,
    OwnExchange,
)
from shared.contracts.sessions.exchange import ExchangeKind, ExchangePosted, ExchangeTakenUp
from shared.domain import new_id
from tests.support.agreements import MENTEE, MENTOR, SECOND_MENTEE, agreement

POSTED, LATER = date(2018, 11, 20), date(2018, 11, 25)


def post(**changes: Any) -> Exchange:
    return Exchange.posted(
        **{
            "id": new_id(),
            "agreement": agreement(),
            "person": MENTEE,
            "exchange_kind": ExchangeKind.OFFER,
            "text": "My ward has a spare newborn manikin.",
            "posted_on": POSTED,
            **changes,
        }
    )


def test_any_party_offers_or_asks_for_something() -> None:
    under = agreement()
    exchange = post(agreement=under, person=MENTOR, exchange_kind=ExchangeKind.REQUEST)
    (posted,) = exchange.recorded
    assert isinstance(posted, ExchangePosted)
    assert (posted.health_worker_id, posted.exchange_kind) == (MENTOR, ExchangeKind.REQUEST)
    assert exchange.key == under.mentorship_id


def test_strangers_neither_post_nor_take_up() -> None:
    with pytest.raises(NotOfThisMentorship):
        post(person=new_id())
    with pytest.raises(NotOfThisMentorship):
        post().take_up(agreement(), new_id(), LATER)


def test_nothing_is_exchanged_in_a_mentorship_that_is_over() -> None:
    over = agreement(live=False)
    with pytest.raises(MentorshipOver):
        post(agreement=over)
    with pytest.raises(MentorshipOver):
        post().take_up(over, SECOND_MENTEE, LATER)


def test_it_is_taken_up_once_by_somebody_else() -> None:
    exchange = post()
    with pytest.raises(OwnExchange):
        exchange.take_up(agreement(), MENTEE, LATER)
    exchange.take_up(agreement(), SECOND_MENTEE, LATER)
    taken_up = exchange.recorded[-1]
    assert isinstance(taken_up, ExchangeTakenUp)
    assert (taken_up.health_worker_id, taken_up.taken_up_on) == (SECOND_MENTEE, LATER)
    with pytest.raises(AlreadyTakenUp, match="2018-11-25"):
        exchange.take_up(agreement(), MENTOR, LATER)


def test_nobody_takes_up_what_was_not_posted_yet() -> None:
    with pytest.raises(BeforePosted):
        post().take_up(agreement(), SECOND_MENTEE, date(2018, 11, 19))
    post().take_up(agreement(), SECOND_MENTEE, POSTED)
