"""How fast the ledger records, beside the stock recorder it replaces and the floor beneath it.

    python -m tests.perf.bench_ledger [--rounds 5] [--seconds 2]

Ways to record the same event (one a command) on the same PostgreSQL with fsync on, in turns over
several rounds; the medians are compared:

    stock    eventsourcing's `Application.save` on its own PostgreSQL recorder, 16 threads
    ledger   our aggregate, encoding, command log, version check and hash chain, 64 clients
    ledger2  the same clients on two writers that compete for one ledger, and on four: what writers
    ledger4  cost each other by taking turns, for here they share one process and its core
    floor    nothing but rows: groups of 64 by `unnest`, a transaction each, one connection

A figure belongs to the machine it was measured on; the ratio carries over. The bar is 8.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import eventsourcing.domain as stock
import msgspec
import uvloop
from eventsourcing.application import Application

from mshauri.stack.postgres import EmbeddedPostgres
from shared.contracts.base import Event, happened
from shared.contracts.envelope import Meta, encode_meta
from shared.domain import Aggregate, event, new_id
from shared.ledger import NewEvent, StreamAppend, Transaction
from shared.ledger.postgres import PostgresLedger

BAR = 8.0
CLIENTS, THREADS, GROUP, WRITERS = 64, 16, 64, 4
WARM_UP_SECONDS = 0.5

Run = Callable[[float], Awaitable[int]]
"""Records for so many seconds and returns how many events it was."""


# ── the same small thing, twice: an aggregate of ours, and one of the library's ───────────────


@happened("bench.checklist.opened")
class ChecklistOpened(Event, frozen=True, kw_only=True):
    """A checklist was taken up."""

    mentee: UUID
    opened: datetime


@happened("bench.checklist.item_scored")
class ItemScored(Event, frozen=True, kw_only=True):
    """One item of it was scored."""

    item: str
    score: int
    scored: datetime


class Checklist(Aggregate):
    """A checklist as this house writes it."""

    kind = "bench_checklist"

    mentee: UUID
    scores: dict[str, int]

    @property
    def key(self) -> UUID:
        """The mentee: their whole history is on one partition."""
        return self.mentee

    @event(ChecklistOpened)
    def _opened(self, event: ChecklistOpened) -> None:
        self.mentee, self.scores = event.mentee, {}

    def score(self, item: str, score: int, scored: datetime) -> None:
        """Score an item, 0 to 2."""
        if not 0 <= score <= 2:
            raise ValueError(score)
        self.record(ItemScored(item=item, score=score, scored=scored))

    @event(ItemScored)
    def _scored(self, event: ItemScored) -> None:
        self.scores[event.item] = event.score


class StockChecklist(stock.Aggregate):
    """The same as the library's manual writes it."""

    def __init__(self, mentee: UUID, opened: datetime) -> None:
        self.mentee = mentee
        self.scores: dict[str, int] = {}

    def score(self, item: str, score: int, scored: datetime) -> None:
        """Score an item, 0 to 2."""
        if not 0 <= score <= 2:
            raise ValueError(score)
        self._score(item=item, score=score, scored=scored)

    @stock.event("ItemScored")
    def _score(self, item: str, score: int, scored: datetime) -> None:
        self.scores[item] = score


# ── stock ─────────────────────────────────────────────────────────────────────────────────────


async def record_with_stock(application: Application[UUID], seconds: float) -> int:
    """Save from 16 threads, an aggregate each."""
    until = time.perf_counter() + seconds

    def client() -> int:
        checklist = StockChecklist(uuid4(), datetime.now(UTC))
        saved = 0
        while time.perf_counter() < until:
            application.save(checklist)
            saved += 1
            checklist.score("hand-washing", saved % 3, datetime.now(UTC))
        return saved

    with ThreadPoolExecutor(THREADS) as threads:
        loop = asyncio.get_running_loop()
        return sum(
            await asyncio.gather(*(loop.run_in_executor(threads, client) for _ in range(THREADS)))
        )


# ── ledger ────────────────────────────────────────────────────────────────────────────────────

_encode = msgspec.json.Encoder().encode


def command_on(checklist: Checklist) -> Transaction:
    """Turn what a checklist has pending into a transaction, as a service's handler does."""
    command_id = new_id()
    bodies = checklist.collect()
    meta = encode_meta(
        Meta(
            actor="mentor-17",
            occurred_on=date(2025, 3, 14),
            correlation_id=command_id,
            causation_id=command_id,
            org_unit_id=checklist.mentee,
        )
    )
    events = tuple(
        NewEvent(id=new_id(), topic=body.topic, meta=meta, payload=_encode(body)) for body in bodies
    )
    append = StreamAppend(
        stream=checklist.id,
        kind=Checklist.kind,
        key=checklist.key,
        expected=checklist.version - len(bodies),
        events=events,
    )
    return Transaction(
        command_id=command_id,
        fingerprint=sha256(events[0].payload).digest(),
        appends=(append,),
    )


