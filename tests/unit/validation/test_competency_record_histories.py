"""Over random histories: nothing is proved below the threshold, no right held beyond its rule."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from shared.contracts.definition import CascadeStep, ChecklistItem, Competency, Validation
from shared.contracts.definition.assessment import Operator
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    CompetencyValidated,
    ItemScore,
    RightToMentorEarned,
    RightToMentorLost,
)
from shared.contracts.validation.framework import FrameworkPublished
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain import new_id
from shared.domain.errors import Refusal
from tests.support.records import assessor, mentee, told

MOST = 8
"""Eighths: 25 % and 75 % are scores, 38 % and 88 % are what others round to."""
CODES = ("A", "B", "C")
FRAMEWORK = Framework.begin(
    new_id(),
    FrameworkPublished(
        code="three",
        framework_version=1,
        name="Three",
        competencies=tuple(
            Competency(
                code=code,
                name=code,
                checklist=(ChecklistItem(code="all", text="All of it", points=MOST),),
            )
            for code in CODES
        ),
    ),
)
BEGAN = date(2018, 11, 1)

codes = st.sampled_from(CODES)
attempts = st.tuples(st.just("assess"), codes, st.integers(0, MOST), st.booleans())
others = st.tuples(st.sampled_from(["revoke", "lapse", "coach"]), codes, st.just(0), st.just(True))
histories = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(attempts, attempts, others)), min_size=12, max_size=24
)
rules = st.builds(
    Validation,
    threshold=st.sampled_from([0, 25, 38, 75, 88, 100]),
    operator=st.sampled_from(Operator),
    technique=st.booleans(),
    coaching_plan=st.booleans(),
    valid_months=st.none() | st.integers(1, 4),
)
steps = st.lists(
    st.builds(
        CascadeStep,
        programme=st.sampled_from(["below", "beside"]),
        area=st.just("X"),
        validated=st.just("all") | st.integers(1, 3),
        least_percent=st.integers(0, 100),
    ),
    max_size=3,
)


def lived(about: Mentee, history: list[Any]) -> CompetencyRecord:
    """Return the record after a history; what the rules refuse has not happened."""
    record = CompetencyRecord.opened(about, FRAMEWORK)
    day = BEGAN
    for days, (what, code, points, technique) in history:
        day += timedelta(days=days)
        try:
            match what:
                case "assess":
                    scores = (ItemScore(item="all", points=points),)
                    by, of = assessor(day=day), FRAMEWORK.competency(code)
                    record.assess(about, by, FRAMEWORK, of, scores, technique)
                case "revoke":
                    record.revoke(about, FRAMEWORK, code, day)
                case "lapse":
                    record.lapse(about, FRAMEWORK, code, day)
                case "coach":
                    record.coach(about, code, ("Practise",), None, day)
        except Refusal:
            continue
    return record


@given(rules, histories)
def test_no_validation_below_the_threshold(rule: Validation, history: list[Any]) -> None:
    record = lived(mentee(rule=rule), history)
    seen = {(e.competency, e.attempt): e for e in told(record, AssessmentRecorded)}
    least = Fraction(rule.threshold, 100)
    for proof in told(record, CompetencyValidated):
        by = seen[proof.competency, proof.attempt]
        share = Fraction(by.raw, by.max)
        assert share > least if rule.operator is Operator.ABOVE else share >= least
        assert by.technique or not rule.technique


@given(histories)
def test_attempts_are_only_ever_added(history: list[Any]) -> None:
    record = lived(mentee(), history)
    for code in CODES:
        numbers = [e.attempt for e in told(record, AssessmentRecorded) if e.competency == code]
        assert numbers == list(range(1, len(numbers) + 1))


@given(steps, histories)
def test_a_right_is_held_if_and_only_if_its_rule_holds(
    cascade: list[CascadeStep], history: list[Any]
) -> None:
    rule = Validation(threshold=50, technique=False, valid_months=2)
    record = lived(mentee(rule=rule, cascade=tuple(cascade)), history)
    held: set[tuple[str, str]] = set()
    for body in record.recorded:
        if isinstance(body, RightToMentorEarned):
            assert (body.tier, body.tier_area) not in held
            held.add((body.tier, body.tier_area))
        if isinstance(body, RightToMentorLost):
            held.remove((body.tier, body.tier_area))
    shares = [Fraction(proof.raw, proof.max) for proof in record.proofs.values()]
    due = {
        (step.programme, step.area)
        for step in cascade
        if sum(share >= Fraction(step.least_percent, 100) for share in shares)
        >= (len(CODES) if step.validated == "all" else step.validated)
    }
    assert held == due == set(record.rights)


@given(histories)
def test_a_snapshot_says_all_that_the_rules_go_by(history: list[Any]) -> None:
    cascade = (CascadeStep(programme="below", area="X", validated=1),)
    rule = Validation(threshold=50, technique=False, valid_months=2, coaching_plan=True)
    record = lived(mentee(rule=rule, cascade=cascade), history)
    again = open_snapshot(CompetencyRecord, take_snapshot(record))
    assert again is not None
    for name in CompetencyRecord.__annotations__:
        assert getattr(again, name) == getattr(record, name)
