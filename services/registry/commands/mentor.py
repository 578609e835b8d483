"""Deciding on mentors."""

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.handlers import handlers
from shared.contracts.registry.mentor import (
    MentorCertify,
    MentorNominate,
    MentorNominated,
    MentorOrient,
)
from shared.runtime.work import Work


@handlers.decides(MentorNominate)
async def nominate(command: MentorNominate, work: Work[MentorNominate]) -> Mentor:
    """Nominate a health worker, once for each programme and area."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    version = await work.get(
        ProgrammeVersion, command.programme_version_id, field="programmeVersionId"
    )
    programme = version.definition.programme
    unit = worker.posted_on(work.day)
    await work.allow(at=unit, programme=programme)
    area = version.area(command.area)
    mentor = Mentor.begin(
        work.new_id(command.id, "mentor"),
        MentorNominated(
            health_worker_id=worker.id,
            programme_version_id=version.id,
            programme=programme,
            area=area.code,
            association=area.association,
            org_unit_id=unit,
        ),
    )
    work.claim(
        f"mentor:{programme}:{area.code}:{worker.id}",
        field="healthWorkerId",
        what=f"The nomination of {worker.id} in {area.code}",
    )
    work.add(mentor)
    return mentor


@handlers.decides(MentorOrient)
async def orient(command: MentorOrient, work: Work[MentorOrient]) -> Mentor:
    """Record the orientation."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    mentor.orient(command.theory, command.practical)
    return mentor


@handlers.decides(MentorCertify)
async def certify(command: MentorCertify, work: Work[MentorCertify]) -> Mentor:
    """Certify by what the mentor's programme version asks."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    await work.allow(at=mentor.org_unit_id, programme=mentor.programme)
    version = await work.get(ProgrammeVersion, mentor.programme_version_id, field="mentorId")
    mentor.certify(version.definition.orientation)
    return mentor
