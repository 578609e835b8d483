"""Who withdrew, completed or was suspended is on record as present, and earns nothing."""

from uuid import UUID

from msgspec.structs import replace

from services.gateway.projections import CPD_ACCOUNT, DEVIATION, SESSION
from services.registry.views.progress import ATTENDANCE
from shared.contracts.definition import Conduct
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.registry.mentorship import MentorshipProposed
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.field.test_sessions_of_a_day import POINTS, deviations
from tests.unit.sessions.test_deviations import POINTS as MENTEES_POINTS
from tests.unit.sessions.test_session_commands import again, log


async def gentle(conduct: Conduct | None = None) -> Paired:
    both = (*POINTS, replace(MENTEES_POINTS[0], code="MENTEE-HOUR"))
    return await paired(replace(rules(cpd=both), conduct=conduct or Conduct()))


async def withdraw(pair: Paired, person: UUID, days: int) -> None:
    proposed, *_ = await pair.house.events(pair.mentorship)
    assert isinstance(proposed, MentorshipProposed)
    for one in proposed.mentees:
        if one.health_worker_id == person:
            await pair.send(
                "menteeWithdraw",
                enrolmentId=one.enrolment_id,
                reason="She moved.",
                occurredOn=days_ago(days),
            )


def earners(pair: Paired) -> set[UUID]:
    return {row["health_worker_id"] for row in pair.house.rows(CPD_ACCOUNT) if row["balance"]}


async def test_a_withdrawn_mentee_was_present_and_earns_nothing() -> None:
    pair = await gentle()
    gone, stays = pair.mentees
    await withdraw(pair, gone, 15)
    session = await log(pair, present=[pair.mentors[0], gone, stays])
    assert deviations(pair, session) == ["MENTEE_HAD_LEFT"]
    assert earners(pair) == {pair.mentors[0], stays}
    assert len(pair.house.rows(ATTENDANCE)) == 1


async def test_a_session_with_nobody_who_is_enrolled_counts_for_nobody() -> None:
    pair = await gentle()
    await withdraw(pair, pair.mentees[0], 15)
    await log(pair)
    assert earners(pair) == set()
    assert pair.house.rows(SESSION)[0]["counts"] is False


async def test_a_late_form_of_before_they_left_counts() -> None:
    pair = await gentle()
    await withdraw(pair, pair.mentees[0], 5)
    assert deviations(pair, await log(pair)) == []
    assert earners(pair) == {pair.mentors[0], pair.mentees[0]}


async def test_a_suspended_mentor_logs_and_earns_nothing() -> None:
    pair = await gentle()
    await pair.send(
        "mentorSuspend", mentorId=pair.mentor_ids[0], reason="Misconduct.", occurredOn=days_ago(20)
    )
    session = await log(pair, present=[*pair.mentors, pair.mentees[0]])
    assert deviations(pair, session) == ["MENTOR_WAS_SUSPENDED"]
    assert earners(pair) == {pair.mentors[1], pair.mentees[0]}


async def test_suspension_is_judged_as_of_the_sessions_day() -> None:
    pair = await gentle()
    for name, days in (("mentorSuspend", 20), ("mentorReinstate", 12)):
        await pair.send(
            name, mentorId=pair.mentor_ids[0], reason="As found.", occurredOn=days_ago(days)
        )
    session = await log(pair)
    assert deviations(pair, session) == []
    moved = again(pair, session, heldOn=days_ago(15))
    await pair.send("sessionCorrect", **moved)
    assert deviations(pair, session) == ["MENTOR_WAS_SUSPENDED"]
    assert earners(pair) == set()


async def test_a_version_may_let_it_count() -> None:
    pair = await gentle(Conduct(count=(ConductRule.MENTEE_HAD_LEFT,)))
    await withdraw(pair, pair.mentees[0], 15)
    await log(pair)
    assert [(row["rule"], row["counts"]) for row in pair.house.rows(DEVIATION)] == [
        ("MENTEE_HAD_LEFT", True)
    ]
    assert earners(pair) == {pair.mentors[0], pair.mentees[0]}
