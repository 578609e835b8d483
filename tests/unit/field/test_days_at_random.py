"""Whatever is told, voided, reinstated, corrected and signed: nobody's day counts for more than its
ceiling.
"""

from collections import Counter
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from services.gateway.projections import SESSION, SESSION_ATTENDANCE
from shared.contracts.definition import Minutes
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago
from tests.unit.field.test_sessions_of_a_day import gentle
from tests.unit.sessions.test_session_commands import again, log

MOST, WHY = 480, {"reason": "As the register says."}


@pytest.mark.parametrize("seed", [19, 24, 408, 456])
async def test_nobodys_day_counts_for_more_than_its_ceiling(seed: int) -> None:
    random = Random(seed)
    pair = await gentle(minutes=Minutes(min=60, target=MOST, per_day=MOST))
    mentorships = [pair.mentorship, await pair.another_mentorship()]
    sessions = [await log(pair, **said(pair, random))]
    for _ in range(14):
        session, mentorship = random.choice(sessions), random.choice(mentorships)
        letter = {"mentorshipId": mentorship, "healthWorkerId": random.choice(pair.mentees)}
        day = days_ago(random.choice([10, 11]))
        with suppress(MshauriError):
            match random.choice(["tell", "tell", "void", "reinstate", "correct", "sign", "unsign"]):
                case "tell":
                    told = said(pair, random)
                    sessions.append(await log(pair, mentorshipId=mentorship, **told))
                case "void":
                    await pair.send("sessionVoid", sessionId=session, **WHY)
                case "reinstate":
                    await pair.send("sessionReinstate", sessionId=session, **WHY)
                case "correct":
                    told = again(pair, session, **said(pair, random), heldOn=day)
                    await pair.send("sessionCorrect", **told)
                case "sign":
                    await pair.send("mentorshipSign", **letter, occurredOn=days_ago(30))
                case "unsign":
                    await pair.send("mentorshipVoidSignature", **letter, **WHY)
        assert max(counted(pair).values(), default=0) <= MOST


def said(pair: Paired, random: Random) -> dict[str, Any]:
    return {
        "minutes": random.choice([100, 200, 300, 400]),
        "mode": random.choice(["PHONE", "IN_PERSON"]),
        "present": [random.choice(pair.mentors), random.choice(pair.mentees)],
    }


def counted(pair: Paired) -> Counter[Any]:
    """Return how many minutes count, by person and day."""
    held = {row["id"]: row for row in pair.house.rows(SESSION)}
    minutes: Counter[Any] = Counter()
    for row in pair.house.rows(SESSION_ATTENDANCE):
        session = held[row["session_id"]]
        said_last = row["present"] and row["facts_id"] == session["facts_id"]
        if said_last and session["status"] == "HELD" and session["counts"]:
            there = row["minutes"] if row["credited"] is None else row["credited"]
            minutes[row["health_worker_id"], session["held_on"]] += there
    return minutes
