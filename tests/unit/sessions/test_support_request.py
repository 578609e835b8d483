"""Support requests: raised by a mentee, answered by a mentor, and how long it took."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.sessions.aggregates.agreement import (
    MentorshipOver,
    NotItsMentee,
    NotItsMentor,
    NotOfThisMentorship,
)
from services.sessions.aggregates.support_request import (
    AlreadyAcknowledged,
    AlreadyAnswered,
    AlreadyEscalatedThere,
    RequestClosed,
    RequestTimeOrder,
    SupportRequest,
    WhichArea,
)
from shared.contracts.definition import Definition, Phase
from shared.contracts.definition.visits import Support
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledged,
    SupportRequestAnswered,
    SupportRequestClosed,
    SupportRequestEscalated,
    SupportRequestFollowedUp,
    SupportRequestRaised,
)
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from shared.domain.errors import Refusal
from tests.support.agreements import MENTEE, MENTOR, SECOND_MENTEE, agreement
from tests.support.definitions import definition

RAISED_AT = datetime(2018, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUPPORTED = replace(definition(), support=Support(acknowledge_hours=24, answer_hours=72))
PHASED = replace(
    definition(),
    phases=(
        Phase(code="proactive", name="Proactive", support_requests=False),
        Phase(code="reactive", name="Reactive"),
    ),
)
UNDER = agreement(rules=SUPPORTED)


def ask(rules: Definition = SUPPORTED, phase: str | None = None, **changes: Any) -> SupportRequest:
    return SupportRequest.raised(
        **{
            "id": new_id(),
            "agreement": agreement(rules=rules, phase=phase),
            "mentee": MENTEE,
            "area": None,
            "topic": "Oxytocin",
            "question": "How is it kept where there is no fridge?",
            "at": RAISED_AT,
            **changes,
        }
    )


def after(hours: float) -> datetime:
    return RAISED_AT + hours * HOUR


def test_a_request_carries_the_area_of_its_mentee_and_what_the_programme_means_to_keep_to() -> None:
    (raised,) = ask().recorded
    assert isinstance(raised, SupportRequestRaised)
    assert (raised.area, raised.acknowledge_hours, raised.answer_hours) == ("RPA", 24, 72)


def test_requests_of_a_mentorship_stay_in_its_partition() -> None:
    under = agreement(rules=SUPPORTED)
    assert ask(agreement=under).key == under.mentorship_id


def test_only_a_mentee_of_the_mentorship_asks() -> None:
    for stranger in (MENTOR, new_id()):
        with pytest.raises(NotItsMentee):
            ask(mentee=stranger)


def test_nobody_asks_in_a_mentorship_that_is_over() -> None:
    with pytest.raises(MentorshipOver):
        ask(agreement=agreement(rules=SUPPORTED, live=False))


def test_a_mentee_of_two_areas_says_which_it_is_about() -> None:
    with pytest.raises(WhichArea, match="RPA, RAM"):
        ask(mentee=SECOND_MENTEE)
    with pytest.raises(WhichArea, match="RSOG"):
        ask(mentee=SECOND_MENTEE, area="RSOG")
    (raised,) = ask(mentee=SECOND_MENTEE, area="RAM").recorded
    assert isinstance(raised, SupportRequestRaised)
    assert raised.area == "RAM"


def test_a_call_for_help_is_taken_in_every_programme() -> None:
    (raised,) = ask(definition()).recorded
    assert isinstance(raised, SupportRequestRaised)
    assert (raised.acknowledge_hours, raised.answer_hours) == (None, None)


@pytest.mark.parametrize("phase", ["proactive", "reactive"])
def test_a_call_for_help_is_taken_in_every_phase(phase: str) -> None:
    (raised,) = ask(PHASED, phase).recorded
    assert isinstance(raised, SupportRequestRaised)
    assert raised.phase == phase


def test_how_long_it_took_is_told_in_seconds_since_it_was_raised() -> None:
    request = ask()
    request.acknowledge(UNDER, MENTOR, after(2))
    request.answer(UNDER, MENTOR, "In a cool box, for a day.", after(5))
    _, acknowledged, answered = request.recorded
    assert isinstance(acknowledged, SupportRequestAcknowledged)
    assert isinstance(answered, SupportRequestAnswered)
    assert (acknowledged.after, answered.after) == (7_200, 18_000)


def test_an_answer_given_at_once_counts_as_seen_at_that_time() -> None:
    request = ask()
    request.answer(UNDER, MENTOR, "In a cool box, for a day.", after(1))
    _, acknowledged, answered = request.recorded
    assert isinstance(acknowledged, SupportRequestAcknowledged)
    assert isinstance(answered, SupportRequestAnswered)
    assert acknowledged.acknowledged_at == answered.answered_at == after(1)


def test_only_a_mentor_of_the_mentorship_acknowledges_and_answers() -> None:
    for stranger in (MENTEE, new_id()):
        with pytest.raises(NotItsMentor):
            ask().acknowledge(UNDER, stranger, after(1))
        with pytest.raises(NotItsMentor):
            ask().answer(UNDER, stranger, "In a cool box.", after(1))


def test_a_request_is_acknowledged_once_and_not_after_its_answer() -> None:
    request = ask()
    request.acknowledge(UNDER, MENTOR, after(1))
    with pytest.raises(AlreadyAcknowledged):
        request.acknowledge(UNDER, MENTOR, after(2))
    request.answer(UNDER, MENTOR, "In a cool box.", after(3))
    with pytest.raises(AlreadyAnswered):
        request.acknowledge(UNDER, MENTOR, after(4))


def test_a_second_answer_is_added_to_the_first_and_keeps_its_time() -> None:
    request = ask()
    request.answer(UNDER, MENTOR, "In a cool box.", after(1))
    request.answer(UNDER, MENTOR, "Or not at all.", after(2))
    *_, answered, added = request.recorded
    assert isinstance(answered, SupportRequestAnswered)
    assert isinstance(added, SupportRequestFollowedUp)
    assert (answered.after, added.side, added.text) == (3_600, Side.MENTOR, "Or not at all.")


def test_either_side_says_more_and_a_mentors_first_word_is_the_answer() -> None:
    request = ask()
    request.follow_up(UNDER, MENTEE, "It is urgent.", after(1))
    request.follow_up(UNDER, MENTOR, "In a cool box.", after(2))
    request.follow_up(UNDER, MENTEE, "For how long?", after(3))
    kinds = [type(event) for event in request.recorded]
    assert kinds == [
        SupportRequestRaised,
        SupportRequestFollowedUp,
        SupportRequestAcknowledged,
        SupportRequestAnswered,
        SupportRequestFollowedUp,
    ]
    with pytest.raises(NotOfThisMentorship):
        request.follow_up(UNDER, new_id(), "And I?", after(4))
    with pytest.raises(RequestTimeOrder):
        request.follow_up(UNDER, MENTOR, "A day.", after(2))
    request.close(after(4))
    with pytest.raises(RequestClosed):
        request.follow_up(UNDER, MENTOR, "A day.", after(5))


def test_what_is_done_about_a_request_follows_what_was_done_before() -> None:
    request = ask()
    with pytest.raises(RequestTimeOrder):
        request.acknowledge(UNDER, MENTOR, after(-1))
    request.acknowledge(UNDER, MENTOR, after(2))
    with pytest.raises(RequestTimeOrder):
        request.answer(UNDER, MENTOR, "In a cool box.", after(1))
    with pytest.raises(RequestTimeOrder):
        request.escalate(new_id(), after(1))
    with pytest.raises(RequestTimeOrder):
        request.close(after(1))


def test_a_request_is_passed_on_to_each_unit_once() -> None:
    district, country = new_id(), new_id()
    request = ask()
    request.escalate(district, after(1))
    with pytest.raises(AlreadyEscalatedThere):
        request.escalate(district, after(2))
    request.escalate(country, after(2))


def test_closing_says_whether_there_was_an_answer() -> None:
    for answered in (True, False):
        request = ask()
        if answered:
            request.answer(UNDER, MENTOR, "In a cool box.", after(1))
        request.close(after(2))
        closed = request.recorded[-1]
        assert isinstance(closed, SupportRequestClosed)
        assert closed.answered is answered


def test_nothing_follows_the_end_of_a_request() -> None:
    request = ask()
    request.close(after(1))
    with pytest.raises(RequestClosed):
        request.acknowledge(UNDER, MENTOR, after(2))
    with pytest.raises(RequestClosed):
        request.answer(UNDER, MENTOR, "In a cool box.", after(2))
    with pytest.raises(RequestClosed):
        request.escalate(new_id(), after(2))
    with pytest.raises(RequestClosed):
        request.close(after(2))


def test_a_request_comes_back_from_a_snapshot_as_it_was() -> None:
    request = ask()
    request.escalate(new_id(), after(1))
    known = open_snapshot(SupportRequest, take_snapshot(request))
    assert known is not None
    assert (known.raised_at, known.escalated_to) == (request.raised_at, request.escalated_to)


UNITS = [new_id(), new_id()]
DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["acknowledge", "answer", "follow up", "escalate", "close"]),
        st.sampled_from([MENTOR, MENTEE]),
        st.sampled_from(UNITS),
        st.integers(min_value=-5, max_value=20),
    ),
    max_size=15,
)


@given(DOINGS)
def test_whatever_is_tried_in_whatever_order_the_record_stays_true(doings: Any) -> None:
    request = ask()
    for what, who, unit, hours in doings:
        before = list(request.recorded)
        try:
            _do(request, what, who, unit, after(hours))
        except Refusal:
            assert request.recorded == before, "a refusal records nothing"
    _must_be_true(request)


def _do(request: SupportRequest, what: str, who: Any, unit: Any, at: datetime) -> None:
    match what:
        case "acknowledge":
            request.acknowledge(UNDER, who, at)
        case "answer":
            request.answer(UNDER, who, "In a cool box.", at)
        case "follow up":
            request.follow_up(UNDER, who, "And then?", at)
        case "escalate":
            request.escalate(unit, at)
        case _:
            request.close(at)


def _must_be_true(request: SupportRequest) -> None:
    """Hold the record against what anybody may read out of it."""
    told = request.recorded
    kinds = [type(body) for body in told]
    instants = [_instant(body) for body in told]
    assert instants == sorted(instants)
    for once in (SupportRequestAcknowledged, SupportRequestAnswered, SupportRequestClosed):
        assert kinds.count(once) <= 1
    if SupportRequestClosed in kinds:
        closed = told[-1]
        assert isinstance(closed, SupportRequestClosed), "nothing follows the end"
        assert closed.answered is (SupportRequestAnswered in kinds)
    if SupportRequestAnswered in kinds:
        assert kinds.index(SupportRequestAcknowledged) < kinds.index(SupportRequestAnswered)
    for body, at in zip(told, instants, strict=True):
        if isinstance(body, SupportRequestAcknowledged | SupportRequestAnswered):
            assert body.after == (at - RAISED_AT).total_seconds() >= 0
            assert body.health_worker_id == MENTOR
    units = [body.to_org_unit_id for body in told if isinstance(body, SupportRequestEscalated)]
    assert len(units) == len(set(units))


def _instant(body: Any) -> datetime:
    match body:
        case SupportRequestRaised():
            return body.raised_at
        case SupportRequestAcknowledged():
            return body.acknowledged_at
        case SupportRequestAnswered():
            return body.answered_at
        case SupportRequestFollowedUp():
            return body.followed_up_at
        case SupportRequestEscalated():
            return body.escalated_at
        case _:
            closed_at: datetime = body.closed_at
            return closed_at
