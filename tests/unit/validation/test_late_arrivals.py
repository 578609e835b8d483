"""What attempts prove is a function of their days: random orders of the same facts agree."""

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.trial import Trial
from shared.contracts.definition import CascadeStep, Conduct, Gate, Validation
from shared.contracts.definition.assessment import FailedRetest
from shared.contracts.validation.competency_record import ItemScore
from shared.domain.findings import Findings
from tests.support.records import assessor, mentee
from tests.unit.validation.test_competency_record_histories import BEGAN, CODES, FRAMEWORK, MOST

facts = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(0, 200), st.integers(0, MOST)),
    min_size=2,
    max_size=10,
    unique_by=lambda fact: fact[1],
)
rules = st.builds(
    Validation,
    threshold=st.sampled_from([25, 50, 75]),
    technique=st.just(False),
    valid_months=st.none() | st.integers(1, 4),
    failed_retest=st.sampled_from(FailedRetest),
    coaching_plan=st.booleans(),
)
Lived = list[tuple[str, int, int]]


def about(rule: Validation) -> Mentee:
    step = CascadeStep(programme="below", area="X", validated=2, least_percent=60)
    return mentee(rule=rule, cascade=(step,), gates=(Gate.PRE_TEST,), conduct=Conduct())


def trial(of: Mentee, code: str, day: int, points: int) -> Trial:
    return Trial(
        mentee=of,
        assessor=assessor(day=BEGAN + timedelta(days=day)),
        framework=FRAMEWORK,
        competency=FRAMEWORK.competency(code),
        items=(ItemScore(item="all", points=points),),
        technique=True,
    )


def told(of: Mentee, lived: Lived, pre_test: int, *, first: bool) -> CompetencyRecord:
    record = CompetencyRecord.opened(of, FRAMEWORK)
    taken = assessor(day=BEGAN + timedelta(days=pre_test))
    if first:
        record.assess_baseline(of, taken, 3, 9, framework=FRAMEWORK)
    for fact in lived:
        record.attempt(trial(of, *fact), Findings(of.conduct))
    if not first:
        record.assess_baseline(of, taken, 3, 9, framework=FRAMEWORK)
    return record


def standing(record: CompetencyRecord) -> dict[str, Any]:
    """Return what is proved, without the numbers, which are by the order of telling."""
    attempts = {
        code: sorted(
            (one.on, one.raw, sorted(each.rule for each in one.deviations))
            for one in record.attempts.get(code, ())
            if one.stands
        )
        for code in CODES
    }
    turns = {
        code: [(turn.turned, turn.on, turn.since, turn.until) for turn in all]
        for code, all in record.turns.items()
        if all
    }
    last = {code: one.on for code in CODES if (one := record.last(code)) is not None}
    shown = {
        code: (all.attempts, record.known(code, all.last).on)
        for code, all in record.shown.items()
        if all.attempts
    }
    held = {
        "proofs": record.proofs,
        "rights": sorted(record.rights),
        "fully_on": record.fully_on,
        "assessed_on": record.assessed_on,
    }
    return {"attempts": attempts, "turns": turns, "last": last, "shown": shown, **held}


@settings(deadline=None)  # each example lives two histories
@given(rules, facts, st.integers(0, 100), st.booleans(), st.randoms(use_true_random=False))
def test_attempts_told_in_any_order_prove_the_same(
    rule: Validation, lived: Lived, pre_test: int, first: bool, random: Random
) -> None:
    of = about(rule)
    in_order = told(of, sorted(lived, key=lambda fact: fact[1]), pre_test, first=True)
    shuffled = random.sample(lived, len(lived))
    assert standing(told(of, shuffled, pre_test, first=first)) == standing(in_order)


@settings(deadline=None)  # each example lives two histories
@given(rules, facts, st.data())
def test_a_correction_and_its_undoing_restore_what_stood(
    rule: Validation, lived: Lived, data: st.DataObject
) -> None:
    of = about(rule)
    record = told(of, lived, 20, first=True)
    before = standing(record)
    code, day, points = data.draw(st.sampled_from(lived))
    number = [fact for fact in lived if fact[0] == code].index((code, day, points)) + 1
    today = date(2020, 1, 1)
    if data.draw(st.booleans()):
        record.void(of, FRAMEWORK, code, number, today)
        record.reinstate(of, FRAMEWORK, code, number, today)
    else:
        other = data.draw(st.tuples(st.integers(0, 200), st.integers(0, MOST)))
        record.correct(trial(of, code, *other), number, Findings(of.conduct), today)
        record.correct(trial(of, code, day, points), number, Findings(of.conduct), today)
    assert standing(record) == before


@settings(deadline=None)  # each example lives two histories
@given(rules, facts, st.data())
def test_what_is_voided_proves_what_was_never_told(
    rule: Validation, lived: Lived, data: st.DataObject
) -> None:
    of = about(rule)
    record = told(of, lived, 20, first=True)
    fact = data.draw(st.sampled_from(lived))
    number = [one for one in lived if one[0] == fact[0]].index(fact) + 1
    record.void(of, FRAMEWORK, fact[0], number, date(2020, 1, 1))
    never = told(of, [one for one in lived if one != fact], 20, first=True)
    assert standing(record) == standing(never)
