"""Deciding on cohorts."""

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.commands.handlers import handlers
from shared.contracts.registry.cohort import CohortOpen, CohortOpened
from shared.runtime.work import Work


@handlers.decides(CohortOpen)
async def open_cohort(command: CohortOpen, work: Work[CohortOpen]) -> Cohort:
    """Open a cohort; its code is nobody else's in the programme."""
    version = await work.get(
        ProgrammeVersion, command.programme_version_id, field="programmeVersionId"
    )
    programme = version.definition.programme
    await work.allow(at=command.org_unit_id, programme=programme)
    await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    Cohort.must_be_a_period(command.starts, command.ends)
    cohort = Cohort.begin(
        work.new_id(command.id, "cohort"),
        CohortOpened(
            programme_version_id=version.id,
            programme=programme,
            code=command.code,
            name=command.name,
            org_unit_id=command.org_unit_id,
            starts=command.starts,
            ends=command.ends,
        ),
    )
    work.claim(
        f"cohort:code:{programme}:{command.code}",
        field="code",
        what=f"The cohort code {command.code} of {programme}",
    )
    work.add(cohort)
    return cohort
