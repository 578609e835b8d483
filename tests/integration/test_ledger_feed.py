"""A relay that follows the feed while several processes write must never be surprised.

The checks that our ledger passes are run as well on two designs that tempt everybody, and catch
them: that is how we know the checks to be worth something.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.domain.errors import Conflict
from shared.ledger import Entry, Ledger, StreamAppend
from shared.ledger.postgres import PostgresLedger
from tests.support.ledgers import Answers, Witness, a_command, chained, onto


@pytest.fixture
async def ledger(database: str) -> AsyncIterator[PostgresLedger]:
    async with PostgresLedger(database, service="registry") as ledger:
        yield ledger


async def everything(ledger: Ledger) -> list[Entry]:
    return await ledger.feed(after=0, limit=1_000_000)


# ── our ledger ────────────────────────────────────────────────────────────────────────────────


async def test_a_tailing_reader_sees_no_hole_and_nothing_late_from_three_writing_processes(
    ledger: PostgresLedger, database: str
) -> None:
    answers, witness = Answers(), Witness()

    async def writer(seed: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.ledger_writer"),
            *("contended", database, seed, "120"),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        async for line in process.stdout:
            answers.hear(line.decode())
        assert await process.wait() == 0

    async def tail() -> None:
        while not (done.is_set() and witness.position == (await ledger.head()).position):
            if await ledger.wait_beyond(witness.position, timeout=0.2):
                witness.see(await ledger.feed(after=witness.position, limit=50))

    done = asyncio.Event()
    tailing = asyncio.create_task(tail())
    await asyncio.gather(*(writer(seed) for seed in "abc"))
    done.set()
    await tailing
    head = await ledger.head()

    history = await everything(ledger)
    assert (witness.faults, witness.position) == ([], head.position)
    assert answers.compare(history) == []
    assert len(answers.recorded) == 360
    assert answers.refused, "nobody lost: the writers did not compete"
    assert chained(history) == head.hash
    assert [entry.recorded for entry in history] == sorted(entry.recorded for entry in history)


async def test_of_a_losing_command_with_several_events_nothing_is_left(
    ledger: PostgresLedger,
) -> None:
    async def append(*appends: StreamAppend) -> UUID:
        command = a_command(*appends)
        await ledger.append(command)
        return command.command_id

    assert await losers_leave_nothing(append, lambda: everything(ledger)) == []


# ── two that tempt ────────────────────────────────────────────────────────────────────────────

TEMPTING_TABLE = """
CREATE TABLE tempting (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream uuid NOT NULL, version bigint NOT NULL, command_id uuid NOT NULL,
    UNIQUE (stream, version)
)
"""


class TemptingLedger:
    """Positions from an identity column; `ON CONFLICT DO NOTHING` to see who was faster."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def append(self, *appends: StreamAppend) -> UUID:
        command_id = uuid4()
        rows = [
            (append.stream, append.expected + number, command_id)
            for append in appends
            for number, _ in enumerate(append.events, start=1)
        ]
        written = await self.connection.fetch(
            "INSERT INTO tempting (stream, version, command_id)"
            " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[])"
            " ON CONFLICT (stream, version) DO NOTHING RETURNING position",
            *zip(*rows, strict=True),
        )
        if len(written) < len(rows):
            raise Conflict(expected=appends[0].expected, actual="more")
        return command_id

    async def feed(self) -> list[Entry]:
        rows = await self.connection.fetch("SELECT * FROM tempting ORDER BY position")
        blank = {"epoch": 1, "kind": "", "topic": "", "meta": b"", "payload": b"", "hash": b""}
        return [
            Entry(**row, **blank, id=uuid4(), key=row["stream"], recorded=None)  # type: ignore[arg-type]
            for row in rows
        ]


@pytest.fixture
async def tempting(database: str) -> AsyncIterator[Sequence[TemptingLedger]]:
    connections = [await asyncpg.connect(database) for _ in range(3)]
    await connections[0].execute(TEMPTING_TABLE)
    yield [TemptingLedger(connection) for connection in connections]
    for connection in connections:
        await connection.close()


async def test_the_witness_catches_positions_from_a_sequence(
    tempting: Sequence[TemptingLedger],
) -> None:
    slow, quick, reader = tempting
    witness = Witness()
    transaction = slow.connection.transaction()
    await transaction.start()
    await slow.append(onto(uuid4(), 0))
    await quick.append(onto(uuid4(), 0))
    witness.see(e for e in await reader.feed() if e.position > witness.position)
    await transaction.commit()
    witness.see(e for e in await reader.feed() if e.position > witness.position)
    assert witness.faults == ["position 2 after 0"]
    assert len(await reader.feed()) == 2, "the first was there in the end, and the reader missed it"


async def test_the_comparison_catches_on_conflict_do_nothing(
    tempting: Sequence[TemptingLedger],
) -> None:
    writer, *_ = tempting
    [fault] = await losers_leave_nothing(writer.append, writer.feed)
    assert fault.endswith("was not acknowledged and was written")


async def losers_leave_nothing(
    append: Callable[..., Awaitable[UUID]], read: Callable[[], Awaitable[list[Entry]]]
) -> list[str]:
    """Let a command of two events lose to one of one, and say what is left of it."""
    stream = uuid4()
    acknowledged = {await append(onto(stream, 0))}
    acknowledged.add(await append(onto(stream, 1)))
    with pytest.raises(Conflict):
        await append(onto(stream, 1, count=2))
    return [
        f"{entry.command_id} was not acknowledged and was written"
        for entry in await read()
        if entry.command_id not in acknowledged
    ]
