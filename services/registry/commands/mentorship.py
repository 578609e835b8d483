"""Deciding on mentorships: proposed, taken up or declined, signed, paused, moved, concluded."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.mentorship_rules import (
    AgreementFalls,
    NotAParty,
    SessionsRestOnIt,
)
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.aggregates.readiness import must_be_ready
from services.registry.aggregates.team import must_fit
from services.registry.commands.care import leave_if_ended, must_be_alone, must_work_there
from services.registry.commands.following_employment import follow_team, must_be_in_service
from services.registry.commands.handlers import handlers
from services.registry.commands.loads import carried_besides
from services.registry.commands.pairs import must_be_possible
from services.registry.commands.parties import (
    OtherCohort,
    mentee_party,
    mentees_of,
    mentor_party,
    mentorship_over,
    must_be_of,
    release_team,
    rules_under,
    team_of,
)
from services.registry.views.progress import sessions_in
from shared.contracts.definition import Gate
from shared.contracts.registry.mentorship import (
    MentorshipAccept,
    MentorshipChangePhase,
    MentorshipConclude,
    MentorshipCorrectSignature,
    MentorshipDecline,
    MentorshipMove,
    MentorshipMoveToVersion,
    MentorshipPause,
    MentorshipPropose,
    MentorshipProposed,
    MentorshipResume,
    MentorshipSign,
    MentorshipVoidSignature,
    MentorshipWaive,
)
from shared.deciding.work import Work


@handlers.decides(MentorshipPropose)
async def propose(command: MentorshipPropose, work: Work[MentorshipPropose]) -> Mentorship:
    """Propose a team and its mentees; each mentor's load is counted in the same transaction."""
    cohort = await work.get(Cohort, command.cohort_id, field="cohortId")
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    definition = version.definition
    await work.allow(at=command.org_unit_id, programme=definition.programme)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    cohort.must_be_started(work.day)
    mentors = [await work.get(Mentor, id, field="mentorIds") for id in command.mentor_ids]
    mentees = [await work.get(Enrolment, id, field="enrolmentIds") for id in command.enrolment_ids]
    for mentor in mentors:
        must_be_of(definition, mentor, field="mentorIds")
    await must_be_in_service(mentors, work)
    mentor_parties = tuple(map(mentor_party, mentors))
    mentee_parties = tuple(map(mentee_party, mentees))
    areas = [area.code for area in definition.areas]
    findings = work.findings(definition.conduct, command.waivers)
    for mentee in mentees:
        if mentee.cohort_id != cohort.id:
            raise OtherCohort("enrolmentIds", mentee=mentee.id)
        must_be_ready(mentee, definition, work.day, findings, field="enrolmentIds")
    must_fit(definition.ratio, areas, mentor_parties, mentee_parties, findings)
    with findings.weighing():
        await must_work_there(mentees, command.org_unit_id, work.day, work)
    await must_be_alone(mentees, definition, work, findings)
    may = definition.matching.supervisor_may_mentor
    await must_be_possible(mentors, mentees, work, findings, supervisor_may=may)
    for mentor in mentors:
        besides = await carried_besides(mentor, definition, work)
        mentor.must_be_free(definition.ratio.load, work.day, findings, besides=besides)
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
            letters=Gate.SIGNATURES in definition.gates,
            deviations=findings.must_be_recorded(),
        ),
    )
    work.add(mentorship)
    for mentor in mentors:
        mentor.assign(mentorship.id, work.day)
    mentorship.agree(definition.least_team, work.day)
    await leave_if_ended(mentorship, mentees, definition, work)
    await follow_team(mentorship, work)
    return mentorship


@handlers.decides(MentorshipAccept)
async def accept(command: MentorshipAccept, work: Work[MentorshipAccept]) -> Mentorship:
    """Take up a proposal, weighed by what its mentors and mentees can still do."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    mentorship.must_be_proposed()
    mentors = await team_of(mentorship, work)
    await must_be_in_service(mentors, work, field="mentorshipId")
    mentees = await mentees_of(mentorship, work)
    rules = await rules_under(mentorship, work)
    findings = work.findings(rules.conduct)
    for mentor in mentors:
        mentor.must_be_able(work.day, findings, field="mentorshipId")
    for mentee in mentees:
        must_be_ready(mentee, rules, work.day, findings, field="mentorshipId")
    await must_be_alone(mentees, rules, work, findings, besides=mentorship.id)
    may = rules.matching.supervisor_may_mentor
    await must_be_possible(
        mentors, mentees, work, findings, supervisor_may=may, field="mentorshipId"
    )
    mentorship.accept(findings)
    mentorship.agree(rules.least_team, work.day)
    return mentorship


@handlers.decides(MentorshipDecline)
async def decline(command: MentorshipDecline, work: Work[MentorshipDecline]) -> Mentorship:
    """Turn a proposal down for a reason; its mentors are free for others."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    mentorship.decline()
    await release_team(mentorship, None, work)
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
    mentorship.sign(party, work.day, rules.least_team)
    return mentorship


