"""Deciding on indicator records."""

from services.validation.aggregates.indicator_record import (
    IndicatorRecord,
    Reading,
    indicator_record_id,
)
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import mentee_of
from shared.contracts.validation.indicator import IndicatorScore
from shared.deciding.work import Work


@handlers.decides(IndicatorScore)
async def score(command: IndicatorScore, work: Work[IndicatorScore]) -> IndicatorRecord:
    """Score a mentee on an indicator."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    scorers = () if command.scorer_id is None else (command.scorer_id,)
    await work.allow(
        at=mentee.org_unit_id,
        programme=mentee.programme,
        people=(mentee.health_worker_id, *scorers),
    )
    reading = Reading(
        mentee=mentee,
        indicators=rules.indicators,
        indicator=command.indicator,
        occasion=command.occasion,
        score=command.score,
        scorer_id=command.scorer_id,
        on=work.day,
    )
    record = await work.find(IndicatorRecord, indicator_record_id(mentee.enrolment_id))
    if record is None:
        record = IndicatorRecord.begun(reading)
        work.add(record)
    else:
        record.score(reading)
    return record
