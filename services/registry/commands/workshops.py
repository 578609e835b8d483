"""Deciding what workshops opened: who was at one is trained or oriented by it, as long as it is
told so; in its own programme, and where its unit's people work: who logged it speaks for no others.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.aggregates.trainings import Taken
from services.registry.commands.handlers import handlers
from services.registry.commands.within import lies_within
from services.registry.views.enrolments import ENROLMENT
from services.registry.views.offers import OFFER
from services.registry.views.workshops import taken_by
from shared.contracts.registry.health_worker import HealthWorkerWeighWorkshops
from shared.contracts.sessions.workshop import WorkshopKind
from shared.deciding.work import Work
from shared.domain.errors import Refusal


class NothingOpened(Refusal):
    """There is nothing new in it."""

    code = "NOTHING_OPENED"
    template = "The workshops that the person was at train and orient them as is on record."
    remedy_template = "Nothing is left to do."


@handlers.decides(HealthWorkerWeighWorkshops)
async def weigh(
    command: HealthWorkerWeighWorkshops, work: Work[HealthWorkerWeighWorkshops]
) -> HealthWorker:
    """Let all that somebody is enrolled in and nominated for hold what they took at workshops."""
    worker = await who_stands_for(command.health_worker_id, work, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    changed = False
    for record in (worker.id, *worker.aliases):
        for row in await work.facts.rows(ENROLMENT, health_worker_id=record):
            enrolment = await work.get(Enrolment, row["id"], field="healthWorkerId")
            await train_by_workshops(enrolment, worker, work)
            changed |= enrolment.has_recorded
        for row in await work.facts.rows(OFFER, health_worker_id=record):
            mentor = await work.get(Mentor, row["mentor_id"], field="healthWorkerId")
            await orient_by_workshops(mentor, worker, work)
            changed |= mentor.has_recorded
    if not changed:
        raise NothingOpened("healthWorkerId")
    return worker


async def who_stands_for(record: UUID, work: Work[Any], *, field: str) -> HealthWorker:
    """Return the record that stands for a person: it, or the one that it was merged into.

    Raises:
        NotFound: there is no such record; the error names `field`.
    """
    worker = await work.get(HealthWorker, record, field=field)
    if worker.merged_into is not None:
        worker = await work.get(HealthWorker, worker.merged_into, field=field)
    return worker


async def train_by_workshops(enrolment: Enrolment, worker: HealthWorker, work: Work[Any]) -> None:
    """Let an enrolment hold what its person took at trainings."""
    taken = [
        one
        for one in await _taken_by(worker, enrolment.programme, (WorkshopKind.TRAINING,), work)
        if await lies_within(enrolment.unit_on(one.days[-1]), one.org_unit_id, work)
    ]
    enrolment.train_at(taken)


async def orient_by_workshops(mentor: Mentor, worker: HealthWorker, work: Work[Any]) -> None:
    """Let a mentor be oriented by a workshop, where the programme does not score it."""
    kinds = (WorkshopKind.SENSITISATION, WorkshopKind.ORIENTATION)
    taken = [
        one
        for one in await _taken_by(worker, mentor.programme, kinds, work)
        if await lies_within(mentor.org_unit_id, one.org_unit_id, work)
    ]
    version = await work.get(ProgrammeVersion, mentor.programme_version_id, field="mentorId")
    mentor.orient_at([] if version.definition.orientation else taken)


async def _taken_by(
    worker: HealthWorker, programme: str, kinds: Iterable[WorkshopKind], work: Work[Any]
) -> list[Taken]:
    people: tuple[UUID, ...] = (worker.id, *worker.aliases)
    taken = await taken_by(people, work.facts)
    return [one for one in taken if one.programme == programme and one.kind in kinds]
