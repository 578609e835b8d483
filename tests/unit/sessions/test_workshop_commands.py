"""Workshops: what can be told of one, by whom, and what it holds afterwards."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import (
    AUDIT_EVENT,
    AUDIT_TRAIL,
    WORKSHOP,
    WORKSHOP_ATTENDANCE,
    WORKSHOP_FACILITATOR,
    WORKSHOP_MODULE,
)
from shared.domain import new_id
from shared.domain.errors import AccessDenied
from tests.support.mentoring import Country, day, rules

WHY = {"reason": "As the attendance list says."}


@pytest.fixture
async def country() -> Country:
    return await Country.under()


def told(*people: UUID, **more: Any) -> dict[str, Any]:
    """Return what is told of a closing workshop of three days."""
    return {
        "workshopKind": "CLOSING",
        "title": "Looking back",
        "starts": day(10),
        "ends": day(12),
        "attendees": [{"healthWorkerId": person} for person in people],
        "on": 12,
    } | more


def where(country: Country) -> dict[str, Any]:
    return {"programmeVersionId": country.version, "orgUnitId": country.facility}


async def test_it_holds_place_facilitators_modules_and_attendance(country: Country) -> None:
    mentor, mentee = await country.person(), await country.person()
    content = told(
        place="A hotel in Nakuru",
        cohortId=country.cohort,
        modules=[
            {"topic": "LAW", "methods": ["ROLE_PLAY", "FILM"], "minutes": 90, "days": [day(12)]},
            {"topic": "PLANNING"},
        ],
        facilitators=[{"healthWorkerId": mentor}, {"name": "Jane", "organisation": "A college"}],
        attendees=[
            {"healthWorkerId": mentee, "modules": ["LAW"], "preTest": 40, "postTest": 80},
            {"healthWorkerId": mentor, "days": [day(11), day(10)]},
        ],
        others=7,
        notes="They go on alone.",
    )
    id = await country.send("workshopLog", **where(country), **content)
    (row,) = country.house.rows(WORKSHOP, id=id)
    assert (row["attendees"], row["others"]) == (2, 7)
    assert row["days"] == [str(day(10)), str(day(11)), str(day(12))]
    assert (row["notes"], row["words_by"]) == ("They go on alone.", mentor)
    attended = {
        one["health_worker_id"]: (one["days"], one["modules"], one["pre_test"], one["post_test"])
        for one in country.house.rows(WORKSHOP_ATTENDANCE, workshop_id=id)
    }
    assert attended == {
        mentee: ([str(day(12))], ["LAW"], 40, 80),
        mentor: ([str(day(10)), str(day(11))], [], None, None),
    }
    led = country.house.rows(WORKSHOP_FACILITATOR, facts_id=row["facts_id"])
    assert [(one["health_worker_id"], one["name"], one["organisation"]) for one in led] == [
        (mentor, None, None),
        (None, "Jane", "A college"),
    ]
    taught = country.house.rows(WORKSHOP_MODULE, facts_id=row["facts_id"])
    assert [(one["topic"], one["methods"]) for one in taught] == [
        ("LAW", ["ROLE_PLAY", "FILM"]),
        ("PLANNING", []),
    ]


async def test_names_and_notes_are_sealed(country: Country) -> None:
    content = told(
        await country.person(), facilitators=[{"name": "Jane Wanjiru"}], notes="Mary wept."
    )
    await country.send("workshopLog", **where(country), **content)
    for _, entry in await country.house.history():
        assert b"Wanjiru" not in entry.payload
        assert b"Mary wept" not in entry.payload


async def test_what_somebody_scored_is_in_nobody_elses_trail(country: Country) -> None:
    person, other = await country.person(), await country.person()
    attendees = [{"healthWorkerId": person, "postTest": 31}, {"healthWorkerId": other}]
    await country.send("workshopLog", **where(country), **told(attendees=attendees))

    def trail(whose: UUID) -> str:
        named = country.house.rows(AUDIT_TRAIL, health_worker_id=whose)
        rows = [
            row
            for one in named
            for row in country.house.rows(AUDIT_EVENT, event_id=one["event_id"])
        ]
        return " ".join(str(row["details"]) for row in rows)

    assert '"postTest":31' in trail(person)
    assert '"postTest"' not in trail(other)


async def test_a_correction_says_it_anew_and_a_void_takes_it_back(country: Country) -> None:
    person, other = await country.person(), await country.person()
    words = {"facilitators": [{"name": "Jane"}], "notes": "They go on alone."}
    id = await country.send("workshopLog", **where(country), **told(person, **words))
    before = country.house.rows(WORKSHOP_ATTENDANCE, workshop_id=id)
    await country.send("workshopCorrect", workshopId=id, **told(other), **WHY)
    (row,) = country.house.rows(WORKSHOP, id=id)
    assert (row["corrected"], row["notes"]) == (True, None)
    assert not country.house.rows(WORKSHOP_FACILITATOR, facts_id=row["facts_id"])
    (there,) = country.house.rows(WORKSHOP_ATTENDANCE, workshop_id=id)
    assert there["health_worker_id"] == other
    await country.send("workshopVoid", workshopId=id, **WHY)
    assert country.house.rows(WORKSHOP, id=id)[0]["status"] == "VOIDED"
    assert country.house.rows(WORKSHOP_ATTENDANCE, workshop_id=id)[0]["status"] == "VOIDED"
    assert await country.refused("workshopVoid", workshopId=id, **WHY) == (
        "WORKSHOP_VOIDED",
        "workshopId",
    )
    refused = await country.refused("workshopCorrect", workshopId=id, **told(other), **WHY)
    assert refused == ("WORKSHOP_VOIDED", "workshopId")
    await country.send("workshopReinstate", workshopId=id, **WHY)
    await country.send("workshopCorrect", workshopId=id, **told(person, **words), **WHY)
    assert country.house.rows(WORKSHOP_ATTENDANCE, workshop_id=id) == before
    assert country.house.rows(WORKSHOP, id=id)[0]["notes"] == "They go on alone."
    refused = await country.refused("workshopReinstate", workshopId=id, **WHY)
    assert refused == ("WORKSHOP_STANDS", "workshopId")


@pytest.mark.parametrize("name", ["workshopVoid", "workshopReinstate"])
async def test_what_undoes_a_workshop_says_why(country: Country, name: str) -> None:
    person = await country.person()
    id = await country.send("workshopLog", **where(country), **told(person))
    assert await country.refused(name, workshopId=id) == ("REASON_MISSING", "reason")
    refused = await country.refused("workshopCorrect", workshopId=id, **told(person))
    assert refused == ("REASON_MISSING", "reason")
    assert (await country.refused(name, workshopId=new_id(), **WHY))[0] == "NOT_FOUND"


NOBODY: dict[str, Any] = {"attendees": [], "others": 3}


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"ends": day(9)}, "WORKSHOP_ENDS_BEFORE_START", "ends"),
        ({"starts": day(1), "ends": day(32), "on": 40}, "WORKSHOP_TOO_LONG", "ends"),
        ({"ends": day(101), "starts": day(99)}, "WORKSHOP_TO_COME", "ends"),
        ({"days": [day(10), day(13)]}, "DAY_OUTSIDE_WORKSHOP", "days"),
        ({"modules": [{"topic": "A", "days": [day(9)]}]}, "DAY_OUTSIDE_WORKSHOP", "modules"),
        ({"modules": [{"topic": "A"}, {"topic": "A"}]}, "MODULE_TWICE", "modules"),
        ({"attendees": []}, "WORKSHOP_OF_NOBODY", "attendees"),
        ({"facilitators": [{}]}, "FACILITATOR_UNSAID", "facilitators"),
        ({"facilitators": [{"name": "Jane"}], **NOBODY}, "WORDS_OF_NOBODY", "facilitators"),
        ({"notes": "They go on alone.", **NOBODY}, "WORDS_OF_NOBODY", "notes"),
        ({"cohortId": new_id()}, "NOT_FOUND", "cohortId"),
        ({"attendees": [{"healthWorkerId": new_id()}]}, "NOT_FOUND", "attendees"),
        ({"facilitators": [{"healthWorkerId": new_id()}]}, "NOT_FOUND", "facilitators"),
    ],
)
async def test_what_cannot_be_of_a_workshop_is_refused(
    country: Country, wrong: dict[str, Any], code: str, field: str
) -> None:
    content = where(country) | told(await country.person()) | wrong
    assert await country.refused("workshopLog", **content) == (code, field)


async def test_what_cannot_be_of_somebody_there_is_refused(country: Country) -> None:
    person = await country.person()
    one = {"healthWorkerId": person}
    for attendees, code in (
        ([one, one], "ATTENDEE_TWICE"),
        ([{**one, "days": [day(13)]}], "DAY_OUTSIDE_WORKSHOP"),
        ([{**one, "modules": ["LAW"]}], "MODULE_UNKNOWN"),
    ):
        content = told(attendees=attendees)
        refused = await country.refused("workshopLog", **where(country), **content)
        assert refused == (code, "attendees")
    content = told(person, facilitators=[one, one])
    refused = await country.refused("workshopLog", **where(country), **content)
    assert refused == ("ATTENDEE_TWICE", "facilitators")


async def test_it_is_for_a_cohort_of_its_own_programme(country: Country) -> None:
    other = await country.start_cohort(await country.publish(rules(programme="another")))
    content = told(await country.person(), cohortId=other)
    refused = await country.refused("workshopLog", **where(country), **content)
    assert refused == ("COHORT_OF_ANOTHER_PROGRAMME", "cohortId")


async def test_those_without_a_record_are_counted(country: Country) -> None:
    id = await country.send("workshopLog", **where(country), **told(**NOBODY))
    (row,) = country.house.rows(WORKSHOP, id=id)
    assert (row["attendees"], row["others"]) == (0, 3)


async def test_whoever_is_listed_by_another_name_of_theirs_is_listed_once(
    country: Country,
) -> None:
    person, alias = await country.person(), await country.person()
    await country.send("healthWorkerMerge", healthWorkerId=alias, intoId=person, **WHY)
    id = await country.send("workshopLog", **where(country), **told(alias))
    (there,) = country.house.rows(WORKSHOP_ATTENDANCE, workshop_id=id)
    assert there["health_worker_id"] == person
    refused = await country.refused("workshopLog", **where(country), **told(alias, person))
    assert refused == ("ATTENDEE_TWICE", "attendees")


async def test_who_coordinates_its_unit_logs_it_and_no_mentor_does(country: Country) -> None:
    person = await country.person()
    district = await country.send(
        "orgUnitEstablish", code="D", name="D", unitKind="DISTRICT", parentId=country.facility
    )
    for subject, role, unit in (
        ("coordinator", "COORDINATOR", country.facility),
        ("of the district", "COORDINATOR", district),
        ("mentor", "MENTOR", country.facility),
        ("stands in", "MENTOR", country.facility),
    ):
        more = {"healthWorkerId": person, "standsIn": subject == "stands in"}
        more = more if role == "MENTOR" else {}
        await country.send(
            "accessGrantGive", subjectName=subject, role=role, orgUnitId=unit, **more
        )
    id = await country.send("workshopLog", **where(country), **told(person), as_="coordinator")
    for stranger in ("of the district", "mentor", "stands in"):
        with pytest.raises(AccessDenied):
            await country.send("workshopLog", **where(country), **told(person), as_=stranger)
        with pytest.raises(AccessDenied):
            await country.send("workshopVoid", workshopId=id, **WHY, as_=stranger)


async def test_a_trial_records_nothing_and_a_repetition_nothing_more(country: Country) -> None:
    person = await country.person()
    content = where(country) | told(person, commandId=new_id())
    await country.send("workshopLog", **content | {"commandId": new_id()}, dryRun=True)
    assert not country.house.rows(WORKSHOP)
    first = await country.send("workshopLog", **content)
    assert await country.send("workshopLog", **content) == first
    assert len(country.house.rows(WORKSHOP)) == 1


async def test_a_later_list_of_years_ago_is_logged(country: Country) -> None:
    person = await country.person()
    content = told(person, starts="2015-03-02", ends="2015-03-06", on=99)
    assert await country.send("workshopLog", **where(country), **content)
