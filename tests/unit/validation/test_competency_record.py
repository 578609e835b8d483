"""Competency records: attempts are kept, one competency at a time is proved, then all of them."""

from datetime import date
from typing import Any

import pytest

from services.validation.aggregates.competency_record import (
    AlreadyValidated,
    Assessor,
    AssessorIsMentee,
    AssessorNotCertified,
    BaselineMissing,
    BaselineTaken,
    BeforeEnrolment,
    CompetencyRecord,
    Mentee,
    record_id,
)
from services.validation.aggregates.framework import CompetencyUnknown, Framework
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from shared.contracts.definition import Competency, Gate, Validation
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    BaselineAssessed,
    CompetencyValidated,
    ItemScore,
    MenteeFullyValidated,
)
from shared.contracts.validation.framework import FrameworkPublished
from shared.domain import new_id
from tests.support.definitions import BLEEDING, RESUSCITATION

FRAMEWORK = Framework.begin(
    new_id(),
    FrameworkPublished(
        code="test-newborn",
        framework_version=1,
        name="Newborn and mother",
        competencies=(RESUSCITATION, BLEEDING),
    ),
)
WELL = {"HBB": {"prepare": 40, "ventilate": 60}, "PPH": {"oxytocin": 20}}
POORLY = {"HBB": {"prepare": 24, "ventilate": 60}, "PPH": {"oxytocin": 0}}


def mentee(*gates: Gate) -> Mentee:
    return Mentee(
        enrolment_id=new_id(),
        health_worker_id=new_id(),
        programme_version_id=new_id(),
        programme="test-hospital",
        area="RAM",
        org_unit_id=new_id(),
        enrolled_on=date(2018, 11, 1),
        gates=gates,
        rule=Validation(threshold=85, technique=True),
    )


def assessor(**changes: Any) -> Assessor:
    return Assessor(
        **{
            "health_worker_id": new_id(),
            "certified": True,
            "day": date(2018, 12, 1),
            **changes,
        }
    )


def attempt(
    record: CompetencyRecord,
    about: Mentee,
    points: dict[str, dict[str, int]],
    competency: Competency = RESUSCITATION,
    *,
    technique: bool = True,
    by: Assessor | None = None,
) -> None:
    items = tuple(ItemScore(item=i, points=p) for i, p in points[competency.code].items())
    record.assess(about, by or assessor(), FRAMEWORK, competency, items, technique)


def test_every_attempt_is_kept_and_numbered_until_one_reaches_the_rule() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, POORLY)
    attempt(record, about, WELL, technique=False)
    attempt(record, about, WELL)
    attempts = [e for e in record.recorded if isinstance(e, AssessmentRecorded)]
    assert [(e.attempt, e.raw, e.reached) for e in attempts] == [
        (1, 84, False),
        (2, 100, False),
        (3, 100, True),
    ]
    (proof,) = [e for e in record.recorded if isinstance(e, CompetencyValidated)]
    assert (proof.attempt, proof.validated, proof.competencies) == (3, 1, 2)


def test_validated_on_one_and_fully_validated_are_two_facts() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    assert not any(isinstance(e, MenteeFullyValidated) for e in record.recorded)
    attempt(record, about, WELL, BLEEDING)
    assert isinstance(record.recorded[-1], MenteeFullyValidated)


def test_what_is_proved_is_not_assessed_again() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    with pytest.raises(AlreadyValidated):
        attempt(record, about, WELL)


def test_no_assessment_before_the_pre_test_where_the_programme_asks_for_one() -> None:
    about = mentee(Gate.PRE_TEST)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    with pytest.raises(BaselineMissing):
        attempt(record, about, WELL)
    record.assess_baseline(about, assessor(), raw=8, max=20)
    attempt(record, about, WELL)


def test_the_pre_test_is_taken_once() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    record.assess_baseline(about, assessor(), raw=8, max=20)
    with pytest.raises(BaselineTaken):
        record.assess_baseline(about, assessor(), raw=9, max=20)
    assert len([e for e in record.recorded if isinstance(e, BaselineAssessed)]) == 1


def test_a_pre_test_has_no_more_points_than_there_are() -> None:
    about = mentee()
    with pytest.raises(ScoreBeyondMaximum):
        CompetencyRecord.opened(about, FRAMEWORK).assess_baseline(about, assessor(), 21, 20)


def test_a_mentor_does_not_assess_herself() -> None:
    about = mentee()
    herself = assessor(health_worker_id=about.health_worker_id)
    with pytest.raises(AssessorIsMentee):
        attempt(CompetencyRecord.opened(about, FRAMEWORK), about, WELL, by=herself)


def test_only_a_certified_mentor_assesses() -> None:
    about = mentee()
    with pytest.raises(AssessorNotCertified):
        attempt(
            CompetencyRecord.opened(about, FRAMEWORK), about, WELL, by=assessor(certified=False)
        )


def test_no_assessment_before_the_enrolment() -> None:
    about = mentee()
    early = assessor(day=date(2018, 10, 31))
    with pytest.raises(BeforeEnrolment):
        attempt(CompetencyRecord.opened(about, FRAMEWORK), about, WELL, by=early)


def test_a_refused_attempt_leaves_no_trace() -> None:
    about = mentee(Gate.PRE_TEST)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    before = record.recorded
    with pytest.raises(BaselineMissing):
        attempt(record, about, WELL)
    assert record.recorded == before


def test_two_writers_about_one_enrolment_meet_in_one_stream() -> None:
    about = mentee()
    opened = CompetencyRecord.opened(about, FRAMEWORK)
    assert opened.id == record_id(about.enrolment_id)
    assert opened.key == about.health_worker_id


def test_a_competency_of_another_framework_is_refused() -> None:
    assert FRAMEWORK.competency("PPH") is BLEEDING
    with pytest.raises(CompetencyUnknown):
        FRAMEWORK.competency("XYZ")
