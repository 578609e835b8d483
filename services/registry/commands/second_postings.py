"""Deciding on second postings. Who may act for a person goes by their primary posting; whoever
posts them somewhere besides answers for that place too.
"""

from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.handlers import handlers
from shared.contracts.registry.second_posting import (
    HealthWorkerBeginSecondPosting,
    HealthWorkerCorrectSecondPostings,
    HealthWorkerEndSecondPosting,
)
from shared.deciding.work import Work


@handlers.decides(HealthWorkerBeginSecondPosting)
async def begin(
    command: HealthWorkerBeginSecondPosting, work: Work[HealthWorkerBeginSecondPosting]
) -> HealthWorker:
    """Post a person at another unit too."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=command.org_unit_id)
    await work.allow(at=worker.org_unit_id)
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    unit.must_be_open_on(work.day, "orgUnitId")
    worker.begin_second_posting(unit.id, work.day)
    return worker


@handlers.decides(HealthWorkerEndSecondPosting)
async def end(
    command: HealthWorkerEndSecondPosting, work: Work[HealthWorkerEndSecondPosting]
) -> HealthWorker:
    """Let a person work there no more, whatever became of the unit."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    await work.allow(at=worker.org_unit_id)
    worker.end_second_posting(command.org_unit_id, work.day)
    return worker


@handlers.decides(HealthWorkerCorrectSecondPostings)
async def correct(
    command: HealthWorkerCorrectSecondPostings, work: Work[HealthWorkerCorrectSecondPostings]
) -> HealthWorker:
    """Say them anew; who does so answers for every unit that is new or left out."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    before = {one.org_unit_id for one in worker.second_postings}
    after = {one.org_unit_id for one in command.postings}
    for unit_id in sorted(after ^ before):
        await work.allow(at=unit_id)
    await work.allow(at=worker.org_unit_id)
    work.reason()
    for place, one in enumerate(command.postings):
        work.must_have_come(one.until or one.since, f"postings[{place}]")
        unit = await work.get(OrgUnit, one.org_unit_id, field=f"postings[{place}].orgUnitId")
        unit.must_be_open_on(one.since, f"postings[{place}].orgUnitId")
    worker.correct_second_postings(command.postings)
    return worker
