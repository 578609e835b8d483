"""Mentorships, by command: who may be put together, and what happens when a mentor leaves."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from msgspec.structs import replace

from shared.contracts.definition import Area, Gate, Ratio
from shared.contracts.definition.people import Disengagement, Training
from shared.contracts.registry.mentor import MentorAssigned, MentorReleased
from shared.contracts.registry.mentorship import MentorDisengaged, MentorshipAgreed
from shared.domain import new_id
from tests.support.mentoring import Country, day, rules

TOLD = Disengagement(notify=("FOCAL-PERSON", "MENTEE"), within_days=7)
WHY = "She was posted to another county."


@dataclass(slots=True)
class Pair:
    """A mentor and a mentee, agreed."""

    country: Country
    herself: UUID
    mentor: UUID
    himself: UUID
    enrolment: UUID
    mentorship: UUID

    async def disengage(self, **more: object) -> None:
        content = {"mentorshipId": self.mentorship, "mentorId": self.mentor, "reason": WHY}
        await self.country.send("mentorshipDisengage", **(content | more))

    def taking_her_place(self, mentor: UUID) -> dict[str, object]:
        return {"mentorshipId": self.mentorship, "replacesId": self.mentor, "mentorId": mentor}


@pytest.fixture
async def country() -> Country:
    return await Country.under(rules(disengagement=TOLD))


@pytest.fixture
async def pair(country: Country) -> Pair:
    herself, himself = await country.person(), await country.person()
    mentor, enrolment = await country.mentor(herself), await country.enrolment(himself)
    mentorship = await country.propose([mentor], [enrolment])
    await country.sign(mentorship, herself, himself)
    return Pair(country, herself, mentor, himself, enrolment, mentorship)


async def test_nothing_is_proposed_before_the_cohort_starts(country: Country) -> None:
    waiting = await country.open_cohort(country.version)
    enrolment = await country.enrolment(cohort=waiting)
    content = country.pair([await country.mentor()], [enrolment], cohortId=waiting)
    refused = await country.refused("mentorshipPropose", **content)
    assert refused == ("COHORT_NOT_STARTED", "cohortId")
    await country.send("cohortStart", cohortId=waiting)
    await country.send("mentorshipPropose", **content)


async def test_a_mentor_who_is_not_certified_is_not_proposed(country: Country) -> None:
    content = country.pair([await country.nominee()], [await country.enrolment()])
    refused = await country.refused("mentorshipPropose", **content)
    assert refused == ("MENTOR_NOT_CERTIFIED", "mentorIds")


async def test_a_mentor_who_is_suspended_is_not_proposed(country: Country) -> None:
    mentor = await country.mentor()
    await country.send("mentorSuspend", mentorId=mentor, reason="A complaint")
    content = country.pair([mentor], [await country.enrolment()])
    assert (await country.refused("mentorshipPropose", **content))[0] == "MENTOR_SUSPENDED"
    await country.send("mentorReinstate", mentorId=mentor, reason="It was unfounded")
    await country.send("mentorshipPropose", **content)


async def test_a_mentor_carries_no_more_than_the_load(country: Country) -> None:
    mentor = await country.mentor()
    for _ in range(country.rules.ratio.load):
        await country.propose([mentor], [await country.enrolment()])
    content = country.pair([mentor], [await country.enrolment()])
    assert (await country.refused("mentorshipPropose", **content))[0] == "MENTOR_LOAD_REACHED"


async def test_a_mentor_is_proposed_when_and_for_as_many_as_they_declared(
    country: Country,
) -> None:
    mentor = await country.mentor()
    await country.send("mentorDeclareAvailability", mentorId=mentor, places=1, until=day(20), on=10)
    content = country.pair([mentor], [await country.enrolment()])
    refused = await country.refused("mentorshipPropose", on=21, **content)
    assert refused == ("MENTOR_NOT_AVAILABLE", "mentorIds")
    await country.send("mentorshipPropose", on=20, **content)
    content = country.pair([mentor], [await country.enrolment()])
    refused = await country.refused("mentorshipPropose", on=20, **content)
    assert refused[0] == "MENTOR_LOAD_REACHED"


async def test_mentees_pass_the_gates_before_they_are_put_into_a_mentorship() -> None:
    country = await Country.under(
        rules(gates=(Gate.TRAINING, Gate.GOALS), training=Training(name="Human resources", days=5))
    )
    enrolment = await country.enrolment()
    content = country.pair([await country.mentor()], [enrolment])
    training = {"enrolmentId": enrolment, "training": "Human resources"}
    assert await country.refused("mentorshipPropose", **content) == (
        "NOT_TRAINED",
        "enrolmentIds",
    )
    await country.send("menteeTrain", days=4, **training)
    assert (await country.refused("mentorshipPropose", **content))[0] == "NOT_TRAINED"
    await country.send("menteeTrain", days=5, **training)
    assert (await country.refused("mentorshipPropose", **content))[0] == "NO_GOAL_SET"
    await country.send("menteeSetGoal", enrolmentId=enrolment, goal="G1", text="Know the law")
    await country.send("mentorshipPropose", **content)


async def test_whoever_was_withdrawn_is_put_into_none(country: Country) -> None:
    enrolment = await country.enrolment()
    await country.send("menteeWithdraw", enrolmentId=enrolment, reason="Study leave")
    content = country.pair([await country.mentor()], [enrolment])
    refused = await country.refused("mentorshipPropose", **content)
    assert refused == ("ENROLMENT_ENDED", "enrolmentIds")


async def test_mentees_are_of_the_cohort_and_mentors_of_the_programme(country: Country) -> None:
    other = await country.publish(rules(programme="other"))
    stranger = await country.enrolment(cohort=await country.start_cohort(country.version))
    foreign = await country.mentor(version=other)
    mentor, enrolment = await country.mentor(), await country.enrolment()
    content = country.pair([mentor], [stranger])
    assert (await country.refused("mentorshipPropose", **content))[0] == "OTHER_COHORT"
    content = country.pair([foreign], [enrolment])
    assert (await country.refused("mentorshipPropose", **content))[0] == "OTHER_PROGRAMME"


async def test_the_team_and_its_mentees_fit_the_ratio_and_the_areas(country: Country) -> None:
    mentor, enrolment = await country.mentor(), await country.enrolment()
    lawyer, judge = await country.mentor(area="LAW"), await country.enrolment(area="LAW")
    for mentors, mentees, code in (
        ([mentor, lawyer], [enrolment], "TEAM_SIZE"),
        ([mentor], [enrolment, judge], "AREA_NOT_COVERED"),
        ([mentor], [enrolment, enrolment], "MENTEE_TWICE"),
        ([mentor, mentor], [enrolment], "MENTOR_TWICE"),
        ([mentor], [enrolment, judge, await country.enrolment()], "MENTEE_COUNT"),
    ):
        content = country.pair(mentors, mentees)
        assert (await country.refused("mentorshipPropose", **content))[0] == code


async def test_nobody_mentors_themselves_under_any_of_their_names(country: Country) -> None:
    herself, again = await country.person(), await country.person()
    mentor, enrolment = await country.mentor(herself), await country.enrolment(again)
    own = country.pair([mentor], [await country.enrolment(herself)])
    assert (await country.refused("mentorshipPropose", **own))[0] == "MENTOR_IS_MENTEE"
    await country.send("menteeWithdraw", enrolmentId=own["enrolmentIds"][0], reason="A mistake")
    merge = {"healthWorkerId": again, "intoId": herself, "reason": "One person"}
    await country.send("healthWorkerMerge", **merge)
    content = country.pair([mentor], [enrolment])
    assert (await country.refused("mentorshipPropose", **content))[0] == "MENTOR_IS_MENTEE"


async def test_a_supervisor_does_not_mentor_those_they_supervise(country: Country) -> None:
    supervisor = await country.person()
    mentor = await country.mentor(supervisor)
    enrolment = await country.enrolment(supervisorId=supervisor)
    refused = await country.refused("mentorshipPropose", **country.pair([mentor], [enrolment]))
    assert refused == ("EXCLUDED_PAIR", "mentorIds")


async def test_who_left_a_mentee_for_good_is_not_put_together_with_them_again(
    pair: Pair,
) -> None:
    await pair.disengage(cause="CONFLICT")
    again = pair.country.pair([pair.mentor], [pair.enrolment])
    assert (await pair.country.refused("mentorshipPropose", **again))[0] == "EXCLUDED_PAIR"
    with_another = pair.country.pair([pair.mentor], [await pair.country.enrolment()])
    await pair.country.send("mentorshipPropose", **with_another)


async def test_who_left_for_good_does_not_come_back_through_another_mentorship(
    pair: Pair,
) -> None:
    country = pair.country
    await pair.disengage(cause="MISCONDUCT")
    other = await country.mentor()
    second = await country.propose([other], [pair.enrolment])
    leaving = {"mentorshipId": second, "mentorId": other, "reason": WHY}
    await country.send("mentorshipDisengage", **leaving)
    refused = await country.refused(
        "mentorshipReassign", mentorshipId=second, replacesId=other, mentorId=pair.mentor
    )
    assert refused == ("EXCLUDED_PAIR", "mentorId")


async def test_a_disengagement_says_who_was_told_and_who_is_due_and_needs_a_reason(
    pair: Pair,
) -> None:
    told = [{"role": "MENTEE", "name": "Himself", "notifiedOn": day(3)}]
    content = {"mentorshipId": pair.mentorship, "mentorId": pair.mentor, "notified": told}
    refused = await pair.country.refused("mentorshipDisengage", **content)
    assert refused == ("REASON_MISSING", "reason")
    late = [{"role": "MENTEE", "name": "Himself", "notifiedOn": day(200)}]
    refused = await pair.country.refused(
        "mentorshipDisengage", **(content | {"notified": late, "reason": WHY})
    )
    assert refused == ("OCCURRED_IN_FUTURE", "notified")
    await pair.disengage(notified=told, on=2)
    left = (await pair.country.house.events(pair.mentorship))[-1]
    assert isinstance(left, MentorDisengaged)
    assert (left.due, left.due_on) == (("FOCAL-PERSON",), day(9))


async def test_a_rematch_loses_no_session_and_waits_for_the_new_signature(pair: Pair) -> None:
    country = pair.country
    await country.session(pair.mentorship, pair.herself, pair.himself, on=1)
    await pair.disengage(on=2)
    nobody = {"mentorshipId": pair.mentorship, "mode": "PHONE", "minutes": 60}
    refused = await country.refused("sessionLog", **nobody, present=[pair.himself], on=3)
    assert refused[0] == "MENTOR_MISSING"
    successor = await country.person()
    taking = pair.taking_her_place(await country.mentor(successor))
    await country.send("mentorshipReassign", on=4, **taking)
    present = [successor, pair.himself]
    refused = await country.refused("sessionLog", **nobody, present=present, on=5)
    assert refused[0] == "MENTORSHIP_NOT_SIGNED"
    await country.sign(pair.mentorship, successor, on=5)
    await country.session(pair.mentorship, successor, pair.himself, on=6)
    agreed = [
        event.agreed_on
        for event in await country.house.events(pair.mentorship)
        if isinstance(event, MentorshipAgreed)
    ]
    assert agreed == [day(0), day(5)]


async def test_whoever_takes_a_place_is_certified_free_and_of_the_area(pair: Pair) -> None:
    country = pair.country
    await pair.disengage(cause="CONFLICT")
    busy = await country.mentor()
    for _ in range(country.rules.ratio.load):
        await country.propose([busy], [await country.enrolment()])
    other = await country.publish(rules(programme="other"))
    for mentor, code in (
        (await country.nominee(), "MENTOR_NOT_CERTIFIED"),
        (busy, "MENTOR_LOAD_REACHED"),
        (await country.mentor(area="LAW"), "OTHER_AREA"),
        (await country.mentor(version=other), "OTHER_PROGRAMME"),
        (await country.mentor(pair.himself), "MENTOR_IS_MENTEE"),
        (pair.mentor, "EXCLUDED_PAIR"),
    ):
        refused = await country.refused("mentorshipReassign", **pair.taking_her_place(mentor))
        assert refused == (code, "mentorId")


async def test_what_is_over_gives_its_mentors_back(pair: Pair) -> None:
    country = pair.country
    declined = await country.propose([pair.mentor], [await country.enrolment()])
    for name, mentorship in (
        ("mentorshipConclude", pair.mentorship),
        ("mentorshipDecline", declined),
    ):
        refused = await country.refused(name, mentorshipId=mentorship)
        assert refused == ("REASON_MISSING", "reason")
        await country.send(name, mentorshipId=mentorship, reason="It is done")
        refused = await country.refused(name, mentorshipId=mentorship, reason="It is done")
        assert refused[0] == "MENTORSHIP_ENDED"
    released = [
        event.mentorship_id
        for event in await country.house.events(pair.mentor)
        if isinstance(event, MentorReleased)
    ]
    assert sorted(released) == sorted([pair.mentorship, declined])


async def proposed_to(country: Country, mentor: UUID) -> UUID:
    assigned = (await country.house.events(mentor))[-1]
    assert isinstance(assigned, MentorAssigned)
    return assigned.mentorship_id


async def test_what_the_matching_proposes_waits_for_a_coordinator(country: Country) -> None:
    herself, himself = await country.person(), await country.person()
    mentor = await country.mentor(herself)
    await country.enrolment(himself)
    await country.send("cohortMatch", cohortId=country.cohort)
    mentorship = await proposed_to(country, mentor)
    proposal = {"mentorshipId": mentorship}
    refused = await country.refused("mentorshipSign", healthWorkerId=herself, **proposal)
    assert refused[0] == "PROPOSAL_NOT_ACCEPTED"
    await country.send("mentorshipAccept", **proposal)
    assert (await country.refused("mentorshipAccept", **proposal))[0] == "ALREADY_ACCEPTED"
    await country.sign(mentorship, herself, himself)


async def test_a_proposal_is_taken_up_if_its_people_still_can(country: Country) -> None:
    mentor, enrolment = await country.mentor(), await country.enrolment()
    await country.send("cohortMatch", cohortId=country.cohort)
    proposal = {"mentorshipId": await proposed_to(country, mentor)}
    await country.send("mentorSuspend", mentorId=mentor, reason="A complaint")
    refused = await country.refused("mentorshipAccept", **proposal)
    assert refused == ("MENTOR_SUSPENDED", "mentorshipId")
    await country.send("mentorReinstate", mentorId=mentor, reason="It was unfounded")
    await country.send("menteeWithdraw", enrolmentId=enrolment, reason="Study leave")
    refused = await country.refused("mentorshipAccept", **proposal)
    assert refused == ("MENTORSHIP_ENDED", "mentorshipId"), "nobody is left in it"


async def test_a_phase_changes_for_a_reason(pair: Pair) -> None:
    change = {"mentorshipId": pair.mentorship, "phase": "REACTIVE"}
    refused = await pair.country.refused("mentorshipChangePhase", **change)
    assert refused == ("REASON_MISSING", "reason")
    await pair.country.send("mentorshipChangePhase", reason="They know how", **change)
    refused = await pair.country.refused("mentorshipChangePhase", reason="Again", **change)
    assert refused == ("IN_PHASE_ALREADY", "phase")


async def test_a_team_has_one_mentor_of_each_area_where_the_programme_says_so() -> None:
    base = rules()
    area = Area(code="PAY", name="Pay", technical_area="HR")
    country = await Country.under(
        replace(
            base,
            areas=(*base.areas, area),
            ratio=Ratio(mentors=3, mentees=(1, 9), one_of_each_area=True, load=1),
        )
    )
    hr, law, pay = [await country.mentor(area=area) for area in ("HR", "LAW", "PAY")]
    content = country.pair([hr, law, await country.mentor()], [await country.enrolment()])
    assert (await country.refused("mentorshipPropose", **content))[0] == "ONE_OF_EACH_AREA"
    await country.send("mentorshipPropose", **(content | {"mentorIds": [hr, law, pay]}))


async def test_mentees_sign_for_themselves_alone(country: Country) -> None:
    herself, himself = await country.person(), await country.person()
    mentorship = await country.propose(
        [await country.mentor(herself)], [await country.enrolment(himself)]
    )
    await country.send(
        "accessGrantGive",
        subjectName="himself",
        role="MENTEE",
        orgUnitId=country.facility,
        healthWorkerId=himself,
    )
    letter = {"mentorshipId": mentorship, "as_": "himself"}
    refused = await country.refused("mentorshipSign", healthWorkerId=herself, **letter)
    assert refused[0] == "ACCESS_DENIED"
    await country.send("mentorshipSign", healthWorkerId=himself, **letter)


async def test_what_is_not_there_is_not_found(pair: Pair) -> None:
    nowhere = new_id()
    content = pair.country.pair([pair.mentor], [pair.enrolment])
    for name, given, field in (
        ("mentorshipPropose", content | {"mentorIds": [nowhere]}, "mentorIds"),
        ("mentorshipPropose", content | {"enrolmentIds": [nowhere]}, "enrolmentIds"),
        ("mentorshipPropose", content | {"orgUnitId": nowhere}, "orgUnitId"),
        ("mentorshipConclude", {"mentorshipId": nowhere, "reason": WHY}, "mentorshipId"),
        ("mentorshipReassign", pair.taking_her_place(nowhere), "mentorId"),
    ):
        assert await pair.country.refused(name, **given) == ("NOT_FOUND", field)
