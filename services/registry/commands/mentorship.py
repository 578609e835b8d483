"""Deciding on mentorships: proposed, taken up or declined, signed, and concluded."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.mentorship_rules import NotAParty
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.aggregates.readiness import must_be_ready
from services.registry.aggregates.team import must_fit
from services.registry.commands.handlers import handlers
from services.registry.commands.pairs import must_be_possible
from shared.contracts.definition import Definition
from shared.contracts.registry.mentorship import (
    MenteeParty,
    MentorParty,
    MentorshipAccept,
    MentorshipChangePhase,
    MentorshipConclude,
    MentorshipDecline,
    MentorshipPropose,
    MentorshipProposed,
    MentorshipSign,
)
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


@handlers.decides(MentorshipPropose)
async def propose(command: MentorshipPropose, work: Work[MentorshipPropose]) -> Mentorship:
    """Propose a team and its mentees; each mentor's load is counted in the same transaction."""
    cohort = await work.get(Cohort, command.cohort_id, field="cohortId")
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    definition = version.definition
    await work.allow(at=command.org_unit_id, programme=definition.programme)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    cohort.must_be_started()
    mentors = [await work.get(Mentor, id, field="mentorIds") for id in command.mentor_ids]
    mentees = [await work.get(Enrolment, id, field="enrolmentIds") for id in command.enrolment_ids]
    for mentee in mentees:
        if mentee.cohort_id != cohort.id:
            raise OtherCohort("enrolmentIds", mentee=mentee.id)
        must_be_ready(mentee, definition, field="enrolmentIds")
    for mentor in mentors:
        must_be_of(definition, mentor, field="mentorIds")
    mentor_parties = tuple(map(mentor_party, mentors))
    mentee_parties = tuple(map(mentee_party, mentees))
    areas = [area.code for area in definition.areas]
    must_fit(definition.ratio, areas, mentor_parties, mentee_parties)
    await must_be_possible(mentors, mentees, work)
    mentorship = Mentorship.begin(
        work.new_id(command.id, "mentorship"),
        MentorshipProposed(
            cohort_id=cohort.id,
            programme_version_id=version.id,
            programme=definition.programme,
            org_unit_id=command.org_unit_id,
            mentors=mentor_parties,
            mentees=mentee_parties,
            phase=definition.phases[0].code if definition.phases else None,
        ),
    )
    work.add(mentorship)
    for mentor in mentors:
        mentor.assign(mentorship.id, load=definition.ratio.load, day=work.day)
    return mentorship


@handlers.decides(MentorshipAccept)
async def accept(command: MentorshipAccept, work: Work[MentorshipAccept]) -> Mentorship:
    """Take up a proposal whose mentors and mentees can still do what it proposes."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    mentorship.accept()
    mentors = await team_of(mentorship, work)
    for mentor in mentors:
        mentor.must_be_able("mentorshipId")
    mentees = await mentees_of(mentorship, work)
    rules = await rules_under(mentorship, work)
    for mentee in mentees:
        must_be_ready(mentee, rules, field="mentorshipId")
    await must_be_possible(mentors, mentees, work, field="mentorshipId")
    return mentorship


@handlers.decides(MentorshipDecline)
async def decline(command: MentorshipDecline, work: Work[MentorshipDecline]) -> Mentorship:
    """Turn a proposal down for a reason; its mentors are free for others."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    mentorship.decline()
    await _release(mentorship, work)
    return mentorship


@handlers.decides(MentorshipSign)
async def sign(command: MentorshipSign, work: Work[MentorshipSign]) -> Mentorship:
    """Record a signature: one's own, or that of somebody whose paper one holds."""
    mentorship = await work.get(Mentorship, command.mentorship_id, field="mentorshipId")
    await work.allow(
        at=mentorship.org_unit_id,
        programme=mentorship.programme,
        people=(command.health_worker_id,),
    )
    rules = await rules_under(mentorship, work)
    party = await _party(command.health_worker_id, mentorship, work)
    mentorship.sign(party, work.day, rules.ratio.team[0])
    return mentorship


async def _party(record: UUID, mentorship: Mentorship, work: Work[Any]) -> UUID:
    """Return the party that somebody is, by whichever of their merged records they are named.

    Raises:
        NotAParty: they are none; it calls them by the number of the record that stands for them.
    """
    worker = None if record in mentorship.sides else await work.find(HealthWorker, record)
    if worker is not None and worker.merged_into is not None:
        worker = await work.find(HealthWorker, worker.merged_into)
    if worker is None:
        return record
    for one in (worker.id, *worker.aliases):
        if one in mentorship.sides:
            return one
    raise NotAParty("healthWorkerId", person=worker.number or worker.id)


@handlers.decides(MentorshipChangePhase)
async def change_phase(
    command: MentorshipChangePhase, work: Work[MentorshipChangePhase]
) -> Mentorship:
    """Take it to a later phase, for a reason."""
    mentorship = await work.get(Mentorship, command.mentorship_id, field="mentorshipId")
    await work.allow(
        at=mentorship.org_unit_id, programme=mentorship.programme, people=mentorship.mentors
    )
    work.reason()
    rules = await rules_under(mentorship, work)
    mentorship.change_phase(command.phase, work.day, [phase.code for phase in rules.phases])
    return mentorship


@handlers.decides(MentorshipConclude)
async def conclude(command: MentorshipConclude, work: Work[MentorshipConclude]) -> Mentorship:
    """Conclude it for a reason; its mentors are free for others."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    mentorship.conclude(work.day)
    await _release(mentorship, work)
    return mentorship


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


async def _release(mentorship: Mentorship, work: Work[Any]) -> None:
    for mentor in await team_of(mentorship, work):
        mentor.release(mentorship.id)


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
