"""The group commit on PostgreSQL: what a batch does for its commands, and to them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.domain.errors import (
    AlreadyTaken,
    CommandIdReused,
    Conflict,
    Malformed,
    MshauriError,
    Overloaded,
    Unavailable,
)
from shared.ledger import Receipt, Transaction
from shared.ledger.postgres import PostgresLedger
from shared.ledger.writer import Limits
from tests.support.ledgers import Witness, a_command, an_event, chained, onto

Held = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
async def ledger(database: str) -> AsyncIterator[PostgresLedger]:
    async with PostgresLedger(database, service="registry") as ledger:
        yield ledger


@pytest.fixture
async def operator(database: str, ledger: PostgresLedger) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody who can do anything to the ledger's database."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


@pytest.fixture
def held(operator: asyncpg.Connection) -> Held:
    """Holds the head's lock, so that commands gather behind it as they do behind a commit."""

    @asynccontextmanager
    async def hold() -> AsyncIterator[None]:
        async with operator.transaction():
            await operator.execute("SELECT FROM ledger_head FOR UPDATE")
            yield

    return hold


async def in_one_batch(
    ledger: PostgresLedger, held: Held, *commands: Transaction
) -> list[Receipt | BaseException]:
    """Send commands so that they are decided in one batch; return each one's answer."""
    async with held():
        first = asyncio.create_task(ledger.append(a_command()))
        await asyncio.sleep(0.05)  # it is alone in the batch that waits for the lock
        answers = asyncio.gather(
            *(ledger.append(command) for command in commands), return_exceptions=True
        )
        await asyncio.sleep(0)
        assert ledger.waiting == len(commands)
    await first
    before = ledger.counters.batches
    answered = await answers
    assert ledger.counters.batches == before + 1
    return answered


# ── one batch, many commands ──────────────────────────────────────────────────────────────────


async def test_commands_that_gather_are_committed_together(
    ledger: PostgresLedger, held: Held
) -> None:
    answers = await in_one_batch(ledger, held, *(a_command(onto(uuid4(), 0)) for _ in range(200)))
    firsts = [answer.first for answer in answers if isinstance(answer, Receipt)]
    assert firsts == list(range(1, 201))
    assert ledger.counters.largest == 200


async def test_later_commands_of_a_batch_see_what_earlier_ones_did(
    ledger: PostgresLedger, held: Held
) -> None:
    stream, other, command_id = uuid4(), uuid4(), uuid4()
    first = a_command(onto(stream, 0, count=2), command_id=command_id, asks=b"1", claims=["seat"])
    answers = await in_one_batch(
        ledger,
        held,
        first,
        first,
        a_command(onto(other, 0), command_id=command_id, asks=b"2"),
        a_command(onto(stream, 2)),
        a_command(onto(stream, 2)),
        a_command(onto(other, 0), claims=["seat"]),
        a_command(onto(stream, 3), releases=["seat"]),
        a_command(onto(other, 0), claims=["seat"]),
    )
    assert answers[0] == answers[1]
    assert [type(a) for a in answers if isinstance(a, MshauriError)] == [
        CommandIdReused,
        Conflict,
        AlreadyTaken,
    ]
    assert [entry.version for entry in await ledger.stream(stream)] == [1, 2, 3, 4]
    assert [entry.version for entry in await ledger.stream(other)] == [1]


@pytest.mark.parametrize(
    "bad",
    [
        a_command(onto(uuid4(), 0, an_event(topic="a\x00b"))),
        a_command(onto(uuid4(), 0), claims=["a\x00b"]),
        a_command(onto(uuid4(), 0), claims=["".join(uuid4().hex for _ in range(400))]),
        a_command(onto(uuid4(), 0), releases=["\ud800"]),
    ],
    ids=["topic", "claim", "endless claim", "release"],
)
async def test_one_bad_value_is_one_sender_s_affair(
    ledger: PostgresLedger, held: Held, bad: Transaction
) -> None:
    good = [a_command(onto(uuid4(), 0)) for _ in range(9)]
    async with held():
        answers = asyncio.gather(
            *(ledger.append(command) for command in (*good[:6], bad, *good[6:])),
            return_exceptions=True,
        )
        await asyncio.sleep(0.05)
    *_, refused = sorted(await answers, key=lambda answer: isinstance(answer, Exception))
    assert isinstance(refused, Malformed)
    history = await ledger.feed(after=0, limit=100)
    assert [entry.command_id for entry in history] == [command.command_id for command in good]
    assert chained(history) == (await ledger.head()).hash
    await ledger.append(a_command(onto(uuid4(), 0)))


