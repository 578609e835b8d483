"""What a sealed log proves of its entries, from the tiles that are kept of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.domain.errors import MshauriError, Unavailable
from shared.evidence import proving
from shared.evidence.bundle import Occasion, Told, drafted
from shared.evidence.mshauri_verify import GENUINE, Judgement, judge, read_key
from shared.evidence.proving import NoLogKey, ServiceLog
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import PostgresLedger
from shared.proof.checkpoints import Checkpoint
from shared.proof.errors import AnotherLog, BeforeRestore, NotProven
from shared.proof.notes import Signer
from shared.transparency.errors import RetiredHere
from shared.transparency.keys import note_key
from shared.transparency.sealing import Sealing
from shared.transparency.store import read_newest
from tests.support.ledgers import a_command, onto

HOUSE, SEED, OTHER = "test.invalid", bytes(32), bytes(31) + b"\x01"


class Registry:
    """A ledger, what seals it, and what makes evidence of it."""

    def __init__(self, pool: Any, ledger: PostgresLedger) -> None:
        self.pool, self.ledger = pool, ledger
        self.log = ServiceLog("registry", pool, SEED)
        self.sealing = Sealing("registry", pool, ledger, house=HOUSE, seed=SEED)

    async def grow(self, events: int) -> None:
        for first in range(0, events, 100):
            await self.ledger.append(a_command(onto(uuid4(), 0, count=min(100, events - first))))
        await self.sealing.prepare()
        await self.sealing.seal()

    async def checkpoint(self) -> bytes:
        kept = await read_newest(self.pool)
        assert kept is not None
        return kept.note

    async def bundle(self, positions: list[int], since: bytes | None = None) -> bytes:
        entries = await self.ledger.at(positions)
        proven = await self.log.proven(positions, since)
        draft = drafted(
            Occasion(kind="mentee", about={}, asked_by="tests", made_at=datetime.now(UTC)),
            [Told(service="registry", entry=entry) for entry in entries],
            {"registry": proven},
            {},
            [],
            {},
        )
        return draft.sealed(await self.log.seal(draft.digest))


@pytest_asyncio.fixture
async def registry(database: str) -> AsyncIterator[Registry]:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        yield Registry(pool, ledger)


def judged(tmp_path: Path, bundle: bytes, *names: str) -> Judgement:
    file = tmp_path / "evidence.zip"
    file.write_bytes(bundle)
    keys = [read_key(Signer(f"{HOUSE}/{name}", SEED).verifier.vkey) for name in names]
    return judge(file, keys)


async def test_what_the_tiles_prove_verifies(registry: Registry, tmp_path: Path) -> None:
    await registry.grow(300)
    before = await registry.checkpoint()
    await registry.grow(500)
    bundle = await registry.bundle([1, 256, 257, 300, 301, 800], before)
    found = judged(tmp_path, bundle, "registry")
    assert found.verdict == GENUINE, found.found
    assert any("goes on from the 300 entries" in one.says for one in found.found)


async def test_after_a_restore_the_past_up_to_the_cut_is_still_proven(
    registry: Registry, tmp_path: Path
) -> None:
    await registry.grow(300)
    before = await registry.checkpoint()
    async with registry.pool.acquire() as connection:
        await begin_epoch(connection, "a test")
    await registry.grow(100)
    bundle = await registry.bundle([299, 301], before)
    found = judged(tmp_path, bundle, "registry", "registry/2")
    assert found.verdict == GENUINE, found.found
    # A checkpoint of the first epoch that told of more than the ledger had when it was restored.
    beyond = Checkpoint(f"{HOUSE}/registry", 310, bytes(32))
    note = beyond.signed_by(Signer(beyond.origin, SEED)).encode()
    with pytest.raises(BeforeRestore) as refused:
        await registry.log.proven([1], note)
    assert refused.value.code == "BEFORE_RESTORE"


async def test_a_checkpoint_that_the_log_never_had_is_refused(registry: Registry) -> None:
    await registry.grow(30)
    for size, name, kind in (
        (20, "registry", NotProven),
        (31, "registry", NotProven),
        (20, "sessions", AnotherLog),
    ):
        other = Checkpoint(f"{HOUSE}/{name}", size, bytes(32))
        note = other.signed_by(Signer(other.origin, SEED)).encode()
        with pytest.raises(MshauriError) as refused:
            await registry.log.proven([1], note)
        assert isinstance(refused.value, kind)


async def test_what_is_not_sealed_yet_is_waited_for(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await registry.grow(30)
    monkeypatch.setattr(proving, "PATIENCE_S", 0.5)
    with pytest.raises(Unavailable):
        await registry.log.proven([31], None)


async def test_nothing_is_signed_without_a_key_or_with_one_that_was_retired(
    registry: Registry,
) -> None:
    await registry.grow(3)
    with pytest.raises(NoLogKey) as refused:
        await ServiceLog("registry", registry.pool, None).seal(bytes(32))
    assert refused.value.code == "NO_LOG_KEY"
    async with registry.pool.acquire() as connection:
        await note_key(connection, "registry", Signer("any", OTHER).verifier.key)
    with pytest.raises(RetiredHere):
        await registry.log.seal(bytes(32))
