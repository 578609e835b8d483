"""Enrolments, by command: one active enrolment an area, under one version, until the end."""

import pytest
from msgspec.structs import replace

from shared.contracts.definition import Area
from shared.contracts.registry.enrolment import MenteeMovedToVersion, MenteeTransferred
from shared.domain import new_id
from tests.support.mentoring import Country, day, rules


@pytest.fixture
async def country() -> Country:
    return await Country.under()


async def test_a_person_is_active_once_an_area_and_may_be_enrolled_anew(
    country: Country,
) -> None:
    person = await country.person()
    first = await country.enrolment(person)
    again = {"healthWorkerId": person, "cohortId": country.cohort, "area": "HR"}
    assert await country.refused("menteeEnrol", **again) == ("ALREADY_TAKEN", "healthWorkerId")
    await country.enrolment(person, area="LAW")
    refused = await country.refused("menteeWithdraw", enrolmentId=first)
    assert refused == ("REASON_MISSING", "reason")
    await country.send("menteeWithdraw", enrolmentId=first, reason="Study leave")
    second = await country.enrolment(person)
    await country.send("menteeComplete", enrolmentId=second)
    await country.enrolment(person)


async def test_nobody_is_enrolled_in_a_cohort_that_was_closed(country: Country) -> None:
    cohort = await country.start_cohort(country.version)
    await country.send("cohortClose", cohortId=cohort)
    content = {"healthWorkerId": await country.person(), "cohortId": cohort, "area": "HR"}
    assert (await country.refused("menteeEnrol", **content))[0] == "COHORT_CLOSED"


async def test_an_enrolment_names_an_area_a_day_and_a_supervisor_that_can_be(
    country: Country,
) -> None:
    person = await country.person()
    content = {"healthWorkerId": person, "cohortId": country.cohort, "area": "HR"}
    for changed, code in (
        ({"area": "PAY"}, ("AREA_UNKNOWN", "area")),
        ({"on": -1}, ("OUTSIDE_COHORT", "occurredOn")),
        ({"supervisorId": person}, ("OWN_SUPERVISOR", "supervisorId")),
        ({"supervisorId": new_id()}, ("NOT_FOUND", "supervisorId")),
        ({"cohortId": new_id()}, ("NOT_FOUND", "cohortId")),
    ):
        assert await country.refused("menteeEnrol", **(content | changed)) == code


async def test_a_record_that_was_merged_is_not_enrolled(country: Country) -> None:
    person, again = await country.person(), await country.person()
    merge = {"healthWorkerId": again, "intoId": person, "reason": "One person"}
    await country.send("healthWorkerMerge", **merge)
    content = {"healthWorkerId": again, "cohortId": country.cohort, "area": "HR"}
    assert (await country.refused("menteeEnrol", **content))[0] == "MERGED_INTO"


async def test_goals_are_set_and_reached_once(country: Country) -> None:
    mentee = {"enrolmentId": await country.enrolment()}
    goal = {"goal": "G1", "text": "Know the labour law"}
    refused = await country.refused("menteeSetGoal", on=-1, **goal, **mentee)
    assert refused == ("BEFORE_ENROLMENT", "occurredOn")
    refused = await country.refused("menteeSetGoal", on=5, due=day(4), **goal, **mentee)
    assert refused == ("GOAL_DUE_BEFORE_SET", "due")
    await country.send("menteeSetGoal", **goal, **mentee)
    assert (await country.refused("menteeSetGoal", **goal, **mentee))[0] == "GOAL_SET_BEFORE"
    refused = await country.refused("menteeReachGoal", goal="G2", **mentee)
    assert refused == ("GOAL_UNKNOWN", "goal")
    await country.send("menteeReachGoal", goal="G1", **mentee)
    refused = await country.refused("menteeReachGoal", goal="G1", **mentee)
    assert refused[0] == "GOAL_ALREADY_REACHED"


async def test_a_self_assessment_rates_each_skill_once(country: Country) -> None:
    twice = [{"skill": "LAW", "level": 1}, {"skill": "LAW", "level": 5}]
    mentee = {"enrolmentId": await country.enrolment()}
    refused = await country.refused("menteeSelfAssess", ratings=twice, **mentee)
    assert refused == ("SKILL_RATED_TWICE", "ratings")
    await country.send("menteeSelfAssess", ratings=twice[:1], **mentee)