async def test_a_full_queue_says_so_and_takes_nothing(database: str) -> None:
    async with PostgresLedger(
        database, service="registry", limits=Limits(waiting=5, batch=1)
    ) as ledger:
        blocker = await asyncpg.connect(database)
        async with blocker.transaction():
            await blocker.execute("SELECT FROM ledger_head FOR UPDATE")
            busy = asyncio.create_task(ledger.append(a_command(onto(uuid4(), 0))))
            await asyncio.sleep(0.05)
            queued = [
                asyncio.create_task(ledger.append(a_command(onto(uuid4(), 0)))) for _ in range(5)
            ]
            await asyncio.sleep(0)
            with pytest.raises(Overloaded) as refused:
                await ledger.append(a_command(onto(uuid4(), 0)))
        await blocker.close()
        assert refused.value.params["waiting"] == 5
        receipts = await asyncio.gather(busy, *queued)
        assert [receipt.first for receipt in receipts] == [1, 2, 3, 4, 5, 6]
        assert (await ledger.head()).position == 6


async def test_a_command_whose_sender_left_the_queue_is_dropped(
    ledger: PostgresLedger, held: Held
) -> None:
    async with held():
        begun = asyncio.create_task(ledger.append(a_command(onto(uuid4(), 0))))
        await asyncio.sleep(0.05)
        leaving = asyncio.create_task(ledger.append(a_command(onto(uuid4(), 0))))
        staying = asyncio.create_task(ledger.append(a_command(onto(uuid4(), 0))))
        await asyncio.sleep(0)
        leaving.cancel()
        begun.cancel()  # too late: it is on its way
    assert (await staying).first == 2
    assert (await ledger.head()).position == 2


async def test_a_ledger_that_closes_answers_what_waits_and_takes_no_more(database: str) -> None:
    ledger = PostgresLedger(database, service="registry")
    await ledger.start()
    waiting = [asyncio.create_task(ledger.append(a_command(onto(uuid4(), 0)))) for _ in range(9)]
    await asyncio.sleep(0)
    await ledger.close()
    assert [(await receipt).first for receipt in waiting] == list(range(1, 10))
    with pytest.raises(Unavailable):
        await ledger.append(a_command())


# ── the database beneath ──────────────────────────────────────────────────────────────────────


async def test_recorded_does_not_run_backwards_when_the_clock_does(
    ledger: PostgresLedger, operator: asyncpg.Connection
) -> None:
    await ledger.append(a_command(onto(uuid4(), 0)))
    ahead = datetime.now(UTC) + timedelta(seconds=50)
    await operator.execute("UPDATE ledger_head SET recorded = $1", ahead)
    await ledger.append(a_command(onto(uuid4(), 0)))
    *_, entry = await ledger.feed(after=0, limit=10)
    assert entry.recorded == ahead


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger SET payload = ''", "DELETE FROM ledger", "TRUNCATE ledger"]
)
async def test_the_database_itself_refuses_to_change_history(
    ledger: PostgresLedger, operator: asyncpg.Connection, statement: str
) -> None:
    await ledger.append(a_command(onto(uuid4(), 0)))
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await operator.execute(statement)


async def test_a_new_epoch_is_in_every_receipt_and_entry(
    ledger: PostgresLedger, operator: asyncpg.Connection
) -> None:
    old = await ledger.append(a_command(onto(uuid4(), 0)))
    await operator.execute("UPDATE ledger_head SET epoch = epoch + 1")
    new = await ledger.append(a_command(onto(uuid4(), 0)))
    assert (old.epoch, new.epoch) == (1, 2)
    assert [entry.epoch for entry in await ledger.feed(after=0, limit=10)] == [1, 2]


async def test_a_connection_that_was_ended_is_replaced_unnoticed(
    ledger: PostgresLedger, operator: asyncpg.Connection
) -> None:
    await ledger.append(a_command(onto(uuid4(), 0)))
    [ended] = await operator.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE '%UPDATE ledger_head%'"
        " AND pid <> pg_backend_pid()"
    )
    assert ended[0], "the writer's connection was not there to be ended"
    assert (await ledger.append(a_command(onto(uuid4(), 0)))).first == 2
    assert ledger.counters.retries == 1