@handlers.decides(MentorshipCorrectSignature)
async def correct_signature(
    command: MentorshipCorrectSignature, work: Work[MentorshipCorrectSignature]
) -> Mentorship:
    """Say on which day a letter was signed after all, for a reason."""
    mentorship, party = await _signature(command, work)
    work.must_have_come(command.signed_on, "signedOn")
    mentorship.correct_signature(party, command.signed_on)
    await _tell_what_rests_on_it(mentorship, work)
    return mentorship


@handlers.decides(MentorshipVoidSignature)
async def void_signature(
    command: MentorshipVoidSignature, work: Work[MentorshipVoidSignature]
) -> Mentorship:
    """Take a signature back, for a reason."""
    mentorship, party = await _signature(command, work)
    bound = mentorship.bound
    mentorship.void_signature(party, work.day)
    if bound and not mentorship.bound:
        work.tell(AgreementFalls("healthWorkerId", awaited=mentorship.awaited))
    await _tell_what_rests_on_it(mentorship, work)
    return mentorship


async def _signature(
    command: MentorshipCorrectSignature | MentorshipVoidSignature, work: Work[Any]
) -> tuple[Mentorship, UUID]:
    """Return the mentorship, and the record under which somebody signed."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    if command.health_worker_id in mentorship.signatures:
        return mentorship, command.health_worker_id
    return mentorship, await _party(command.health_worker_id, mentorship, work)


async def _tell_what_rests_on_it(mentorship: Mentorship, work: Work[Any]) -> None:
    enrolments = [party.enrolment_id for party in mentorship.mentees]
    sessions = await sessions_in(work.facts, mentorship.id, enrolments)
    if sessions:
        work.tell(SessionsRestOnIt("mentorshipId", sessions=len(sessions)))


async def _party(record: UUID, mentorship: Mentorship, work: Work[Any]) -> UUID:
    """Return the party that somebody is, by whichever of their merged records they are named.

    Raises:
        NotAParty: they are none; it calls them by the number of the record that stands for them.
    """
    parties = mentorship.sides | mentorship.once
    worker = None if record in parties else await work.find(HealthWorker, record)
    if worker is not None and worker.merged_into is not None:
        worker = await work.find(HealthWorker, worker.merged_into)
    if worker is None:
        return record
    for one in (worker.id, *worker.aliases):
        if one in parties:
            return one
    raise NotAParty("healthWorkerId", person=worker.number or worker.id)


@handlers.decides(MentorshipChangePhase)
async def change_phase(
    command: MentorshipChangePhase, work: Work[MentorshipChangePhase]
) -> Mentorship:
    """Take it, or one of its mentees, to another phase, for a reason."""
    mentorship = await work.get(Mentorship, command.mentorship_id, field="mentorshipId")
    await work.allow(
        at=mentorship.org_unit_id, programme=mentorship.programme, people=mentorship.mentors
    )
    work.reason()
    rules = await rules_under(mentorship, work)
    phases = [phase.code for phase in rules.phases]
    if command.enrolment_id is None:
        mentorship.change_phase(command.phase, work.day, phases)
    else:
        mentorship.change_mentee_phase(command.enrolment_id, command.phase, work.day, phases)
    return mentorship


@handlers.decides(MentorshipConclude)
async def conclude(command: MentorshipConclude, work: Work[MentorshipConclude]) -> Mentorship:
    """Conclude it for a reason; its mentors are free for others."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    carried = not mentorship.over
    mentorship.conclude(work.day)
    if carried:
        await release_team(mentorship, work.day, work)
    return mentorship


@handlers.decides(MentorshipMove)
async def move(command: MentorshipMove, work: Work[MentorshipMove]) -> Mentorship:
    """Take it to another unit; who does so answers for both."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    await work.allow(at=command.org_unit_id, programme=mentorship.programme)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    mentorship.take_to(unit.id, work.day)
    return mentorship


@handlers.decides(MentorshipMoveToVersion)
async def move_to_version(
    command: MentorshipMoveToVersion, work: Work[MentorshipMoveToVersion]
) -> Mentorship:
    """Put it and all in its care under a newer version, for a reason: one version decides."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    version = await work.get(
        ProgrammeVersion, command.programme_version_id, field="programmeVersionId"
    )
    version.must_follow(await rules_under(mentorship, work))
    for party in mentorship.mentees:
        version.area(party.area)
    mentorship.move_to(version.id, version.definition, work.day)
    for mentee in await mentees_of(mentorship, work):
        present = await work.get(
            ProgrammeVersion, mentee.programme_version_id, field="mentorshipId"
        )
        if present.definition.version < version.definition.version:
            mentee.move_to(version.id, work.day)
    return mentorship


@handlers.decides(MentorshipWaive)
async def waive(command: MentorshipWaive, work: Work[MentorshipWaive]) -> Mentorship:
    """Waive a rule that it departs from, for a reason."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    mentorship.waive(command.rule, command.approved_by, work.day)
    return mentorship


@handlers.decides(MentorshipPause)
async def pause(command: MentorshipPause, work: Work[MentorshipPause]) -> Mentorship:
    """Let it pause, for a reason."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    mentorship.pause(work.day, command.cause)
    return mentorship


@handlers.decides(MentorshipResume)
async def resume(command: MentorshipResume, work: Work[MentorshipResume]) -> Mentorship:
    """Let it go on."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    mentorship.resume(work.day)
    return mentorship
