"""Deciding on competency records."""

from typing import Any
from uuid import UUID

from services.validation.aggregates.competency_record import (
    Assessor,
    CompetencyRecord,
    Mentee,
    record_id,
)
from services.validation.aggregates.framework import Framework
from services.validation.commands.framework import framework_id
from services.validation.commands.handlers import handlers
from services.validation.views import CERTIFIED, MENTEE
from shared.contracts.definition import Area
from shared.contracts.validation.competency_record import (
    CompetencyAssess,
    CompetencyBaselineAssess,
)
from shared.programmes.known import rules_of
from shared.runtime.work import Work


@handlers.decides(CompetencyBaselineAssess)
async def assess_baseline(
    command: CompetencyBaselineAssess, work: Work[CompetencyBaselineAssess]
) -> CompetencyRecord:
    """Record the pre-test."""
    mentee, area = await _mentee(command.enrolment_id, work)
    await work.allow(at=mentee.org_unit_id, programme=mentee.programme)
    framework = await _framework(area, work)
    record = await _record(mentee, framework, work)
    assessor = await _assessor(command.assessor_id, mentee, work)
    record.assess_baseline(mentee, assessor, command.raw, command.max)
    return record


@handlers.decides(CompetencyAssess)
async def assess(command: CompetencyAssess, work: Work[CompetencyAssess]) -> CompetencyRecord:
    """Record an attempt, and what it proves."""
    mentee, area = await _mentee(command.enrolment_id, work)
    await work.allow(at=mentee.org_unit_id, programme=mentee.programme)
    framework = await _framework(area, work)
    competency = framework.competency(command.competency)
    record = await _record(mentee, framework, work)
    assessor = await _assessor(command.assessor_id, mentee, work)
    record.assess(mentee, assessor, framework, competency, command.items, command.technique)
    return record


async def _mentee(enrolment_id: UUID, work: Work[Any]) -> tuple[Mentee, Area]:
    known = await work.facts.get(MENTEE, enrolment_id, field="enrolmentId", kind="Mentee")
    rules = await rules_of(work.facts, known["programme_version_id"], field="enrolmentId")
    area = rules.area(known["area"])
    assert area is not None, "the registry enrols in areas of the programme only"
    mentee = Mentee(
        enrolment_id=enrolment_id,
        health_worker_id=known["health_worker_id"],
        programme_version_id=known["programme_version_id"],
        programme=known["programme"],
        area=known["area"],
        org_unit_id=known["org_unit_id"],
        enrolled_on=known["since"],
        gates=rules.gates,
        rule=rules.validation,
    )
    return mentee, area


async def _framework(area: Area, work: Work[Any]) -> Framework:
    id = framework_id(area.framework, area.framework_version)
    return await work.get(Framework, id, field="enrolmentId")


async def _record(mentee: Mentee, framework: Framework, work: Work[Any]) -> CompetencyRecord:
    record = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    if record is None:
        record = CompetencyRecord.opened(mentee, framework)
        work.add(record)
    return record


async def _assessor(assessor_id: UUID, mentee: Mentee, work: Work[Any]) -> Assessor:
    certified = await work.facts.find(CERTIFIED, assessor_id, mentee.programme, mentee.area)
    return Assessor(
        health_worker_id=assessor_id,
        certified=certified is not None and certified["certified_on"] <= work.day,
        day=work.day,
    )
