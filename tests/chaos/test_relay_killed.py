"""The relay's own process, or its database, is taken away: no gap, and duplicates are harmless."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest

from mshauri.stack.process import OwnedProcess
from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered
from shared.bus.relay import Relay
from shared.ledger.postgres import PostgresLedger
from tests.conftest import OwnPostgres
from tests.support.buses import ForgetfulBroker, everywhere, in_ledger_order, read_out, without_gap
from tests.support.relays import LEADS, PUBLISHED, record, running, until

SERVICE = "registry"

SpawnRelay = Callable[..., OwnedProcess]


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[str]:
    server = ForgetfulBroker(tmp_path)
    await server.start()
    yield server.address
    await server.kill()


@pytest.fixture
async def ledger(database: str) -> AsyncIterator[PostgresLedger]:
    async with PostgresLedger(database, service=SERVICE) as ledger:
        yield ledger


@pytest.fixture
async def spawn(database: str, broker: str, tmp_path: Path) -> AsyncIterator[SpawnRelay]:
    """Start relays in processes of their own, each with a log named after it."""
    spawned: list[OwnedProcess] = []

    def start(name: str, *options: str) -> OwnedProcess:
        module = [sys.executable, "-m", "tests.support.relays"]
        process = OwnedProcess(
            name, [*module, database, broker, SERVICE, *options], log=tmp_path / f"{name}.log"
        )
        process.start()
        spawned.append(process)
        return process

    yield start
    for process in spawned:
        await process.kill()


async def says(process: OwnedProcess, what: str) -> None:
    def said() -> bool:
        assert process.alive, process.failure("ended")
        return what in process.tail()

    await until(said, timeout=30)


async def everything(address: str, count: int) -> list[Delivered]:
    """Read a topic of `count` entries from the beginning, duplicates and all."""
    consumer = Consumer(address, [SERVICE], fetch_max_wait_ms=20)
    await consumer.topic_ids()
    await consumer.assign(everywhere(SERVICE))
    delivered = await read_out(consumer, count)
    await consumer.close()
    return delivered


async def checkpointed(database: str) -> int | None:
    connection = await asyncpg.connect(database)
    try:
        position: int | None = await connection.fetchval("SELECT position FROM relay_checkpoint")
        return position
    finally:
        await connection.close()


async def test_a_relay_killed_between_publishing_and_its_checkpoint_leaves_no_gap(
    database: str, broker: str, ledger: PostgresLedger, spawn: SpawnRelay
) -> None:
    await record(ledger, 1_000)
    doomed = spawn("doomed", "--stall-before-checkpoint")
    await says(doomed, PUBLISHED)
    await doomed.kill()
    assert await checkpointed(database) == 0
    await record(ledger, 500)
    relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker)
    async with running(relay):
        await until(lambda: relay.acknowledged == 1_500)
    delivered = await everything(broker, 1_500)
    history = await ledger.feed(after=0, limit=2_000)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)
    times = Counter(one.entry.position for one in delivered)
    assert [times[position] for position in range(1, 1_501)] == [2] * 1_000 + [1] * 500


async def test_a_relay_killed_in_mid_load_leaves_no_gap(
    database: str, broker: str, ledger: PostgresLedger, spawn: SpawnRelay
) -> None:
    loading = asyncio.create_task(_load(ledger, 30))
    for round_ in range(3):
        doomed = spawn(f"doomed-{round_}")
        await says(doomed, LEADS)
        await asyncio.sleep(0.4)
        await doomed.kill()
    await loading
    relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker)
    async with running(relay):
        await until(lambda: relay.acknowledged == 3_000)
    delivered = await everything(broker, 3_000)
    history = await ledger.feed(after=0, limit=4_000)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)


async def _load(ledger: PostgresLedger, rounds: int) -> None:
    for _ in range(rounds):
        await record(ledger, 100)
        await asyncio.sleep(0.1)


async def test_of_two_relays_one_leads_and_the_other_takes_over_when_it_dies(
    database: str, broker: str, ledger: PostgresLedger, spawn: SpawnRelay
) -> None:
    leader = spawn("leader")
    await says(leader, LEADS)
    other = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker)
    async with running(other):
        await record(ledger, 300)
        await until(lambda: _is_checkpointed(database, 300))
        assert not other.leading
        await leader.kill()
        await until(lambda: other.leading, timeout=5)
        await record(ledger, 200)
        await until(lambda: other.acknowledged == 500)
    delivered = await everything(broker, 500)
    assert [one.entry.position for one in delivered].count(1) == 1
    assert in_ledger_order(delivered) == await ledger.feed(after=0, limit=1_000)


async def _is_checkpointed(database: str, position: int) -> bool:
    return await checkpointed(database) == position


async def test_a_leader_that_lost_its_connection_yields_and_nothing_is_lost(
    database: str, broker: str, ledger: PostgresLedger
) -> None:
    one, other = (
        Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker) for _ in range(2)
    )
    async with running(one), running(other):
        await until(lambda: one.leading or other.leading)
        loading = asyncio.create_task(_load(ledger, 20))
        connection = await asyncpg.connect(database)
        for _ in range(5):
            await asyncio.sleep(0.4)
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND granted AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        await connection.close()
        await loading
        await until(lambda: max(one.acknowledged, other.acknowledged) == 2_000)
        assert not (one.leading and other.leading)
    delivered = await everything(broker, 2_000)
    history = await ledger.feed(after=0, limit=3_000)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)


async def test_a_checkpoint_that_another_relay_moved_stops_this_one(
    database: str, broker: str, ledger: PostgresLedger
) -> None:
    relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker)
    async with running(relay):
        await record(ledger, 100)
        await until(lambda: relay.acknowledged == 100)
        connection = await asyncpg.connect(database)
        await connection.execute("UPDATE relay_checkpoint SET position = 40")
        await connection.close()
        await until(lambda: not relay.leading)
        await until(lambda: _is_checkpointed(database, 100))
    assert len(await everything(broker, 100)) == 160


async def test_the_relay_goes_on_when_its_database_returns(
    broker: str, own_postgres: OwnPostgres
) -> None:
    server = await own_postgres()
    database = await server.create_database("ledger")
    async with PostgresLedger(database, service=SERVICE) as ledger:
        relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker)
        async with running(relay):
            await record(ledger, 100)
            await until(lambda: relay.acknowledged == 100)
            await server.kill()
            await until(lambda: not relay.leading)
            await server.start()
            await until(lambda: relay.leading)
            await record(ledger, 100)
            await until(lambda: relay.acknowledged == 200)
            delivered = await everything(broker, 200)
            assert in_ledger_order(delivered) == await ledger.feed(after=0, limit=1_000)
