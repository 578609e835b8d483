"""What the read models were made of is held against what the ledger's log signed of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace
from prometheus_client import REGISTRY

from services.gateway.projections import AUDIT_EVENT
from services.gateway.projections.audit import AUDIT
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from services.gateway.reconciling import Reconciling
from services.gateway.verifying import verifying
from services.gateway.verifying.signed import Signed
from services.gateway.verifying.verifying import Verifying
from shared.database.pools import Pool
from shared.ledger import Entry
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import PostgresLedger
from shared.projection import builds, schema
from shared.proof.checkpoints import LogKey, open_checkpoint
from shared.proof.hashing import NOTHING, stream_hash
from shared.proof.notes import Signer
from shared.proof.tiles import Tile, split
from shared.transparency.published import PublishedLog
from shared.transparency.sealing import Sealing
from tests.support.ledgers import a_command, onto
from tests.support.relays import until
from tests.support.tampering import tampered

MakeDatabase = Callable[[], Awaitable[str]]
SEED = bytes(32)
STREAMS = [UUID(int=number) for number in range(1, 8)]


@dataclass(slots=True)
class World:
    """A registry that is sealed, and a gateway that consumed what it recorded.

    Attributes:
        asked: after which positions its feed was read.
    """

    ledger_at: str
    gateway_at: str
    pool: Pool
    ledger: PostgresLedger
    sealing: Sealing
    gateway: "asyncpg.Connection[asyncpg.Record]"
    versions: dict[UUID, int] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    async def record(self, events: int) -> None:
        """Record events of some streams, a few at a time, and seal them."""
        while events:
            appends = []
            for stream in STREAMS[:events]:
                count = min(5, max(events // len(STREAMS), 1))
                before = self.versions.get(stream, 0)
                appends.append(onto(stream, before, count=count))
                self.versions[stream] = before + count
                events -= count
            await self.ledger.append(a_command(*appends))
        await self.sealing.seal()

    async def entries(self) -> list[Entry]:
        """Return all there is."""
        return await self.ledger.feed(after=0, limit=10_000)

    async def consume(self, entries: Sequence[Entry]) -> None:
        """Keep of events what the projector keeps of them."""
        await self.gateway.executemany(
            f"INSERT INTO {AUDIT_EVENT.physical} (event_id, service, epoch, position, stream, kind,"
            " version, topic, recorded, command_id, occurred_on, actor, correlation_id,"
            " causation_id, details) VALUES ($1, 'registry', $2, $3, $4, $5, $6, $7, $8, $9,"
            " '2018-10-01', 'somebody', $1, $1, '{}')",
            [
                (
                    *(e.id, e.epoch, e.position, e.stream, e.kind, e.version),
                    *(e.topic, e.recorded, e.command_id),
                )
                for e in entries
            ],
        )
        await self.gateway.executemany(
            "INSERT INTO stream_cursor VALUES ('registry', $1, $2, $3, $4, $5)"
            " ON CONFLICT (service, stream) DO UPDATE SET version = $2, hash = $3, position = $5",
            [(e.stream, e.version, e.hash, e.epoch, e.position) for e in entries],
        )

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Read the ledger, and note that."""
        self.asked.append(after)
        return await self.ledger.feed(after=after, limit=limit)

    async def newest(self) -> Signed | None:
        """See `SignedLog`."""
        kept = await PublishedLog("registry", self.pool, self.ledger).newest()
        keys = [LogKey(Signer(kept.origin, SEED).verifier)]
        return Signed(kept.epoch, open_checkpoint(kept.note, keys)[0])

    async def leaves(self, epoch: int, tile: Tile) -> list[bytes]:
        """See `SignedLog`."""
        log = PublishedLog("registry", self.pool, self.ledger)
        return split(await log.part(tile.path, epoch))

    async def verify(self) -> str:
        """Verify as the projector does every hour, in a process of its own; return what it says."""
        self.asked.clear()
        one = Verifying(self.gateway_at, {"registry": self}, {"registry": self}, 3_600.0)
        await one.verify()
        return one.health().says

    def differ(self) -> float | None:
        """Return what the metric says."""
        return REGISTRY.get_sample_value("mshauri_events_differ", {"service": "registry"})


