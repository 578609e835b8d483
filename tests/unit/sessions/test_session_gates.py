"""What must be planned before a session, where the programme says so."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.sessions.aggregates.meeting import Meeting
from services.sessions.aggregates.preparation import DevelopmentPlanMissing, KnownPlan, PlanNotSent
from services.sessions.aggregates.session import Session
from shared.contracts.definition import Definition, Gate, Mode, Ratio
from shared.contracts.definition.visits import DevelopmentPlan
from shared.contracts.sessions.plan import PlanKind
from shared.domain import new_id
from tests.support.agreements import MENTEE, MENTOR, SECOND_MENTEE, agreement, weighed
from tests.support.definitions import definition

DAY = date(2018, 11, 20)
PAIR = replace(definition(), ratio=Ratio(mentors=1, mentees=(1, 2), load=2))
ANNOUNCED = replace(PAIR, gates=(Gate.PLAN_SENT,))
GROUNDED = replace(
    PAIR, gates=(Gate.DEVELOPMENT_PLAN,), development_plan=DevelopmentPlan(strengths=3)
)


def plan(**changes: Any) -> KnownPlan:
    return KnownPlan(
        **{
            "kind": PlanKind.VISIT,
            "health_worker_id": None,
            "starts": DAY,
            "ends": DAY,
            "strengths": 0,
            "agreed_on": DAY - timedelta(days=7),
            "sent_on": DAY - timedelta(days=1),
            **changes,
        }
    )


def hold(rules: Definition, *plans: KnownPlan, **changes: Any) -> None:
    meeting = Meeting(
        **{
            "held_on": DAY,
            "mode": Mode.IN_PERSON,
            "minutes": 480,
            "present": (MENTOR, MENTEE),
            **changes,
        }
    )
    under = agreement(rules=rules)
    Session.held(
        id=new_id(), agreement=under, meeting=meeting, findings=weighed(under), plans=plans
    )


def test_a_programme_without_gates_asks_for_no_plan() -> None:
    hold(PAIR)


@pytest.mark.parametrize("kind", [PlanKind.VISIT, PlanKind.MENTORSHIP])
def test_a_visit_is_announced_by_a_plan_that_was_sent(kind: PlanKind) -> None:
    hold(ANNOUNCED, plan(kind=kind))


@pytest.mark.parametrize(
    "other",
    [
        {"sent_on": None},
        {"sent_on": DAY + timedelta(days=1)},
        {"ends": DAY - timedelta(days=1), "starts": DAY - timedelta(days=2)},
        {"starts": DAY + timedelta(days=1), "ends": DAY + timedelta(days=2)},
        {"kind": PlanKind.DEVELOPMENT, "health_worker_id": MENTEE},
    ],
    ids=["not sent", "sent after", "for days before", "for days after", "of another kind"],
)
def test_no_visit_without_a_plan_for_the_day_sent_by_then(other: dict[str, Any]) -> None:
    with pytest.raises(PlanNotSent):
        hold(ANNOUNCED, plan(**other))


def test_whoever_only_calls_announces_nothing() -> None:
    hold(ANNOUNCED, mode=Mode.PHONE)


def test_one_to_one_is_on_the_ground_of_the_mentees_own_development_plan() -> None:
    own = plan(kind=PlanKind.DEVELOPMENT, health_worker_id=MENTEE, strengths=3)
    hold(GROUNDED, own)
    hold(GROUNDED, replace_plan(own, agreed_on=DAY, sent_on=None))


@pytest.mark.parametrize(
    "other",
    [
        {"strengths": 2},
        {"health_worker_id": SECOND_MENTEE},
        {"agreed_on": DAY + timedelta(days=1)},
        {"kind": PlanKind.VISIT},
    ],
    ids=["too few strengths", "of somebody else", "agreed on after", "of another kind"],
)
def test_no_one_to_one_without_the_mentees_development_plan(other: dict[str, Any]) -> None:
    own = plan(kind=PlanKind.DEVELOPMENT, health_worker_id=MENTEE, strengths=3)
    with pytest.raises(DevelopmentPlanMissing):
        hold(GROUNDED, replace_plan(own, **other))


def test_a_group_meets_without_development_plans() -> None:
    hold(GROUNDED, present=(MENTOR, MENTEE, SECOND_MENTEE))


def replace_plan(known: KnownPlan, **changes: Any) -> KnownPlan:
    return plan(**{name: getattr(known, name) for name in KnownPlan.__slots__} | changes)
