"""Deciding on visits."""

from uuid import UUID

from services.sessions.aggregates.visit import Visit
from services.sessions.commands.handlers import handlers
from services.sessions.commands.units import must_be_there
from services.sessions.views.encounters import ENCOUNTER
from services.sessions.views.met import MENTOR_SINCE, certified_on
from shared.contracts.sessions.visit import VisitCorrect, VisitLog, VisitMade
from shared.deciding.work import Work
from shared.programmes.known import rules_of


@handlers.decides(VisitLog)
async def log(command: VisitLog, work: Work[VisitLog]) -> Visit:
    """Log a visit to a unit; its last days may still be to come."""
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    mentors = await _own_mentors(rules.programme, work)
    await work.allow(at=command.org_unit_id, programme=rules.programme, people=mentors)
    await must_be_there(command.org_unit_id, work, field="orgUnitId")
    visit = Visit.made(
        id=work.new_id(command.id, "visit"),
        told=VisitMade(
            programme_version_id=command.programme_version_id,
            programme=rules.programme,
            org_unit_id=command.org_unit_id,
            starts=command.starts,
            ends=command.ends,
            logged_by=next(iter(mentors), None),
        ),
        on=work.today,
    )
    work.add(visit)
    return visit


@handlers.decides(VisitCorrect)
async def correct(command: VisitCorrect, work: Work[VisitCorrect]) -> Visit:
    """Say on which days it was after all."""
    visit = await work.get(Visit, command.visit_id, field="visitId")
    await work.allow(
        at=visit.org_unit_id, programme=visit.programme, people=await _who_were_on(visit, work)
    )
    work.reason()
    visit.correct(command.starts, command.ends, work.today)
    return visit


async def _who_were_on(visit: Visit, work: Work[VisitCorrect]) -> list[UUID]:
    """Return who told of a visit, and who was in its sessions: it is theirs to correct."""
    sessions = await work.facts.rows(ENCOUNTER, visit_id=visit.id)
    there = [person for row in sessions if row["stands"] for person in row["people"]]
    return [*filter(None, (visit.logged_by,)), *there]


async def _own_mentors(programme: str, work: Work[VisitLog]) -> list[UUID]:
    """Return which of the sender's records mentor in the programme by the day of the command."""
    found = []
    for person in sorted(work.actor.people_on(work.today)):
        rows = await work.facts.rows(MENTOR_SINCE, health_worker_id=person, programme=programme)
        areas = {row["area"] for row in rows}
        if any(certified_on(work.day, [row for row in rows if row["area"] == a]) for a in areas):
            found.append(person)
    return found
