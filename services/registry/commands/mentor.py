"""Deciding on mentors: chosen or by right, oriented, certified, suspended and back."""

from typing import Any

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor, mentor_claim
from services.registry.aggregates.mentor_rules import MentoredUncertified, NotSuspended
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.following_employment import follow
from services.registry.commands.handlers import handlers
from services.registry.commands.workshops import orient_by_workshops, who_stands_for
from services.registry.views.rights import has_right
from shared.contracts.registry.mentor import (
    MentorCertify,
    MentorCorrectCertification,
    MentorDeclareAvailability,
    MentorNominate,
    MentorNominated,
    MentorOrient,
    MentorOrientationVoid,
    MentorReinstate,
    MentorSuspend,
    MentorVoidCertification,
)
from shared.deciding.work import Work
from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase


class RightLost(Refusal):
    """Whoever was put forward by a right mentors while they hold it."""

    code = "RIGHT_TO_MENTOR_LOST"
    template = "The right to mentor that put them forward is lost: a validation counts no more."
    remedy_template = "Let them be validated anew first."


class RightStillHeld(Refusal):
    """Another validation of theirs gives them the same right."""

    code = "RIGHT_STILL_HELD"
    template = "They hold the right to mentor there, by another enrolment."
    remedy_template = "Nothing is left to do."


@handlers.decides(MentorNominate)
async def nominate(command: MentorNominate, work: Work[MentorNominate]) -> Mentor:
    """Nominate a health worker who fulfils the criteria, once for each programme and area."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    version = await work.get(
        ProgrammeVersion, command.programme_version_id, field="programmeVersionId"
    )
    programme = version.definition.programme
    unit = worker.posted_on(work.day)
    await work.allow(at=unit, programme=programme)
    worker.must_stand_for_itself("healthWorkerId")
    worker.must_be_in_service(work.day, "healthWorkerId")
    area = version.area(command.area)
    version.must_be_met(command.criteria)
    mentor = Mentor.begin(
        work.new_id(command.id, "mentor"),
        MentorNominated(
            health_worker_id=worker.id,
            programme_version_id=version.id,
            programme=programme,
            area=area.code,
            association=area.association,
            org_unit_id=unit,
            criteria=command.criteria,
        ),
    )
    work.claim(
        mentor_claim(programme, area.code, worker.id),
        field="healthWorkerId",
        what=Phrase("The nomination of {person} in {area}", person=worker.id, area=area.code),
    )
    await orient_by_workshops(mentor, worker, work)
    work.add(mentor)
    await follow(worker, work, mentors=[mentor])
    return mentor


@handlers.decides(MentorOrient)
async def orient(command: MentorOrient, work: Work[MentorOrient]) -> Mentor:
    """Record the orientation, scored if the programme scores it."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    version = await work.get(ProgrammeVersion, mentor.programme_version_id, field="mentorId")
    mentor.orient(version.definition.orientation, command.theory, command.practical, work.day)
    return mentor


@handlers.decides(MentorOrientationVoid)
async def void_orientation(
    command: MentorOrientationVoid, work: Work[MentorOrientationVoid]
) -> Mentor:
    """Void the orientation told last, for a reason; a workshop they were at orients them then."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    work.reason()
    mentor.void_orientation()
    worker = await who_stands_for(mentor.health_worker_id, work, field="mentorId")
    await orient_by_workshops(mentor, worker, work)
    return mentor


@handlers.decides(MentorCertify)
async def certify(command: MentorCertify, work: Work[MentorCertify]) -> Mentor:
    """Certify by what the mentor's programme version asks."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    version = await work.get(ProgrammeVersion, mentor.programme_version_id, field="mentorId")
    await _must_hold_right(mentor, work)
    mentor.certify(version.definition.orientation, work.day)
    return mentor


@handlers.decides(MentorCorrectCertification)
async def correct_certification(
    command: MentorCorrectCertification, work: Work[MentorCorrectCertification]
) -> Mentor:
    """Say since when they are certified after all, for a reason."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    work.reason()
    work.must_have_come(command.certified_on, "certifiedOn")
    mentor.correct_certification(command.certified_on)
    _tell_what_was_mentored(mentor, work)
    return mentor


@handlers.decides(MentorVoidCertification)
async def void_certification(
    command: MentorVoidCertification, work: Work[MentorVoidCertification]
) -> Mentor:
    """Take a certification back, for a reason."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    work.reason()
    mentor.void_certification(work.day)
    _tell_what_was_mentored(mentor, work)
    return mentor


def _tell_what_was_mentored(mentor: Mentor, work: Work[Any]) -> None:
    mentorships = mentor.mentored_uncertified()
    if mentorships:
        work.tell(MentoredUncertified("mentorId", mentorships=mentorships))


@handlers.decides(MentorDeclareAvailability)
async def declare_availability(
    command: MentorDeclareAvailability, work: Work[MentorDeclareAvailability]
) -> Mentor:
    """Say what they offer, within the load of their programme version."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(
        at=mentor.org_unit_id, programme=mentor.programme, people=(mentor.health_worker_id,)
    )
    version = await work.get(ProgrammeVersion, mentor.programme_version_id, field="mentorId")
    mentor.declare_availability(
        skills=command.skills,
        languages=command.languages,
        places=command.places,
        since=work.day,
        until=command.until,
        load=version.definition.ratio.load,
    )
    return mentor


@handlers.decides(MentorSuspend)
async def suspend(command: MentorSuspend, work: Work[MentorSuspend]) -> Mentor:
    """Suspend for a reason; a policy suspends only whoever holds no right any more."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    work.reason()
    if work.actor.policy and await holds_right(mentor, work):
        raise RightStillHeld("mentorId")
    mentor.suspend(work.day, command.ground)
    return mentor


@handlers.decides(MentorReinstate)
async def reinstate(command: MentorReinstate, work: Work[MentorReinstate]) -> Mentor:
    """Let them mentor again, for a reason; a policy, only whose right had fallen."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    work.reason()
    await _must_hold_right(mentor, work)
    if work.actor.policy and not mentor.right_fell:
        raise NotSuspended("mentorId")
    worker = await who_stands_for(mentor.health_worker_id, work, field="mentorId")
    worker.must_be_in_service(work.day, "mentorId")
    mentor.reinstate(work.day)
    await follow(worker, work, mentors=[mentor])
    return mentor


async def _must_hold_right(
    mentor: Mentor, work: Work[MentorCertify] | Work[MentorReinstate]
) -> None:
    if mentor.earned_in is not None and not await holds_right(mentor, work):
        raise RightLost("mentorId")


async def holds_right(mentor: Mentor, work: Work[Any]) -> bool:
    """Say whether the mentor's person holds the right to mentor there now, under whichever name."""
    worker = await who_stands_for(mentor.health_worker_id, work, field="mentorId")
    records = (worker.id, *worker.aliases)
    return await has_right(work.facts, records, mentor.programme, mentor.area)
