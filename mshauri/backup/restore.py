"""`mshauri restore`: ledgers from a backup, in a new epoch, with what was there before kept aside.

A dump is loaded beside the database in use and looked at before anything is changed. What is
replaced keeps its name with a suffix, until somebody drops it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple
from uuid import UUID

import asyncpg
import typer
from rich.console import Console

from mshauri.backup.manifest import Dump, Manifest, NoBackup, read
from mshauri.backup.take import HEAD, KEYS
from mshauri.backup.tools import ToolFailed, run
from mshauri.stack.directory import DataDirectory, InUse
from mshauri.stack.given import POSTGRES_URL, database_at
from mshauri.stack.postgres import EmbeddedPostgres, create_database, drop_database
from mshauri.stack.process import ProcessFailed
from mshauri.up import DATA_DIR, DataDir
from shared.database.migrations import migrate
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import SCHEMA
from shared.privacy.erased import ErasedList, destroy_again, erased_in
from shared.runtime.settings import PREFIX

_THERE = "SELECT 1 FROM pg_database WHERE datname = $1"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_ALONE = "SELECT pg_try_advisory_lock(hashtext('mshauri restore'))"
"""Until the connection ends: another restore would load over what this one is about to use."""
_USED = """
SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'
"""


class Restored(NamedTuple):
    """A ledger that goes on from a backup.

    Attributes:
        position: of the last entry that it holds.
        gone: how many entries the database that it replaces had above that; None: it had none that
            could be asked.
        aside: what that database is called now, if there was one.
        erased: how many people's keys the backup had that were destroyed since.
    """

    service: str
    position: int
    epoch: int
    gone: int | None
    aside: str | None
    erased: int = 0


class StillUsed(Exception):
    """Somebody has a database open that is to be replaced, or puts ledgers back at this moment."""


def restore(
    directory: Annotated[Path, typer.Argument(help="The backup: what `mshauri backup` wrote.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever asks later; nothing personal.")],
    service: Annotated[
        list[str] | None, typer.Option(help="Only this ledger; may be given again.")
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(envvar=POSTGRES_URL, help="PostgreSQL, where it is not the embedded one."),
    ] = None,
    epoch: Annotated[
        int,
        typer.Option(help="The new epochs' number, at least: see `mshauri resume`.", min=0),
    ] = 0,
    witness_dir: Annotated[
        Path | None,
        typer.Option(
            envvar=f"{PREFIX}WITNESS_DIR",
            help="Where it stands who was erased, where it is not the embedded stack's.",
        ),
    ] = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Put ledgers back as a backup has them, each in a new epoch, while the stack is stopped.

    Start the stack again afterwards: readers let go of what is no more, `mshauri lost` lists it by
    command and by whom, and clients that send those commands again land them. Keys of people who
    were erased since the backup was taken are destroyed again.
    """
    console = Console(highlight=False)
    try:
        manifest = read(directory)
        loading = partial(
            restored,
            dumps=_wanted(manifest, service or []),
            directory=directory,
            reason=reason,
            at_least=epoch,
            told=console.print,
            witness_dir=witness_dir or (None if server else data_dir / "witness"),
        )
        for one in asyncio.run(_on(server, data_dir, loading)):
            console.print(_sentence(one), soft_wrap=True)
    except (
        *(NoBackup, StillUsed, ToolFailed, InUse, ProcessFailed),
        *(OSError, asyncpg.PostgresError),
    ) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _wanted(manifest: Manifest, services: Sequence[str]) -> list[Dump]:
    known = {dump.service: dump for dump in manifest.dumps}
    for service in services:
        if service not in known:
            msg = f"The backup has no ledger of {service}; it has {', '.join(known)}."
            raise NoBackup(msg)
    return [dump for name, dump in known.items() if not services or name in services]


def _sentence(one: Restored) -> str:
    said = f"{one.service}: position {one.position:,}, epoch {one.epoch}."
    if one.gone:
        said += f" {one.gone:,} entries that were recorded later are gone."
    if one.erased:
        said += f" {one.erased:,} keys of people who were erased since are destroyed again."
    if one.aside:
        said += f" What was there is kept as {one.aside}: drop it when nobody needs it."
    return said


async def _on(
    server: str | None,
    data_dir: Path,
    loading: Callable[[str], Awaitable[list[Restored]]],
) -> list[Restored]:
    if server:
        return await loading(server)
    home = DataDirectory(data_dir)
    home.take()  # nobody else starts meanwhile
    try:
        postgres = EmbeddedPostgres(home.postgres, log_dir=home.logs)
        await postgres.start()
        try:
            return await loading(postgres.url())
        finally:
            await postgres.stop()
    finally:
        home.release()


