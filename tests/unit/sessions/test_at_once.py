"""Two commands at once that begin the same account beside their own records: both are decided."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import msgspec

from shared.access.tokens import Principal
from shared.contracts.definition.visits import CpdRule, CpdSide
from shared.domain.errors import MshauriError
from tests.support.house import OPERATOR
from tests.support.paired import days_ago, paired, rules


async def test_sessions_of_one_mentor_logged_at_once_all_count() -> None:
    hourly = CpdRule(code="HOUR", side=CpdSide.MENTOR, points_per_hour=Decimal(1))
    pair = await paired(rules(cpd=(hourly,)))
    someone = Principal(
        subject=OPERATOR, expires=datetime.now(UTC) + timedelta(hours=1), token="none"
    )

    def body() -> bytes:
        return msgspec.json.encode(
            {
                "commandId": uuid4(),
                "mentorshipId": pair.mentorship,
                "occurredOn": days_ago(10),
                "mode": "IN_PERSON",
                "minutes": 120,
                "present": [pair.mentors[0], pair.mentees[0]],
            }
        )

    ledger = pair.house.ledger("sessions")
    append = ledger.append

    async def slow(transaction):  # type: ignore[no-untyped-def]
        await asyncio.sleep(0.01)  # so that all of them are decided before one is recorded
        return await append(transaction)

    ledger.append = slow  # type: ignore[method-assign]
    commander = pair.house.commander("sessions")
    answers = await asyncio.gather(
        *(commander.execute("sessionLog", body(), someone) for _ in range(3)),
        return_exceptions=True,
    )
    assert not [one for one in answers if isinstance(one, MshauriError)], answers
