"""A session that is corrected, voided and let count again: what follows from it follows again, and
nothing counts twice, or by a roundabout way.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from services.gateway.projections import MENTEE, SESSION, SESSION_ATTENDANCE
from shared.contracts.definition import Conduct, Minutes
from shared.contracts.definition.assessment import End
from shared.domain import new_id
from tests.support.mentoring import Country
from tests.support.mentoring import rules as letters
from tests.support.paired import Paired, days_ago, rules
from tests.unit.field.test_mentorships import WHY, Team, team
from tests.unit.field.test_mentorships import gentle as gentle_pairs
from tests.unit.field.test_sessions_of_a_day import deviations, gentle, points
from tests.unit.sessions.test_session_commands import again, log, told

CEILING = Minutes(min=60, target=480, per_day=480)


async def void(pair: Paired, session: UUID) -> None:
    await pair.send("sessionVoid", sessionId=session, reason=WHY)


async def reinstate(pair: Paired, session: UUID) -> None:
    await pair.send("sessionReinstate", sessionId=session, reason=WHY)


async def correct(hers: Team, session: dict[str, Any], *present: UUID) -> None:
    """Say again, 25 days into the story, who was there."""
    await hers.country.send(
        "sessionCorrect",
        sessionId=session["id"],
        heldOn=session["held_on"],
        mode="PHONE",
        minutes=session["minutes"],
        present=list(present),
        reason=WHY,
        on=25,
    )


async def test_who_was_not_there_after_all_did_not_complete_by_it() -> None:
    hers = await team(gentle_pairs(end=End(sessions=2)), mentees=2)
    await hers.log(hers.mentors[0], *hers.mentees, on=5)
    session = await hers.log(hers.mentors[0], *hers.mentees, on=20)
    await correct(hers, session, hers.mentors[0], hers.mentees[0])
    rows = [hers.country.house.rows(MENTEE, id=one)[0] for one in hers.enrolments]
    assert [row["status"] for row in rows] == ["COMPLETED", "ENROLLED"]


async def test_a_session_before_the_letters_does_not_count_by_being_corrected() -> None:
    country = await Country.under(letters(conduct=Conduct()))
    hers = await Team(country).proposed()
    people = (hers.mentors[0], hers.mentees[0])
    session = await hers.log(*people, on=5)
    await correct(hers, session, *people)
    assert hers.departs(session["id"]) == {"MENTORSHIP_NOT_SIGNED"}
    await country.sign(hers.id, *people, on=4)
    await correct(hers, session, *people)
    assert hers.departs(session["id"]) == set(), "the letters were found"


async def test_what_was_told_in_the_place_of_a_voided_session_does_not_count_beside_it() -> None:
    pair = await gentle()
    first = await log(pair)
    await void(pair, first)
    await log(pair)
    await reinstate(pair, first)
    assert deviations(pair, first) == ["SESSION_TWICE"]
    assert points(pair) == 2


async def test_a_reinstated_session_counts_up_to_the_ceiling_of_its_day() -> None:
    pair = await gentle(minutes=CEILING)
    first = await log(pair, minutes=400)
    await void(pair, first)
    await log(pair, minutes=400, present=[pair.mentors[0], pair.mentees[1]])
    await reinstate(pair, first)
    assert points(pair) == 8


async def test_a_session_that_a_phone_sends_again_is_the_one_it_was() -> None:
    pair = await gentle()
    wish = told(pair, commandId=new_id())
    session = (await pair.send("sessionLog", **wish)).id
    await pair.send("sessionLog", **wish)
    assert points(pair) == 2
    await void(pair, session)
    assert points(pair) == 0


async def test_what_is_known_by_now_changes_nothing_of_what_is_sent_again() -> None:
    pair = await gentle()
    wish = told(pair, commandId=new_id())
    session = (await pair.send("sessionLog", **wish)).id
    await pair.send(
        "mentorSuspend", mentorId=pair.mentor_ids[0], reason=WHY, occurredOn=days_ago(20)
    )
    await pair.send("sessionLog", **wish)
    await void(pair, session)
    assert points(pair) == 0


async def move(pair: Paired, on: int) -> None:
    """Move the mentorship to a version that gives no points."""
    without = msgspec.json.encode(replace(rules(conduct=Conduct()), version=2)).decode()
    published = await pair.send("programmePublish", definition=without, occurredOn=days_ago(on))
    await pair.send(
        "mentorshipMoveToVersion",
        mentorshipId=pair.mentorship,
        programmeVersionId=published.id,
        reason=WHY,
        occurredOn=days_ago(on),
    )


def shown(pair: Paired, sessions: list[UUID]) -> Any:
    """Return what is shown of some sessions, without where it was told."""
    facts = ("minutes", "counts", "facts_id", "words_id", "status")
    rows = {row["id"]: row for row in pair.house.rows(SESSION)}
    return (
        [[rows[one][name] for name in facts] for one in sessions],
        [deviations(pair, one) for one in sessions],
        sorted(
            (row["session_id"], row["health_worker_id"], row["credited"])
            for row in pair.house.rows(SESSION_ATTENDANCE)
        ),
        points(pair),
    )


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("which", [0, 1])
async def test_voiding_one_of_two_and_letting_it_count_again_restores_both(
    settled: bool, which: int
) -> None:
    pair = await gentle(minutes=CEILING)
    sessions = [await log(pair, minutes=300), await log(pair, minutes=300)]
    if settled:
        await pair.send("sessionSettle", sessionId=sessions[1], reason=WHY)
    before = shown(pair, sessions)
    await void(pair, sessions[which])
    await reinstate(pair, sessions[which])
    assert shown(pair, sessions) == before


@pytest.mark.parametrize("moved", [8, 20])
async def test_points_go_by_the_version_that_the_session_was_weighed_by(moved: int) -> None:
    pair = await gentle()
    session = await log(pair)
    await move(pair, on=moved)
    await void(pair, session)
    assert points(pair) == 0
    await reinstate(pair, session)
    assert points(pair) == Decimal(2)


async def test_a_correction_under_a_version_without_points_takes_back_what_there_was() -> None:
    pair = await gentle()
    session = await log(pair)
    await move(pair, on=20)
    await pair.send("sessionCorrect", **again(pair, session))
    assert points(pair) == 0
