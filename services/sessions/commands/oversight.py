"""Deciding on supervision visits and coordination meetings. They are logged once they were held;
how often they are to be is a rhythm, and no reason to refuse one.
"""

from typing import Any

from services.sessions.aggregates.coordination_meeting import CoordinationMeeting
from services.sessions.aggregates.supervision_visit import SupervisionVisit
from services.sessions.commands.handlers import handlers
from services.sessions.commands.parties import each_named
from services.sessions.commands.taking_back import can_be_taken_back
from services.sessions.commands.units import must_be_there
from shared.contracts.sessions.oversight import (
    CoordinationMeetingCorrect,
    CoordinationMeetingHeld,
    CoordinationMeetingLog,
    CoordinationMeetingReinstate,
    CoordinationMeetingVoid,
    SupervisionVisitCorrect,
    SupervisionVisitHeld,
    SupervisionVisitLog,
    SupervisionVisitReinstate,
    SupervisionVisitVoid,
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
    visit = SupervisionVisit.told(
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
            told=len(command.findings),
            mentors=await each_named(command.mentors, work, field="mentors"),
            scores=command.scores,
            next_visit_on=command.next_visit_on,
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
    meeting = CoordinationMeeting.told(
        work.new_id(command.id, "coordination_meeting"),
        CoordinationMeetingHeld(
            programme_version_id=command.programme_version_id,
            programme=rules.programme,
            org_unit_id=command.org_unit_id,
            held_on=work.day,
            participants=command.participants,
            decisions=command.decisions,
            told=len(command.decisions),
            agenda=command.agenda,
            attendees=await each_named(command.attendees, work, field="attendees"),
            offices=command.offices,
            reports=command.reports,
        ),
    )
    work.add(meeting)
    return meeting


@handlers.decides(SupervisionVisitCorrect)
async def correct_visit(
    command: SupervisionVisitCorrect, work: Work[SupervisionVisitCorrect]
) -> SupervisionVisit:
    """Say when supervisors came, and which, after all."""
    visit = await work.get(
        SupervisionVisit, command.supervision_visit_id, field="supervisionVisitId"
    )
    await _allow(visit, work)
    work.reason()
    work.must_have_come(command.held_on, "heldOn")
    await must_be_there(visit.org_unit_id, work, field="supervisionVisitId", on=command.held_on)
    visit.correct(held_on=command.held_on, joint=command.joint, supervisors=command.supervisors)
    return visit


@handlers.decides(CoordinationMeetingCorrect)
async def correct_meeting(
    command: CoordinationMeetingCorrect, work: Work[CoordinationMeetingCorrect]
) -> CoordinationMeeting:
    """Say when they met, and how many, after all."""
    meeting = await work.get(
        CoordinationMeeting, command.coordination_meeting_id, field="coordinationMeetingId"
    )
    await _allow(meeting, work)
    work.reason()
    work.must_have_come(command.held_on, "heldOn")
    await must_be_there(
        meeting.org_unit_id, work, field="coordinationMeetingId", on=command.held_on
    )
    meeting.correct(held_on=command.held_on, participants=command.participants)
    return meeting


async def _allow(held: SupervisionVisit | CoordinationMeeting, work: Work[Any]) -> None:
    await work.allow(at=held.org_unit_id, programme=held.programme)


can_be_taken_back(
    SupervisionVisit,
    void=SupervisionVisitVoid,
    reinstate=SupervisionVisitReinstate,
    by="supervision_visit_id",
    allow=_allow,
)
can_be_taken_back(
    CoordinationMeeting,
    void=CoordinationMeetingVoid,
    reinstate=CoordinationMeetingReinstate,
    by="coordination_meeting_id",
    allow=_allow,
)
