"""A small world to project: people who enrol, are assessed, move and withdraw, in two services."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Annotated, Any, ClassVar
from uuid import UUID

import asyncpg
import msgspec

from shared.contracts.base import Event
from shared.contracts.envelope import Meta, decode_meta, encode_meta
from shared.domain.ids import derived_id
from shared.ledger import Entry
from shared.positions import partition_of
from shared.projection import (
    Change,
    Column,
    Delete,
    Engine,
    Happening,
    Patch,
    Projection,
    Table,
    Upsert,
    fingerprint,
)
from shared.projection.connection import Pool
from shared.projection.memory import MemorySource, MemoryTopics
from shared.projection.source import Place
from shared.proof.hashing import NOTHING, stream_hash

MakeDatabase = Callable[[], Awaitable[str]]

SERVICES = ("registry", "sessions")


class Enrolled(Event, frozen=True, kw_only=True):
    """Somebody became a mentee."""

    topic: ClassVar[str] = "test.enrolled"
    name: str
    unit: UUID


class Moved(Event, frozen=True, kw_only=True):
    """A mentee went to another unit."""

    topic: ClassVar[str] = "test.moved"
    unit: UUID


class Assessed(Event, frozen=True, kw_only=True):
    """A mentee was scored on a competency."""

    topic: ClassVar[str] = "test.assessed"
    competency: str
    raw: Annotated[int, msgspec.Meta(ge=0)]
    maximum: int


class Withdrawn(Event, frozen=True, kw_only=True):
    """A mentee left."""

    topic: ClassVar[str] = "test.withdrawn"


class Unheeded(Event, frozen=True, kw_only=True):
    """An event that no contract of this process knows."""

    topic: ClassVar[str] = "test.unheeded"


KNOWN: dict[str, type[Event]] = {
    event.topic: event for event in (Enrolled, Moved, Assessed, Withdrawn)
}

# ── read models ───────────────────────────────────────────────────────────────────────────────

MENTEES = Table(
    name="mentee",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "name": Column(type="text"),
        "unit": Column(type="uuid"),
        "units": Column(type="uuid[]"),
        "moved": Column(type="timestamptz", nullable=True),
    },
    indexes=(("unit", "name"),),
)
PROGRESS = Table(
    name="mentee_progress",
    version=3,
    key=("mentee", "competency"),
    columns={
        "mentee": Column(type="uuid"),
        "competency": Column(type="text"),
        "raw": Column(type="integer"),
        "maximum": Column(type="integer"),
        "passed": Column(type="boolean"),
        "on": Column(type="date"),
    },
)
AUDIT = Table(
    name="audit_trail",
    version=1,
    key=("service", "position"),
    columns={
        "service": Column(type="text"),
        "position": Column(type="bigint"),
        "stream": Column(type="uuid"),
        "version": Column(type="integer"),
        "recorded": Column(type="timestamptz"),
        "actor": Column(type="text"),
        "what": Column(type="text"),
        "content": Column(type="jsonb"),
    },
    indexes=(("stream", "version"),),
)


def projections(audit_table: Table = AUDIT) -> list[Projection]:
    """Make three read models: of people, of their progress, and of everything that happened."""
    mentees = Projection("mentees", MENTEES)
    progress = Projection("progress", PROGRESS)
    audit = Projection("audit", audit_table)

    @mentees.on(Enrolled)
    def enrolled(event: Enrolled, it: Happening) -> Iterator[Change]:
        values = {"name": event.name, "unit": event.unit, "units": [event.unit]}
        yield Upsert(MENTEES, (it.stream,), values)

    @mentees.on(Moved)
    def moved(event: Moved, it: Happening) -> Iterator[Change]:
        values = {"unit": event.unit, "units": [event.unit, it.stream], "moved": it.recorded}
        yield Patch(MENTEES, (it.stream,), values)

    @mentees.on(Withdrawn)
    def withdrawn(event: Withdrawn, it: Happening) -> Iterator[Change]:
        yield Delete(MENTEES, (it.stream,))

    @progress.on(Assessed)
    def assessed(event: Assessed, it: Happening) -> Iterator[Change]:
        values = {
            "raw": event.raw,
            "maximum": event.maximum,
            "passed": event.raw * 100 >= 85 * event.maximum,
            "on": it.meta.occurred_on,
        }
        yield Upsert(PROGRESS, (it.stream, event.competency), values)

    @audit.on(Enrolled, Moved, Assessed, Withdrawn)
    def audited(event: Event, it: Happening) -> Iterator[Change]:
        values = {
            "stream": it.stream,
            "version": it.version,
            "recorded": it.recorded,
            "actor": it.meta.actor,
            "what": event.topic,
            "content": msgspec.to_builtins(event),
        }
        yield Upsert(audit_table, (it.service, it.position), values)

    return [mentees, progress, audit]


TABLES = (MENTEES, PROGRESS, AUDIT)


class JsonDecoder:
    """Decodes payloads in clear; a `Decoder`."""

    def __init__(self) -> None:
        self._decoders = {t: msgspec.json.Decoder(known) for t, known in KNOWN.items()}

    async def prepare(self, entries: Sequence[Entry]) -> None:
        """Need nothing."""

    def decode(self, entry: Entry) -> Event:
        return self._decoders[entry.topic].decode(entry.payload)

    def forget(self, service: str, subjects: Sequence[UUID]) -> None:
        """Know no keys."""

    def meta(self, entry: Entry) -> Meta:
        return decode_meta(entry.meta)


# ── histories ─────────────────────────────────────────────────────────────────────────────────


class History:
    """A service's ledger, as far as the bus sees it: entries with right positions and hashes."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.entries: list[Entry] = []
        self._heads: dict[UUID, tuple[int, bytes]] = {}
        self._recorded = datetime(2021, 3, 1, 8, tzinfo=UTC)
        self._epoch = 1

    def restore(self, cut: int, epoch: int) -> None:
        """Go on from a backup of the first `cut` entries, in another epoch."""
        self.entries = self.entries[:cut]
        self._heads = {entry.stream: (entry.version, entry.hash) for entry in self.entries}
        self._epoch = epoch

    def happen(self, stream: UUID, *bodies: Event, key: UUID | None = None) -> list[Entry]:
        """Record events of a stream and return their entries."""
        return [self._happen(stream, body, key or stream) for body in bodies]

    def _happen(self, stream: UUID, body: Event, key: UUID) -> Entry:
        position = len(self.entries) + 1
        version, previous = self._heads.get(stream, (0, NOTHING))
        self._recorded += timedelta(milliseconds=137)
        command = derived_id("command", self.service, position)
        meta = encode_meta(
            Meta(
                actor="nurse",
                occurred_on=date(2021, 3, 1),
                correlation_id=command,
                causation_id=command,
            )
        )
        payload = msgspec.json.encode(body)
        entry = Entry(
            position=position,
            epoch=self._epoch,
            id=derived_id("event", self.service, position, self._epoch),
            stream=stream,
            kind="Enrolment",
            version=version + 1,
            key=key,
            topic=body.topic,
            recorded=self._recorded,
            command_id=command,
            meta=meta,
            payload=payload,
            hash=stream_hash(
                previous,
                stream=stream,
                version=version + 1,
                recorded=self._recorded,
                topic=body.topic,
                meta=meta,
                payload=payload,
            ),
        )
        self._heads[stream] = (entry.version, entry.hash)
        self.entries.append(entry)
        return entry


