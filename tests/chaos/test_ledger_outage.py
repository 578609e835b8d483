"""PostgreSQL goes away while commands are on their way, and comes back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from mshauri.stack.postgres import EmbeddedPostgres
from shared.domain.errors import Unavailable
from shared.ledger.postgres import PostgresLedger
from shared.ledger.writer import Limits
from tests.support.cut import Moment, Wire
from tests.support.ledgers import Answers, Witness, a_command, chained, onto

OwnPostgres = Callable[[], Awaitable[EmbeddedPostgres]]

PATIENCE = Limits().patience


async def come_to(answers: Answers, number: int) -> None:
    """Wait until so many commands were acknowledged."""
    async with asyncio.timeout(30.0):
        while True:
            if len(answers.recorded) >= number:
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("moment", Moment)
async def test_a_connection_lost_around_a_commit_costs_nothing_and_doubles_nothing(
    database: str, moment: Moment
) -> None:
    async with (
        Wire(database).laid() as wire,
        PostgresLedger(wire.url, service="registry") as ledger,
    ):
        await ledger.append(a_command(onto(uuid4(), 0)))
        wire.fails = moment
        commands = [a_command(onto(uuid4(), 0, count=2), claims=[f"{n}"]) for n in range(20)]
        receipts = await asyncio.gather(*(ledger.append(command) for command in commands))
        assert (wire.failures, ledger.counters.retries) == (1, 1)
        answers = Answers()
        for receipt in receipts:
            answers.acknowledge(receipt.command_id, receipt.first, receipt.last)
        history = await ledger.feed(after=0, limit=100)
        assert answers.compare(history) == []
        assert len(history) == 41
        assert chained(history) == (await ledger.head()).hash


async def test_a_server_that_falls_silent_is_given_up_and_taken_up_again(database: str) -> None:
    limits = Limits(commit=3.0, patience=0.1)
    async with (
        Wire(database).laid() as wire,
        PostgresLedger(wire.url, service="registry", limits=limits) as ledger,
    ):
        await ledger.append(a_command(onto(uuid4(), 0)))
        wire.fall_silent()
        command = a_command(onto(uuid4(), 0))
        with pytest.raises(Unavailable):
            await asyncio.wait_for(ledger.append(command), timeout=30.0)
        wire.speak()
        assert (await ledger.append(command)).first == 2


@pytest.mark.parametrize("end", [EmbeddedPostgres.stop, EmbeddedPostgres.kill])
async def test_postgres_is_stopped_and_started_again_while_commands_come(
    own_postgres: OwnPostgres, end: Callable[[EmbeddedPostgres], Awaitable[None]]
) -> None:
    server = await own_postgres()
    url = await server.create_database("ledger")
    answers, away, longest = Answers(), 0, 0.0
    done = asyncio.Event()

    async with PostgresLedger(url, service="registry") as ledger:

        async def client() -> None:
            nonlocal away, longest
            while not done.is_set():
                command = a_command(onto(uuid4(), 0, count=2))
                while True:  # as a client does: the same command until it is answered
                    began = time.monotonic()
                    try:
                        receipt = await ledger.append(command)
                    except Unavailable:
                        away += 1
                        longest = max(longest, time.monotonic() - began)
                        await asyncio.sleep(0.05)
                        continue
                    answers.acknowledge(receipt.command_id, receipt.first, receipt.last)
                    break

        clients = [asyncio.create_task(client()) for _ in range(16)]
        await come_to(answers, 200)
        await end(server)
        await asyncio.sleep(0.1)  # for answers that were on their way
        before = len(answers.recorded)
        await asyncio.sleep(PATIENCE + 0.5)
        with pytest.raises(Unavailable):
            await ledger.head()
        assert len(answers.recorded) == before
        await server.start()
        await come_to(answers, before + 200)  # by itself
        done.set()
        await asyncio.gather(*clients)

        assert away > 0
        assert longest < PATIENCE + 5.0, "they were kept waiting"
        history = await ledger.feed(after=0, limit=1_000_000)
        witness = Witness()
        witness.see(history)
        assert witness.faults == []
        assert answers.compare(history) == []
        assert {entry.command_id for entry in history} == set(answers.recorded)
        assert chained(history) == (await ledger.head()).hash


async def test_who_waits_through_a_restart_is_woken_after_it(own_postgres: OwnPostgres) -> None:
    server = await own_postgres()
    url = await server.create_database("ledger")
    async with (
        PostgresLedger(url, service="registry") as ledger,
        PostgresLedger(url, service="registry") as other,
    ):
        waiting = asyncio.create_task(ledger.wait_beyond(0, timeout=60.0))
        impatient = asyncio.create_task(ledger.wait_beyond(0, timeout=0.3))
        await asyncio.sleep(0.2)
        await server.stop()
        assert await impatient is False
        await server.start()
        await other.append(a_command(onto(uuid4(), 0)))
        assert await asyncio.wait_for(waiting, timeout=5.0)
        waiting = asyncio.create_task(ledger.wait_beyond(1, timeout=60.0))
        await asyncio.sleep(0.5)  # both listen again by now: word comes by notification
        await other.append(a_command(onto(uuid4(), 0)))
        assert await asyncio.wait_for(waiting, timeout=5.0)