@pytest.fixture
async def world(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setattr(verifying, "PATIENCE_S", 0.0)
    monkeypatch.setattr(verifying, "_RESTS", 0.0)
    async with AsyncExitStack() as stack:
        ledger_at, gateway_at = await make_database(), await make_database()
        pool = await stack.enter_async_context(asyncpg.create_pool(ledger_at, min_size=1))
        ledger = await stack.enter_async_context(PostgresLedger(pool, service="registry"))
        sealing = Sealing("registry", pool, ledger, house="test.invalid", seed=SEED)
        await sealing.prepare()
        gateway = await asyncpg.connect(gateway_at)
        stack.push_async_callback(gateway.close)
        await _build(gateway)
        yield World(ledger_at, gateway_at, pool, ledger, sealing, gateway)


async def _build(gateway: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Make a build of the read models, and have it read."""
    await builds.prepare(gateway)
    build = await builds.begin(gateway, READ_MODELS, READ_MODELS_BUILT)
    await gateway.execute(f"SET search_path = {build.schema}")
    await schema.ensure(gateway, [AUDIT])
    assert await builds.turn(gateway, build)


async def test_what_was_consumed_as_it_was_signed_is_verified_once(world: World) -> None:
    await world.record(600)
    await world.consume(await world.entries())
    assert (await world.verify()).startswith("registry: 600 events at ")
    assert world.differ() == 0
    assert world.asked == [0, 256, 512]
    await world.record(3)
    await world.consume((await world.entries())[600:])
    assert (await world.verify()).startswith("registry: 603 events at ")
    assert world.asked == [600], "an hour's events are read in an hour, not all of them"


def _rehashed(entry: Entry, past: bytes) -> Entry:
    """Return an event with the hash that it should have, as whoever forges it computes it."""
    return replace(
        entry,
        hash=stream_hash(
            past,
            stream=entry.stream,
            version=entry.version,
            recorded=entry.recorded,
            topic=entry.topic,
            meta=entry.meta,
            payload=entry.payload,
        ),
    )


async def test_a_stream_that_was_altered_and_hashed_anew_to_its_end_is_named(world: World) -> None:
    """The engine goes by these hashes: it took each of them for the one that follows."""
    await world.record(300)
    entries = await world.entries()
    forged, past = [], NOTHING
    for entry in entries:
        if entry.stream != STREAMS[2]:
            forged.append(entry)
            continue
        told = b'{"count":2}' if entry.version == 5 else entry.payload
        forged.append(_rehashed(replace(entry, payload=told), past))
        past = forged[-1].hash
    await world.consume(forged)
    last = max(entry.position for entry in entries if entry.stream == STREAMS[2])
    assert f"1 of them missing or not what was signed: {last}" in await world.verify()
    assert world.differ() == 1
    assert await world.verify(), "and the next time again"
    assert world.differ() == 1


@pytest.mark.parametrize("sealed", [True, False])
async def test_a_stream_that_always_goes_on_is_not_left_out(world: World, sealed: bool) -> None:
    await world.record(20)
    entries = await world.entries()
    await world.consume(entries[:-1])
    forged = replace(entries[-1], hash=bytes(32))
    ahead = replace(forged, id=uuid4(), position=21, version=forged.version + 1)
    await world.consume([forged, ahead])
    if sealed:  # what is recorded there is another event
        await world.ledger.append(a_command(onto(uuid4(), 0)))
    assert "missing or not what was signed: 20" in await world.verify()


CHANGES = {
    "missing": "DELETE FROM {table} WHERE position = 7",
    "another event": "UPDATE {table} SET event_id = gen_random_uuid() WHERE position = 7",
    "another record's": "UPDATE {table} SET stream = gen_random_uuid() WHERE position = 7",
    "another kind": "UPDATE {table} SET kind = 'other' WHERE position = 7",
    "another topic": "UPDATE {table} SET topic = 'tests.other' WHERE position = 7",
    "another command's": "UPDATE {table} SET command_id = event_id WHERE position = 7",
    "another time": "UPDATE {table} SET recorded = recorded - interval '1 s' WHERE position = 7",
    "another epoch": "UPDATE {table} SET epoch = 2 WHERE position = 7",
    "another place in its record": "UPDATE {table} SET version = 9 WHERE position = 7",
    "another service's": "UPDATE {table} SET service = 'sessions' WHERE position = 7",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_an_event_that_is_missing_or_altered_is_named_until_it_is_mended(
    world: World, change: str
) -> None:
    await world.record(20)
    entries = await world.entries()
    await world.consume(entries)
    await world.gateway.execute(CHANGES[change].format(table=AUDIT_EVENT.physical))
    assert "1 of them missing or not what was signed: 7" in await world.verify()
    assert world.differ() == 1
    await world.gateway.execute(f"TRUNCATE {AUDIT_EVENT.physical}, stream_cursor")
    await world.consume(entries)
    assert "missing" not in await world.verify()
    assert world.differ() == 0
    assert world.asked == [6], "the others were verified before"


async def test_events_that_changed_places_are_named(world: World) -> None:
    await world.record(20)
    entries = await world.entries()
    entries[3], entries[4] = (
        replace(entries[3], position=entries[4].position),
        replace(entries[4], position=entries[3].position),
    )
    await world.consume(entries)
    assert "2 of them missing or not what was signed: 4, 5" in await world.verify()


async def test_a_ledger_that_was_altered_after_it_was_signed_is_named(world: World) -> None:
    await world.record(300)
    await world.consume(await world.entries())
    await tampered(
        world.ledger_at,
        "UPDATE ledger SET payload = convert_to('{}', 'UTF8') WHERE position IN (270, 290)",
    )
    said = await world.verify()
    assert said == "registry: what stands at 270, 290 is not what was signed"
    assert world.differ() == 2
    assert await world.verify() == said


async def test_a_log_whose_tiles_were_altered_with_the_ledger_has_another_root(
    world: World,
) -> None:
    await world.record(30)
    await tampered(
        world.ledger_at,
        "UPDATE ledger SET payload = convert_to('{}', 'UTF8') WHERE position = 9",
        "DELETE FROM log_tile WHERE level = 0",
    )
    again = Sealing("registry", world.pool, world.ledger, house="test.invalid", seed=SEED)
    async with world.pool.acquire() as connection:
        kept = await connection.fetchrow("SELECT * FROM log_checkpoint")
        assert kept is not None
        await connection.execute("DELETE FROM log_checkpoint")
        await again.seal()  # whoever owns the database makes the tiles anew, but for the signature
        await connection.execute(
            "UPDATE log_checkpoint SET root = $1, note = $2", kept["root"], kept["note"]
        )
    await world.consume(await world.entries())
    assert "its first 30 entries have not the root that was signed" in await world.verify()


async def test_a_log_that_signs_less_than_it_did_is_said(world: World) -> None:
    await world.record(30)
    await world.consume(await world.entries())
    await world.verify()
    async with world.pool.acquire() as connection:
        await connection.execute("DELETE FROM log_checkpoint")
        await connection.execute("DELETE FROM log_tile")
    await tampered(world.ledger_at, "DELETE FROM ledger WHERE position > 25")
    await world.sealing.seal()
    assert "its log signs 25 entries, and had 30" in await world.verify()
    assert world.differ() == 1


async def test_what_is_built_anew_and_what_a_restore_began_is_verified_from_the_first(
    world: World,
) -> None:
    await world.record(10)
    await world.consume(await world.entries())
    await world.verify()
    async with world.pool.acquire() as connection:
        await begin_epoch(connection, "a test")
    await world.record(2)
    await world.consume((await world.entries())[10:])
    assert "12 events" in await world.verify()
    assert world.asked == [0]
    await _build(world.gateway)
    await world.consume(await world.entries())
    assert "12 events" in await world.verify()
    assert world.asked == [0]


async def test_many_that_are_not_there_are_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "MOST_UNLIKE", 300)
    await world.record(600)
    assert "512 events" in await world.verify()
    await world.consume(await world.entries())
    assert "600 events" in await world.verify()
    assert world.differ() == 0


async def test_an_event_that_no_ledger_recorded_is_counted(world: World) -> None:
    await world.record(5)
    entries = await world.entries()
    await world.consume([*entries, replace(entries[2], id=uuid4())])
    one = Reconciling(world.gateway_at, {"registry": world.ledger.head}, 0.01)
    counting = asyncio.create_task(one.run())
    await until(lambda: "never recorded" in one.health().says)
    counting.cancel()
    assert "1 of registry were never recorded" in one.health().says
    missing = REGISTRY.get_sample_value("mshauri_events_missing", {"service": "registry"})
    assert missing == -1
