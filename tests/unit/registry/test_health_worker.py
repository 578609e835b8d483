"""Health workers: a posting and a cadre begin on a day and end the day before the next; a record
that is another name for a person does not act for them.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.aggregates.dated_line import DatedTwice, NothingOnTheLine, SameAsBefore
from services.registry.aggregates.health_worker import (
    AlreadyPostedThere,
    BeforeCadre,
    BeforePosting,
    HealthWorker,
    MergedInto,
    MergedWithThemselves,
    NotMerged,
    NotSuspected,
    SameCadre,
    SameDetails,
    StandsForOthers,
)
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    CadreSince,
    Ground,
    HealthWorkerCadreChanged,
    HealthWorkerDetailsUpdated,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    Identifier,
    PostingSince,
)
from shared.domain import new_id

KIBUNGO, BYUMBA, HUYE = new_id(), new_id(), new_id()


def nurse() -> HealthWorker:
    id = new_id()
    worker = HealthWorker.begin(
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
    worker.collect()
    return worker


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


def test_no_two_postings_begin_on_one_day() -> None:
    with pytest.raises(BeforePosting):
        nurse().transfer(BYUMBA, date(2018, 10, 1))


def test_a_posting_that_is_found_late_takes_its_place_in_the_history() -> None:
    worker = nurse()
    worker.transfer(BYUMBA, date(2020, 3, 1))
    worker.transfer(HUYE, date(2019, 3, 1))
    worker.transfer(HUYE, date(2017, 3, 1))
    days = [date(2017, 5, 1), date(2018, 11, 1), date(2019, 5, 1), date(2020, 5, 1)]
    assert [worker.posted_on(day) for day in days] == [HUYE, KIBUNGO, HUYE, BYUMBA]
    assert worker.org_unit_id == BYUMBA, "they are where they were"
    with pytest.raises(AlreadyPostedThere):
        worker.transfer(HUYE, date(2019, 6, 1))


@given(st.permutations([(date(2018 + n, 3, 1), uuid4()) for n in range(1, 5)]))
def test_postings_told_in_any_order_are_the_same_history(told: list[tuple[date, UUID]]) -> None:
    worker, in_order = nurse(), nurse()
    for since, unit in told:
        worker.transfer(unit, since)
    for since, unit in sorted(told):
        in_order.transfer(unit, since)
    assert worker.postings == in_order.postings


def test_postings_are_said_anew_and_the_record_keeps_both() -> None:
    worker = nurse()
    worker.transfer(BYUMBA, date(2020, 3, 1))
    before = [PostingSince(since=since, org_unit_id=unit) for since, unit in worker.postings]
    worker.collect()
    worker.correct_postings([before[0], PostingSince(since=date(2020, 2, 1), org_unit_id=HUYE)])
    (told,) = worker.collect()
    assert isinstance(told, HealthWorkerPostingsTold)
    assert told.removed == (date(2020, 3, 1),)
    assert worker.org_unit_id == HUYE
    worker.correct_postings(before)
    assert worker.postings == [(one.since, one.org_unit_id) for one in before]


def test_a_history_has_a_beginning_no_day_twice_and_something_new() -> None:
    worker = nurse()
    first = PostingSince(since=date(2018, 10, 1), org_unit_id=KIBUNGO)
    for postings, refused in (
        ([], NothingOnTheLine),
        ([first, PostingSince(since=first.since, org_unit_id=HUYE)], DatedTwice),
        ([first], SameAsBefore),
    ):
        with pytest.raises(refused):
            worker.correct_postings(postings)
    with pytest.raises(SameAsBefore):
        worker.correct_cadres([CadreSince(since=date(2018, 10, 1), cadre="Nurse")])


def test_a_cadre_is_held_since_a_day() -> None:
    worker = nurse()
    worker.change_cadre("Midwife", date(2020, 3, 1))
    assert worker.collect() == [
        HealthWorkerCadreChanged(
            health_worker_id=worker.id, cadre="Midwife", since=date(2020, 3, 1)
        )
    ]


def test_a_change_to_the_same_cadre_is_refused() -> None:
    with pytest.raises(SameCadre, match="Nurse"):
        nurse().change_cadre("Nurse", date(2020, 3, 1))


def test_no_two_cadres_begin_on_one_day() -> None:
    with pytest.raises(BeforeCadre):
        nurse().change_cadre("Midwife", date(2018, 10, 1))


def test_a_cadre_that_is_found_late_takes_its_place() -> None:
    worker = nurse()
    worker.change_cadre("Midwife", date(2020, 3, 1))
    worker.change_cadre("Auxiliary", date(2016, 3, 1))
    assert [cadre for _, cadre in worker.cadres] == ["Auxiliary", "Nurse", "Midwife"]
    worker.correct_cadres([CadreSince(since=date(2018, 10, 1), cadre="Nurse")])
    assert [cadre for _, cadre in worker.cadres] == ["Nurse"]


def told(worker: HealthWorker, **details: Any) -> HealthWorkerDetailsUpdated:
    return HealthWorkerDetailsUpdated(health_worker_id=worker.id, **details)


def test_what_is_new_of_a_person_is_recorded_and_what_is_left_out_is_not() -> None:
    worker, number = nurse(), Identifier(system="NCNM", value="4711")
    worker.update_details(told(worker, identifiers=(number,), languages=("fr", "rw")))
    worker.update_details(told(worker, phone="+250788000001", languages=("rw", "fr")))
    assert worker.collect() == [
        HealthWorkerDetailsUpdated(
            health_worker_id=worker.id, identifiers=(number,), languages=("fr", "rw")
        ),
        HealthWorkerDetailsUpdated(health_worker_id=worker.id, phone="+250788000001"),
    ]
    assert worker.languages == ["fr", "rw"]


def test_an_update_that_says_nothing_new_is_refused() -> None:
    worker = nurse()
    with pytest.raises(SameDetails):
        worker.update_details(told(worker))
    worker.update_details(told(worker, languages=("fr", "rw")))
    with pytest.raises(SameDetails) as refused:
        worker.update_details(told(worker, languages=("rw", "fr")))
    assert refused.value.field == "languages"


def test_what_was_dismissed_counts_as_looked_at_from_both_sides() -> None:
    worker, other = nurse(), nurse()
    assert not worker.looked_at(other)
    worker.suspect(other.id, (Ground.PHONE,), 40)
    assert worker.looked_at(other)
    worker.dismiss(other.id)
    assert worker.looked_at(other)
    assert other.looked_at(worker)


def test_only_a_suspicion_is_dismissed_and_only_once() -> None:
    worker, other = nurse(), nurse()
    with pytest.raises(NotSuspected):
        worker.dismiss(other.id)
    worker.suspect(other.id, (Ground.PHONE,), 40)
    worker.dismiss(other.id)
    with pytest.raises(NotSuspected):
        worker.dismiss(other.id)


def test_a_merge_is_known_to_both_records() -> None:
    alias, survivor, enrolment = nurse(), nurse(), new_id()
    alias.merge(survivor, (enrolment,))
    assert alias.collect() == [
        HealthWorkerMergedInto(
            health_worker_id=alias.id, into_id=survivor.id, set_aside=(enrolment,)
        )
    ]
    assert survivor.collect() == [AliasTaken(health_worker_id=survivor.id, alias_id=alias.id)]


def test_a_record_is_not_merged_into_itself() -> None:
    worker = nurse()
    with pytest.raises(MergedWithThemselves):
        worker.merge(worker, ())


def test_another_name_for_a_person_is_merged_neither_again_nor_with_a_third() -> None:
    alias, survivor, third = nurse(), nurse(), nurse()
    alias.merge(survivor, ())
    with pytest.raises(MergedInto, match=str(survivor.id)) as refused:
        alias.merge(third, ())
    assert refused.value.field == "healthWorkerId"
    with pytest.raises(MergedInto) as refused:
        third.merge(alias, ())
    assert refused.value.field == "intoId"


def test_who_stands_for_others_does_not_become_one_of_them() -> None:
    alias, survivor = nurse(), nurse()
    alias.merge(survivor, ())
    with pytest.raises(StandsForOthers, match=str(alias.id)):
        survivor.merge(nurse(), ())


def test_nothing_new_is_about_a_record_that_is_another_name() -> None:
    alias, survivor = nurse(), nurse()
    alias.merge(survivor, ())
    with pytest.raises(MergedInto):
        alias.transfer(BYUMBA, date(2020, 3, 1))
    with pytest.raises(MergedInto):
        alias.change_cadre("Midwife", date(2020, 3, 1))
    with pytest.raises(MergedInto):
        alias.update_details(told(alias, phone="+250788000001"))


def test_an_unmerge_leaves_both_as_they_were() -> None:
    alias, survivor, enrolment = nurse(), nurse(), new_id()
    before = [state_of(alias), state_of(survivor)]
    alias.merge(survivor, (enrolment,))
    assert [state_of(alias), state_of(survivor)] != before
    alias.unmerge(survivor)
    assert [state_of(alias), state_of(survivor)] == before
    assert alias.collect()[-1] == HealthWorkerMergeReversed(
        health_worker_id=alias.id, from_id=survivor.id, restored=(enrolment,)
    )
    assert survivor.collect()[-1] == AliasGivenUp(health_worker_id=survivor.id, alias_id=alias.id)


def test_only_a_merge_is_reversed() -> None:
    with pytest.raises(NotMerged):
        nurse().must_be_merged()


def state_of(worker: HealthWorker) -> object:
    return {name: getattr(worker, name) for name in HealthWorker.__annotations__} | {
        name: list(value)
        for name in HealthWorker.__annotations__
        if isinstance(value := getattr(worker, name), list)
    }
