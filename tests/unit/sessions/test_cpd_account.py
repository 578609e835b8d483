"""CPD accounts: points follow from minutes and stay under the cap; the balance is their sum."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sessions.aggregates.cpd_account import CpdAccount, Earning, account_id
from shared.contracts.definition.visits import CpdRule, CpdSide
from shared.contracts.sessions.cpd import CpdPointsAwarded, CpdPointsReversed
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from shared.programmes.calendar import fiscal_year
from tests.support.definitions import definition

NONE, ONE, TWO, THREE = map(Decimal, range(4))
PERSON, UNIT = new_id(), new_id()
DAY = date(2018, 11, 20)
PER_HOUR = CpdRule(code="mentoring", side=CpdSide.MENTOR, points_per_hour=Decimal(1))
CAPPED = CpdRule(
    code="mentoring", side=CpdSide.MENTOR, points_per_hour=Decimal(1), cap_per_year=Decimal(3)
)


def earning(source: UUID, minutes: int, rule: CpdRule = PER_HOUR, on: date = DAY) -> Earning:
    return Earning(
        health_worker_id=PERSON,
        programme="test-hospital",
        rule=rule,
        source=source,
        org_unit_id=UNIT,
        minutes=minutes,
        fiscal_year=fiscal_year(definition(), on),
        earned_on=on,
    )


def opened(*earnings: Earning) -> CpdAccount:
    account = CpdAccount.opened(earnings)
    assert account is not None
    return account


def awarded(account: CpdAccount) -> CpdPointsAwarded:
    last = account.recorded[-1]
    assert isinstance(last, CpdPointsAwarded)
    return last


def test_the_account_is_the_persons_own_and_there_is_one() -> None:
    account = opened(earning(new_id(), 60))
    assert (account.id, account.key) == (account_id(PERSON), PERSON)


@pytest.mark.parametrize(
    ("minutes", "per_hour", "points"),
    [
        (60, "1", "1.00"),
        (120, "1", "2.00"),
        (50, "1", "0.83"),
        (55, "1", "0.92"),
        (45, "0.5", "0.38"),
        (9, "0.1", "0.02"),
        (90, "1.5", "2.25"),
    ],
)
def test_points_are_hours_times_the_rule_rounded_half_up(
    minutes: int, per_hour: str, points: str
) -> None:
    rule = CpdRule(code="mentoring", side=CpdSide.MENTOR, points_per_hour=Decimal(per_hour))
    assert awarded(opened(earning(new_id(), minutes, rule))).points == Decimal(points)


def test_what_is_worth_nothing_opens_no_account() -> None:
    rule = CpdRule(code="mentoring", side=CpdSide.MENTOR, points_per_hour=Decimal("0.01"))
    assert CpdAccount.opened([earning(new_id(), 1, rule)]) is None


def test_a_cap_withholds_what_is_above_it_and_the_next_year_begins_anew() -> None:
    second, third = new_id(), new_id()
    account = opened(earning(new_id(), 120, CAPPED))
    account.settle(second, [earning(second, 120, CAPPED)], DAY)
    assert (awarded(account).points, awarded(account).withheld) == (ONE, ONE)
    account.settle(third, [earning(third, 120, CAPPED, date(2019, 10, 1))], DAY)
    assert (awarded(account).points, awarded(account).withheld) == (TWO, NONE)
    assert awarded(account).fiscal_year == 2020
    assert account.balance == 5


def test_a_session_beyond_the_cap_is_booked_with_nothing() -> None:
    first, second = new_id(), new_id()
    account = opened(earning(first, 180, CAPPED))
    account.settle(second, [earning(second, 60, CAPPED)], DAY)
    assert (awarded(account).points, awarded(account).withheld) == (NONE, ONE)


def test_one_award_stands_for_a_session_and_a_rule() -> None:
    source = new_id()
    account = opened(earning(source, 60))
    account.settle(source, [earning(source, 60)], DAY)
    assert len(account.recorded) == 1


def test_a_correction_takes_back_first_so_that_the_cap_is_held_against_what_remains() -> None:
    source = new_id()
    account = opened(earning(source, 180, CAPPED))
    account.settle(source, [earning(source, 120, CAPPED)], DAY)
    _, taken, given_anew = account.recorded
    assert isinstance(taken, CpdPointsReversed)
    assert isinstance(given_anew, CpdPointsAwarded)
    assert (taken.points, taken.balance) == (THREE, NONE)
    assert (given_anew.points, given_anew.withheld, account.balance) == (TWO, NONE, TWO)


def test_a_voided_session_earns_nothing_and_the_account_stays() -> None:
    source = new_id()
    account = opened(earning(source, 60))
    account.settle(source, [], DAY)
    assert account.balance == 0
    assert not account.awards
    account.settle(source, [], DAY)
    assert len(account.recorded) == 2


def test_each_rule_of_a_side_earns_its_own() -> None:
    source = new_id()
    teaching = CpdRule(code="teaching", side=CpdSide.MENTOR, points_per_hour=Decimal(2))
    account = opened(earning(source, 60), earning(source, 60, teaching))
    assert account.balance == 3
    account.settle(source, [], DAY)
    assert account.balance == 0


SOURCES = [new_id() for _ in range(4)]
RULES = [
    CpdRule(
        code=code,
        side=CpdSide.MENTOR,
        points_per_hour=Decimal(per_hour),
        cap_per_year=Decimal(cap) if cap else None,
    )
    for code, per_hour, cap in (("mentoring", "1", "3"), ("teaching", "0.7", ""))
]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(SOURCES),
        # None: voided. Otherwise held, corrected or reinstated: so many minutes, on such a day.
        st.none() | st.tuples(st.integers(1, 240), st.integers(0, 500)),
    ),
    max_size=30,
)


@given(MOVES)
@settings(deadline=None)
def test_whatever_happens_the_balance_is_the_sum_of_what_was_booked(
    moves: list[tuple[UUID, Any]],
) -> None:
    account: CpdAccount | None = None
    stands: dict[UUID, tuple[int, date]] = {}
    for source, told in moves:
        earnings: list[Earning] = []
        stands.pop(source, None)
        if told is not None:
            stands[source] = told[0], date(2018, 6, 1) + timedelta(days=told[1])
            earnings = [
                earning(source, stands[source][0], rule, stands[source][1]) for rule in RULES
            ]
        if account is None:
            account = CpdAccount.opened(earnings)
        else:
            again = open_snapshot(CpdAccount, take_snapshot(account))
            assert again is not None
            assert (again.balance, again.awards, again.booked) == (
                account.balance,
                account.awards,
                account.booked,
            )
            account.settle(source, earnings, DAY)
    if account is not None:
        _must_add_up(account, stands)


def _must_add_up(account: CpdAccount, stands: dict[UUID, tuple[int, date]]) -> None:
    live: dict[tuple[UUID, str], CpdPointsAwarded] = {}
    balance = Decimal(0)
    for event in account.recorded:
        assert isinstance(event, CpdPointsAwarded | CpdPointsReversed)
        place = event.source, event.rule
        if isinstance(event, CpdPointsAwarded):
            assert place not in live, "one award stands for a source and a rule"
            live[place] = event
            balance += event.points
            assert (
                event.points + event.withheld
                == earning(event.source, event.minutes, _rule(event.rule), event.earned_on).points
            )
        else:
            assert live.pop(place).points == event.points
            balance -= event.points
        assert event.balance == balance
    assert account.balance == balance == sum(one.points for one in live.values())
    assert {place: one.points for place, one in live.items()} == _earned_together(stands)
    in_year: Counter[tuple[str, int]] = Counter()
    for one in live.values():
        in_year[one.rule, one.fiscal_year] += one.points  # type: ignore[assignment]
        assert (one.minutes, one.earned_on) == stands[one.source]
    for (code, _), points in in_year.items():
        assert (cap := _rule(code).cap_per_year) is None or points <= cap


def _earned_together(stands: dict[UUID, tuple[int, date]]) -> dict[tuple[UUID, str], Decimal]:
    """Return what sessions earn together by each rule: filled up in the order of their days."""
    points: dict[tuple[UUID, str], Decimal] = {}
    for rule in RULES:
        left: dict[int, Decimal] = {}
        for source, (minutes, on) in sorted(stands.items(), key=lambda one: (one[1][1], one[0])):
            worth = earning(source, minutes, rule, on)
            if worth.points:
                rest = left.get(worth.fiscal_year, rule.cap_per_year or Decimal(1000))
                points[source, rule.code] = min(worth.points, rest)
                left[worth.fiscal_year] = rest - points[source, rule.code]
    return points


def _rule(code: str) -> CpdRule:
    return next(rule for rule in RULES if rule.code == code)


def test_what_changes_nothing_about_the_points_books_nothing() -> None:
    source = new_id()
    account = opened(earning(source, 60))
    account.settle(source, [replace(earning(source, 60), org_unit_id=UNIT)], DAY)
    assert len(account.recorded) == 1
    account.settle(source, [replace(earning(source, 60), org_unit_id=new_id())], DAY)
    assert len(account.recorded) == 3
    assert account.balance == 1


def standing(account: CpdAccount) -> dict[UUID, Decimal]:
    return {source: award["mentoring"].points for source, award in account.awards.items()}


def test_what_a_cap_withheld_is_given_when_another_session_is_voided() -> None:
    first, second, third = new_id(), new_id(), new_id()
    account = opened(earning(first, 120, CAPPED))
    for source, minutes in ((second, 120), (third, 60)):
        account.settle(source, [earning(source, minutes, CAPPED)], DAY)
    assert standing(account) == {first: TWO, second: ONE, third: NONE}
    account.settle(first, [], DAY)
    assert standing(account) == {second: TWO, third: ONE}
    account.settle(second, [earning(second, 60, CAPPED)], DAY)
    assert standing(account) == {second: ONE, third: ONE}
    account.settle(first, [earning(first, 120, CAPPED)], DAY)
    assert standing(account) == {first: TWO, second: ONE, third: NONE}


def test_a_cap_is_filled_in_the_order_of_days_however_late_they_are_told() -> None:
    later, earlier = new_id(), new_id()
    account = opened(earning(later, 180, CAPPED, DAY))
    account.settle(earlier, [earning(earlier, 120, CAPPED, DAY - timedelta(days=1))], DAY)
    assert standing(account) == {earlier: TWO, later: ONE}


def test_a_session_moved_to_another_year_leaves_room_in_its_own() -> None:
    first, second = new_id(), new_id()
    account = opened(earning(first, 180, CAPPED))
    account.settle(second, [earning(second, 60, CAPPED)], DAY)
    account.settle(first, [earning(first, 180, CAPPED, date(2019, 10, 1))], DAY)
    assert standing(account) == {first: THREE, second: ONE}
    assert account.booked == {
        "test-hospital/mentoring/2019": ONE,
        "test-hospital/mentoring/2020": THREE,
    }


def test_a_booking_tells_the_session_that_led_to_it() -> None:
    first, second = new_id(), new_id()
    account = opened(earning(first, 180, CAPPED))
    account.settle(second, [earning(second, 60, CAPPED)], DAY)
    account.settle(first, [], DAY)
    booked = [
        (type(event), event.source, event.settled_for)
        for event in account.recorded
        if isinstance(event, CpdPointsAwarded | CpdPointsReversed)
    ]
    assert booked == [
        (CpdPointsAwarded, first, first),
        (CpdPointsAwarded, second, second),
        (CpdPointsReversed, first, first),
        (CpdPointsReversed, second, first),
        (CpdPointsAwarded, second, first),
    ]
    assert awarded(account).cap == 3


def recorded_before(*told: tuple[UUID, int, str, str]) -> CpdAccount:
    """Return an account whose events kept neither the cap nor what they were settled for."""
    account: CpdAccount | None = None
    balance = NONE
    for source, minutes, points, withheld in told:
        balance += Decimal(points)
        event = CpdPointsAwarded(
            health_worker_id=PERSON,
            programme="test-hospital",
            rule="mentoring",
            source=source,
            org_unit_id=UNIT,
            minutes=minutes,
            points=Decimal(points),
            withheld=Decimal(withheld),
            balance=balance,
            fiscal_year=2019,
            earned_on=DAY,
        )
        if account is None:
            account = CpdAccount.begin(account_id(PERSON), event)
        else:
            account.record(event)
    assert account is not None
    return account


CAPS = {("test-hospital", "mentoring"): Decimal(3)}


def test_what_was_withheld_before_caps_were_kept_is_put_right_by_the_next_session() -> None:
    second, third, fourth = new_id(), new_id(), new_id()
    account = recorded_before((second, 120, "1", "1"), (third, 60, "0", "1"))
    account.settle(fourth, [earning(fourth, 60, CAPPED)], DAY, CAPS)
    assert standing(account) == {second: TWO, third: ONE, fourth: NONE}
    assert account.balance == 3


def test_what_was_recorded_rightly_before_caps_were_kept_is_left_alone() -> None:
    first, second = new_id(), new_id()
    account = recorded_before((first, 120, "2", "0"), (second, 120, "1", "1"))
    account.settle(second, [earning(second, 120, CAPPED)], DAY, CAPS)
    assert len(account.recorded) == 2


def test_awards_of_another_programme_whose_cap_nobody_knows_are_left_alone() -> None:
    first, second, other = new_id(), new_id(), new_id()
    account = recorded_before((first, 60, "0.5", "0.5"))
    account.settle(other, [replace(earning(other, 60, CAPPED), programme="other")], DAY)
    assert standing(account) == {first: Decimal("0.5"), other: ONE}
    account.settle(second, [earning(second, 180, CAPPED)], DAY)
    assert standing(account)[second] == Decimal("2.5")


def test_each_session_is_held_against_the_cap_of_its_own_version() -> None:
    first, second = new_id(), new_id()
    wider = CpdRule(
        code="mentoring",
        side=CpdSide.MENTOR,
        points_per_hour=Decimal(1),
        cap_per_year=Decimal(4),
    )
    account = opened(earning(first, 180, CAPPED))
    account.settle(second, [earning(second, 120, wider)], DAY)
    assert standing(account) == {first: THREE, second: ONE}
    account.settle(first, [], DAY)
    assert standing(account) == {second: TWO}
