"""Deciding on indicator records."""

from datetime import date
from typing import Any
from uuid import UUID

from services.validation.aggregates.certificate import Certificate, certificate_id
from services.validation.aggregates.indicator_record import (
    IndicatorRecord,
    Reading,
    indicator_record_id,
    is_complete,
)
from services.validation.aggregates.mentee import Mentee
from services.validation.commands.falling import tell_of_completion
from services.validation.commands.ground import certifies_completion
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import mentee_of
from services.validation.views.care import own_mentors
from shared.contracts.definition import Definition
from shared.contracts.validation.indicator import (
    IndicatorCorrect,
    IndicatorReinstate,
    IndicatorScore,
    IndicatorVoid,
    Occasion,
)
from shared.deciding.work import Work


@handlers.decides(IndicatorScore)
async def score(command: IndicatorScore, work: Work[IndicatorScore]) -> IndicatorRecord:
    """Score a mentee on an indicator."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await _allow(mentee, command.scorer_id, work)
    reading = _reading(mentee, rules, command, command.occasion, work.day)
    record = await work.find(IndicatorRecord, indicator_record_id(mentee.enrolment_id))
    if record is None:
        record = IndicatorRecord.begun(reading)
        work.add(record)
    else:
        record.score(reading)
    return record


@handlers.decides(IndicatorCorrect)
async def correct(command: IndicatorCorrect, work: Work[IndicatorCorrect]) -> IndicatorRecord:
    """Say again what a score was."""
    mentee, rules = await mentee_of(command.enrolment_id, work, on=command.scored_on)
    await _allow(mentee, await _scorer(mentee, command, work), work)
    await _allow(mentee, command.scorer_id, work)
    work.reason()
    record = await _record(mentee, work)
    before = record.known(command.indicator, command.round)
    reading = _reading(mentee, rules, command, before.occasion, command.scored_on)
    record.correct(reading, command.round)
    return record


@handlers.decides(IndicatorVoid)
async def void(command: IndicatorVoid, work: Work[IndicatorVoid]) -> IndicatorRecord:
    """Let a score count no more."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await _allow(mentee, await _scorer(mentee, command, work), work)
    work.reason()
    record = await _record(mentee, work)
    complete = is_complete(rules.indicators, record.scores)
    record.void(mentee, rules.indicators, command.indicator, command.round, work.day)
    falls = complete and not is_complete(rules.indicators, record.scores)
    if falls and mentee.end is not None and mentee.end.indicators:
        certificate = await work.find(Certificate, certificate_id(mentee.enrolment_id))
        of_it = certificate if certifies_completion(rules) else None
        tell_of_completion(mentee, command.indicator, of_it, work)
    return record


@handlers.decides(IndicatorReinstate)
async def reinstate(command: IndicatorReinstate, work: Work[IndicatorReinstate]) -> IndicatorRecord:
    """Let a voided score count again."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await _allow(mentee, await _scorer(mentee, command, work), work)
    work.reason()
    record = await _record(mentee, work)
    record.reinstate(mentee, rules.indicators, command.indicator, command.round, work.day)
    return record


def _reading(
    mentee: Mentee,
    rules: Definition,
    told: IndicatorScore | IndicatorCorrect,
    occasion: Occasion,
    on: date,
) -> Reading:
    return Reading(
        mentee=mentee,
        indicators=rules.indicators,
        indicator=told.indicator,
        occasion=occasion,
        score=told.score,
        scorer_id=told.scorer_id,
        on=on,
    )


async def _allow(mentee: Mentee, scorer: UUID | None, work: Work[Any]) -> None:
    """Ask the policy; a score is its scorer's to tell: where nobody else is named, the mentee's,
    and that of whoever mentors them, like all that mentees say of themselves.
    """
    people = (
        [scorer]
        if scorer
        else [mentee.health_worker_id, *await own_mentors(mentee.enrolment_id, work)]
    )
    await work.allow(at=mentee.org_unit_id, programme=mentee.programme, people=people)


async def _scorer(
    mentee: Mentee, told: IndicatorCorrect | IndicatorVoid | IndicatorReinstate, work: Work[Any]
) -> UUID | None:
    """Return who told a score, if there is one and it says so."""
    record = await work.find(IndicatorRecord, indicator_record_id(mentee.enrolment_id))
    scores = [] if record is None else record.scores.get(told.indicator, [])
    return next((one.scorer_id for one in scores if one.round == told.round), None)


async def _record(mentee: Mentee, work: Work[Any]) -> IndicatorRecord:
    id = indicator_record_id(mentee.enrolment_id)
    return await work.get(IndicatorRecord, id, field="enrolmentId")