async def test_an_enrolment_follows_the_person_and_keeps_its_mentorship(
    country: Country,
) -> None:
    person, herself = await country.person(), await country.person()
    enrolment = await country.enrolment(person)
    mentorship = await country.propose([await country.mentor(herself)], [enrolment])
    await country.sign(mentorship, person, herself)
    refused = await country.refused("menteeTransfer", enrolmentId=enrolment, on=20)
    assert refused == ("ENROLMENT_ALREADY_THERE", "occurredOn")
    elsewhere = await country.send(
        "orgUnitEstablish", code="D1", name="D1", unitKind="COUNTY", parentId=country.facility
    )
    await country.send("healthWorkerTransfer", healthWorkerId=person, orgUnitId=elsewhere, on=10)
    refused = await country.refused("menteeTransfer", enrolmentId=enrolment, on=9)
    assert refused[0] == "ENROLMENT_ALREADY_THERE"
    await country.send("menteeTransfer", enrolmentId=enrolment, on=20)
    moved = (await country.house.events(enrolment))[-1]
    assert isinstance(moved, MenteeTransferred)
    assert (moved.from_org_unit_id, moved.org_unit_id) == (country.facility, elsewhere)
    await country.session(mentorship, person, herself, on=21)


async def test_a_mentee_is_moved_to_a_newer_version_that_has_their_area(
    country: Country,
) -> None:
    enrolment = await country.enrolment()
    base = country.rules
    newer = await country.publish(replace(base, version=2))
    narrower = await country.publish(
        replace(base, version=3, areas=(Area(code="LAW", name="Law", technical_area="HR"),))
    )
    other = await country.publish(rules(programme="other", version=9))
    move = {"enrolmentId": enrolment, "reason": "Phase 2 begins"}
    for version, code in (
        (country.version, ("VERSION_NOT_NEWER", "programmeVersionId")),
        (other, ("VERSION_OF_OTHER_PROGRAMME", "programmeVersionId")),
        (narrower, ("AREA_UNKNOWN", "area")),
    ):
        refused = await country.refused("menteeMoveToVersion", programmeVersionId=version, **move)
        assert refused == code
    refused = await country.refused(
        "menteeMoveToVersion", enrolmentId=enrolment, programmeVersionId=newer
    )
    assert refused == ("REASON_MISSING", "reason")
    await country.send("menteeMoveToVersion", programmeVersionId=newer, on=30, **move)
    moved = (await country.house.events(enrolment))[-1]
    assert isinstance(moved, MenteeMovedToVersion)
    assert (moved.from_programme_version_id, moved.since) == (country.version, day(30))


@pytest.mark.parametrize("name", ["menteeWithdraw", "menteeComplete"])
async def test_what_is_over_takes_no_more_commands(country: Country, name: str) -> None:
    mentee = {"enrolmentId": await country.enrolment()}
    await country.send(name, reason="It is over", **mentee)
    for after, content in (
        ("menteeTrain", {"training": "HR", "days": 5}),
        ("menteeSetGoal", {"goal": "G1", "text": "Know the labour law"}),
        ("menteeReachGoal", {"goal": "G1"}),
        ("menteeSelfAssess", {"ratings": [{"skill": "LAW", "level": 1}]}),
        ("menteeTransfer", {}),
        ("menteeWithdraw", {"reason": "Again"}),
        ("menteeComplete", {}),
    ):
        # A completion has some days of grace for what was learned.
        refused = await country.refused(after, on=40, **content, **mentee)
        assert refused == ("ENROLMENT_ENDED", "enrolmentId"), after


async def test_mentees_speak_for_themselves_alone(country: Country) -> None:
    himself, colleague = await country.person(), await country.person()
    await country.send(
        "accessGrantGive",
        subjectName="himself",
        role="MENTEE",
        orgUnitId=country.facility,
        healthWorkerId=himself,
    )
    goal = {"goal": "G1", "text": "Know the labour law", "as_": "himself"}
    own, others = await country.enrolment(himself), await country.enrolment(colleague)
    await country.send("menteeSetGoal", enrolmentId=own, **goal)
    refused = await country.refused("menteeSetGoal", enrolmentId=others, **goal)
    assert refused[0] == "ACCESS_DENIED"
    reach = {"enrolmentId": own, "goal": "G1", "as_": "himself"}
    assert (await country.refused("menteeReachGoal", **reach))[0] == "ACCESS_DENIED"
