"""`mshauri backup`: the ledgers as they stand at one instant, while everything goes on.

All are looked at through snapshots that are opened together, before the first of them is
written: what one service recorded because of another's event is in no backup without that event,
but for what was recorded in the milliseconds between. Read models are not in it: they are made
anew.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console

from mshauri.backup.manifest import FORMAT, Dump, Manifest, NoBackup, digest
from mshauri.backup.tools import ToolFailed, run
from mshauri.rebuild import NoStack, database_of
from mshauri.stack.topology import ACCESS, PROCESSES, database_named
from mshauri.up import DATA_DIR, DataDir
from shared.contracts.base import SERVICES

LEDGERS: Mapping[str, str] = {
    **{p.name: p.database for p in PROCESSES if p.name in SERVICES},
    ACCESS: database_named(ACCESS),
}
"""Whose ledger, and the database that it is in; of who looked, too."""

HEAD = "SELECT position, epoch, hash FROM ledger_head"
KEYS = "SELECT to_regclass('subject_key') IS NOT NULL"
_MASTER = "SELECT master_id FROM subject_key WHERE master_id IS NOT NULL LIMIT 1"


def backup(
    directory: Annotated[Path, typer.Argument(help="Where to: a directory that is not there yet.")],
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Back up the ledgers and the keys of people, while everything runs.

    The secrets of the installation (the master key, the log's key) are not in it: keep them
    elsewhere, or whoever has the backup has the names too.
    """
    console = Console(highlight=False)
    try:
        manifest = asyncio.run(
            taken(lambda service: database_of(service, data_dir), directory, console.print)
        )
    except (NoStack, NoBackup, ToolFailed, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    size = sum(dump.bytes for dump in manifest.dumps)
    console.print(f"{directory} holds the ledgers of {manifest.taken:%F %T} UTC: {size:,} bytes.")


async def taken(
    url_of: Callable[[str], str], directory: Path, told: Callable[[str], object]
) -> Manifest:
    """Write a backup into a new directory; return its page.

    Args:
        url_of: where a service's database is.
        told: is told of each ledger that is written.

    Raises:
        NoBackup: the directory is there already.
        ToolFailed: `pg_dump` failed; the directory has no page then, and is no backup.
    """
    try:
        directory.mkdir(parents=True)
    except FileExistsError:
        msg = f"{directory} is there already: a backup is written into a directory of its own."
        raise NoBackup(msg) from None
    async with AsyncExitStack() as stack:
        seen = {service: await _snapshot(url_of(service), stack) for service in LEDGERS}
        at = datetime.now(UTC)
        dumps = []
        for service, (snapshot, head, _) in seen.items():
            file = directory / f"{service}.dump"
            await asyncio.to_thread(
                run, "pg_dump", url_of(service), f"--snapshot={snapshot}", "-Fc", f"--file={file}"
            )
            dump = Dump(
                service=service,
                database=LEDGERS[service],
                position=head["position"],
                epoch=head["epoch"],
                hash=head["hash"].hex(),
                file=file.name,
                bytes=file.stat().st_size,
                sha256=digest(file),
            )
            told(f"{service}: {dump.position:,} entries, {dump.bytes:,} bytes")
            dumps.append(dump)
    master = next((name for _, _, name in seen.values() if name), None)
    manifest = Manifest(format=FORMAT, taken=at, dumps=tuple(dumps), master_key=master)
    manifest.write(directory)
    return manifest


async def _snapshot(url: str, stack: AsyncExitStack) -> tuple[str, Any, str | None]:
    connection = await asyncpg.connect(url)
    stack.push_async_callback(connection.close)
    await stack.enter_async_context(
        connection.transaction(isolation="repeatable_read", readonly=True)
    )
    snapshot: str = await connection.fetchval("SELECT pg_export_snapshot()")
    # Who looked is told by ids alone: there are no keys to it.
    keys = await connection.fetchval(KEYS)
    master = await connection.fetchval(_MASTER) if keys else None
    return snapshot, await connection.fetchrow(HEAD), None if master is None else str(master)
