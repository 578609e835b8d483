"""A ledger is sealed into its log: whole, in order, once, and never against what was signed."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import PostgresLedger
from shared.proof.checkpoints import Checkpoint, LogKey, open_checkpoint
from shared.proof.notes import Signer
from shared.proof.statement import statement_of
from shared.proof.tiles import bundles_of, tiles_of, unbundle
from shared.proof.tree import leaf_hash, must_continue, must_include, root_of
from shared.transparency.errors import (
    AnotherOrigin,
    BehindWitness,
    Forked,
    LogBroken,
    NoSuchPart,
    RetiredHere,
)
from shared.transparency.leaves import leaves_between
from shared.transparency.proving import prove_consistency, prove_inclusion, root_at
from shared.transparency.published import PublishedLog
from shared.transparency.sealing import SLICE, Sealing
from shared.transparency.store import read_all
from tests.support.ledgers import a_command, onto
from tests.support.tampering import tampered

HOUSE = "test.invalid"
SEED = bytes(32)
ORIGIN = f"{HOUSE}/registry"
KEY = LogKey(Signer(ORIGIN, SEED).verifier)


async def _grow(ledger: PostgresLedger, events: int) -> None:
    for first in range(0, events, 100):
        count = min(100, events - first)
        await ledger.append(a_command(onto(uuid4(), 0, count=count)))


def _sealing(pool: Any, ledger: PostgresLedger, **changes: Any) -> Sealing:
    return Sealing("registry", pool, ledger, **{"house": HOUSE, "seed": SEED, **changes})


async def test_what_postgresql_hashes_is_what_the_statement_says(database: str) -> None:
    async with PostgresLedger(database, service="registry") as ledger:
        await _grow(ledger, 30)
        # Years and times that are written with noughts, or in another zone than the session's.
        await tampered(
            database,
            "UPDATE ledger SET recorded = '0987-01-02 03:04:05.000006+00' WHERE position = 7",
            "UPDATE ledger SET recorded = '2026-06-01 00:00:00+03', kind = 'öß' WHERE position = 8",
            "UPDATE ledger SET payload = decode('00ff5c', 'hex'), meta = '' WHERE position = 9",
        )
        entries = await ledger.feed(after=0, limit=100)
        connection = await asyncpg.connect(database)
        await connection.execute("SET TIME ZONE 'Africa/Nairobi'")
        assert await leaves_between(connection, 0, 100) == [
            leaf_hash(statement_of(entry)) for entry in entries
        ]
        assert await leaves_between(connection, 10, 12) == [
            leaf_hash(statement_of(entry)) for entry in entries[10:12]
        ]
        assert await leaves_between(connection, 30, 100) == []
        await tampered(database, "DELETE FROM ledger WHERE position = 12")
        with pytest.raises(LogBroken, match="entries 10 to 30 only 20"):
            await leaves_between(connection, 9, 100)
        await connection.close()


async def test_an_earlier_ledger_is_sealed_from_its_first_entry_in_slices(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        await _grow(ledger, SLICE + 300)
        told: list[int] = []
        sealing = _sealing(
            pool, ledger, tell=lambda _, checkpoint, __: told.append(checkpoint.size)
        )
        await sealing.prepare()
        assert await sealing.seal() == SLICE + 300
        assert told == [SLICE, SLICE + 300]
        log = PublishedLog("registry", pool, ledger)
        kept = await log.checkpoint()
        checkpoint, _ = open_checkpoint(kept.note, [KEY], origin=ORIGIN)
        leaves = [
            leaf_hash(statement_of(entry)) for entry in await ledger.feed(after=0, limit=10_000)
        ]
        assert checkpoint == Checkpoint(ORIGIN, SLICE + 300, root_of(leaves))
        entries = [
            leaf_hash(entry)
            for bundle in bundles_of(kept.size)
            for entry in unbundle(await log.part(bundle.path))
        ]
        assert entries == leaves
        for tile in tiles_of(kept.size):
            assert len(await log.part(tile.path)) == 32 * tile.width
        assert await sealing.seal() == 0


async def test_every_size_that_was_signed_stays_provable(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        sealing = _sealing(pool, ledger)
        await sealing.prepare()
        assert await sealing.seal() == 0
        signed: list[Checkpoint] = []
        for events in (1, 254, 1, 1, 300, 7):
            await _grow(ledger, events)
            assert await sealing.seal() == events
            (kept,) = await read_all(pool)
            signed.append(Checkpoint(kept.origin, kept.size, kept.root))
        last = signed[-1]
        entries = await ledger.feed(after=0, limit=1_000)
        for before in signed:
            assert await root_at(pool, before.size, last.size) == before.root
            proof = await prove_consistency(pool, before.size, last.size)
            must_continue(before.size, before.root, last.size, last.root, proof)
            leaf = leaf_hash(statement_of(entries[before.size - 1]))
            path = await prove_inclusion(pool, before.size - 1, last.size)
            must_include(before.size - 1, last.size, leaf, path, last.root)


async def test_several_that_seal_one_ledger_while_it_grows_make_one_log(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        several = [_sealing(pool, ledger, every_s=0.001) for _ in range(3)]
        tasks = [asyncio.create_task(one.run()) for one in several]
        for _ in range(40):
            await _grow(ledger, 25)
        async with asyncio.timeout(20):
            while any(one.size < 1_000 for one in several):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (kept,) = await read_all(pool)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        leaves = await leaves_between(pool, 0, 1_000)
        assert (kept.size, kept.root) == (1_000, root_of(leaves))
        assert all(one.problem is None for one in several)


async def test_whoevers_turn_it_is_not_seals_nothing(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        await _grow(ledger, 5)
        sealing = _sealing(pool, ledger)
        await sealing.prepare()
        async with pool.acquire() as other, other.transaction():
            await other.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('log of registry', 0))"
            )
            assert await sealing.seal() == 0
            assert await read_all(pool) == []
        assert await sealing.seal() == 5


async def test_a_restored_ledgers_log_goes_on_under_another_name(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        sealing = _sealing(pool, ledger)
        await sealing.prepare()
        await _grow(ledger, 300)
        await sealing.seal()
        await _grow(ledger, 10)
        async with pool.acquire() as connection:
            await begin_epoch(connection, "a test")
        await sealing.seal()
        await _grow(ledger, 300)
        await sealing.seal()
        first, second = await read_all(pool)
        assert (first.origin, first.size) == (ORIGIN, 310)
        assert (second.origin, second.size) == (f"{ORIGIN}/2", 610)
        proof = await prove_consistency(pool, 310, 610)
        must_continue(310, first.root, 610, second.root, proof)
        log = PublishedLog("registry", pool, ledger)
        assert len(await log.part("0/001.p/54")) == 54 * 32
        with pytest.raises(NoSuchPart) as refused:
            await log.part("0/001")
        assert refused.value.code == "NO_SUCH_PART_OF_LOG"
        assert len(await log.part("0/001", 2)) == 256 * 32
        told = await log.told()
        assert [(one.path, one.size, one.ended) for one in told.logs] == [
            ("registry", 310, 310),
            ("registry/2", 610, None),
        ]


async def test_a_retired_key_signs_no_more_and_is_published_with_its_day(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        await _grow(ledger, 3)
        old, new = _sealing(pool, ledger), _sealing(pool, ledger, seed=b"\x01" * 32)
        await old.prepare()
        await old.seal()
        await new.prepare()
        await new.prepare()
        with pytest.raises(RetiredHere) as refused:
            await old.prepare()
        assert refused.value.code == "LOG_KEY_WAS_RETIRED"
        # One that was at work already signs nothing more either.
        await _grow(ledger, 3)
        with pytest.raises(RetiredHere):
            await old.seal()
        await new.seal()
        (told,) = (await PublishedLog("registry", pool, ledger).told()).logs
        assert [key.retired is None for key in told.keys] == [True, False]
        assert told.keys[1].vkey == KEY.verifier.vkey


async def test_a_log_keeps_its_name(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        await _grow(ledger, 3)
        sealing = _sealing(pool, ledger)
        await sealing.prepare()
        await sealing.seal()
        await _grow(ledger, 3)
        with pytest.raises(AnotherOrigin) as refused:
            await _sealing(pool, ledger, house="other.invalid").seal()
        assert refused.value.code == "LOG_ORIGIN_CHANGED"
        assert (await read_all(pool))[0].size == 3


async def test_nothing_is_signed_that_contradicts_what_a_witness_saw(database: str) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        await _grow(ledger, 10)
        await _sealing(pool, ledger).prepare()
        (*_, leaf) = leaves = await leaves_between(pool, 0, 10)

        def saw(size: int, root: bytes) -> Sealing:
            async def last(origin: str) -> Checkpoint:
                return Checkpoint(origin, size, root)

            return _sealing(pool, ledger, last_witnessed=last)

        with pytest.raises(BehindWitness) as behind:
            await saw(11, leaf).seal()
        assert behind.value.code == "LOG_BEHIND_WITNESS"
        with pytest.raises(Forked) as forked:
            await saw(7, leaf).seal()
        assert forked.value.code == "LOG_FORKED"
        assert await read_all(pool) == []
        # What a crash took of a log, and a witness saw, is sealed again as it was.
        assert await saw(7, root_of(leaves[:7])).seal() == 10
        with pytest.raises(Forked):
            await saw(6, leaf).seal()
        assert await saw(6, root_of(leaves[:6])).seal() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM log_tile WHERE level = 0 AND number = 1",
        "UPDATE log_tile SET hashes = '\\x00' || substr(hashes, 2) WHERE number = 1",
        "UPDATE log_tile SET hashes = substr(hashes, 33) WHERE number = 1",
        "UPDATE log_checkpoint SET root = sha256('')",
        "DELETE FROM ledger WHERE position = 305",
    ],
)
async def test_a_log_whose_tables_were_changed_is_not_gone_on_with(
    database: str, statement: str
) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        await _grow(ledger, 300)
        sealing = _sealing(pool, ledger)
        await sealing.prepare()
        await sealing.seal()
        await _grow(ledger, 10)
        await tampered(database, statement)
        with pytest.raises(LogBroken) as refused:
            await _sealing(pool, ledger).seal()
        assert refused.value.code == "LOG_BROKEN"


async def test_a_log_that_nobody_sealed_yet_has_no_parts(database: str, tmp_path: Path) -> None:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        log = PublishedLog("registry", pool, ledger)
        for asked in (log.checkpoint(), log.newest(), log.part("0/000.p/1"), log.told()):
            with pytest.raises(NoSuchPart):
                await asked
