"""Deciding on mentors who leave a mentorship, and on those who take their places."""

from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.commands.following_employment import follow_team, must_be_in_service
from services.registry.commands.handlers import handlers
from services.registry.commands.loads import carried_besides
from services.registry.commands.pairs import must_be_possible
from services.registry.commands.parties import (
    mentees_of,
    mentor_party,
    mentorship_over,
    must_be_of,
    rules_under,
)
from shared.contracts.registry.mentorship import MentorshipDisengage, MentorshipReassign
from shared.deciding.work import Work
from shared.domain.errors import OccurredInFuture


@handlers.decides(MentorshipDisengage)
async def disengage(command: MentorshipDisengage, work: Work[MentorshipDisengage]) -> Mentorship:
    """Record for a reason that a mentor leaves; they are free for others."""
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    mentorship = await work.get(Mentorship, command.mentorship_id, field="mentorshipId")
    await work.allow(
        at=mentorship.org_unit_id,
        programme=mentorship.programme,
        people=(mentor.health_worker_id,),
    )
    work.reason()
    for told in command.notified:
        if told.notified_on > work.today:
            raise OccurredInFuture("notified", occurred=told.notified_on, today=work.today)
    rules = await rules_under(mentorship, work)
    mentorship.disengage(
        mentor.id,
        work.day,
        notified=command.notified,
        asked=rules.disengagement,
        least=rules.least_team,
        cause=command.cause,
    )
    mentor.release(mentorship.id, work.day)
    return mentorship


@handlers.decides(MentorshipReassign)
async def reassign(command: MentorshipReassign, work: Work[MentorshipReassign]) -> Mentorship:
    """Put a mentor into the place of one who left; all else of the mentorship stays."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    mentor = await work.get(Mentor, command.mentor_id, field="mentorId")
    rules = await rules_under(mentorship, work)
    must_be_of(rules, mentor, field="mentorId")
    await must_be_in_service([mentor], work, field="mentorId")
    findings = work.findings(rules.conduct, command.waivers)
    mentees = await mentees_of(mentorship, work)
    may = rules.matching.supervisor_may_mentor
    await must_be_possible([mentor], mentees, work, findings, supervisor_may=may, field="mentorId")
    besides = await carried_besides(mentor, rules, work)
    mentor.must_be_free(rules.ratio.load, work.day, findings, besides=besides, field="mentorId")
    mentorship.reassign(
        command.replaces_id, mentor_party(mentor), work.day, findings, rules.least_team
    )
    mentor.assign(mentorship.id, work.day)
    await follow_team(mentorship, work)
    return mentorship
