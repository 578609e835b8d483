"""Deciding on mentees who come into a mentorship's care, and on those who leave it."""

from collections.abc import AsyncIterator, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.aggregates.enrolment import Enrolment, Standing
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.mentorship_rules import NoMenteeWorksThere, SecondMentorship
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.aggregates.readiness import must_be_ready
from services.registry.aggregates.team import must_be_covered, must_be_so_many
from services.registry.commands.handlers import handlers
from services.registry.commands.pairs import must_be_possible
from services.registry.commands.parties import (
    OtherCohort,
    mentee_party,
    mentorship_over,
    release_team,
    rules_under,
    team_of,
)
from services.registry.commands.within import lies_within
from services.registry.commands.workshops import who_stands_for
from services.registry.views.care import IN_CARE
from shared.contracts.definition import Definition
from shared.contracts.registry.mentorship import (
    MenteeLeaving,
    MentorshipAddMentee,
    MentorshipRemoveMentee,
)
from shared.deciding.work import Work
from shared.domain.findings import Findings


@handlers.decides(MentorshipAddMentee)
async def add(command: MentorshipAddMentee, work: Work[MentorshipAddMentee]) -> Mentorship:
    """Take a mentee into a mentorship's care, weighed like those it was proposed for."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    mentee = await work.get(Enrolment, command.enrolment_id, field="enrolmentId")
    if mentee.cohort_id != mentorship.cohort_id:
        raise OtherCohort("enrolmentId", mentee=mentee.id)
    rules = await rules_under(mentorship, work)
    findings = work.findings(rules.conduct, command.waivers)
    party = mentee_party(mentee)
    must_be_ready(mentee, rules, work.day, findings, field="enrolmentId")
    with findings.weighing():
        must_be_so_many(rules.ratio, len(mentorship.mentees) + 1, field="enrolmentId")
    with findings.weighing():
        areas = sorted(one.area for one in mentorship.team.values())
        must_be_covered(party, areas, field="enrolmentId")
    with findings.weighing():
        if not await _works_within(mentee, mentorship.org_unit_id, work.day, work):
            raise NoMenteeWorksThere("enrolmentId")
    await must_be_alone([mentee], rules, work, findings, besides=mentorship.id)
    await must_be_possible(
        await team_of(mentorship, work),
        [mentee],
        work,
        findings,
        supervisor_may=rules.matching.supervisor_may_mentor,
        field="enrolmentId",
    )
    mentorship.add_mentee(party, work.day, findings)
    await leave_if_ended(mentorship, [mentee], rules, work)
    return mentorship


@handlers.decides(MentorshipRemoveMentee)
async def remove(command: MentorshipRemoveMentee, work: Work[MentorshipRemoveMentee]) -> Mentorship:
    """Take a mentee out of its care for a reason; with the last, its mentors are free."""
    mentorship = await mentorship_over(command.mentorship_id, work)
    work.reason()
    rules = await rules_under(mentorship, work)
    await _leave(mentorship, command.enrolment_id, work.day, MenteeLeaving.REMOVED, rules, work)
    return mentorship


async def must_work_there(
    mentees: Iterable[Enrolment], unit: UUID, day: date, work: Work[Any]
) -> None:
    """Raise NoMenteeWorksThere unless a mentee worked at the unit, or below it, on that day."""
    for mentee in mentees:
        if await _works_within(mentee, unit, day, work):
            return
    raise NoMenteeWorksThere("orgUnitId")


async def _works_within(mentee: Enrolment, unit: UUID, day: date, work: Work[Any]) -> bool:
    """Say whether a mentee was mentored at a unit or below it on a day, or posted there besides."""
    if await lies_within(mentee.unit_on(day), unit, work):
        return True
    worker = await who_stands_for(mentee.health_worker_id, work, field="enrolmentIds")
    for besides in worker.units_on(day)[1:]:
        if await lies_within(besides, unit, work):
            return True
    return False


async def must_be_alone(
    mentees: Iterable[Enrolment],
    rules: Definition,
    work: Work[Any],
    findings: Findings,
    *,
    besides: UUID | None = None,
) -> None:
    """Weigh whether mentees who are mentored one to one are in another mentorship by now."""
    if rules.ratio.mentees != (1, 1):
        return
    for mentee in mentees:
        async for other in caring_for(mentee, work):
            with findings.weighing():
                if other.id != besides and other.live:
                    raise SecondMentorship("enrolmentIds", mentee=mentee.id)


async def caring_for(mentee: Enrolment, work: Work[Any]) -> AsyncIterator[Mentorship]:
    """Yield the mentorships that a mentee is or was in the care of."""
    for row in await work.facts.rows(IN_CARE, health_worker_id=mentee.health_worker_id):
        if row["enrolment_id"] == mentee.id:
            mentorship = await work.find(Mentorship, row["mentorship_id"])
            if mentorship is not None:
                yield mentorship


async def leave_care(mentee: Enrolment, on: date, cause: MenteeLeaving, work: Work[Any]) -> None:
    """Let somebody who ended leave the care of whoever waits for them still."""
    async for mentorship in caring_for(mentee, work):
        if not mentorship.over and mentorship.cares_for(mentee.id):
            rules = await rules_under(mentorship, work)
            await _leave(mentorship, mentee.id, on, cause, rules, work)


async def leave_if_ended(
    mentorship: Mentorship, mentees: Iterable[Enrolment], rules: Definition, work: Work[Any]
) -> None:
    """Let those leave again who ended since: what is recorded late is told to its end."""
    causes = {
        Standing.WITHDRAWN: MenteeLeaving.WITHDRAWN,
        Standing.COMPLETED: MenteeLeaving.COMPLETED,
    }
    for mentee in mentees:
        if mentee.ended_on is not None and not mentorship.over:
            cause = causes[mentee.standing]
            await _leave(mentorship, mentee.id, mentee.ended_on, cause, rules, work)


async def _leave(
    mentorship: Mentorship,
    enrolment_id: UUID,
    on: date,
    cause: MenteeLeaving,
    rules: Definition,
    work: Work[Any],
) -> None:
    if cause is not MenteeLeaving.REMOVED:  # whoever ended before they came, leaves as they come
        on = max(on, mentorship.joined.get(enrolment_id, on))
    mentorship.remove_mentee(enrolment_id, on, cause, rules.least_team, asked=rules.disengagement)
    if mentorship.over:
        await release_team(mentorship, on, work)


async def take_back(mentee: Enrolment, since: date, work: Work[Any]) -> None:
    """Bring somebody who goes on back into the care that they had left by ending."""
    async for mentorship in caring_for(mentee, work):
        was_over = mentorship.over
        if mentorship.take_back(mentee.id, since) and was_over:
            for mentor in await team_of(mentorship, work):
                mentor.assign(mentorship.id, since)


async def moves_alone(mentee: Enrolment, version: ProgrammeVersion, work: Work[Any]) -> None:
    """Move the mentorships along that somebody is the only mentee of: one version decides."""
    async for mentorship in caring_for(mentee, work):
        alone = [one.enrolment_id for one in mentorship.mentees] == [mentee.id]
        if mentorship.live and alone and mentorship.programme_version_id != version.id:
            mentorship.move_to(version.id, version.definition, work.day)
