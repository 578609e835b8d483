"""The broker goes, comes back, comes back empty: the relay puts everything where it belongs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered
from shared.bus.relay import Relay
from shared.bus.topics import topic_of
from shared.domain.errors import Unavailable
from shared.ledger import Entry
from shared.ledger.postgres import PostgresLedger
from shared.positions import partition_of
from tests.support.buses import (
    BROKERS,
    BrokerServer,
    ForgetfulBroker,
    a_server,
    delete_topic,
    everywhere,
    in_ledger_order,
    read,
    without_gap,
)
from tests.support.relays import record, running, until

SERVICE = "registry"


@pytest.fixture(params=BROKERS)
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BrokerServer]:
    async with a_server(request.param, tmp_path) as server:
        yield server


@pytest.fixture
async def ledger(database: str) -> AsyncIterator[PostgresLedger]:
    async with PostgresLedger(database, service=SERVICE) as ledger:
        yield ledger


@pytest.fixture
async def relay(
    database: str, ledger: PostgresLedger, broker: BrokerServer
) -> AsyncIterator[Relay]:
    relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker.address)
    async with running(relay):
        yield relay


@pytest.fixture
async def consumer(broker: BrokerServer) -> AsyncIterator[Consumer]:
    consumer = Consumer(broker.address, [SERVICE], fetch_max_wait_ms=20)
    yield consumer
    await consumer.close()


async def whole(ledger: PostgresLedger) -> list[Entry]:
    return await ledger.feed(after=0, limit=1_000_000)


async def from_the_beginning(consumer: Consumer, count: int) -> list[Delivered]:
    """Read a topic from its start, as a reader does after it was made anew."""
    await until(lambda: _assigned(consumer), timeout=60)
    return await read(consumer, count)


async def _assigned(consumer: Consumer) -> bool:
    try:
        await consumer.topic_ids()
        await consumer.assign(everywhere(SERVICE))
    except Unavailable:
        return False
    return True


async def wiped(broker: BrokerServer) -> None:
    await broker.kill()
    await broker.wipe()
    await broker.start()


async def load(ledger: PostgresLedger, rounds: int) -> None:
    for _ in range(rounds):
        await record(ledger, 100)
        await asyncio.sleep(0.05)


async def test_the_whole_ledger_reaches_the_bus(
    ledger: PostgresLedger, relay: Relay, consumer: Consumer
) -> None:
    await record(ledger, 2_000)
    await until(lambda: relay.acknowledged == 2_000)
    history = await whole(ledger)
    delivered = await from_the_beginning(consumer, 2_000)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)
    last = {partition_of(entry.key): entry.position for entry in history}
    assert relay.reached == tuple(last.get(partition, 0) for partition in range(24))


async def test_a_broker_that_comes_back_empty_gets_everything_again_though_nothing_is_written(
    ledger: PostgresLedger, relay: Relay, consumer: Consumer, broker: BrokerServer
) -> None:
    await record(ledger, 3_000)
    await until(lambda: relay.acknowledged == 3_000)
    before = in_ledger_order(await from_the_beginning(consumer, 3_000))
    await wiped(broker)
    after = await from_the_beginning(consumer, 3_000)
    assert in_ledger_order(after) == before == await whole(ledger)
    assert without_gap(after, before)
    await until(lambda: relay.acknowledged == 3_000)


async def test_a_broker_that_is_emptied_under_load_ends_with_everything(
    ledger: PostgresLedger, relay: Relay, consumer: Consumer, broker: BrokerServer
) -> None:
    loading = asyncio.create_task(load(ledger, 40))
    await until(lambda: relay.acknowledged > 500)
    await wiped(broker)
    await loading
    history = await whole(ledger)
    await until(lambda: relay.acknowledged == len(history) == 4_000, timeout=60)
    delivered = await from_the_beginning(consumer, 4_000)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)


async def test_a_topic_that_an_operator_deleted_is_made_and_filled_again(
    ledger: PostgresLedger, relay: Relay, consumer: Consumer, broker: BrokerServer
) -> None:
    await record(ledger, 500)
    await until(lambda: relay.acknowledged == 500)
    await asyncio.to_thread(delete_topic, broker.address, topic_of(SERVICE))
    delivered = await from_the_beginning(consumer, 500)
    assert in_ledger_order(delivered) == await whole(ledger)


async def test_a_round_on_its_way_when_its_topic_goes_does_not_land_in_the_next_one(
    database: str,
    ledger: PostgresLedger,
    consumer: Consumer,
    broker: BrokerServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It would stand there ahead of everything that comes before it."""
    if isinstance(broker, ForgetfulBroker):
        pytest.skip("the embedded broker takes records for a deleted topic into the next one")
    monkeypatch.setattr("shared.bus.relay._CHECK_S", 3.0)  # time for a round to be on its way
    monkeypatch.setattr("shared.bus.producer._PATIENCE_S", 3.0)  # which is slow to give up
    first, second = (
        Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker.address)
        for _ in range(2)
    )
    await record(ledger, 500)
    async with running(first):
        await until(lambda: first.acknowledged == 500)
    async with running(second):  # no broker has seen its producer yet, nor refuses what it sends
        await until(lambda: second.leading)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(delete_topic, broker.address, topic_of(SERVICE))
        await record(ledger, 100)
        await until(lambda: second.acknowledged == 600, timeout=60)
    delivered = await from_the_beginning(consumer, 600)
    history = await whole(ledger)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)


async def test_what_is_recorded_while_the_broker_is_away_follows_when_it_returns(
    ledger: PostgresLedger, relay: Relay, consumer: Consumer, broker: BrokerServer
) -> None:
    await record(ledger, 200)
    await until(lambda: relay.acknowledged == 200)
    await broker.stop()
    await record(ledger, 300)
    await asyncio.sleep(1.5)
    assert relay.acknowledged == 200
    await broker.start()
    await until(lambda: relay.acknowledged == 500, timeout=60)
    delivered = await from_the_beginning(consumer, 500)
    assert in_ledger_order(delivered) == await whole(ledger)


async def test_a_relay_can_be_stopped_while_the_broker_is_away(
    database: str, ledger: PostgresLedger, broker: BrokerServer
) -> None:
    relay = Relay(SERVICE, ledger, database_url=database, bootstrap_servers=broker.address)
    async with running(relay):
        await record(ledger, 100)
        await until(lambda: relay.acknowledged == 100)
        await broker.stop()
        await record(ledger, 100)
        await asyncio.sleep(0.3)
        begun = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begun < 5
