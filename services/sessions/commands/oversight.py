"""Deciding on supervision visits and coordination meetings. They are logged once they were held;
how often they are to be is a rhythm, and no reason to refuse one.
"""

from services.sessions.aggregates.coordination_meeting import CoordinationMeeting
from services.sessions.aggregates.supervision_visit import SupervisionVisit
from services.sessions.commands.handlers import handlers
from services.sessions.commands.units import must_be_there
from shared.contracts.sessions.oversight import (
    CoordinationMeetingHeld,
    CoordinationMeetingLog,
    SupervisionVisitHeld,
    SupervisionVisitLog,
)
from shared.deciding.work import Work
from shared.programmes.known import rules_of


@handlers.decides(SupervisionVisitLog)
async def log_visit(
    command: SupervisionVisitLog, work: Work[SupervisionVisitLog]
) -> SupervisionVisit:
    """Log a supervision visit to a unit."""
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    await work.allow(at=command.org_unit_id, programme=rules.programme)
    await must_be_there(command.org_unit_id, work, field="orgUnitId")
    visit = SupervisionVisit.begin(
        work.new_id(command.id, "supervision_visit"),
        SupervisionVisitHeld(
            programme_version_id=command.programme_version_id,
            programme=rules.programme,
            org_unit_id=command.org_unit_id,
            held_on=work.day,
            joint=command.joint,
            supervisors=command.supervisors,
            findings=command.findings,
            recommendations=command.recommendations,
        ),
    )
    work.add(visit)
    return visit


@handlers.decides(CoordinationMeetingLog)
async def log_meeting(
    command: CoordinationMeetingLog, work: Work[CoordinationMeetingLog]
) -> CoordinationMeeting:
    """Log a coordination meeting of a unit."""
    rules = await rules_of(work.facts, command.programme_version_id, field="programmeVersionId")
    await work.allow(at=command.org_unit_id, programme=rules.programme)
    await must_be_there(command.org_unit_id, work, field="orgUnitId")
    meeting = CoordinationMeeting.begin(
        work.new_id(command.id, "coordination_meeting"),
        CoordinationMeetingHeld(
            programme_version_id=command.programme_version_id,
            programme=rules.programme,
            org_unit_id=command.org_unit_id,
            held_on=work.day,
            participants=command.participants,
            decisions=command.decisions,
        ),
    )
    work.add(meeting)
    return meeting
