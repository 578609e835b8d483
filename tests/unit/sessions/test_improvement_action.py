"""Improvement actions: owned, due, done late or in time; escalated, and resolved above."""

from datetime import date
from typing import Any

import pytest

from services.sessions.aggregates.agreement import MentorshipOver
from services.sessions.aggregates.improvement_action import (
    ActionEnded,
    ActionIsEscalated,
    ActionOfWhom,
    ActionTimeOrder,
    DueBeforeAgreed,
    DueThatDay,
    EscalateToWhom,
    Holder,
    ImprovementAction,
    NotEscalated,
    Origin,
    Owner,
)
from shared.contracts.sessions.improvement_action import (
    ActionAgreed,
    ActionCompleted,
    ActionDropped,
    ActionEscalated,
    ActionProgressed,
    ActionResolved,
    ActionReturned,
)
from shared.domain import new_id
from tests.support.agreements import MENTEE, MENTOR, agreement

AGREED, DUE = date(2018, 11, 20), date(2018, 12, 20)
ABOVE = Holder(new_id(), None)


def agree(**changes: Any) -> ImprovementAction:
    return ImprovementAction.agreed(
        **{
            "id": new_id(),
            "origin": Origin.of_mentorship(agreement()),
            "title": "Oxytocin is kept cold",
            "root_causes": ("The fridge is off at night", "Nobody has the generator's key"),
            "owner": Owner(MENTEE),
            "agreed_on": AGREED,
            "due": DUE,
            **changes,
        }
    )


def escalated(on: date = date(2018, 12, 1)) -> ImprovementAction:
    action = agree()
    action.escalate(ABOVE, on)
    return action


def test_an_action_has_an_owner_root_causes_and_a_day() -> None:
    (agreed,) = agree().recorded
    assert isinstance(agreed, ActionAgreed)
    assert (agreed.owner_id, agreed.due, len(agreed.root_causes)) == (MENTEE, DUE, 2)


def test_actions_of_a_mentorship_stay_in_its_partition() -> None:
    under = agreement()
    assert agree(origin=Origin.of_mentorship(under)).key == under.mentorship_id


@pytest.mark.parametrize(
    "owner",
    [
        Owner(MENTOR),
        Owner(new_id()),
        Owner(office="Director"),
        Owner(office="Pharmacy", unit=new_id()),
    ],
)
def test_the_owner_is_any_health_worker_or_an_office(owner: Owner) -> None:
    (agreed,) = agree(owner=owner).recorded
    assert isinstance(agreed, ActionAgreed)
    assert Owner(agreed.owner_id, agreed.owner_office, agreed.owner_unit_id) == owner


@pytest.mark.parametrize("owner", [Owner(), Owner(MENTEE, "Director")])
def test_an_action_has_one_owner(owner: Owner) -> None:
    with pytest.raises(ActionOfWhom):
        agree(owner=owner)


def test_the_day_it_is_due_moves_and_lateness_with_it() -> None:
    action = agree()
    with pytest.raises(DueThatDay):
        action.reschedule(DUE, AGREED)
    with pytest.raises(DueBeforeAgreed):
        action.reschedule(date(2018, 11, 19), AGREED)
    action.reschedule(date(2019, 1, 20), AGREED)
    action.complete("A key hangs in the ward.", date(2019, 1, 19))
    completed = action.recorded[-1]
    assert isinstance(completed, ActionCompleted)
    assert not completed.late


def test_what_is_dropped_has_ended() -> None:
    action = agree()
    action.progress("The key was looked for.", AGREED)
    action.drop(DUE)
    for wish in (action.drop, lambda on: action.progress("More.", on)):
        with pytest.raises(ActionEnded):
            wish(DUE)
    assert [type(event) for event in action.recorded[1:]] == [ActionProgressed, ActionDropped]


def test_it_goes_up_a_chain_and_comes_back_step_by_step() -> None:
    action, agency = agree(), Holder(None, "National agency")
    with pytest.raises(NotEscalated):
        action.send_back(AGREED)
    action.escalate(ABOVE, AGREED)
    action.escalate(agency, AGREED)
    assert (action.holders, action.with_unit) == ([ABOVE, agency], ABOVE.unit)
    for holder in (ABOVE, Holder(None, None)):
        action.send_back(AGREED)
        returned = action.recorded[-1]
        assert isinstance(returned, ActionReturned)
        assert Holder(returned.to_org_unit_id, returned.to_office) == holder
    action.complete("A key hangs in the ward.", DUE)


@pytest.mark.parametrize("nobody", [Holder(None, None), Holder(new_id(), "An agency")])
def test_it_goes_to_one_unit_or_one_office(nobody: Holder) -> None:
    with pytest.raises(EscalateToWhom):
        agree().escalate(nobody, AGREED)


def test_nothing_is_agreed_in_a_mentorship_that_is_over() -> None:
    with pytest.raises(MentorshipOver):
        agree(origin=Origin.of_mentorship(agreement(live=False)))


def test_nothing_is_due_before_it_was_agreed() -> None:
    agree(due=AGREED)
    with pytest.raises(DueBeforeAgreed):
        agree(due=date(2018, 11, 19))


@pytest.mark.parametrize(("day", "late"), [(DUE, False), (date(2018, 12, 21), True)])
def test_what_is_done_after_the_day_it_was_due_is_late(day: date, late: bool) -> None:
    action = agree()
    action.complete("A key hangs in the ward.", day)
    completed = action.recorded[-1]
    assert isinstance(completed, ActionCompleted)
    assert completed.late is late


def test_nothing_becomes_of_an_action_before_it_was_agreed() -> None:
    before = date(2018, 11, 19)
    with pytest.raises(ActionTimeOrder):
        agree().complete("Done.", before)
    with pytest.raises(ActionTimeOrder):
        agree().escalate(ABOVE, before)


def test_only_what_was_escalated_is_resolved_and_then_it_has_ended() -> None:
    with pytest.raises(NotEscalated):
        agree().resolve("The district sent a solar fridge.", DUE)
    action = escalated()
    action.resolve("The district sent a solar fridge.", DUE)
    assert isinstance(action.recorded[-1], ActionResolved)
    with pytest.raises(ActionEnded):
        action.resolve("And another.", DUE)


def test_what_was_escalated_is_the_upper_units_to_solve() -> None:
    action = escalated()
    assert isinstance(action.recorded[-1], ActionEscalated)
    with pytest.raises(ActionIsEscalated):
        action.complete("Done after all.", DUE)


def test_it_is_not_resolved_before_it_was_escalated() -> None:
    with pytest.raises(ActionTimeOrder):
        escalated().resolve("The district sent a solar fridge.", date(2018, 11, 30))


def test_nothing_follows_what_is_done() -> None:
    action = agree()
    action.complete("A key hangs in the ward.", DUE)
    with pytest.raises(ActionEnded):
        action.complete("Again.", DUE)
    with pytest.raises(ActionEnded):
        action.escalate(ABOVE, DUE)
    with pytest.raises(ActionEnded):
        action.resolve("Above.", DUE)
