"""Deciding on employment: leave, leaving, return; what is told late, and what was not so."""

from typing import Any

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.commands.following_employment import follow
from services.registry.commands.handlers import handlers
from shared.contracts.registry.employment import (
    Employment,
    EmploymentSince,
    HealthWorkerCorrectEmployment,
    HealthWorkerGoOnLeave,
    HealthWorkerLeave,
    HealthWorkerReturn,
    HealthWorkerWeighEmployment,
)
from shared.deciding.work import Work
from shared.domain.errors import OccurredInFuture, Refusal


class NothingFollows(Refusal):
    """What they have in programmes is in line with their employment."""

    code = "NOTHING_FOLLOWS"
    template = "All that the person has in programmes is in line with their employment."
    remedy_template = "Nothing is left to do."


@handlers.decides(HealthWorkerGoOnLeave)
async def go_on_leave(
    command: HealthWorkerGoOnLeave, work: Work[HealthWorkerGoOnLeave]
) -> HealthWorker:
    """Say that somebody is on leave since a day."""
    return await _change(command, Employment.ON_LEAVE, work, expected=command.expected_return)


@handlers.decides(HealthWorkerLeave)
async def leave(command: HealthWorkerLeave, work: Work[HealthWorkerLeave]) -> HealthWorker:
    """Say that somebody left the service."""
    return await _change(command, Employment(command.cause), work)


@handlers.decides(HealthWorkerReturn)
async def return_(command: HealthWorkerReturn, work: Work[HealthWorkerReturn]) -> HealthWorker:
    """Say that somebody is back since a day."""
    return await _change(command, Employment.ACTIVE, work)


async def _change(
    command: HealthWorkerGoOnLeave | HealthWorkerLeave | HealthWorkerReturn,
    employment: Employment,
    work: Work[Any],
    **expected: Any,
) -> HealthWorker:
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    worker.must_stand_for_itself("healthWorkerId")
    worker.change_employment(
        EmploymentSince(
            employment=employment,
            since=work.day,
            expected_return=expected.get("expected"),
        )
    )
    return worker


@handlers.decides(HealthWorkerCorrectEmployment)
async def correct(
    command: HealthWorkerCorrectEmployment, work: Work[HealthWorkerCorrectEmployment]
) -> HealthWorker:
    """Say the employment anew, for a reason."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    work.reason()
    worker.must_stand_for_itself("healthWorkerId")
    for place, one in enumerate(command.employment):
        if one.since > work.today:
            field = f"employment[{place}].since"
            raise OccurredInFuture(field, occurred=one.since, today=work.today)
    worker.correct_employment(command.employment)
    return worker


@handlers.decides(HealthWorkerWeighEmployment)
async def weigh(
    command: HealthWorkerWeighEmployment, work: Work[HealthWorkerWeighEmployment]
) -> HealthWorker:
    """Bring what somebody has in line with how they stand to the service."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    if not await follow(worker, work):
        raise NothingFollows("healthWorkerId")
    return worker
