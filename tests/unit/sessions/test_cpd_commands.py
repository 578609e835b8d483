"""CPD points, by command: booked with the session that earns them, whatever becomes of it."""

from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.sessions.aggregates.cpd_account import account_id
from shared.contracts.definition.visits import CpdRule, CpdSide
from shared.contracts.sessions.cpd import CpdPointsAwarded, CpdPointsReversed
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules

NONE, ONE = Decimal(0), Decimal(1)
HOURLY = CpdRule(code="mentoring", side=CpdSide.MENTOR, points_per_hour=Decimal(1))
CAPPED = CpdRule(
    code="learning", side=CpdSide.MENTEE, points_per_hour=Decimal("0.5"), cap_per_year=Decimal(2)
)


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules(cpd=(HOURLY, CAPPED)))


def told(pair: Paired, **changes: Any) -> dict[str, Any]:
    return {
        "mode": "IN_PERSON",
        "minutes": 120,
        "present": [pair.mentors[0], pair.mentees[0]],
        **changes,
    }


async def log(pair: Paired, **changes: Any) -> UUID:
    content = told(pair, mentorshipId=pair.mentorship, occurredOn=days_ago(10), **changes)
    return (await pair.send("sessionLog", **content)).id


async def bookings(pair: Paired, person: UUID) -> list[CpdPointsAwarded | CpdPointsReversed]:
    events = await pair.house.events(account_id(person))
    assert all(isinstance(one, CpdPointsAwarded | CpdPointsReversed) for one in events)
    return events  # type: ignore[return-value]


async def balance(pair: Paired, person: UUID) -> Decimal:
    booked = await bookings(pair, person)
    return booked[-1].balance if booked else Decimal(0)


async def test_everybody_earns_by_their_own_side_and_their_own_minutes(pair: Paired) -> None:
    mentor, mentee = pair.mentors[0], pair.mentees[0]
    await log(pair, partly=[{"healthWorkerId": mentee, "minutes": 60}])
    assert await balance(pair, mentor) == 2
    assert await balance(pair, mentee) == Decimal("0.5")
    assert await bookings(pair, pair.mentors[1]) == []


async def test_a_session_is_the_record_that_is_answered(pair: Paired) -> None:
    content = told(pair, mentorshipId=pair.mentorship, occurredOn=days_ago(10))
    answer = await pair.send("sessionLog", **content)
    assert answer.record == "Session"
    assert (await bookings(pair, pair.mentors[0]))[0].source == answer.id


async def test_points_follow_a_correction_a_void_and_a_reinstatement(pair: Paired) -> None:
    first, second = pair.mentors
    session = await log(pair)
    anew = told(pair, sessionId=session, heldOn=days_ago(10), reason="A slip of the pen.")
    await pair.send(
        "sessionCorrect", **anew | {"minutes": 60, "present": [second, pair.mentees[0]]}
    )
    assert (await balance(pair, first), await balance(pair, second)) == (NONE, ONE)
    await pair.send("sessionVoid", sessionId=session, reason="It was logged twice.")
    assert (await balance(pair, first), await balance(pair, second)) == (NONE, NONE)
    await pair.send("sessionReinstate", sessionId=session, reason="It was not.")
    assert (await balance(pair, first), await balance(pair, second)) == (NONE, ONE)
    assert await balance(pair, pair.mentees[0]) == Decimal("0.5")


async def test_a_void_and_a_correction_give_what_the_cap_withheld() -> None:
    pair = await paired(
        rules(
            cpd=(
                CpdRule(
                    code="mentoring",
                    side=CpdSide.MENTOR,
                    points_per_hour=ONE,
                    cap_per_year=Decimal(3),
                ),
                CpdRule(
                    code="learning",
                    side=CpdSide.MENTEE,
                    points_per_hour=ONE,
                    cap_per_year=Decimal(2),
                ),
            )
        )
    )

    async def balances() -> list[Decimal]:
        return [await balance(pair, one) for one in (pair.mentors[0], pair.mentees[0])]

    first = await log(pair)
    second = await log(pair)
    await log(pair, minutes=60)
    assert await balances() == [3, 2]
    await pair.send("sessionVoid", sessionId=first, reason="It never took place.")
    assert await balances() == [3, 2]
    shorter = told(pair, sessionId=second, heldOn=days_ago(10), reason="It was shorter.")
    await pair.send("sessionCorrect", **shorter | {"minutes": 60})
    assert await balances() == [2, 2]
    await pair.send("sessionReinstate", sessionId=first, reason="It took place.")
    assert await balances() == [3, 2]


async def test_a_programme_without_points_keeps_no_accounts() -> None:
    pair = await paired(rules())
    await log(pair)
    assert await bookings(pair, pair.mentors[0]) == []


async def test_what_is_refused_earns_nothing(pair: Paired) -> None:
    with pytest.raises(MshauriError):
        await log(pair, minutes=1)
    assert await bookings(pair, pair.mentors[0]) == []


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_becomes_of_sessions_the_balance_is_what_was_booked(
    pair: Paired, seed: int
) -> None:
    random = Random(seed)
    sessions: dict[UUID, bool] = {}
    for _ in range(25):
        present = [
            *random.sample(pair.mentors, random.randint(1, 2)),
            *random.sample(pair.mentees, random.randint(1, 2)),
        ]
        said = {"minutes": random.randint(60, 240), "present": present}
        if not sessions or random.random() < 0.3:
            sessions[await log(pair, **said)] = True
            continue
        session = random.choice(sorted(sessions))
        if not sessions[session]:
            await pair.send("sessionReinstate", sessionId=session, reason="It counts.")
        elif random.random() < 0.3:
            await pair.send("sessionVoid", sessionId=session, reason="It does not count.")
        else:
            held_on = days_ago(random.randint(1, 20))
            anew = told(pair, sessionId=session, heldOn=held_on, reason="A slip.") | said
            await pair.send("sessionCorrect", **anew)
            continue
        sessions[session] = not sessions[session]
    for person in (*pair.mentors, *pair.mentees):
        await _must_add_up(pair, person, sessions)


async def _must_add_up(pair: Paired, person: UUID, sessions: dict[UUID, bool]) -> None:
    booked = await bookings(pair, person)
    stands: dict[tuple[UUID, str], CpdPointsAwarded] = {}
    total = Decimal(0)
    for one in booked:
        if isinstance(one, CpdPointsAwarded):
            assert (one.source, one.rule) not in stands
            stands[one.source, one.rule] = one
            total += one.points
        else:
            total -= stands.pop((one.source, one.rule)).points
        assert one.balance == total
    assert all(sessions[source] for source, _ in stands), "what is voided earns nothing"
    worth = {place: one.points + one.withheld for place, one in stands.items()}
    for year in {one.fiscal_year for one in stands.values()}:
        left = Decimal(2) if person in pair.mentees else Decimal(1000)
        of_year = [
            (one.earned_on, place) for place, one in stands.items() if one.fiscal_year == year
        ]
        for _, place in sorted(of_year):
            assert stands[place].points == min(worth[place], left)
            left -= stands[place].points
