"""One patience for a request: side by side it is spent once, and no silent service outlasts it."""

import asyncio
import time

from shared.deciding.facts import Facts
from shared.deciding.patience import one_patience, patience
from shared.ledger import Head
from shared.projection.waiting import Waiter


async def test_who_waits_side_by_side_spends_the_time_of_one() -> None:
    async def waits() -> None:
        with patience().waiting():
            await asyncio.sleep(0.1)

    with one_patience(2.0) as request:
        await asyncio.gather(*(waits() for _ in range(32)))
        assert 1.5 < request.left_s < 1.95
        await waits()
        assert 1.4 < request.left_s < 1.85


async def test_a_service_that_does_not_answer_keeps_nobody_beyond_the_patience() -> None:
    asked = 0

    async def hangs() -> Head | None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(5)
        return None

    async def nothing() -> None:
        return None

    # Never started: it hears of nothing, as when nothing is applied.
    waiter = Waiter(None)
    facts = Facts(None, waiter, heard=["registry"], heads={"registry": hangs}, own="sessions")
    began = time.monotonic()
    with one_patience(0.5):
        found = await asyncio.gather(*(facts.until(nothing) for _ in range(20)))
    assert found == [None] * 20
    assert time.monotonic() - began < 2
    assert asked == 1
