"""Deciding on licences: told, renewed, withdrawn, corrected."""

from typing import Any, TypeAlias

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.commands.handlers import handlers
from shared.contracts.registry.licence import (
    HealthWorkerCorrectLicence,
    HealthWorkerRenewLicence,
    HealthWorkerTellLicence,
    HealthWorkerWithdrawLicence,
)
from shared.deciding.work import Work


@handlers.decides(HealthWorkerTellLicence)
async def tell(
    command: HealthWorkerTellLicence, work: Work[HealthWorkerTellLicence]
) -> HealthWorker:
    """Say that a person has a licence."""
    worker = await _whose(command, work)
    worker.tell_licence(work.new_id(command.licence_id, "licence"), command.terms)
    return worker


@handlers.decides(HealthWorkerRenewLicence)
async def renew(
    command: HealthWorkerRenewLicence, work: Work[HealthWorkerRenewLicence]
) -> HealthWorker:
    """Say by which terms a licence holds now."""
    worker = await _whose(command, work)
    worker.renew_licence(command.licence_id, command.terms)
    return worker


@handlers.decides(HealthWorkerWithdrawLicence)
async def withdraw(
    command: HealthWorkerWithdrawLicence, work: Work[HealthWorkerWithdrawLicence]
) -> HealthWorker:
    """Say that a licence was withdrawn, for a reason."""
    worker = await _whose(command, work)
    work.reason()
    worker.withdraw_licence(command.licence_id, work.day)
    return worker


@handlers.decides(HealthWorkerCorrectLicence)
async def correct(
    command: HealthWorkerCorrectLicence, work: Work[HealthWorkerCorrectLicence]
) -> HealthWorker:
    """Say anew what a licence is, for a reason."""
    worker = await _whose(command, work)
    work.reason()
    if command.withdrawn_on is not None:
        work.must_have_come(command.withdrawn_on, "withdrawnOn")
    worker.correct_licence(command.licence_id, command.terms, command.withdrawn_on)
    return worker


OfLicence: TypeAlias = (
    HealthWorkerTellLicence
    | HealthWorkerRenewLicence
    | HealthWorkerWithdrawLicence
    | HealthWorkerCorrectLicence
)


async def _whose(command: OfLicence, work: Work[Any]) -> HealthWorker:
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    return worker