def person(number: int) -> UUID:
    """Return a person's id."""
    return derived_id("person", number)


def unit(number: int) -> UUID:
    """Return an org unit's id."""
    return derived_id("unit", number)


def lives(history: History, people: int, events: int, seed: int = 1) -> None:
    """Let `people` live through about `events` events, the same for the same seed."""
    random = Random(seed)
    count: Counter[int] = Counter()
    for _ in range(events):
        number = random.randrange(people)
        count[number] += 1
        stream = derived_id("enrolment", history.service, number)
        history.happen(stream, _next(random, number, count[number]), key=person(number))


def _next(random: Random, number: int, count: int) -> Event:
    if count == 1:
        return Enrolled(name=f"Mentee {number}", unit=unit(number % 30))
    chance = random.random()
    if chance < 0.02:
        return Withdrawn()
    if chance < 0.07:
        return Enrolled(name=f"Mentee {number} again", unit=unit(random.randrange(30)))
    if chance < 0.15:
        return Moved(unit=unit(random.randrange(30)))
    return Assessed(
        competency=f"competency {random.randrange(8)}", raw=random.randrange(21), maximum=20
    )


# ── running ───────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[Engine]:
    """Run an engine; what stops it is raised at the end."""
    task = asyncio.create_task(engine.run())
    try:
        yield engine
    finally:
        await engine.stop()
        await task


def an_engine(
    pool: Pool,
    topics: MemoryTopics,
    *,
    folds: Sequence[Projection] | None = None,
    **options: Any,
) -> Engine:
    """Make an engine that reads topics in memory."""
    options = {"poll_timeout": 0.02, "tick": 0.05} | options
    return Engine(
        pool, MemorySource(topics), folds or projections(), SERVICES, JsonDecoder(), **options
    )


def some_lives(people: int = 40, events: int = 800) -> list[History]:
    """Let people live through events of both services."""
    histories = [History(service) for service in SERVICES]
    for seed, history in enumerate(histories):
        lives(history, people, events, seed)
    return histories


async def undisturbed(make_database: MakeDatabase, histories: Sequence[History]) -> dict[str, str]:
    """Return the tables' fingerprint after a run in which nothing went wrong."""
    topics = MemoryTopics(*SERVICES)
    for history in histories:
        await topics.publish(history.service, history.entries)
    async with asyncpg.create_pool(await make_database(), min_size=1, max_size=3) as pool:
        async with running(an_engine(pool, topics)):
            await applied_all(pool, *histories)
        return await fingerprint(pool, TABLES)


# ── looking at the outcome ────────────────────────────────────────────────────────────────────


async def until(true: Callable[[], Awaitable[bool]], what: str, timeout: float = 20.0) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it is not, after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while not await true():
        assert time.monotonic() < deadline, f"after {timeout:.0f} s it is still not so that {what}"
        await asyncio.sleep(0.02)


async def applied_all(pool: Pool, *histories: History) -> None:
    """Wait until every entry of the histories is applied."""
    ends = _ends(histories)

    async def level() -> bool:
        try:
            rows = await pool.fetch("SELECT service, partition, position FROM applied")
        except Exception:  # not created yet, or away: still to come
            return False
        here = {(row[0], row[1]): row[2] for row in rows}
        return all(here.get(place, 0) >= position for place, position in ends.items())

    await until(level, "everything is applied", 40)


def _ends(histories: Iterable[History]) -> dict[Place, int]:
    return {
        (history.service, partition_of(entry.key)): entry.position
        for history in histories
        for entry in history.entries
    }
