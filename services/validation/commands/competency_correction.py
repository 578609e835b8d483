"""Deciding on corrections of competency records: each for a reason, and what followed is weighed
again.
"""

from typing import Any
from uuid import UUID

from services.validation.aggregates.competency_record import CompetencyRecord, record_id
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.refusals import SignedByAnother
from services.validation.aggregates.scoring import post_test
from services.validation.aggregates.trial import Trial
from services.validation.commands.competency_record import (
    allow,
    assessor_of,
    begun,
    framework_by,
)
from services.validation.commands.falling import tell_what_falls
from services.validation.commands.ground import weigh_ground
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import framework_of, mentee_of
from shared.contracts.validation.competency_correction import (
    CompetencyAttemptCorrect,
    CompetencyAttemptCountersign,
    CompetencyAttemptReinstate,
    CompetencyAttemptVoid,
    CompetencyBaselineCorrect,
)
from shared.deciding.people import person_of
from shared.deciding.work import Work


@handlers.decides(CompetencyBaselineCorrect)
async def correct_baseline(
    command: CompetencyBaselineCorrect, work: Work[CompetencyBaselineCorrect]
) -> CompetencyRecord:
    """Say again what a pre-test was."""
    mentee, rules = await mentee_of(command.enrolment_id, work, on=command.assessed_on)
    found = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    taken = None if found is None else found.pre_test(command.competency)
    await _allow_both(mentee, work, None if taken is None else taken.assessor_id)
    work.reason()
    record = await begun(mentee, work)
    record.correct_baseline(
        mentee,
        await assessor_of(command.assessor_id, mentee, work, command.assessed_on),
        command.raw,
        command.max,
        work.findings(rules.conduct),
        framework=await framework_by(record, work),
        competency=command.competency,
        on=work.day,
    )
    return await _weighed(mentee, record, work)


@handlers.decides(CompetencyAttemptCorrect)
async def correct(
    command: CompetencyAttemptCorrect, work: Work[CompetencyAttemptCorrect]
) -> CompetencyRecord:
    """Say again what an attempt was."""
    mentee, rules = await mentee_of(command.enrolment_id, work, on=command.assessed_on)
    await _allow_both(mentee, work, *await _assessors(mentee, command, work))
    work.reason()
    record = await begun(mentee, work)
    framework = await framework_of(mentee, rules, work)
    trial = Trial(
        mentee=mentee,
        assessor=await assessor_of(command.assessor_id, mentee, work, command.assessed_on),
        framework=framework,
        competency=framework.competency(command.competency),
        items=command.items,
        technique=command.technique,
        post_test=post_test(command.post_test_raw, command.post_test_max),
    )
    record.correct(trial, command.attempt, work.findings(rules.conduct), work.day)
    return await _weighed(mentee, record, work)


@handlers.decides(CompetencyAttemptVoid)
async def void(
    command: CompetencyAttemptVoid, work: Work[CompetencyAttemptVoid]
) -> CompetencyRecord:
    """Let an attempt count no more."""
    mentee, record = await _of(command, work)
    work.reason()
    framework = await framework_by(record, work)
    record.void(mentee, framework, command.competency, command.attempt, work.day)
    return await _weighed(mentee, record, work)


@handlers.decides(CompetencyAttemptReinstate)
async def reinstate(
    command: CompetencyAttemptReinstate, work: Work[CompetencyAttemptReinstate]
) -> CompetencyRecord:
    """Let a voided attempt count again."""
    mentee, record = await _of(command, work)
    work.reason()
    framework = await framework_by(record, work)
    record.reinstate(mentee, framework, command.competency, command.attempt, work.day)
    return await _weighed(mentee, record, work)


@handlers.decides(CompetencyAttemptCountersign)
async def countersign(
    command: CompetencyAttemptCountersign, work: Work[CompetencyAttemptCountersign]
) -> CompetencyRecord:
    """Sign as the assessor; nobody else can, whatever they were given."""
    mentee, record = await _of(command, work)
    assessor = record.known(command.competency, command.attempt).assessor_id
    person = await person_of(work.facts, assessor or mentee.health_worker_id)
    if work.actor.people.isdisjoint(person.records):
        raise SignedByAnother(
            "attempt",
            actor=work.actor.subject,
            competency=command.competency,
            attempt=command.attempt,
        )
    framework = await framework_by(record, work)
    record.countersign(mentee, framework, command.competency, command.attempt, work.day)
    return await _weighed(mentee, record, work)


async def _of(command: Any, work: Work[Any]) -> tuple[Mentee, CompetencyRecord]:
    """Return the mentee and their record, if the sender may touch it; the assessor may, too."""
    mentee, _ = await mentee_of(command.enrolment_id, work)
    await allow(mentee, work, *await _assessors(mentee, command, work))
    return mentee, await begun(mentee, work)


async def _assessors(mentee: Mentee, command: Any, work: Work[Any]) -> list[UUID]:
    """Return who assessed an attempt, if there is one and it was made here."""
    record = await work.find(CompetencyRecord, record_id(mentee.enrolment_id))
    attempts = [] if record is None else record.attempts.get(command.competency, [])
    this = [one for one in attempts if one.number == command.attempt]
    return [one.assessor_id for one in this if one.assessor_id is not None]


async def _allow_both(mentee: Mentee, work: Work[Any], *before: UUID | None) -> None:
    """Ask the policy for what is said now, and for what was said before: neither is another's."""
    await allow(mentee, work, *filter(None, before))
    await allow(mentee, work, work.command.assessor_id)


async def _weighed(mentee: Mentee, record: CompetencyRecord, work: Work[Any]) -> CompetencyRecord:
    framework = await framework_by(record, work)
    certificate = await weigh_ground(mentee, record, framework, work)
    await tell_what_falls(mentee, record, framework, certificate, work)
    return record
