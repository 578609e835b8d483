"""Deciding on competency records."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.competency_record import CompetencyRecord, record_id
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.scoring import post_test
from services.validation.aggregates.trial import Trial
from services.validation.commands.falling import tell_what_falls
from services.validation.commands.framework import framework_id
from services.validation.commands.ground import weigh_ground
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import framework_of, mentee_of
from services.validation.views import MAY_ASSESS, may_assess
from services.validation.views.care import own_mentors
from shared.contracts.validation.competency_record import (
    CompetencyAssess,
    CompetencyBaselineAssess,
    CompetencyCoach,
    CompetencyLapse,
    CompetencyRevoke,
)
from shared.deciding.people import person_of
from shared.deciding.work import Work


@handlers.decides(CompetencyBaselineAssess)
async def assess_baseline(
    command: CompetencyBaselineAssess, work: Work[CompetencyBaselineAssess]
) -> CompetencyRecord:
    """Record the pre-test."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await allow(mentee, work, command.assessor_id)
    framework = await framework_of(mentee, rules, work)
    if command.competency is not None:
        framework.competency(command.competency)
    record = await record_of(mentee, framework, work)
    assessor = await assessor_of(command.assessor_id, mentee, work, work.day)
    record.assess_baseline(
        mentee,
        assessor,
        command.raw,
        command.max,
        work.findings(rules.conduct),
        framework=framework,
        competency=command.competency,
    )
    await weigh_ground(mentee, record, framework, work)
    return record


@handlers.decides(CompetencyAssess)
async def assess(command: CompetencyAssess, work: Work[CompetencyAssess]) -> CompetencyRecord:
    """Record an attempt, and what it proves."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await allow(mentee, work, command.assessor_id)
    framework = await framework_of(mentee, rules, work)
    trial = Trial(
        mentee=mentee,
        assessor=await assessor_of(command.assessor_id, mentee, work, work.day),
        framework=framework,
        competency=framework.competency(command.competency),
        items=command.items,
        technique=command.technique,
        post_test=post_test(command.post_test_raw, command.post_test_max),
        formative=command.formative,
    )
    record = await record_of(mentee, framework, work)
    record.attempt(trial, work.findings(rules.conduct))
    certificate = await weigh_ground(mentee, record, framework, work)
    await tell_what_falls(mentee, record, framework, certificate, work)
    return record


@handlers.decides(CompetencyCoach)
async def coach(command: CompetencyCoach, work: Work[CompetencyCoach]) -> CompetencyRecord:
    """Set what is practised before the next attempt: it is the assessor's to say, and that of
    whoever mentors the mentee.
    """
    mentee, _ = await mentee_of(command.enrolment_id, work)
    found = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    last = None if found is None else found.last(command.competency)
    by = None if last is None else last.assessor_id
    mentors = await own_mentors(mentee.enrolment_id, work)
    await allow(mentee, work, *filter(None, (by, *mentors)))
    record = await begun(mentee, work)
    record.coach(
        mentee,
        command.competency,
        command.actions,
        command.until,
        work.day,
        framework=await framework_by(record, work),
    )
    await weigh_ground(mentee, record, await framework_by(record, work), work)
    return record


@handlers.decides(CompetencyRevoke)
async def revoke(command: CompetencyRevoke, work: Work[CompetencyRevoke]) -> CompetencyRecord:
    """Take a validation back; a certificate that rests on it is in doubt from then on."""
    mentee, _ = await mentee_of(command.enrolment_id, work)
    await allow(mentee, work)
    work.reason()
    record = await begun(mentee, work)
    framework = await framework_by(record, work)
    record.revoke(mentee, framework, command.competency, work.day)
    certificate = await weigh_ground(mentee, record, framework, work)
    await tell_what_falls(mentee, record, framework, certificate, work)
    return record


@handlers.decides(CompetencyLapse)
async def lapse(command: CompetencyLapse, work: Work[CompetencyLapse]) -> CompetencyRecord:
    """Record that a validation's last day has passed."""
    mentee, _ = await mentee_of(command.enrolment_id, work)
    await allow(mentee, work)
    record = await begun(mentee, work)
    framework = await framework_by(record, work)
    record.lapse(mentee, framework, command.competency, work.day)
    await weigh_ground(mentee, record, framework, work)
    return record


async def allow(mentee: Mentee, work: Work[Any], *assessors: UUID) -> None:
    """Ask the policy; what is told of a mentee is their assessors' to tell, and not their own."""
    await work.allow(at=mentee.org_unit_id, programme=mentee.programme, people=assessors)


async def record_of(mentee: Mentee, framework: Framework, work: Work[Any]) -> CompetencyRecord:
    """Return the record that is kept for a mentee; it begins with the first that is told."""
    record = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    if record is None:
        record = CompetencyRecord.opened(mentee, framework)
        work.add(record)
    return record


async def begun(mentee: Mentee, work: Work[Any]) -> CompetencyRecord:
    """Return the record that is kept for a mentee."""
    return await work.get(CompetencyRecord, record_id(mentee.enrolment_id), field="enrolmentId")


async def framework_by(record: CompetencyRecord, work: Work[Any]) -> Framework:
    """Return the framework that the record was assessed by last: what it counts by."""
    return await work.get(Framework, framework_id(*record.framework), field="enrolmentId")


async def assessor_of(assessor_id: UUID, mentee: Mentee, work: Work[Any], day: date) -> Assessor:
    """Return who assessed, by the record under which they may, whichever of theirs is named."""
    person = await person_of(work.facts, assessor_id)
    assessor = Assessor(
        health_worker_id=person.id,
        certified=False,
        day=day,
        records=person.records,
        called=person.called,
        records_it=not work.actor.people.isdisjoint((assessor_id, *person.records)),
    )
    for record in dict.fromkeys((assessor_id, *person.records)):
        if await _may(record, mentee, work, day):
            return replace(assessor, health_worker_id=record, certified=True)
    return assessor


async def _may(record: UUID, mentee: Mentee, work: Work[Any], day: date) -> bool:
    rows = await work.facts.rows(
        MAY_ASSESS, health_worker_id=record, programme=mentee.programme, area=mentee.area
    )
    return may_assess(day, rows)
