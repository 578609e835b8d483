"""Somebody who works at two places: posted at one, and at another besides."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import HEALTH_WORKER, POSTING
from tests.support.land import Care, Land, day

KENYA = "kenya-hrh"
WHY = "The letter says so."


async def second(land: Land, person: UUID, on: int, unit: UUID) -> None:
    await land.send("healthWorkerBeginSecondPosting", on, healthWorkerId=person, orgUnitId=unit)


def besides(land: Land, person: UUID) -> list[tuple[Any, Any, Any]]:
    rows = land.house.rows(POSTING, health_worker_id=person, kind="SECONDARY")
    return sorted((row["org_unit_id"], row["since"], row["until"]) for row in rows)


async def test_a_second_posting_begins_and_ends_and_the_first_stays() -> None:
    land = await Land.of(KENYA)
    here, there = land.facilities
    person = await land.person()
    await second(land, person, 10, there)
    assert besides(land, person) == [(there, day(10), None)]
    await land.send("healthWorkerEndSecondPosting", 20, healthWorkerId=person, orgUnitId=there)
    assert besides(land, person) == [(there, day(10), day(20))]
    await second(land, person, 20, there)
    assert len(besides(land, person)) == 2
    (shown,) = land.house.rows(HEALTH_WORKER, id=person)
    assert (shown["org_unit_id"], shown["since"]) == (here, day(0))


async def test_what_no_second_posting_can_be_is_refused() -> None:
    land = await Land.of(KENYA)
    here, there = land.facilities
    person = await land.person()
    about = {"healthWorkerId": person}

    async def begin(on: int, unit: UUID) -> str:
        name = "healthWorkerBeginSecondPosting"
        return await land.refused(name, on, **about, orgUnitId=unit)

    async def end(on: int) -> str:
        return await land.refused("healthWorkerEndSecondPosting", on, **about, orgUnitId=there)

    assert await begin(10, here) == "POSTED_THERE_THEN"
    late = await land.send(
        "healthWorkerRegister", 5, givenNames="Late", cadre="Nurse", orgUnitId=here
    )
    name = "healthWorkerBeginSecondPosting"
    early = await land.refused(name, 1, healthWorkerId=late, orgUnitId=there)
    assert early == "BEFORE_FIRST_POSTING"
    assert await end(10) == "NOT_POSTED_THERE"
    await second(land, person, 10, there)
    assert await begin(12, there) == "POSTED_THERE_THEN"
    assert await end(9) == "NOT_POSTED_THERE"
    assert await end(10) == "POSTING_ENDS_BEFORE"


async def test_who_is_transferred_to_where_they_work_besides_is_posted_there_alone() -> None:
    land = await Land.of(KENYA)
    _, there = land.facilities
    person = await land.person()
    await second(land, person, 10, there)
    about = {"healthWorkerId": person, "orgUnitId": there}
    assert await land.refused("healthWorkerTransfer", 5, **about) == "POSTED_THERE_THEN"
    await land.send("healthWorkerTransfer", 20, **about)
    assert besides(land, person) == [(there, day(10), day(20))]
    (shown,) = land.house.rows(HEALTH_WORKER, id=person)
    assert (shown["org_unit_id"], shown["since"]) == (there, day(20))


async def test_second_postings_are_said_anew_and_put_back() -> None:
    land = await Land.of(KENYA)
    here, there = land.facilities
    person = await land.person()
    await second(land, person, 10, there)
    before = besides(land, person)
    about = {"healthWorkerId": person}
    name = "healthWorkerCorrectSecondPostings"

    def one(unit: UUID, since: int, until: int | None = None) -> dict[str, Any]:
        ends = {} if until is None else {"until": day(until)}
        return {"orgUnitId": unit, "since": day(since), **ends}

    assert await land.refused(name, 30, **about, postings=[]) == "REASON_MISSING"
    said = {**about, "reason": WHY}
    assert await land.refused(name, 30, **said, postings=[one(there, 10)]) == "LINE_UNCHANGED"
    both = [one(there, 5, 15), one(there, 10)]
    assert await land.refused(name, 30, **said, postings=both) == "POSTED_THERE_THEN"
    backwards = [one(there, 15, 15)]
    assert await land.refused(name, 30, **said, postings=backwards) == "POSTING_ENDS_BEFORE"
    assert await land.refused(name, 30, **said, postings=[one(here, 5)]) == "POSTED_THERE_THEN"
    await land.send(name, 30, **said, postings=[one(there, 5, 15), one(there, 20)])
    assert besides(land, person) == [(there, day(5), day(15)), (there, day(20), None)]
    await land.send(name, 30, **said, postings=[])
    assert besides(land, person) == []
    await land.send(name, 30, **said, postings=[one(there, 10)])
    assert besides(land, person) == before


async def test_the_line_of_primary_postings_does_not_run_into_a_second_one() -> None:
    land = await Land.of(KENYA)
    here, there = land.facilities
    person = await land.person()
    await second(land, person, 10, there)
    line = [{"orgUnitId": here, "since": day(0)}, {"orgUnitId": there, "since": day(5)}]
    said = await land.refused(
        "healthWorkerCorrectPostings", 30, healthWorkerId=person, postings=line, reason=WHY
    )
    assert said == "POSTED_THERE_THEN"


# ── and where they mentor and are mentored ────────────────────────────────────────────────────


async def test_a_mentee_is_visited_where_she_works_besides_while_she_does() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    land, there = pair.land, pair.land.facilities[1]
    people = (pair.mentors[0], pair.mentees[0])
    await second(land, pair.mentees[0], 10, there)
    about = {"healthWorkerId": pair.mentees[0], "orgUnitId": there}
    await land.send("healthWorkerEndSecondPosting", 20, **about)
    before, then, after = [await pair.meet(on, *people, orgUnitId=there) for on in (9, 15, 20)]
    assert pair.departs(then["id"]) == set()
    assert pair.departs(before["id"]) == pair.departs(after["id"]) == {"PLACE_NOT_ALLOWED"}


async def test_a_session_there_departs_no_more_once_the_posting_is_known() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    land, there = pair.land, pair.land.facilities[1]
    people = (pair.mentors[0], pair.mentees[0])
    held = await pair.meet(15, *people, orgUnitId=there)
    assert pair.departs(held["id"]) == {"PLACE_NOT_ALLOWED"}
    await second(land, pair.mentees[0], 10, there)
    assert pair.departs(held["id"]) == set()
    about = {"healthWorkerId": pair.mentees[0], "reason": WHY}
    await land.send("healthWorkerCorrectSecondPostings", 20, **about, postings=[])
    assert pair.departs(held["id"]) == {"PLACE_NOT_ALLOWED"}


async def test_where_a_mentor_works_besides_is_no_place_of_the_mentee_s() -> None:
    pair = await Care.begun(await Land.of(KENYA))
    there = pair.land.facilities[1]
    await second(pair.land, pair.mentors[0], 10, there)
    held = await pair.meet(15, pair.mentors[0], pair.mentees[0], orgUnitId=there)
    assert pair.departs(held["id"]) == {"PLACE_NOT_ALLOWED"}


@pytest.mark.parametrize("posted", [True, False])
async def test_a_mentorship_is_where_a_mentee_works_besides(*, posted: bool) -> None:
    land = await Land.of("ingobyi-health-post")
    there = land.facilities[1]
    people = [await land.mentee() for _ in range(2)]
    if posted:
        await second(land, people[0][0], 0, there)
    about = {"cohortId": land.cohort, "mentorIds": [(await land.mentor())[1]]}
    made = await land.send(
        "mentorshipPropose", 1, **about, orgUnitId=there, enrolmentIds=[one for _, one in people]
    )
    assert Care(land, made, [], 0).departs() == (set() if posted else {"NO_MENTEE_WORKS_THERE"})


async def test_a_cohort_is_for_whoever_works_within_it_besides() -> None:
    land = await Land.of(KENYA)
    here, there = land.facilities
    person = await land.person(there)
    await second(land, person, 0, here)
    _, enrolment = await land.mentee(person, on=1)
    assert Care(land, enrolment, [], 0).departs() == set()