async def restored(
    server: str,
    dumps: Sequence[Dump],
    directory: Path,
    reason: str,
    at_least: int = 0,
    told: Callable[[str], object] = lambda _: None,
    witness_dir: Path | None = None,
) -> list[Restored]:
    """Load dumps on the server at address `server`; return what came of it.

    Args:
        witness_dir: where it stands whose keys were destroyed, beside what the database in use
            says of that; None: only that is asked.

    Raises:
        StillUsed: a service or a follower has one of the databases open, or another restore is at
            work; nothing was changed.
        NoBackup: a dump holds another ledger than its page says; nothing was changed.
        ToolFailed: `pg_restore` failed; nothing was changed.
    """
    connection = await asyncpg.connect(server)
    try:
        if not await connection.fetchval(_ALONE):
            raise StillUsed("Another `mshauri restore` is at work on this server.")
        for dump in dumps:
            if await connection.fetchval(_USED, dump.database):
                msg = f"{dump.database} is in use: stop the services and their followers first."
                raise StillUsed(msg)
        loaded = [await _load(server, dump, directory, told) for dump in dumps]
        return [
            await _put(connection, server, dump, name, reason, at_least, witness_dir)
            for dump, name in zip(dumps, loaded, strict=True)
        ]
    finally:
        await connection.close()


async def _load(server: str, dump: Dump, directory: Path, told: Callable[[str], object]) -> str:
    name = f"{dump.database}_restoring"
    await drop_database(server, name)  # of a restore that was given up
    await create_database(server, name)
    told(f"{dump.service}: loading {dump.bytes:,} bytes")
    url = database_at(server, name)
    await asyncio.to_thread(
        run, "pg_restore", url, "--no-owner", "--exit-on-error", str(directory / dump.file)
    )
    connection = await asyncpg.connect(url)
    try:
        head = await connection.fetchrow(HEAD)
    finally:
        await connection.close()
    if (head["position"], head["epoch"], head["hash"].hex()) != (
        *(dump.position, dump.epoch, dump.hash),
    ):
        msg = f"{dump.file} holds another ledger than the backup's page says."
        raise NoBackup(msg)
    return name


async def _put(
    connection: "asyncpg.Connection[asyncpg.Record]",
    server: str,
    dump: Dump,
    name: str,
    reason: str,
    at_least: int,
    witness_dir: Path | None,
) -> Restored:
    """Give the loaded database the place of the one in use."""
    there = await connection.fetchval(_THERE, dump.database)
    before = await _head_of(database_at(server, dump.database)) if there else None
    known = before["epoch"] + 1 if before else 0
    url = database_at(server, name)
    await migrate(url, "ledger", SCHEMA)
    gone_for_good = await _erased_in(database_at(server, dump.database)) if there else set()
    if witness_dir is not None:
        gone_for_good |= ErasedList(witness_dir, dump.service).read()
    other = await asyncpg.connect(url)
    try:
        # Before anybody can read by them: no service has seen this database yet. Who looked is
        # told by ids alone, and there are no keys to it.
        keys = await other.fetchval(KEYS)
        erased = await destroy_again(other, gone_for_good) if keys else 0
        epoch, position = await begin_epoch(other, reason, at_least=max(at_least, known))
    finally:
        await other.close()
    aside = None
    if there and await _is_empty(database_at(server, dump.database)):
        await drop_database(server, dump.database)
    elif there:
        aside = f"{dump.database}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
        await connection.execute(f'ALTER DATABASE "{dump.database}" RENAME TO "{aside}"')
    await connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{dump.database}"')
    gone = max(before["position"] - position, 0) if before else None
    return Restored(dump.service, position, epoch, gone, aside, erased)


async def _is_empty(url: str) -> bool:
    """Say whether a database was made and never used, as a new server's are."""
    connection = await asyncpg.connect(url)
    try:
        return not await connection.fetchval(_TABLES)
    finally:
        await connection.close()


async def _head_of(url: str) -> "asyncpg.Record | None":
    """Return where the ledger of a database stands, if it still can be asked."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError):
        return None
    try:
        return await connection.fetchrow(HEAD)
    except asyncpg.PostgresError:
        return None
    finally:
        await connection.close()


async def _erased_in(url: str) -> set[UUID]:
    """Return whose keys a database says that are destroyed, if it still can be asked."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError):
        return set()
    try:
        return await erased_in(connection)
    except asyncpg.PostgresError:
        return set()
    finally:
        await connection.close()
