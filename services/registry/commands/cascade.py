"""Deciding who is put forward as mentor by right: by their own validations in the tier above."""

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor, cascade_mentor_id, mentor_claim
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.following_employment import follow
from services.registry.commands.handlers import handlers
from services.registry.commands.mentor import holds_right
from services.registry.commands.workshops import orient_by_workshops, who_stands_for
from services.registry.views.offers import OFFER
from services.registry.views.rights import RIGHT_TO_MENTOR
from shared.contracts.registry.health_worker import HealthWorkerWeighRights
from shared.contracts.registry.mentor import (
    MentorNominateByCascade,
    MentorNominated,
    NominatedBy,
    SuspensionGround,
)
from shared.deciding.work import Work
from shared.domain.errors import Conflict, Refusal
from shared.domain.phrases import Phrase
from shared.programmes.known import latest_version


class NoRightToMentor(Refusal):
    """The right to mentor is earned by validations, and lost with them."""

    code = "NO_RIGHT_TO_MENTOR"
    template = "The enrolment {enrolment} gives no right to mentor in {programme}, {area}."
    remedy_template = "Look at the cascade map: who may mentor where, and because of what."


class NoSuchProgramme(Refusal):
    """A programme has to be published before anybody mentors in it, or means to reach anything."""

    code = "NO_SUCH_PROGRAMME"
    template = "No version of the programme {programme} is published."
    remedy_template = "Name one that is published, or publish it first with `programmePublish`."


class AlreadyNominated(Conflict):
    """Somebody is put forward once for each programme and area."""

    code = "ALREADY_NOMINATED"
    template = "They were put forward before, in {programme}, {area}."
    remedy_template = "Use the mentor {mentor}; one who was suspended can be reinstated."


class RightsAsHeld(Refusal):
    """Whom a right put forward mentors by it as long as it is held."""

    code = "RIGHTS_AS_HELD"
    template = "Whoever mentors by a right of theirs holds it, and nobody else does."
    remedy_template = "Nothing is left to do."


@handlers.decides(HealthWorkerWeighRights)
async def weigh_rights(
    command: HealthWorkerWeighRights, work: Work[HealthWorkerWeighRights]
) -> HealthWorker:
    """Weigh the rights that a person mentors by, under any of their names."""
    worker = await who_stands_for(command.health_worker_id, work, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    work.reason()
    changed = False
    for record in (worker.id, *worker.aliases):
        for row in await work.facts.rows(OFFER, health_worker_id=record):
            mentor = await work.get(Mentor, row["mentor_id"], field="healthWorkerId")
            if mentor.earned_in is None:
                continue
            held = await holds_right(mentor, work)
            if held and mentor.right_fell:
                mentor.reinstate(work.day)
            elif not held and mentor.suspended is None:
                mentor.suspend(work.day, SuspensionGround.RIGHT_FELL)
            changed |= mentor.has_recorded
    if not changed:
        raise RightsAsHeld("healthWorkerId")
    await follow(worker, work)
    return worker


@handlers.decides(MentorNominateByCascade)
async def nominate_by_cascade(
    command: MentorNominateByCascade, work: Work[MentorNominateByCascade]
) -> Mentor:
    """Nominate whoever holds the right, under the version of the tier that counts highest."""
    programme, tier_area = command.programme, command.area
    none = NoRightToMentor(
        "enrolmentId", enrolment=command.enrolment_id, programme=programme, area=tier_area
    )
    right = await work.facts.find(RIGHT_TO_MENTOR, command.enrolment_id, programme, tier_area)
    if right is None:
        await work.allow(at=None, programme=programme)
        raise none
    worker = await work.get(HealthWorker, right["health_worker_id"], field="enrolmentId")
    unit = worker.posted_on(work.day)
    await work.allow(at=unit, programme=programme)
    if not right["held"]:
        raise none
    worker.must_stand_for_itself("enrolmentId")
    worker.must_be_in_service(work.day, "enrolmentId")
    version_id = await latest_version(work.facts, programme)
    if version_id is None:
        raise NoSuchProgramme("programme", programme=programme)
    version = await work.get(ProgrammeVersion, version_id, field="programme")
    area = version.area(tier_area)
    mentor_id = cascade_mentor_id(programme, area.code, worker.id)
    if await work.find(Mentor, mentor_id) is not None:
        raise AlreadyNominated("enrolmentId", programme=programme, area=area.code, mentor=mentor_id)
    mentor = Mentor.begin(
        mentor_id,
        MentorNominated(
            health_worker_id=worker.id,
            programme_version_id=version.id,
            programme=programme,
            area=area.code,
            association=area.association,
            org_unit_id=unit,
            nominated_by=NominatedBy.CASCADE,
            earned_in=command.enrolment_id,
        ),
    )
    work.claim(
        mentor_claim(programme, area.code, worker.id),
        field="enrolmentId",
        what=Phrase("The nomination of {person} in {area}", person=worker.id, area=area.code),
    )
    await orient_by_workshops(mentor, worker, work)
    work.add(mentor)
    await follow(worker, work, mentors=[mentor])
    return mentor
