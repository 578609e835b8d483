"""Deciding on initiatives."""

from services.sessions.aggregates.initiative import Initiative
from services.sessions.commands.agreement import agreement_of
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import party_named
from shared.contracts.sessions.initiative import InitiativeChoose, InitiativeMeasure
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
    initiative = await work.get(Initiative, command.initiative_id, field="initiativeId")
    agreement = await agreement_of(initiative.mentorship_id, work, field="initiativeId")
    await work.allow(
        at=initiative.org_unit_id,
        programme=initiative.programme,
        people=agreement.mentors | {initiative.mentee},
    )
    initiative.measure(command.measure, command.value, work.day)
    return initiative
