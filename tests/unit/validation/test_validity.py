"""How long a validation counts: to its last day, or until it is revoked; then it is proved anew."""

from datetime import date, timedelta

import pytest

from services.validation.aggregates.competency_record import CompetencyRecord
from services.validation.aggregates.proof import last_day
from services.validation.aggregates.refusals import (
    BeforeValidation,
    NeverLapses,
    NotValidated,
    StillValid,
)
from shared.contracts.definition import Validation
from shared.contracts.validation.competency_record import (
    CompetencyLapsed,
    CompetencyRevoked,
    CompetencyValidated,
    MenteeFullyValidated,
)
from tests.support.definitions import BLEEDING
from tests.support.records import FRAMEWORK, POORLY, TODAY, WELL, assessor, attempt, mentee, told

YEAR = Validation(threshold=85, technique=True, valid_months=12)
LAST = date(2019, 11, 30)


@pytest.mark.parametrize(
    ("validated_on", "months", "last"),
    [
        (date(2018, 12, 1), 12, date(2019, 11, 30)),
        (date(2018, 12, 1), 1, date(2018, 12, 31)),
        (date(2019, 1, 31), 1, date(2019, 2, 27)),
        (date(2020, 2, 29), 12, date(2021, 2, 27)),
        (date(2018, 6, 15), 30, date(2020, 12, 14)),
    ],
    ids=["year", "month", "short-month", "leap-day", "years"],
)
def test_the_last_day_is_the_one_before_the_same_day_months_later(
    validated_on: date, months: int, last: date
) -> None:
    rule = Validation(threshold=85, technique=True, valid_months=months)
    assert last_day(validated_on, rule) == last


def test_a_validation_says_until_when_it_counts() -> None:
    for rule, last in ((YEAR, LAST), (Validation(threshold=85, technique=True), None)):
        about = mentee(rule=rule)
        record = CompetencyRecord.opened(about, FRAMEWORK)
        attempt(record, about, WELL)
        assert [proof.valid_until for proof in told(record, CompetencyValidated)] == [last]


def test_it_lapses_on_the_day_after_its_last_and_not_before() -> None:
    about = mentee(rule=YEAR)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    with pytest.raises(StillValid):
        record.lapse(about, FRAMEWORK, "HBB", LAST)
    record.lapse(about, FRAMEWORK, "HBB", LAST + timedelta(days=40))
    (lapsed,) = told(record, CompetencyLapsed)
    assert (lapsed.lapsed_on, lapsed.validated) == (LAST + timedelta(days=1), 0)
    with pytest.raises(NotValidated):
        record.lapse(about, FRAMEWORK, "HBB", LAST + timedelta(days=40))


def test_what_has_no_last_day_never_lapses() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    with pytest.raises(NeverLapses):
        record.lapse(about, FRAMEWORK, "HBB", date(2118, 1, 1))


def test_what_is_past_its_last_day_lapses_with_the_next_attempt_whatever_that_shows() -> None:
    about = mentee(rule=YEAR)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    later = assessor(day=LAST + timedelta(days=1))
    attempt(record, about, POORLY, by=later)
    assert len(told(record, CompetencyLapsed)) == 1
    attempt(record, about, WELL, by=later)
    assert [proof.attempt for proof in told(record, CompetencyValidated)] == [1, 3]


def test_nobody_is_fully_validated_by_what_has_run_out() -> None:
    about = mentee(rule=YEAR)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    attempt(record, about, WELL, BLEEDING, by=assessor(day=LAST + timedelta(days=1)))
    assert [proof.validated for proof in told(record, CompetencyValidated)] == [1, 1]
    assert not told(record, MenteeFullyValidated)


def test_what_proves_all_proves_it_up_to_its_last_day() -> None:
    about = mentee(rule=YEAR)
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    assert not record.proves_all(FRAMEWORK, TODAY)
    attempt(record, about, WELL, BLEEDING)
    assert record.proves_all(FRAMEWORK, LAST)
    assert not record.proves_all(FRAMEWORK, LAST + timedelta(days=1))


def test_a_revoked_validation_counts_no_more_and_says_what_is_left() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    attempt(record, about, WELL, BLEEDING)
    record.revoke(about, FRAMEWORK, "HBB", TODAY)
    (revoked,) = told(record, CompetencyRevoked)
    assert (revoked.validated, revoked.competencies) == (1, 2)
    with pytest.raises(NotValidated):
        record.revoke(about, FRAMEWORK, "HBB", TODAY)


def test_only_what_is_validated_is_revoked_and_not_before_it_was() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    with pytest.raises(NotValidated):
        record.revoke(about, FRAMEWORK, "HBB", TODAY)
    attempt(record, about, WELL)
    with pytest.raises(BeforeValidation):
        record.revoke(about, FRAMEWORK, "HBB", TODAY - timedelta(days=1))


def test_what_was_revoked_is_proved_by_a_new_attempt_and_by_no_earlier_one() -> None:
    about = mentee()
    record = CompetencyRecord.opened(about, FRAMEWORK)
    attempt(record, about, WELL)
    attempt(record, about, WELL, BLEEDING)
    record.revoke(about, FRAMEWORK, "HBB", TODAY + timedelta(days=9))
    attempt(record, about, WELL, by=assessor(day=TODAY + timedelta(days=8)))
    assert "HBB" not in record.proofs
    attempt(record, about, WELL, by=assessor(day=TODAY + timedelta(days=9)))
    assert told(record, CompetencyValidated)[-1].attempt == 3
    assert record.proofs["HBB"].on == TODAY + timedelta(days=9)
    assert len(told(record, MenteeFullyValidated)) == 2
