"""Cohorts run for a period, from approval to their close; grants have a period and end once."""

from datetime import date

import pytest

from services.registry.aggregates.access_grant import (
    AccessGrant,
    AlreadyRevoked,
    BeforeGrant,
    GrantEndsBeforeStart,
)
from services.registry.aggregates.cohort import (
    AlreadyApproved,
    AlreadyStarted,
    ApprovalMissing,
    ClosedBeforeStart,
    Cohort,
    CohortOver,
    EndsBeforeStart,
    NotStarted,
    OutsideCohort,
    StillActive,
)
from shared.contracts.definition import Gate
from shared.contracts.registry.access_grant import AccessGrantGiven, Role
from shared.contracts.registry.cohort import CohortOpened
from shared.domain import new_id


def fy19() -> Cohort:
    return Cohort.begin(
        new_id(),
        CohortOpened(
            programme_version_id=new_id(),
            programme="ingobyi-hospital",
            code="FY19",
            name="FY 2019",
            org_unit_id=new_id(),
            starts=date(2018, 10, 1),
            ends=date(2019, 9, 30),
        ),
    )


def test_a_cohort_does_not_end_before_it_starts() -> None:
    with pytest.raises(EndsBeforeStart):
        Cohort.must_be_a_period(date(2019, 10, 1), date(2019, 9, 30))


@pytest.mark.parametrize("day", [date(2018, 10, 1), date(2019, 9, 30)])
def test_a_cohort_includes_its_first_and_last_day(day: date) -> None:
    fy19().must_include(day)


@pytest.mark.parametrize("day", [date(2018, 9, 30), date(2019, 10, 1)])
def test_a_cohort_takes_nobody_outside_its_period(day: date) -> None:
    with pytest.raises(OutsideCohort):
        fy19().must_include(day)


def test_a_grant_is_revoked_once() -> None:
    grant = AccessGrant.begin(
        new_id(),
        AccessGrantGiven(subject_name="c@moh", role=Role.COORDINATOR, since=date(2018, 1, 1)),
    )
    grant.revoke(date(2019, 1, 1))
    with pytest.raises(AlreadyRevoked):
        grant.revoke(date(2019, 1, 2))


def test_a_grant_is_not_revoked_before_it_was_given() -> None:
    grant = AccessGrant.begin(
        new_id(),
        AccessGrantGiven(subject_name="c@moh", role=Role.COORDINATOR, since=date(2018, 1, 1)),
    )
    with pytest.raises(BeforeGrant):
        grant.revoke(date(2017, 12, 31))


def test_a_grant_does_not_end_before_it_begins() -> None:
    AccessGrant.must_be_a_period(date(2018, 1, 1), None)
    AccessGrant.must_be_a_period(date(2018, 1, 1), date(2018, 1, 1))
    with pytest.raises(GrantEndsBeforeStart):
        AccessGrant.must_be_a_period(date(2018, 1, 1), date(2017, 12, 31))


FIRST, LAST = date(2018, 10, 1), date(2019, 9, 30)
APPROVAL = (Gate.LEADERSHIP_APPROVAL,)


def started() -> Cohort:
    cohort = fy19()
    cohort.start((), FIRST)
    return cohort


def closed() -> Cohort:
    cohort = started()
    cohort.close(None, LAST)
    return cohort


def test_a_cohort_takes_enrolments_until_it_is_closed() -> None:
    fy19().must_go_on()
    started().must_go_on()
    with pytest.raises(CohortOver):
        closed().must_go_on()


def test_mentorships_begin_in_a_cohort_that_has_started() -> None:
    started().must_be_started(LAST)
    with pytest.raises(NotStarted):
        fy19().must_be_started(LAST)
    with pytest.raises(CohortOver):
        closed().must_be_started(LAST)
    closed().must_be_started(FIRST)


def test_a_cohort_starts_without_approval_where_no_gate_asks_for_it() -> None:
    assert started().started == FIRST


def test_a_cohort_whose_programme_asks_for_approval_does_not_start_without() -> None:
    cohort = fy19()
    with pytest.raises(ApprovalMissing):
        cohort.start(APPROVAL, FIRST)
    cohort.approve("The county's office", FIRST)
    cohort.start(APPROVAL, FIRST)
    assert cohort.started == FIRST


def test_an_approval_given_after_the_start_comes_too_late_for_it() -> None:
    cohort = fy19()
    cohort.approve("The county's office", date(2018, 10, 2))
    with pytest.raises(ApprovalMissing):
        cohort.start(APPROVAL, FIRST)


def test_the_leadership_agrees_once_and_before_the_start() -> None:
    cohort = fy19()
    cohort.approve("The county's office", FIRST)
    with pytest.raises(AlreadyApproved):
        cohort.approve("The county's office", FIRST)
    with pytest.raises(AlreadyStarted):
        started().approve("The county's office", FIRST)


def test_a_cohort_starts_once_within_its_period() -> None:
    with pytest.raises(AlreadyStarted):
        started().start((), FIRST)
    with pytest.raises(OutsideCohort):
        fy19().start((), date(2019, 10, 1))


def test_a_cohort_is_not_closed_while_somebody_is_active_in_it() -> None:
    with pytest.raises(StillActive):
        started().close(new_id(), LAST)


def test_a_cohort_is_not_closed_before_it_began() -> None:
    with pytest.raises(ClosedBeforeStart):
        started().close(None, date(2018, 9, 30))


def test_nothing_happens_in_a_cohort_that_was_closed() -> None:
    cohort = closed()
    with pytest.raises(CohortOver):
        cohort.approve("The county's office", LAST)
    with pytest.raises(CohortOver):
        cohort.start((), LAST)
    with pytest.raises(CohortOver):
        cohort.close(None, LAST)
