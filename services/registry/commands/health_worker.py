"""Deciding on health workers."""

import re
from collections.abc import Sequence
from typing import Any

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.health_worker import (
    HealthWorkerChangeCadre,
    HealthWorkerCorrectCadres,
    HealthWorkerCorrectPostings,
    HealthWorkerRegister,
    HealthWorkerRegistered,
    HealthWorkerRename,
    HealthWorkerTransfer,
    HealthWorkerUpdateDetails,
    Identifier,
)
from shared.deciding.work import Work
from shared.domain.errors import OccurredInFuture
from shared.domain.folding import folded_identifier
from shared.domain.phrases import Phrase


@handlers.decides(HealthWorkerRegister)
async def register(command: HealthWorkerRegister, work: Work[HealthWorkerRegister]) -> HealthWorker:
    """Register a person; their number and every identifier are nobody else's."""
    await work.allow(at=command.org_unit_id)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    worker_id = work.new_id(command.id, "health_worker")
    worker = HealthWorker.begin(
        worker_id,
        HealthWorkerRegistered(
            health_worker_id=worker_id,
            number=command.number and command.number.strip(),
            given_names=command.given_names,
            family_name=command.family_name,
            phone=_folded(command.phone),
            identifiers=tuple(map(_trimmed, command.identifiers)),
            cadre=command.cadre,
            languages=command.languages,
            org_unit_id=command.org_unit_id,
            since=work.day,
        ),
    )
    if command.number is not None:
        work.claim_identifier(
            "health_worker:number",
            command.number,
            field="number",
            what=Phrase("The number {number}", number=command.number),
        )
    _claim_all(command.identifiers, work)
    work.add(worker)
    return worker


def _folded(phone: str | None) -> str | None:
    """Return a phone as events have it: digits and single spaces, and the plus before them."""
    return None if phone is None else " ".join(re.sub(r"[().-]", " ", phone).split())


def _trimmed(identifier: Identifier) -> Identifier:
    return Identifier(system=identifier.system.strip(), value=identifier.value.strip())


def _claim_all(identifiers: Sequence[Identifier], work: Work[Any]) -> None:
    for index, identifier in enumerate(identifiers):
        _claim(identifier, f"identifiers[{index}].value", work)


def _claim(identifier: Identifier, field: str, work: Work[Any]) -> None:
    # In capitals, as systems stood in claims before they were folded.
    before = identifier.system.strip().upper()
    for named in dict.fromkeys((folded_identifier(identifier.system).upper(), before)):
        work.claim_identifier(
            f"health_worker:identifier:{named}",
            identifier.value,
            field=field,
            what=Phrase("This {system} number", system=before),
            secret=True,
        )


@handlers.decides(HealthWorkerTransfer)
async def transfer(command: HealthWorkerTransfer, work: Work[HealthWorkerTransfer]) -> HealthWorker:
    """Transfer a person; who does so answers for where they leave and for where they go."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=command.org_unit_id)
    await work.allow(at=worker.org_unit_id)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    worker.transfer(command.org_unit_id, work.day)
    return worker


@handlers.decides(HealthWorkerChangeCadre)
async def change_cadre(
    command: HealthWorkerChangeCadre, work: Work[HealthWorkerChangeCadre]
) -> HealthWorker:
    """Give a person another cadre."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    worker.change_cadre(command.cadre, work.day)
    return worker


@handlers.decides(HealthWorkerCorrectPostings)
async def correct_postings(
    command: HealthWorkerCorrectPostings, work: Work[HealthWorkerCorrectPostings]
) -> HealthWorker:
    """Say the postings anew; who does so answers for every unit that is new or left out."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    before = {unit for _, unit in worker.postings}
    after = {one.org_unit_id for one in command.postings}
    for unit_id in sorted(after ^ before):
        await work.allow(at=unit_id)
    await work.allow(at=worker.org_unit_id)
    work.reason()
    for place, one in enumerate(command.postings):
        field = f"postings[{place}]"
        if one.since > work.today:
            raise OccurredInFuture(f"{field}.since", occurred=one.since, today=work.today)
        unit = await work.get(OrgUnit, one.org_unit_id, field=f"{field}.orgUnitId")
        unit.must_be_open_on(one.since, f"{field}.orgUnitId")
    worker.correct_postings(command.postings)
    return worker


@handlers.decides(HealthWorkerCorrectCadres)
async def correct_cadres(
    command: HealthWorkerCorrectCadres, work: Work[HealthWorkerCorrectCadres]
) -> HealthWorker:
    """Say the cadres anew."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    work.reason()
    for place, one in enumerate(command.cadres):
        if one.since > work.today:
            field = f"cadres[{place}].since"
            raise OccurredInFuture(field, occurred=one.since, today=work.today)
    worker.correct_cadres(command.cadres)
    return worker


@handlers.decides(HealthWorkerRename)
async def rename(command: HealthWorkerRename, work: Work[HealthWorkerRename]) -> HealthWorker:
    """Call a person otherwise, for a reason."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    work.reason()
    worker.rename(command.given_names, command.family_name, corrected=command.corrected)
    return worker


@handlers.decides(HealthWorkerUpdateDetails)
async def update_details(
    command: HealthWorkerUpdateDetails, work: Work[HealthWorkerUpdateDetails]
) -> HealthWorker:
    """Take what is new of a person; every identifier is nobody else's."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    worker.update_details(
        _folded(command.phone), tuple(map(_trimmed, command.identifiers)), command.languages
    )
    _claim_all(command.identifiers, work)
    return worker
