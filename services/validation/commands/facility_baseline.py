"""Deciding on facility baselines."""

from services.validation.aggregates.facility_baseline import (
    FacilityBaseline,
    Look,
    facility_baseline_id,
)
from services.validation.commands.handlers import handlers
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.validation.facility_baseline import FacilityBaselineAssess
from shared.deciding.work import Work
from shared.domain.errors import NotFound
from shared.programmes.known import rules_of


@handlers.decides(FacilityBaselineAssess)
async def assess(
    command: FacilityBaselineAssess, work: Work[FacilityBaselineAssess]
) -> FacilityBaseline:
    """Record how a facility stands; every time after the first counts up."""
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    await work.allow(at=command.org_unit_id, programme=rules.programme)
    if not await work.facts.rows(ORG_UNIT_PLACE, org_unit_id=command.org_unit_id):
        raise NotFound("orgUnitId", kind="OrgUnit", id=command.org_unit_id)
    look = Look(
        org_unit_id=command.org_unit_id,
        programme_version_id=command.programme_version_id,
        rules=rules,
        areas=command.areas,
        notes=command.notes,
        on=work.day,
    )
    baseline = await work.find(
        FacilityBaseline, facility_baseline_id(rules.programme, command.org_unit_id)
    )
    if baseline is None:
        baseline = FacilityBaseline.begun(look)
        work.add(baseline)
    else:
        baseline.assess(look)
    return baseline
