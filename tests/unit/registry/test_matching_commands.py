"""A cohort is matched: proposals wait for a coordinator, and those without one learn why."""

from uuid import UUID

import msgspec
from msgspec.structs import replace

from shared.contracts.definition import Ratio
from shared.contracts.registry.cohort import CohortMatched, Constraint
from shared.contracts.registry.mentorship import MentorshipProposed
from tests.support.mentoring import Country, rules


async def matched(country: Country, on: int = 0) -> CohortMatched:
    """Match the cohort, and return what came of it."""
    await country.send("cohortMatch", cohortId=country.cohort, on=on)
    *_, last = await country.house.events(country.cohort)
    assert isinstance(last, CohortMatched)
    return last


async def proposal(country: Country, mentorship: UUID) -> MentorshipProposed:
    first, *_ = await country.house.events(mentorship)
    assert isinstance(first, MentorshipProposed)
    return first


async def test_each_mentee_is_proposed_to_a_mentor_of_what_they_need() -> None:
    country = await Country.under(rules(ratio=Ratio(mentors=1, mentees=(1, 1), load=1)))
    people = {}
    for skill in ("A", "B"):
        mentor = await country.mentor()
        await country.send("mentorDeclareAvailability", mentorId=mentor, skills=[skill], places=1)
        people[await country.enrolment(needs=[skill])] = mentor
    found = await matched(country)
    assert len(found.mentorships) == 2
    assert found.score == found.bound
    for mentorship in found.mentorships:
        proposed = await proposal(country, mentorship)
        (mentor_party,), (mentee_party,) = proposed.mentors, proposed.mentees
        assert people[mentee_party.enrolment_id] == mentor_party.mentor_id
        assert proposed.matched
        assert proposed.reasons[0].startswith("Meets 1 of 1 needs")


async def test_nobody_is_paired_by_itself() -> None:
    country = await Country.under()
    mentor = await country.person()
    await country.mentor(mentor)
    await country.enrolment()
    (mentorship,) = (await matched(country)).mentorships
    asked = {"mentorshipId": mentorship, "healthWorkerId": mentor}
    refused = await country.refused("mentorshipSign", **asked)
    assert refused[0] == "PROPOSAL_NOT_ACCEPTED"
    await country.send("mentorshipAccept", mentorshipId=mentorship)
    await country.sign(mentorship, mentor)


async def test_a_declined_proposal_sets_both_sides_free() -> None:
    country = await Country.under(rules(ratio=Ratio(mentors=1, mentees=(1, 1), load=1)))
    await country.mentor()
    await country.enrolment()
    (mentorship,) = (await matched(country)).mentorships
    refused = await country.refused("cohortMatch", cohortId=country.cohort)
    assert refused == ("NOBODY_TO_MATCH", "cohortId")
    await country.send("mentorshipDecline", mentorshipId=mentorship, reason="They are related")
    assert len((await matched(country, on=1)).mentorships) == 1


async def test_a_cohort_without_mentees_has_nobody_to_match() -> None:
    country = await Country.under()
    refused = await country.refused("cohortMatch", cohortId=country.cohort)
    assert refused == ("NOBODY_TO_MATCH", "cohortId")


async def test_an_infeasible_cohort_says_which_constraint_binds() -> None:
    country = await Country.under()
    await country.enrolment()
    await country.nominee()  # not certified: no mentor yet
    refused = await country.refused("cohortMatch", cohortId=country.cohort)
    assert refused == ("MATCHING_INFEASIBLE", "cohortId")


async def test_who_is_left_over_is_named_with_the_constraint() -> None:
    country = await Country.under(rules(ratio=Ratio(mentors=1, mentees=(1, 1), load=1)))
    await country.mentor()
    mentees = {await country.enrolment(), await country.enrolment()}
    other = await country.enrolment(area="LAW")
    found = await matched(country)
    assert len(found.mentorships) == 1
    left = {one.enrolment_id: one.constraint for one in found.unmatched}
    assert left.pop(other) is Constraint.NO_MENTOR_OF_AREA
    assert list(left.values()) == [Constraint.LOAD]
    assert left.keys() < mentees


async def test_a_cohort_that_has_not_started_is_not_matched() -> None:
    country = await Country.under()
    cohort = await country.open_cohort(country.version)
    assert await country.refused("cohortMatch", cohortId=cohort) == (
        "COHORT_NOT_STARTED",
        "cohortId",
    )


async def test_nobody_is_proposed_to_their_supervisor() -> None:
    country = await Country.under()
    supervisor = await country.person()
    await country.mentor(supervisor)
    await country.enrolment(supervisorId=supervisor)
    refused = await country.refused("cohortMatch", cohortId=country.cohort)
    assert refused == ("MATCHING_INFEASIBLE", "cohortId")


async def test_a_definition_with_mistakes_is_refused_whole() -> None:
    country = await Country.under()
    refused = await country.refused("programmePublish", definition="programme: x\nversion: one\n")
    assert refused == ("DEFINITION_WRONG", "definition")


async def test_a_published_version_never_changes() -> None:
    country = await Country.under()
    other = replace(country.rules, name="The same version, otherwise")
    text = msgspec.json.encode(other).decode()
    refused = await country.refused("programmePublish", definition=text)
    assert refused == ("VERSION_PUBLISHED", "definition")
