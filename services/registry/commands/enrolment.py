"""Deciding on enrolments."""

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.enrolment import Enrolment, active_claim
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.programme_version import ProgrammeVersion, fiscal_year
from services.registry.commands.handlers import handlers
from shared.contracts.registry.enrolment import MenteeEnrol, MenteeEnrolled
from shared.runtime.work import Work


@handlers.decides(MenteeEnrol)
async def enrol(command: MenteeEnrol, work: Work[MenteeEnrol]) -> Enrolment:
    """Enrol a person where they were posted that day, under the cohort's version of the rules."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    cohort = await work.get(Cohort, command.cohort_id, field="cohortId")
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    definition = version.definition
    unit = worker.posted_on(work.day)
    await work.allow(at=unit, programme=definition.programme)
    cohort.must_include(work.day)
    area = version.area(command.area)
    enrolment = Enrolment.begin(
        work.new_id(command.id, "enrolment"),
        MenteeEnrolled(
            health_worker_id=worker.id,
            cohort_id=cohort.id,
            programme_version_id=version.id,
            programme=definition.programme,
            area=area.code,
            association=area.association,
            technical_area=area.technical_area,
            org_unit_id=unit,
            since=work.day,
            fiscal_year=fiscal_year(definition, work.day),
        ),
    )
    work.claim(
        active_claim(definition.programme, area.code, worker.id),
        field="healthWorkerId",
        what=f"The active enrolment of {worker.id} in {area.code}",
    )
    work.add(enrolment)
    return enrolment
