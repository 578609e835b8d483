"""A clock that jumps: nothing is recorded meanwhile, and no later entry bears a wrong time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.ledger import AsOf
from shared.ledger.clocks import Clocks, ClocksApart
from shared.ledger.memory import MemoryLedger
from shared.ledger.postgres import PostgresLedger
from shared.ledger.walking import Walk
from tests.support.ledgers import a_command, onto

DAY = 86_400.0


class Wrong:
    """A machine's clock, which can be set, and the time that really passes."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.clocks = Clocks(wall=lambda: self._real() + self.ahead, elapsed=self._real)

    def _real(self) -> float:
        return datetime.now(UTC).timestamp()


async def test_a_jump_records_nothing_and_answers_what_was_recorded(database: str) -> None:
    machine = Wrong()
    async with PostgresLedger(database, service="registry", clocks=machine.clocks) as ledger:
        before = a_command(onto(uuid4(), 0))
        receipt = await ledger.append(before)
        for jump in (DAY, -DAY):
            machine.ahead = jump
            with pytest.raises(ClocksApart) as refused:
                await ledger.append(a_command(onto(uuid4(), 0)))
            assert refused.value.params == {"seconds": "86,400"}
            assert await ledger.append(before) == receipt
        machine.ahead = 5
        await ledger.append(a_command(onto(uuid4(), 0)))
        assert (await ledger.head()).position == 2


async def test_a_database_whose_clock_is_wrong_is_not_written_to(database: str) -> None:
    began = datetime.now(UTC).timestamp() - DAY
    clocks = Clocks(wall=lambda: began, elapsed=lambda: 0.0)
    async with PostgresLedger(database, service="registry", clocks=clocks) as ledger:
        with pytest.raises(ClocksApart):
            await ledger.append(a_command(onto(uuid4(), 0)))


async def test_once_the_clock_is_right_again_so_is_what_is_recorded(database: str) -> None:
    stream = uuid4()
    async with PostgresLedger(database, service="registry") as ledger:
        await ledger.append(a_command(onto(stream, 0)))
    connection = await asyncpg.connect(database)
    # As a release without clocks that were compared left it, after a jump of a year.
    await connection.execute(
        "UPDATE ledger_head SET recorded = clock_timestamp() + interval '1 year'"
    )
    async with PostgresLedger(database, service="registry") as ledger:
        await ledger.append(a_command(onto(stream, 1)))
        late = (await ledger.stream(stream))[-1].recorded
        assert abs(late - datetime.now(UTC)) < timedelta(seconds=30)
        # Nearer than a minute, it waits for the clock instead, and time goes on.
        await connection.execute(
            "UPDATE ledger_head SET recorded = clock_timestamp() + interval '40 seconds'"
        )
        await ledger.append(a_command(onto(stream, 2)))
        entries = await ledger.stream(stream)
        assert entries[-1].recorded > datetime.now(UTC) + timedelta(seconds=20)
    await connection.close()


async def test_the_past_is_a_beginning_of_the_stream_whatever_the_clock_was(
    database: str,
) -> None:
    stream = uuid4()
    connection = await asyncpg.connect(database)
    async with PostgresLedger(database, service="registry") as ledger:
        await ledger.append(a_command(onto(stream, 0)))
        for last in ("clock_timestamp() + interval '50 seconds'", "'epoch'"):
            await connection.execute(f"UPDATE ledger_head SET recorded = {last}")
            version = (await ledger.stream(stream))[-1].version
            await ledger.append(a_command(onto(stream, version)))
        first, second, third = await ledger.stream(stream)
        assert third.recorded < second.recorded
        for as_of, versions in ((first, 1), (third, 3), (second, 3)):
            past = await ledger.stream(stream, as_of=AsOf(recorded=as_of.recorded))
            assert [entry.version for entry in past] == list(range(1, versions + 1))
    await connection.close()


async def test_a_clock_set_right_is_told_and_is_no_fault() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    times = [now, now + timedelta(days=365), now + timedelta(minutes=1), now]
    ledger = MemoryLedger(service="registry", now=iter(times).__next__)
    for _ in times:
        await ledger.append(a_command(onto(uuid4(), 0)))
    entries = await ledger.feed(after=0, limit=10)
    assert [entry.recorded - now for entry in entries] == [
        timedelta(0),
        timedelta(days=365),
        timedelta(minutes=1),
        timedelta(minutes=1),
    ]
    walk = Walk()
    walk.over(entries)
    assert walk.turned_back == [3]
