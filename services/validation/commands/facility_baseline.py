"""Deciding on facility baselines."""

from typing import Any
from uuid import UUID

from services.validation.aggregates.facility_baseline import (
    FacilityBaseline,
    Look,
    facility_baseline_id,
)
from services.validation.commands.handlers import handlers
from services.validation.views.mentors import MAY_ASSESS, may_assess
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
    await work.allow(
        at=command.org_unit_id,
        programme=rules.programme,
        people=await _own_assessors(rules.programme, work),
    )
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


async def _own_assessors(programme: str, work: Work[Any]) -> list[UUID]:
    """Return which of the sender's records may assess in any area of the programme on that day."""
    found = []
    for person in sorted(work.actor.people_on(work.today)):
        rows = await work.facts.rows(MAY_ASSESS, health_worker_id=person, programme=programme)
        areas = {row["area"] for row in rows}
        if any(may_assess(work.day, [row for row in rows if row["area"] == a]) for a in areas):
            found.append(person)
    return found
