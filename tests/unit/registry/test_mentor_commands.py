"""Mentors, by command: chosen by the programme's criteria, oriented as it says, and free or not."""

import pytest

from shared.contracts.definition import Orientation
from shared.contracts.definition.people import Criterion
from shared.domain import new_id
from tests.support.mentoring import Country, day, rules

CHOSEN = (Criterion(code="LICENCE", name="Licensed"), Criterion(code="PRACTICE", name="Active"))


@pytest.fixture
async def country() -> Country:
    return await Country.under(
        rules(selection=CHOSEN, orientation=Orientation(theory=70, practical=80))
    )


async def nominee(country: Country) -> dict[str, object]:
    mentor = await country.nominee(criteria=["LICENCE", "PRACTICE"])
    return {"mentorId": mentor}


async def test_a_nomination_names_every_criterion(country: Country) -> None:
    content = {
        "healthWorkerId": await country.person(),
        "programmeVersionId": country.version,
        "area": "HR",
    }
    for criteria, code in (
        ([], "CRITERIA_NOT_MET"),
        (["LICENCE"], "CRITERIA_NOT_MET"),
        (["LICENCE", "PRACTICE", "COURAGE"], "CRITERION_UNKNOWN"),
    ):
        refused = await country.refused("mentorNominate", criteria=criteria, **content)
        assert refused == (code, "criteria")
    await country.send("mentorNominate", criteria=["PRACTICE", "LICENCE"], **content)


async def test_a_person_is_nominated_once_an_area(country: Country) -> None:
    person = await country.person()
    both = ["LICENCE", "PRACTICE"]
    await country.nominee(person, criteria=both)
    again = {
        "healthWorkerId": person,
        "programmeVersionId": country.version,
        "criteria": both,
    }
    refused = await country.refused("mentorNominate", area="HR", **again)
    assert refused == ("ALREADY_TAKEN", "healthWorkerId")
    assert (await country.refused("mentorNominate", area="PAY", **again))[0] == "AREA_UNKNOWN"
    await country.send("mentorNominate", area="LAW", **again)


async def test_a_record_that_was_merged_is_not_nominated(country: Country) -> None:
    person, again = await country.person(), await country.person()
    merge = {"healthWorkerId": again, "intoId": person, "reason": "One person"}
    await country.send("healthWorkerMerge", **merge)
    content = {"programmeVersionId": country.version, "area": "HR", "criteria": ["LICENCE"]}
    refused = await country.refused("mentorNominate", healthWorkerId=again, **content)
    assert refused == ("MERGED_INTO", "healthWorkerId")


async def test_an_orientation_is_scored_where_the_programme_scores_it(country: Country) -> None:
    mentor = await nominee(country)
    assert await country.refused("mentorCertify", **mentor) == ("NOT_ORIENTED", "mentorId")
    refused = await country.refused("mentorOrient", theory=90, **mentor)
    assert refused == ("ORIENTATION_SCORES_MISSING", "practical")
    await country.send("mentorOrient", theory=90, practical=79, **mentor)
    assert (await country.refused("mentorCertify", **mentor))[0] == "ORIENTATION_TOO_LOW"
    await country.send("mentorOrient", theory=70, practical=80, **mentor)
    await country.send("mentorCertify", **mentor)
    assert (await country.refused("mentorCertify", **mentor))[0] == "ALREADY_CERTIFIED"


async def test_an_orientation_without_evaluation_has_no_scores() -> None:
    country = await Country.under()
    mentor = {"mentorId": await country.nominee()}
    refused = await country.refused("mentorOrient", theory=90, practical=90, **mentor)
    assert refused == ("ORIENTATION_NOT_SCORED", "theory")
    await country.send("mentorOrient", **mentor)
    await country.send("mentorCertify", **mentor)


async def test_availability_lies_within_the_load_and_begins_before_it_ends(
    country: Country,
) -> None:
    mentor = await nominee(country)
    for content, code in (
        ({"places": 3}, ("PLACES_ABOVE_LOAD", "places")),
        ({"places": 1, "until": day(9)}, ("AVAILABILITY_ENDS_BEFORE_START", "until")),
    ):
        refused = await country.refused("mentorDeclareAvailability", on=10, **content, **mentor)
        assert refused == code
    await country.send("mentorDeclareAvailability", on=10, places=2, until=day(10), **mentor)
    refused = await country.refused("mentorDeclareAvailability", on=9, places=2, **mentor)
    assert refused == ("LATER_AVAILABILITY_DECLARED", "occurredOn")


async def test_a_suspension_and_its_end_have_reasons(country: Country) -> None:
    mentor = await nominee(country)
    why = {"reason": "A complaint"}
    assert (await country.refused("mentorSuspend", **mentor))[0] == "REASON_MISSING"
    assert (await country.refused("mentorReinstate", **why, **mentor))[0] == "NOT_SUSPENDED"
    await country.send("mentorSuspend", on=5, **why, **mentor)
    assert (await country.refused("mentorSuspend", **why, **mentor))[0] == "ALREADY_SUSPENDED"
    assert (await country.refused("mentorReinstate", **mentor))[0] == "REASON_MISSING"
    refused = await country.refused("mentorReinstate", on=4, **why, **mentor)
    assert refused == ("BEFORE_SUSPENSION", "occurredOn")
    await country.send("mentorReinstate", on=5, **why, **mentor)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mentorOrient", {}),
        ("mentorCertify", {}),
        ("mentorDeclareAvailability", {"places": 1}),
        ("mentorSuspend", {"reason": "Why"}),
        ("mentorReinstate", {"reason": "Why"}),
    ],
)
async def test_a_mentor_who_is_not_there_is_not_found(
    country: Country, name: str, content: dict[str, object]
) -> None:
    refused = await country.refused(name, mentorId=new_id(), **content)
    assert refused == ("NOT_FOUND", "mentorId")