async def record_with_ledger(writers: Sequence[PostgresLedger], seconds: float) -> int:
    """Append from 64 clients, an aggregate each, through as many writers as there are."""
    until = time.perf_counter() + seconds

    async def client(ledger: PostgresLedger) -> int:
        checklist = Checklist.begin(
            new_id(), ChecklistOpened(mentee=new_id(), opened=datetime.now(UTC))
        )
        saved = 0
        while time.perf_counter() < until:
            await ledger.append(command_on(checklist))
            saved += 1
            checklist.score("hand-washing", saved % 3, datetime.now(UTC))
        return saved

    shared_out = (writers[number % len(writers)] for number in range(CLIENTS))
    return sum(await asyncio.gather(*map(client, shared_out)))


# ── floor ─────────────────────────────────────────────────────────────────────────────────────

_FLOOR_TABLE = """
CREATE TABLE floor (
    stream uuid NOT NULL, version bigint NOT NULL, topic text NOT NULL,
    meta bytea NOT NULL, payload bytea NOT NULL, PRIMARY KEY (stream, version)
)
"""
_FLOOR_INSERT = """
INSERT INTO floor
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[])
"""


async def record_with_nothing_else(connection: asyncpg.Connection, seconds: float) -> int:
    """Insert groups of rows, a transaction each."""
    until = time.perf_counter() + seconds
    streams = [uuid4() for _ in range(GROUP)]
    meta, payload = [bytes(180)] * GROUP, [bytes(90)] * GROUP
    topics = ["bench.checklist.item_scored"] * GROUP
    insert = await connection.prepare(_FLOOR_INSERT)
    written = 0
    while time.perf_counter() < until:
        written += 1
        await insert.fetch(streams, [written] * GROUP, topics, meta, payload)
    return written * GROUP


# ── the comparison ────────────────────────────────────────────────────────────────────────────


def stock_application(url: str) -> Application[UUID]:
    """Return the library's application on its own PostgreSQL recorder, a connection a thread."""
    parts = urlsplit(url)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parts.path.removeprefix("/"),
            "POSTGRES_HOST": parts.hostname or "",
            "POSTGRES_PORT": str(parts.port),
            "POSTGRES_USER": parts.username or "",
            "POSTGRES_PASSWORD": parts.password or "",
            "POSTGRES_POOL_SIZE": str(THREADS),
        }
    )


async def measure(runs: dict[str, Run], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Let each run record in its turn, round after round; return events per second."""
    figures: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        await run(WARM_UP_SECONDS)
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", flush=True)
        for name, run in runs.items():
            began = time.perf_counter()
            recorded = await run(seconds)
            figures[name].append(recorded / (time.perf_counter() - began))
    return figures


async def compare(server: EmbeddedPostgres, rounds: int, seconds: float) -> float:
    """Measure, print the table, and return the ledger's ratio to stock."""
    urls = {
        name: await server.create_database(name) for name in ("stock", "alone", "ledger", "floor")
    }
    application = stock_application(urls["stock"])
    connection = await asyncpg.connect(urls["floor"])
    await connection.execute(_FLOOR_TABLE)
    try:
        async with AsyncExitStack() as stack:
            writers = [
                await stack.enter_async_context(PostgresLedger(urls["ledger"], service="bench"))
                for _ in range(WRITERS)
            ]
            alone = await stack.enter_async_context(PostgresLedger(urls["alone"], service="bench"))
            figures = await measure(
                {
                    "stock": partial(record_with_stock, application),
                    "ledger": partial(record_with_ledger, [alone]),
                    "ledger2": partial(record_with_ledger, writers[:2]),
                    "ledger4": partial(record_with_ledger, writers),
                    "floor": partial(record_with_nothing_else, connection),
                },
                rounds,
                seconds,
            )
            batch = alone.counters.commands / alone.counters.batches
    finally:
        application.close()
        await connection.close()

    medians = {name: median(rates) for name, rates in figures.items()}
    print(f"\n{'':8}{'events/s':>10}{'lowest':>10}{'highest':>10}{'× stock':>9}")
    for name, rates in figures.items():
        ratio = medians[name] / medians["stock"]
        print(
            f"{name:8}{medians[name]:>10,.0f}{min(rates):>10,.0f}{max(rates):>10,.0f}{ratio:>9.1f}"
        )
    print(f"\n{batch:.0f} commands a commit on average; bar: {BAR:.0f} × stock")
    ratio = medians["ledger"] / medians["stock"]
    print(f"ledger {medians['ledger']:.0f} {ratio:.2f}")
    return ratio


async def main(rounds: int, seconds: float) -> float:
    """Run the benchmark on a server of its own."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        server = EmbeddedPostgres(Path(directory))
        await server.start()
        try:
            return await compare(server, rounds, seconds)
        finally:
            await server.stop()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=2.0, help="each run, each round")
    given = arguments.parse_args()
    uvloop.run(main(given.rounds, given.seconds))
