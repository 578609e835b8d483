"""Deciding on facility baselines."""

from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from services.validation.aggregates.facility_baseline import (
    FacilityBaseline,
    Look,
    LookSignedByAnother,
    facility_baseline_id,
)
from services.validation.commands.competency_record import begun, framework_by
from services.validation.commands.falling import JudgedAgain, tell_what_falls
from services.validation.commands.ground import weigh_ground
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import mentee_of
from services.validation.views.looked import ASSESSED_THERE
from services.validation.views.mentors import MAY_ASSESS, may_assess
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.definition import Definition
from shared.contracts.validation.facility_baseline import (
    FacilityBaselineAssess,
    FacilityBaselineCorrect,
    FacilityBaselineCountersign,
    FacilityBaselineReinstate,
    FacilityBaselineVoid,
)
from shared.deciding.people import person_of
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
    look = await _look(command, rules, work.day, work)
    baseline = await work.find(FacilityBaseline, _id(command, rules))
    if baseline is None:
        baseline = FacilityBaseline.begun(look)
        work.add(baseline)
    else:
        baseline.assess(look)
    await _weigh_what_followed(baseline, work)
    return baseline


@handlers.decides(FacilityBaselineCorrect)
async def correct(
    command: FacilityBaselineCorrect, work: Work[FacilityBaselineCorrect]
) -> FacilityBaseline:
    """Say again what somebody saw."""
    rules = await _allowed(command, work)
    work.reason()
    baseline = await work.get(FacilityBaseline, _id(command, rules), field="orgUnitId")
    look = await _look(command, rules, command.assessed_on, work)
    baseline.correct(look, command.attempt)
    await _weigh_what_followed(baseline, work)
    return baseline


@handlers.decides(FacilityBaselineCountersign)
async def countersign(
    command: FacilityBaselineCountersign, work: Work[FacilityBaselineCountersign]
) -> FacilityBaseline:
    """Sign as the assessor; nobody else can, whatever they were given."""
    rules = await _allowed(command, work)
    baseline = await work.get(FacilityBaseline, _id(command, rules), field="orgUnitId")
    assessor = baseline.known(command.attempt).assessor_id
    people = () if assessor is None else (await person_of(work.facts, assessor)).records
    if assessor is not None and work.actor.people.isdisjoint(people):
        raise LookSignedByAnother("attempt", actor=work.actor.subject, attempt=command.attempt)
    baseline.countersign(command.attempt, work.day)
    await _weigh_what_followed(baseline, work)
    return baseline


@handlers.decides(FacilityBaselineVoid)
async def void(command: FacilityBaselineVoid, work: Work[FacilityBaselineVoid]) -> FacilityBaseline:
    """Let a look count no more."""
    rules = await _allowed(command, work)
    work.reason()
    baseline = await work.get(FacilityBaseline, _id(command, rules), field="orgUnitId")
    baseline.void(command.attempt, work.day)
    await _weigh_what_followed(baseline, work)
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
    await _weigh_what_followed(baseline, work)
    return baseline


Asked: TypeAlias = (
    FacilityBaselineAssess
    | FacilityBaselineCorrect
    | FacilityBaselineCountersign
    | FacilityBaselineVoid
    | FacilityBaselineReinstate
)


async def _allowed(command: Asked, work: Work[Any]) -> Definition:
    """Ask the policy; a look is its assessor's own to tell, and to say again. Where nobody is
    named, it is that of whoever assesses in the programme.
    """
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    for assessor in await _named(command, rules, work):
        people = [assessor] if assessor else await _own_assessors(rules.programme, work)
        await work.allow(at=command.org_unit_id, programme=rules.programme, people=people)
    return rules


async def _named(command: Asked, rules: Definition, work: Work[Any]) -> list[UUID | None]:
    """Return who is said to have looked: now, and before, where it is said again."""
    said: list[UUID | None] = []
    if isinstance(command, FacilityBaselineAssess | FacilityBaselineCorrect):
        said.append(command.assessor_id)
    if not isinstance(command, FacilityBaselineAssess):
        baseline = await work.find(FacilityBaseline, _id(command, rules))
        looks = [] if baseline is None else baseline.looks
        known = looks[command.attempt - 1 : command.attempt]
        said.append(known[0].assessor_id if known else None)
    return said


def _id(command: Asked, rules: Definition) -> UUID:
    return facility_baseline_id(rules.programme, command.org_unit_id)


async def _look(
    told: FacilityBaselineAssess | FacilityBaselineCorrect,
    rules: Definition,
    on: date,
    work: Work[Any],
) -> Look:
    assessor = told.assessor_id
    if assessor is None:
        assessor = next(iter(await _own_assessors(rules.programme, work)), None)
    records = () if assessor is None else (await person_of(work.facts, assessor)).records
    return Look(
        org_unit_id=told.org_unit_id,
        programme_version_id=told.programme_version_id,
        rules=rules,
        areas=told.areas,
        notes=told.notes,
        on=on,
        assessor_id=assessor,
        records_it=not work.actor.people.isdisjoint(records),
    )


async def _weigh_what_followed(baseline: FacilityBaseline, work: Work[Any]) -> None:
    """Hold what was assessed there against when the facility was first looked at by now, in the
    same transaction: who tries it is told of all that falls.
    """
    facility = baseline.org_unit_id
    for row in await work.facts.rows(
        ASSESSED_THERE, org_unit_id=facility, programme=baseline.programme
    ):
        mentee, _ = await mentee_of(row["enrolment_id"], work)
        record = await begun(mentee, work)
        framework = await framework_by(record, work)
        if record.look_again(mentee, framework, facility, baseline.first_on, work.day):
            work.tell(JudgedAgain("orgUnitId", mentee=mentee.enrolment_id))
            certificate = await weigh_ground(mentee, record, framework, work)
            await tell_what_falls(mentee, record, framework, certificate, work)


async def _own_assessors(programme: str, work: Work[Any]) -> list[UUID]:
    """Return which of the sender's records may assess in any area of the programme on that day."""
    found = []
    for person in sorted(work.actor.people_on(work.today)):
        rows = await work.facts.rows(MAY_ASSESS, health_worker_id=person, programme=programme)
        areas = {row["area"] for row in rows}
        if any(may_assess(work.day, [row for row in rows if row["area"] == a]) for a in areas):
            found.append(person)
    return found
