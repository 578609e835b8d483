"""Deciding on initiatives."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.initiative import Initiative
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from shared.contracts.sessions.initiative import (
    InitiativeAddMeasure,
    InitiativeChoose,
    InitiativeEnd,
    InitiativeEnding,
    InitiativeMeasure,
    InitiativeNote,
)
from shared.deciding.work import Work


@handlers.decides(InitiativeChoose)
async def choose(command: InitiativeChoose, work: Work[InitiativeChoose]) -> Initiative:
    """Record what a mentee chose: they themselves, or a mentor who coached them to it."""
    agreement = await agreement_of(command.mentorship_id, work)
    await work.allow(
        at=agreement.org_unit_id,
        programme=agreement.rules.programme,
        people=agreement.mentors | {command.health_worker_id},
    )
    initiative = Initiative.chosen(
        id=work.new_id(command.id, "initiative"),
        agreement=agreement,
        mentee=await party_named(command.health_worker_id, agreement, work),
        title=command.title,
        root_causes=command.root_causes,
        measures=command.measures,
        chosen_on=work.day,
    )
    work.add(initiative)
    return initiative


@handlers.decides(InitiativeMeasure)
async def measure(command: InitiativeMeasure, work: Work[InitiativeMeasure]) -> Initiative:
    """Record where one of its measures stood that day."""
    initiative = await _of(command.initiative_id, work)
    initiative.measure(command.measure, command.value, work.day)
    return initiative


@handlers.decides(InitiativeAddMeasure)
async def add_measure(
    command: InitiativeAddMeasure, work: Work[InitiativeAddMeasure]
) -> Initiative:
    """Have it measured by something else too."""
    initiative = await _of(command.initiative_id, work)
    initiative.add_measure(command.measure, work.day)
    return initiative


@handlers.decides(InitiativeNote)
async def note(command: InitiativeNote, work: Work[InitiativeNote]) -> Initiative:
    """Note what happened on the way."""
    initiative = await _of(command.initiative_id, work)
    initiative.note(command.note_kind, command.text, work.day)
    return initiative


@handlers.decides(InitiativeEnd)
async def end(command: InitiativeEnd, work: Work[InitiativeEnd]) -> Initiative:
    """Close it, or give it up for a reason."""
    initiative = await _of(command.initiative_id, work)
    if command.ending is InitiativeEnding.ABANDONED:
        work.reason()
    initiative.end(command.ending, command.result, work.day)
    return initiative


async def _of(initiative_id: UUID, work: Work[Any]) -> Initiative:
    initiative = await work.get(Initiative, initiative_id, field="initiativeId")
    agreement = await agreement_of(initiative.mentorship_id, work, field="initiativeId")
    await work.allow(
        at=initiative.org_unit_id,
        programme=initiative.programme,
        people=agreement.mentors | {initiative.mentee},
    )
    return initiative
