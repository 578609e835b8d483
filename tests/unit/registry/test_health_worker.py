"""Health workers: a posting begins on a day and ends the day before the next."""

from datetime import date

import pytest

from services.registry.aggregates.health_worker import (
    AlreadyPostedThere,
    BeforePosting,
    HealthWorker,
)
from shared.contracts.registry.health_worker import HealthWorkerRegistered
from shared.domain import new_id

KIBUNGO, BYUMBA = new_id(), new_id()


def nurse() -> HealthWorker:
    id = new_id()
    return HealthWorker.begin(
        id,
        HealthWorkerRegistered(
            health_worker_id=id,
            given_names="Given",
            family_name="Family",
            cadre="Nurse",
            org_unit_id=KIBUNGO,
            since=date(2018, 10, 1),
        ),
    )


def test_a_fact_is_attributed_to_the_posting_held_when_it_occurred() -> None:
    worker = nurse()
    worker.transfer(BYUMBA, date(2020, 3, 1))
    assert worker.posted_on(date(2020, 2, 29)) == KIBUNGO
    assert worker.posted_on(date(2020, 3, 1)) == BYUMBA
    assert worker.posted_on(date(2017, 1, 1)) == KIBUNGO  # known earlier than posted
    assert worker.org_unit_id == BYUMBA


def test_a_transfer_to_where_they_are_is_refused() -> None:
    with pytest.raises(AlreadyPostedThere):
        nurse().transfer(KIBUNGO, date(2020, 3, 1))


@pytest.mark.parametrize("day", [date(2018, 10, 1), date(2018, 9, 30)])
def test_a_transfer_begins_after_the_posting_it_ends(day: date) -> None:
    with pytest.raises(BeforePosting):
        nurse().transfer(BYUMBA, day)
