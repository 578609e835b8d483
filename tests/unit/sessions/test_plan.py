"""Plans: agreed for some days, and sent once."""

from dataclasses import replace as but
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.sessions.aggregates.agreement import MentorshipOver, NotItsMentee
from services.sessions.aggregates.plan import (
    Plan,
    PlanEndsBeforeStart,
    PlanForThePast,
    PlanOfNobody,
    PlanOfWhom,
    PlanSentAlready,
    SentBeforeAgreed,
)
from shared.contracts.sessions.plan import PlanAgree, PlanAgreed, PlanKind, PlanSent
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from shared.domain.errors import Refusal
from shared.privacy.payload import decode_event
from tests.support.agreements import MENTEE, MENTOR, agreement
from tests.support.goldens import file_of, read

UNDER = agreement()
AGREED_ON, FIRST, LAST = date(2018, 11, 12), date(2018, 11, 19), date(2018, 11, 21)


def plan(on: date = AGREED_ON, under: Any = UNDER, **changes: Any) -> Plan:
    asked = PlanAgree(
        **{
            "command_id": new_id(),
            "mentorship_id": under.mentorship_id,
            "plan_kind": PlanKind.VISIT,
            "starts": FIRST,
            "ends": LAST,
            "objectives": ("Resuscitation within a minute",),
            **changes,
        }
    )
    return Plan.agreed(id=new_id(), agreement=under, asked=asked, on=on)


def test_a_plan_says_what_is_to_be_reached_and_when() -> None:
    (agreed,) = plan().recorded
    assert isinstance(agreed, PlanAgreed)
    assert (agreed.starts, agreed.ends, agreed.agreed_on) == (FIRST, LAST, AGREED_ON)
    assert agreed.objectives == ("Resuscitation within a minute",)


def test_plans_stay_in_the_partition_of_their_mentorship() -> None:
    assert plan().key == UNDER.mentorship_id


def test_a_plan_of_one_day_is_one_and_of_less_is_none() -> None:
    plan(ends=FIRST)
    with pytest.raises(PlanEndsBeforeStart):
        plan(ends=date(2018, 11, 18))


def test_a_plan_is_agreed_on_while_there_is_time_left() -> None:
    plan(on=LAST)
    with pytest.raises(PlanForThePast):
        plan(on=date(2018, 11, 22))


def test_nothing_is_planned_in_a_mentorship_that_is_over() -> None:
    with pytest.raises(MentorshipOver):
        plan(under=but(UNDER, live=False))


@pytest.mark.parametrize(
    ("kind", "whose", "refused"),
    [
        (PlanKind.DEVELOPMENT, None, PlanOfWhom),
        (PlanKind.DEVELOPMENT, MENTOR, NotItsMentee),
        (PlanKind.DEVELOPMENT, new_id(), NotItsMentee),
        (PlanKind.VISIT, MENTEE, PlanOfNobody),
        (PlanKind.MENTORSHIP, MENTEE, PlanOfNobody),
    ],
)
def test_a_development_plan_is_a_mentees_and_no_other_plan_is(
    kind: PlanKind, whose: Any, refused: type[Refusal]
) -> None:
    with pytest.raises(refused):
        plan(plan_kind=kind, health_worker_id=whose)
    plan(plan_kind=PlanKind.DEVELOPMENT, health_worker_id=MENTEE, strengths=("She listens",))


def test_a_plan_is_sent_once_and_not_before_it_was_agreed_on() -> None:
    sent = plan()
    with pytest.raises(SentBeforeAgreed):
        sent.send("Kigeme hospital", date(2018, 11, 11))
    sent.send("Kigeme hospital", AGREED_ON)
    assert isinstance(sent.recorded[-1], PlanSent)
    with pytest.raises(PlanSentAlready, match="2018-11-12"):
        sent.send("Kigeme hospital", date(2018, 11, 13))


def test_a_plan_out_of_its_snapshot_decides_as_before() -> None:
    sent = plan()
    sent.send("Kigeme hospital", AGREED_ON)
    again = open_snapshot(Plan, take_snapshot(sent))
    assert again is not None
    with pytest.raises(PlanSentAlready):
        again.send("Kigeme hospital", FIRST)


def test_strengths_of_before_are_counted_by_whoever_may_not_read_them() -> None:
    golden = read(file_of(PlanAgreed.topic, 1))
    nobodys = {UUID(golden.content["healthWorkerId"]): None}
    blindly = decode_event(golden.topic, 1, golden.canonical, golden.event_id, nobodys)
    assert isinstance(blindly, PlanAgreed)
    assert (blindly.strengths, blindly.named) == ((), 2)
