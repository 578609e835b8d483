"""Deciding on mentorships."""

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.handlers import handlers
from shared.contracts.registry.mentorship import (
    MenteeParty,
    MentorParty,
    MentorshipPropose,
    MentorshipProposed,
    MentorshipSign,
)
from shared.domain.errors import Refusal
from shared.runtime.work import Work


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


@handlers.decides(MentorshipPropose)
async def propose(command: MentorshipPropose, work: Work[MentorshipPropose]) -> Mentorship:
    """Propose a team and its mentees; each mentor's load is counted in the same transaction."""
    cohort = await work.get(Cohort, command.cohort_id, field="cohortId")
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    definition = version.definition
    await work.allow(at=command.org_unit_id, programme=definition.programme)
    mentors = [await work.get(Mentor, id, field="mentorIds") for id in command.mentor_ids]
    mentees = [await work.get(Enrolment, id, field="enrolmentIds") for id in command.enrolment_ids]
    for mentee in mentees:
        if mentee.cohort_id != cohort.id:
            raise OtherCohort("enrolmentIds", mentee=mentee.id)
    mentor_parties = tuple(
        MentorParty(mentor_id=one.id, health_worker_id=one.health_worker_id, area=one.area)
        for one in mentors
    )
    mentee_parties = tuple(
        MenteeParty(enrolment_id=one.id, health_worker_id=one.health_worker_id, area=one.area)
        for one in mentees
    )
    areas = tuple(area.code for area in definition.areas)
    Mentorship.must_fit(definition.ratio, areas, mentor_parties, mentee_parties)
    mentorship = Mentorship.begin(
        work.new_id(command.id, "mentorship"),
        MentorshipProposed(
            cohort_id=cohort.id,
            programme_version_id=version.id,
            programme=definition.programme,
            org_unit_id=command.org_unit_id,
            mentors=mentor_parties,
            mentees=mentee_parties,
        ),
    )
    work.add(mentorship)
    for mentor in mentors:
        if mentor.programme != definition.programme:
            raise OtherProgramme(
                "mentorIds",
                mentor=mentor.id,
                theirs=mentor.programme,
                programme=definition.programme,
            )
        mentor.assign(mentorship.id, definition.ratio.load)
    return mentorship


@handlers.decides(MentorshipSign)
async def sign(command: MentorshipSign, work: Work[MentorshipSign]) -> Mentorship:
    """Record a signature."""
    mentorship = await work.get(Mentorship, command.mentorship_id, field="mentorshipId")
    await work.allow(at=mentorship.org_unit_id, programme=mentorship.programme)
    mentorship.sign(command.health_worker_id, work.day)
    return mentorship
