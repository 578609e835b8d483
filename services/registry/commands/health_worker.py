"""Deciding on health workers."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.person_rules import (
    IdentifierNotOnRecord,
    must_be_born,
)
from services.registry.commands.handlers import handlers
from services.registry.commands.told import cadre_told, phone_told
from services.registry.views.people import IDENTIFIER, as_known
from shared.contracts.registry.health_worker import (
    CadreSince,
    HealthWorkerChangeCadre,
    HealthWorkerCorrectCadres,
    HealthWorkerCorrectIdentifiers,
    HealthWorkerCorrectPostings,
    HealthWorkerDetailsUpdated,
    HealthWorkerRegister,
    HealthWorkerRegistered,
    HealthWorkerRename,
    HealthWorkerTransfer,
    HealthWorkerUpdateDetails,
    Identifier,
)
from shared.deciding.work import Work
from shared.domain import derived_id
from shared.domain.errors import OccurredInFuture
from shared.domain.folding import folded_identifier
from shared.domain.phrases import Phrase


@handlers.decides(HealthWorkerRegister)
async def register(command: HealthWorkerRegister, work: Work[HealthWorkerRegister]) -> HealthWorker:
    """Register a person; their number and every identifier are nobody else's."""
    await work.allow(at=command.org_unit_id)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    must_be_born(command.birth_year, work.day)
    worker_id = work.new_id(command.id, "health_worker")
    worker = HealthWorker.begin(
        worker_id,
        HealthWorkerRegistered(
            health_worker_id=worker_id,
            number=command.number and command.number.strip(),
            given_names=command.given_names,
            family_name=command.family_name,
            phone=await phone_told(command.phone, unit.id, work),
            identifiers=tuple(map(_trimmed, command.identifiers)),
            cadre=await cadre_told(command.cadre, unit.id, work, field="cadre"),
            languages=command.languages,
            org_unit_id=command.org_unit_id,
            since=work.day,
            email=command.email,
            sex=command.sex,
            birth_year=command.birth_year,
            qualification=command.qualification,
            employer=command.employer,
        ),
    )
    for place, terms in enumerate(command.licences):
        id = derived_id("licence", command.command_id, place)
        worker.tell_licence(id, terms, field=f"licences[{place}]")
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


def _trimmed(identifier: Identifier) -> Identifier:
    return Identifier(system=identifier.system.strip(), value=identifier.value.strip())


def _claim_all(
    identifiers: Sequence[Identifier], work: Work[Any], field: str = "identifiers"
) -> None:
    for index, identifier in enumerate(identifiers):
        _claim(identifier, f"{field}[{index}].value", work)


def _claim(identifier: Identifier, field: str, work: Work[Any]) -> None:
    what = Phrase("This {system} number", system=identifier.system.strip().upper())
    for kind in _kinds_of(identifier):
        work.claim_identifier(kind, identifier.value, field=field, what=what, secret=True)


def _kinds_of(identifier: Identifier) -> Iterable[str]:
    """Yield what its claims are of; in capitals, as systems stood in them before folding."""
    before = identifier.system.strip().upper()
    for named in dict.fromkeys((folded_identifier(identifier.system).upper(), before)):
        yield f"health_worker:identifier:{named}"


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
    cadre = await cadre_told(command.cadre, worker.posted_on(work.day), work, field="cadre")
    worker.change_cadre(cadre, work.day)
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
    held = {cadre for _, cadre in worker.cadres}
    told = []
    for place, one in enumerate(command.cadres):
        if one.since > work.today:
            field = f"cadres[{place}].since"
            raise OccurredInFuture(field, occurred=one.since, today=work.today)
        unit, at = worker.posted_on(one.since), f"cadres[{place}].cadre"
        cadre = await cadre_told(one.cadre, unit, work, field=at, known=held)
        told.append(CadreSince(cadre=cadre, since=one.since))
    worker.correct_cadres(told)
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
    if command.corrected:
        work.reason()
    worker.update_details(
        HealthWorkerDetailsUpdated(
            health_worker_id=worker.id,
            phone=await phone_told(command.phone, worker.org_unit_id, work),
            identifiers=tuple(map(_trimmed, command.identifiers)),
            languages=command.languages,
            email=command.email,
            sex=command.sex,
            birth_year=command.birth_year,
            qualification=command.qualification,
            employer=command.employer,
            cleared=command.clear,
            corrected=command.corrected,
        )
    )
    _claim_all(command.identifiers, work)
    return worker


@handlers.decides(HealthWorkerCorrectIdentifiers)
async def correct_identifiers(
    command: HealthWorkerCorrectIdentifiers, work: Work[HealthWorkerCorrectIdentifiers]
) -> HealthWorker:
    """Give numbers up that are not theirs, and take those that are."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    work.reason()
    wrong = [
        await _on_record(one, f"wrong[{place}]", worker, work)
        for place, one in enumerate(command.wrong)
    ]
    worker.correct_identifiers(tuple(wrong), tuple(map(_trimmed, command.right)))
    for one in wrong:
        for kind in _kinds_of(one):
            work.release_identifier(kind, one.value, secret=True)
    _claim_all(command.right, work, "right")
    return worker


async def _on_record(
    identifier: Identifier, field: str, worker: HealthWorker, work: Work[Any]
) -> Identifier:
    """Return a number of somebody's as it was written down; how it is typed now does not matter.

    Raises:
        IdentifierNotOnRecord: they have no such number.
    """
    named = as_known(identifier)

    async def look() -> Identifier | None:
        row = await work.facts.find(IDENTIFIER, worker.id, named)
        return row and Identifier(system=row["system"], value=row["written"])

    found = await work.facts.until(look)
    if found is None:
        raise IdentifierNotOnRecord(field, system=identifier.system.strip().upper())
    return found
