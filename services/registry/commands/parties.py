"""Who is in a mentorship, and under which rules: what every command on one begins with."""

from datetime import date
from typing import Any
from uuid import UUID

from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.programme_version import ProgrammeVersion
from shared.contracts.definition import Definition
from shared.contracts.registry.mentorship import MenteeParty, MentorParty
from shared.deciding.work import Work
from shared.domain.errors import Refusal


class OtherProgramme(Refusal):
    """A mentor of one programme cannot be put into another's mentorship."""

    code = "OTHER_PROGRAMME"
    template = "The mentor {mentor} is nominated in {theirs}, not in {programme}."
    remedy_template = "Choose a mentor of {programme}."


class OtherCohort(Refusal):
    """A mentorship cares for the mentees of one cohort."""

    code = "OTHER_COHORT"
    template = "The mentee {mentee} is enrolled in another cohort."
    remedy_template = "Choose mentees of the cohort that you name."


async def mentorship_over(mentorship_id: UUID, work: Work[Any]) -> Mentorship:
    """Return a mentorship that the sender has a say over."""
    mentorship = await work.get(Mentorship, mentorship_id, field="mentorshipId")
    await work.allow(at=mentorship.org_unit_id, programme=mentorship.programme)
    return mentorship


async def rules_under(mentorship: Mentorship, work: Work[Any]) -> Definition:
    """Return the rules that a mentorship was put together under."""
    version = await work.get(
        ProgrammeVersion, mentorship.programme_version_id, field="mentorshipId"
    )
    return version.definition


async def team_of(mentorship: Mentorship, work: Work[Any]) -> list[Mentor]:
    """Return the mentors who are in a mentorship now."""
    return [await work.get(Mentor, id, field="mentorshipId") for id in mentorship.team]


async def mentees_of(mentorship: Mentorship, work: Work[Any]) -> list[Enrolment]:
    """Return the enrolments of the mentees in its care."""
    return [
        await work.get(Enrolment, party.enrolment_id, field="mentorshipId")
        for party in mentorship.mentees
    ]


async def release_team(mentorship: Mentorship, since: date | None, work: Work[Any]) -> None:
    """Free the mentors of a mentorship since a day; None: they never carried it."""
    for mentor in await team_of(mentorship, work):
        mentor.release(mentorship.id, since)


def must_be_of(definition: Definition, mentor: Mentor, *, field: str) -> None:
    """Raise OtherProgramme unless the mentor is one of the definition's programme."""
    if mentor.programme != definition.programme:
        raise OtherProgramme(
            field, mentor=mentor.id, theirs=mentor.programme, programme=definition.programme
        )


def mentor_party(mentor: Mentor) -> MentorParty:
    """Return the mentor as a party."""
    return MentorParty(
        mentor_id=mentor.id, health_worker_id=mentor.health_worker_id, area=mentor.area
    )


def mentee_party(mentee: Enrolment) -> MenteeParty:
    """Return the mentee as a party."""
    return MenteeParty(
        enrolment_id=mentee.id, health_worker_id=mentee.health_worker_id, area=mentee.area
    )
