"""A ledger that goes on from a backup begins a new epoch, and says so on every partition first."""

from uuid import uuid4

import asyncpg

from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered, Marked
from shared.bus.relay import Relay
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import PostgresLedger
from shared.positions import PARTITIONS
from tests.support.ledgers import a_command, onto
from tests.support.relays import record, running, until

SYSTEM, TIMELINE = "system_id = system_id + 1", "timeline = timeline + 1"


async def _epochs(database: str) -> list[tuple[int, int]]:
    connection = await asyncpg.connect(database)
    try:
        rows = await connection.fetch("SELECT epoch, after_position FROM ledger_epoch ORDER BY 1")
    finally:
        await connection.close()
    return [tuple(row) for row in rows]


async def _written_by(database: str, change: str) -> None:
    """Make the ledger be one that another server, or timeline, wrote last."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(f"UPDATE ledger_head SET {change}")
    finally:
        await connection.close()


async def test_a_ledger_that_starts_again_where_it_was_goes_on_in_its_epoch(database: str) -> None:
    for _ in range(3):
        async with PostgresLedger(database, service="registry") as ledger:
            await ledger.append(a_command(onto(uuid4(), 0)))
    assert await _epochs(database) == [(1, 0)]


async def test_another_server_or_timeline_begins_an_epoch_once(database: str) -> None:
    for change in (SYSTEM, TIMELINE):
        async with PostgresLedger(database, service="registry") as ledger:
            await ledger.append(a_command(onto(uuid4(), 0)))
        await _written_by(database, change)
    async with (
        PostgresLedger(database, service="registry") as ledger,
        PostgresLedger(database, service="registry"),
    ):
        receipt = await ledger.append(a_command(onto(uuid4(), 0)))
    assert await _epochs(database) == [(1, 0), (2, 1), (3, 2)]
    assert receipt.epoch == 3
    assert all(token.endswith(".3.3") for token in receipt.positions)


async def test_every_partition_hears_of_an_epoch_before_its_first_event(
    database: str, broker: str
) -> None:
    service = f"epochs{uuid4().hex[:8]}"
    connection = await asyncpg.connect(database)
    async with PostgresLedger(database, service=service) as ledger:
        relay = Relay(service, ledger, database_url=database, bootstrap_servers=broker)
        async with running(relay):
            await record(ledger, 60)
            await until(lambda: relay.acknowledged == 60)
            assert await begin_epoch(connection, "a test") == (2, 60)
            await record(ledger, 60)
            await until(lambda: relay.acknowledged == 120)
        head = await ledger.head()
    await connection.close()
    consumer = Consumer(broker, [service])
    await consumer.topic_ids()
    await consumer.assign({(service, partition): 0 for partition in range(PARTITIONS)})
    heard: dict[int, list[object]] = {partition: [] for partition in range(PARTITIONS)}
    while sum(map(len, heard.values())) < 120 + PARTITIONS:
        for delivered in await consumer.poll():
            heard[delivered.partition].append(delivered)
    await consumer.close()
    for partition, records in heard.items():
        [mark] = [place for place, record in enumerate(records) if isinstance(record, Marked)]
        told = records[mark]
        assert isinstance(told, Marked)
        assert (told.epoch, told.after_position) == (2, 60)
        events = [record for record in records if isinstance(record, Delivered)]
        assert all(each.entry.epoch == 1 for each in events[:mark])
        assert all(each.entry.epoch == 2 for each in events[mark:])
        assert all(each.entry.seal is not None for each in events)
        assert head.reached[partition] == max((e.entry.position for e in events), default=0)
