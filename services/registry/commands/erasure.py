"""Deciding on the erasure of a person's data: all of their records together."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.registry.aggregates.access_grant import AccessGrant
from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.erasable import StillBusy, not_by_themselves
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.commands.handlers import handlers
from services.registry.views.enrolments import ENROLMENT
from services.registry.views.grants import HOLDER
from services.registry.views.offers import OFFER
from shared.contracts.registry.erasure import (
    HealthWorkerDeclineErasure,
    HealthWorkerErase,
    HealthWorkerLiftLegalHold,
    HealthWorkerPlaceLegalHold,
    HealthWorkerRequestErasure,
)
from shared.deciding.work import Work


@handlers.decides(HealthWorkerRequestErasure)
async def request(
    command: HealthWorkerRequestErasure, work: Work[HealthWorkerRequestErasure]
) -> HealthWorker:
    """Ask that a person be erased, for a reason."""
    worker = await _worker(command.health_worker_id, work)
    worker.must_not_be_erased()
    work.reason()
    worker.request_erasure(command.basis, command.reference, work.actor.subject)
    return worker


@handlers.decides(HealthWorkerErase)
async def erase(command: HealthWorkerErase, work: Work[HealthWorkerErase]) -> HealthWorker:
    """Agree that a person is erased, under all of their names; who asked for it does not."""
    worker = await _worker(command.health_worker_id, work)
    records = (worker.id, *worker.aliases)
    worker.must_be_erasable(work.actor.subject)
    not_by_themselves(work.actor.people, frozenset(records), work.actor.subject)
    await _must_have_ended(records, work)
    told = worker.erased_by(work.actor.subject)
    worker.record(told)
    for id in worker.aliases:
        alias = await work.get(HealthWorker, id, field="healthWorkerId")
        if not alias.erased:
            alias.record(replace(told, health_worker_id=alias.id, under=worker.id))
    return worker


async def _must_have_ended(records: Iterable[UUID], work: Work[Any]) -> None:
    """Refuse to forget who is needed by name: enrolled, a party of a mentorship, or let in.

    Raises:
        StillBusy: it names each of what must end first.
    """
    busy: list[str] = []
    for record in records:
        for row in await work.facts.rows(ENROLMENT, health_worker_id=record):
            enrolment = await work.get(Enrolment, row["id"], field="healthWorkerId")
            if enrolment.active:
                busy.append(f"mentee {enrolment.id}")
        for row in await work.facts.rows(OFFER, health_worker_id=record):
            mentor = await work.get(Mentor, row["mentor_id"], field="healthWorkerId")
            if mentor.mentorships:
                busy.append(f"mentor {mentor.id}")
        for row in await work.facts.rows(HOLDER, health_worker_id=record):
            grant = await work.get(AccessGrant, row["grant_id"], field="healthWorkerId")
            if grant.runs_on(work.today):
                busy.append(f"grant {grant.id}")
    if busy:
        raise StillBusy("healthWorkerId", what=", ".join(busy))


@handlers.decides(HealthWorkerDeclineErasure)
async def decline(
    command: HealthWorkerDeclineErasure, work: Work[HealthWorkerDeclineErasure]
) -> HealthWorker:
    """Decline it, for a reason."""
    worker = await _worker(command.health_worker_id, work)
    work.reason()
    worker.decline_erasure(work.actor.subject)
    return worker


@handlers.decides(HealthWorkerPlaceLegalHold)
async def hold(
    command: HealthWorkerPlaceLegalHold, work: Work[HealthWorkerPlaceLegalHold]
) -> HealthWorker:
    """Keep what is personal of somebody for a case that is open."""
    worker = await _worker(command.health_worker_id, work)
    worker.place_legal_hold(command.reference)
    return worker


@handlers.decides(HealthWorkerLiftLegalHold)
async def lift(
    command: HealthWorkerLiftLegalHold, work: Work[HealthWorkerLiftLegalHold]
) -> HealthWorker:
    """Keep it no more, for a reason."""
    worker = await _worker(command.health_worker_id, work)
    work.reason()
    worker.lift_legal_hold()
    return worker


async def _worker(id: UUID, work: Work[Any]) -> HealthWorker:
    worker = await work.get(HealthWorker, id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    worker.must_stand_for_itself("healthWorkerId")
    return worker