# ── several processes, here several ledgers ───────────────────────────────────────────────────


async def test_who_was_slower_decides_again_on_what_the_faster_has_done(
    ledger: PostgresLedger, operator: asyncpg.Connection, held: Held
) -> None:
    stream = uuid4()
    await ledger.append(a_command(onto(stream, 0), claims=["seat"]))
    async with held():
        slower = asyncio.create_task(ledger.append(a_command(onto(stream, 1), releases=["seat"])))
        await asyncio.sleep(0.05)  # it has read, and waits to write
        await operator.execute("UPDATE ledger_head SET epoch = epoch + 1")
    receipt = await slower
    assert (receipt.epoch, receipt.versions) == (2, {stream: 2})
    assert [entry.epoch for entry in await ledger.feed(after=0, limit=10)] == [1, 2]
    # From now on they take turns, and what is recorded is the same.
    await ledger.append(a_command(onto(uuid4(), 0), claims=["seat"]))
    with pytest.raises(AlreadyTaken):
        await ledger.append(a_command(onto(uuid4(), 0), claims=["seat"]))
    history = await ledger.feed(after=0, limit=10)
    assert chained(history) == (await ledger.head()).hash


async def test_what_rests_on_another_row_than_the_head_s_is_not_written_at_all(
    ledger: PostgresLedger, operator: asyncpg.Connection
) -> None:
    await ledger.append(a_command(onto(uuid4(), 0), claims=["kept", "freed"]))
    [stream] = [entry.stream for entry in await ledger.feed(after=0, limit=1)]
    before = await ledger.head()
    late = a_command(onto(stream, 1), claims=["new"], releases=["freed"])
    read = await ledger._commits._open_page([late])
    read.page.write(late)
    await operator.execute("UPDATE ledger_head SET position = position")  # as a new connection does
    assert not await ledger._commits._store(read)
    assert await ledger.head() == before
    assert await ledger.receipts([late.command_id]) == {}
    claims = await operator.fetch("SELECT key, stream FROM claim ORDER BY key")
    assert claims == [("freed", stream), ("kept", stream)]


async def test_who_waits_is_woken_by_another_process_s_entry(
    ledger: PostgresLedger, database: str
) -> None:
    async with PostgresLedger(database, service="registry") as other:
        waiting = asyncio.create_task(ledger.wait_beyond(0, timeout=60.0))
        await asyncio.sleep(0.2)
        await other.append(a_command(onto(uuid4(), 0)))
        assert await asyncio.wait_for(waiting, timeout=5.0)


async def test_who_waits_sees_an_entry_that_nobody_announced(
    ledger: PostgresLedger, operator: asyncpg.Connection
) -> None:
    await asyncio.sleep(0.2)
    await operator.execute("UPDATE ledger_head SET position = 1")
    assert await ledger.wait_beyond(0, timeout=0.1)


async def test_ledgers_on_one_database_share_one_history(
    ledger: PostgresLedger, database: str
) -> None:
    async with PostgresLedger(database, service="registry") as other:
        command = a_command(onto(uuid4(), 0), claims=["seat:1"])
        receipts = await asyncio.gather(
            *(side.append(command) for side in (ledger, other)),
            *(side.append(a_command(onto(uuid4(), 0))) for side in (ledger, other) * 20),
        )
        assert receipts[0] == receipts[1]
        witness = Witness()
        witness.see(await other.feed(after=0, limit=100))
        assert (witness.faults, witness.position) == ([], 41)


async def test_a_pool_that_was_lent_is_left_open(database: str) -> None:
    async with asyncpg.create_pool(database, min_size=3, max_size=3) as pool:
        async with PostgresLedger(pool, service="registry") as ledger:
            await ledger.append(a_command(onto(uuid4(), 0)))
            assert len(await ledger.feed(after=0, limit=10)) == 1
        connections = [await pool.acquire(timeout=5.0) for _ in range(3)]
        for connection in connections:
            assert await connection.fetchval("SHOW enable_seqscan") == "on"
            await pool.release(connection)
