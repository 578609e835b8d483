"""Deciding on facility baselines."""

from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from services.validation.aggregates.facility_baseline import (
    FacilityBaseline,
    Look,
    facility_baseline_id,
)
from services.validation.commands.handlers import handlers
from services.validation.views.mentors import MAY_ASSESS, may_assess
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.definition import Definition
from shared.contracts.validation.facility_baseline import (
    FacilityBaselineAssess,
    FacilityBaselineCorrect,
    FacilityBaselineReinstate,
    FacilityBaselineVoid,
)
from shared.deciding.work import Work
from shared.domain.errors import NotFound
from shared.programmes.known import rules_of


@handlers.decides(FacilityBaselineAssess)
async def assess(
    command: FacilityBaselineAssess, work: Work[FacilityBaselineAssess]
) -> FacilityBaseline:
    """Record how a facility stands; every time after the first counts up."""
    rules = await _allowed(command, work)
    if not await work.facts.rows(ORG_UNIT_PLACE, org_unit_id=command.org_unit_id):
        raise NotFound("orgUnitId", kind="OrgUnit", id=command.org_unit_id)
    look = _look(command, rules, work.day)
    baseline = await work.find(FacilityBaseline, _id(command, rules))
    if baseline is None:
        baseline = FacilityBaseline.begun(look)
        work.add(baseline)
    else:
        baseline.assess(look)
    return baseline


@handlers.decides(FacilityBaselineCorrect)
async def correct(
    command: FacilityBaselineCorrect, work: Work[FacilityBaselineCorrect]
) -> FacilityBaseline:
    """Say again what somebody saw."""
    rules = await _allowed(command, work)
    work.reason()
    baseline = await work.get(FacilityBaseline, _id(command, rules), field="orgUnitId")
    baseline.correct(_look(command, rules, command.assessed_on), command.attempt)
    return baseline


@handlers.decides(FacilityBaselineVoid)
async def void(command: FacilityBaselineVoid, work: Work[FacilityBaselineVoid]) -> FacilityBaseline:
    """Let a look count no more."""
    rules = await _allowed(command, work)
    work.reason()
    baseline = await work.get(FacilityBaseline, _id(command, rules), field="orgUnitId")
    baseline.void(command.attempt, work.day)
    return baseline


@handlers.decides(FacilityBaselineReinstate)
async def reinstate(
    command: FacilityBaselineReinstate, work: Work[FacilityBaselineReinstate]
) -> FacilityBaseline:
    """Let a voided look count again."""
    rules = await _allowed(command, work)
    work.reason()
    baseline = await work.get(FacilityBaseline, _id(command, rules), field="orgUnitId")
    baseline.reinstate(command.attempt, work.day)
    return baseline


Asked: TypeAlias = (
    FacilityBaselineAssess
    | FacilityBaselineCorrect
    | FacilityBaselineVoid
    | FacilityBaselineReinstate
)


async def _allowed(command: Asked, work: Work[Any]) -> Definition:
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    await work.allow(
        at=command.org_unit_id,
        programme=rules.programme,
        people=await _own_assessors(rules.programme, work),
    )
    return rules


def _id(command: Asked, rules: Definition) -> UUID:
    return facility_baseline_id(rules.programme, command.org_unit_id)


def _look(
    told: FacilityBaselineAssess | FacilityBaselineCorrect, rules: Definition, on: date
) -> Look:
    return Look(
        org_unit_id=told.org_unit_id,
        programme_version_id=told.programme_version_id,
        rules=rules,
        areas=told.areas,
        notes=told.notes,
        on=on,
    )


async def _own_assessors(programme: str, work: Work[Any]) -> list[UUID]:
    """Return which of the sender's records may assess in any area of the programme on that day."""
    found = []
    for person in sorted(work.actor.people_on(work.today)):
        rows = await work.facts.rows(MAY_ASSESS, health_worker_id=person, programme=programme)
        areas = {row["area"] for row in rows}
        if any(may_assess(work.day, [row for row in rows if row["area"] == a]) for a in areas):
            found.append(person)
    return found
