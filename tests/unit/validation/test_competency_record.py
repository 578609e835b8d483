"""Competency records: attempts are kept, one competency at a time is proved, then all of them."""

from datetime import date, timedelta

import pytest

from services.validation.aggregates.assessor import (
    AssessorIsMentee,
    AssessorNotCertified,
)
from services.validation.aggregates.competency_record import CompetencyRecord, record_id
from services.validation.aggregates.framework import CompetencyUnknown
from services.validation.aggregates.mentee import BeforeEnrolment, EnrolmentOver
from services.validation.aggregates.refusals import (
    BaselineMissing,
    BaselineTaken,
    FacilityBaselineMissing,
)
from services.validation.aggregates.scoring import ScoreBeyondMaximum
from shared.contracts.definition import Gate
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    BaselineAssessed,
    CompetencyValidated,
    MenteeFullyValidated,
)
from tests.support.definitions import BLEEDING
from tests.support.records import (
    FRAMEWORK,
    POORLY,
    TODAY,
    WELL,
    assessor,
    attempt,
    mentee,
    told,
)


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


def test_no_assessment_before_the_pre_test_where_the_programme_asks_for_one() -> None:
    about = mentee(gates=(Gate.PRE_TEST,))
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
    about = mentee(gates=(Gate.PRE_TEST,))
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


def test_where_the_programme_has_no_rule_an_attempt_is_kept_and_proves_nothing() -> None:
    about = mentee(rule=None)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    attempt(record, about, WELL)
    assert [e.reached for e in told(record, AssessmentRecorded)] == [None, None]
    assert not told(record, CompetencyValidated)


def test_no_assessment_where_the_facility_was_not_looked_at_before() -> None:
    gate = (Gate.FACILITY_BASELINE,)
    for looked_on in (None, TODAY + timedelta(days=1)):
        about = mentee(gates=gate, facility_baseline_on=looked_on)
        with pytest.raises(FacilityBaselineMissing):
            attempt(CompetencyRecord.opened(about, FRAMEWORK), about, WELL)
    about = mentee(gates=gate, facility_baseline_on=TODAY)
    attempt(CompetencyRecord.opened(about, FRAMEWORK), about, WELL)


def test_a_pre_test_of_a_later_day_does_not_open_an_earlier_assessment() -> None:
    about = mentee(gates=(Gate.PRE_TEST,))
    record = CompetencyRecord.opened(about, FRAMEWORK)
    record.assess_baseline(about, assessor(day=TODAY + timedelta(days=1)), raw=8, max=20)
    with pytest.raises(BaselineMissing):
        attempt(record, about, WELL)


def test_who_withdrew_is_assessed_no_more_but_what_happened_before_still_arrives() -> None:
    about = mentee(withdrawn_on=TODAY)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    with pytest.raises(EnrolmentOver):
        attempt(record, about, WELL)
    attempt(record, about, WELL, by=assessor(day=TODAY - timedelta(days=1)))


def test_an_enrolment_set_aside_is_not_assessed() -> None:
    about = mentee(set_aside=True)
    with pytest.raises(EnrolmentOver):
        attempt(CompetencyRecord.opened(about, FRAMEWORK), about, WELL)


def test_who_completed_may_still_be_assessed() -> None:
    about = mentee(completed_on=date(2018, 11, 15))
    attempt(CompetencyRecord.opened(about, FRAMEWORK), about, WELL)
