"""A backup from before an erasure is restored: whose keys it brings back stay erased."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest

from mshauri.backup.manifest import Dump, digest
from mshauri.backup.restore import restored
from mshauri.backup.tools import run
from shared.contracts.registry.health_worker import HealthWorkerRegistered
from shared.domain.errors import Unavailable
from shared.ledger.postgres import PostgresLedger
from shared.privacy.erased import ErasedList
from shared.privacy.keys import SubjectErased
from shared.privacy.master import MasterKey
from shared.privacy.payload import ERASED, decode_event, encode_event
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.transparency.witnessing import last_witnessed
from tests.support.ledgers import a_command, onto
from tests.support.servers import PostgresServer
from tests.support.story import MENTEE, STORY

MakeDatabase = Callable[[], Awaitable[str]]
SAID = next(
    told.body
    for told in STORY
    if isinstance(told.body, HealthWorkerRegistered) and told.body.health_worker_id == MENTEE
)


@asynccontextmanager
async def _started(database: str, witness: Path | None) -> AsyncIterator[PostgresKeyStore]:
    """Open the keys of the registry as its decider does at each start."""
    async with asyncpg.create_pool(database, min_size=1, max_size=2) as pool:
        known = None if witness is None else ErasedList(witness, "registry")
        store = PostgresKeyStore(pool, MasterKey(bytes(32)), erased=known)
        await store.prepare()
        yield store


async def _dumped(database: str, directory: Path) -> Dump:
    """Back a registry up, as `mshauri backup` does."""
    directory.mkdir()
    file = directory / "registry.dump"
    await asyncio.to_thread(run, "pg_dump", database, "-Fc", f"--file={file}")
    async with PostgresLedger(database, service="registry") as ledger:
        head = await ledger.head()
    return Dump(
        service="registry",
        database=urlsplit(database).path[1:],
        position=head.position,
        epoch=head.epoch,
        hash=head.hash.hex(),
        file=file.name,
        bytes=file.stat().st_size,
        sha256=digest(file),
    )


async def _keys(database: str) -> dict[UUID, bool]:
    """Return who has, and who had, a key in a database."""
    connection = await asyncpg.connect(database)
    try:
        rows: list[Any] = await connection.fetch("SELECT subject, wrapped FROM subject_key")
        return {row["subject"]: row["wrapped"] is not None for row in rows}
    finally:
        await connection.close()


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
async def backup(database: str, tmp_path: Path) -> Dump:
    """A registry with two people, and its backup, taken before anybody was erased."""
    async with _started(database, None) as store:
        keys = await store.keys_for([MENTEE, OTHER], create=True)
        assert None not in keys.values()
    async with PostgresLedger(database, service="registry") as ledger:
        await ledger.append(a_command(onto(uuid4(), 0, count=3)))
    return await _dumped(database, tmp_path / "backup")


OTHER = UUID(int=7)


async def _put_back(database: str, backup: Dump, server: PostgresServer, files: Path) -> None:
    """Put a backup in the database's place by PostgreSQL's own tools, and say nothing of it."""
    await server.drop_database(backup.database)
    await server.create_database(backup.database)
    await asyncio.to_thread(run, "pg_restore", database, "--no-owner", str(files / backup.file))


async def test_who_was_erased_is_erased_again_when_the_service_starts(
    database: str, backup: Dump, witness: Path, tmp_path: Path, postgres: PostgresServer
) -> None:
    id = uuid4()
    async with _started(database, witness) as store:
        sealed = encode_event(SAID, id, await store.keys_for([MENTEE]))
        await store.erase(MENTEE)
    await _put_back(database, backup, postgres, tmp_path / "backup")
    assert (await _keys(database))[MENTEE], "the backup has the key"
    async with _started(database, witness) as store:
        keys = await store.keys_for([MENTEE, OTHER])
        assert keys[MENTEE] is None
        assert keys[OTHER] is not None, "and nobody else's is touched"
        read = decode_event(SAID.topic, SAID.version, sealed, id, keys)
        assert isinstance(read, HealthWorkerRegistered)
        assert (read.given_names, read.phone) == (ERASED, None)
        with pytest.raises(SubjectErased):
            await store.keys_for([MENTEE], create=True)
    assert await _keys(database) == {MENTEE: False, OTHER: True}


async def test_what_was_erased_before_there_was_a_list_is_on_it_after_a_start(
    database: str, backup: Dump, witness: Path, tmp_path: Path, postgres: PostgresServer
) -> None:
    async with _started(database, None) as store:
        await store.erase(MENTEE)
    async with _started(database, witness):
        pass
    assert ErasedList(witness, "registry").read() == {MENTEE}
    await _put_back(database, backup, postgres, tmp_path / "backup")
    async with _started(database, witness) as store:
        assert await store.keys_for([MENTEE]) == {MENTEE: None}


@pytest.mark.parametrize("known_by", ["the list", "the database that is replaced"])
async def test_a_restore_puts_no_key_back_that_was_destroyed(
    database: str,
    backup: Dump,
    witness: Path,
    tmp_path: Path,
    postgres: PostgresServer,
    known_by: str,
) -> None:
    listed = witness if known_by == "the list" else None
    async with _started(database, listed) as store:
        await store.erase(MENTEE)
    if known_by == "the list":
        await postgres.drop_database(backup.database)
        await postgres.create_database(backup.database)
    (back,) = await restored(
        postgres.address, [backup], tmp_path / "backup", "a drill", witness_dir=listed
    )
    try:
        assert back.erased == 1
        assert await _keys(database) == {MENTEE: False, OTHER: True}
    finally:
        if back.aside:
            await postgres.drop_database(back.aside)


async def test_a_key_is_not_said_to_be_destroyed_that_no_list_knows_of(
    database: str, witness: Path
) -> None:
    async with _started(database, witness) as store:
        await store.keys_for([MENTEE], create=True)
        listed = witness / "erased" / "registry"
        listed.unlink(missing_ok=True)
        listed.mkdir(parents=True)
        with pytest.raises(Unavailable):
            await store.erase(MENTEE)
        listed.rmdir()
        await store.erase(MENTEE)  # as whoever asked for it does again
    assert ErasedList(witness, "registry").read() == {MENTEE}


def test_a_line_that_was_cut_short_takes_nobody_with_it(witness: Path) -> None:
    known, first, second = ErasedList(witness, "registry"), uuid4(), uuid4()
    known.add([first])
    with (witness / "erased" / "registry").open("a") as file:
        file.write(str(uuid4())[:20])
    known.add([second])
    assert known.read() == {first, second}


def test_whom_a_witness_knows_to_be_erased_is_no_checkpoint_of_a_log(witness: Path) -> None:
    ErasedList(witness, "registry").add([uuid4()])
    assert last_witnessed(witness, "mshauri.local", "registry") is None
