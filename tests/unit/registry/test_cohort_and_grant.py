"""Cohorts run for a period; grants end once."""

from datetime import date

import pytest

from services.registry.aggregates.access_grant import AccessGrant, AlreadyRevoked
from services.registry.aggregates.cohort import Cohort, EndsBeforeStart, OutsideCohort
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
