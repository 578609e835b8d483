"""`mshauri scrub`: after an erasure, nothing of what was in clear is left in PostgreSQL's files.

To erase a person is to destroy their keys, and to fold their rows anew. PostgreSQL keeps what was
there before: old versions of rows, the commonest values of each column, the write-ahead log, and
files of it that wait to be used again. A data protection officer has them made anew, while
everything runs; each table is locked while it is written, the largest for as long as it takes to
write it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated

import asyncpg
import typer
from rich.console import Console

from mshauri.rebuild import NoStack, database_of
from mshauri.up import DATA_DIR, DataDir
from shared.projection.connection import Connection

DATABASES = ("registry", "sessions", "validation", "projector")
"""The processes whose databases hold people's keys, or rows that tell of people."""

SEALED = ("ledger", "command_log", "claim", "ledger_head", "ledger_epoch", "migration")
"""Tables that never held anything in clear: what stands in them is sealed, hashed, or of nobody."""

_PENDING = """
SELECT format('%I', nspname) FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace
 WHERE relname = 'forgetting' AND relkind = 'r' ORDER BY 1
"""
_TABLES = """
SELECT format('%I.%I', nspname, relname)
  FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace
 WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND NOT relname = ANY ($1::text[])
 ORDER BY pg_total_relation_size(pg_class.oid), 1
"""
# Of a table that is empty by now, ANALYZE leaves what was known of its values when it was not.
_UNKNOWN = """
DELETE FROM pg_catalog.pg_statistic AS known USING pg_class AS told
 WHERE told.oid = known.starelid AND (told.oid = $1::regclass::oid
       OR told.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = $1::regclass::oid))
"""
_COMMONEST = ("pg_catalog.pg_statistic", "pg_catalog.pg_statistic_ext_data")
"""Where the commonest values of columns are kept, and the bounds of their histograms."""

_OLDER = "SELECT pg_snapshot_xmin(pg_current_snapshot()) < $1::text::xid8"
_HELD_BY = """
SELECT format('session %s of %s, since %s', pid, coalesce(nullif(application_name, ''), usename),
              xact_start)
  FROM pg_stat_activity WHERE (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
   AND pid <> pg_backend_pid()
UNION ALL SELECT format('prepared transaction %s', gid) FROM pg_prepared_xacts
UNION ALL SELECT format('replication slot %s', slot_name) FROM pg_replication_slots
                  WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
"""
_COPIES = """
SELECT 'the archive of its write-ahead log: ' || setting FROM pg_settings
 WHERE name IN ('archive_command', 'archive_library') AND setting NOT IN ('', '(disabled)')
UNION ALL SELECT format('the replica %s (%s)', application_name, client_addr)
            FROM pg_stat_replication
UNION ALL SELECT format('what replication slot %s keeps', slot_name) FROM pg_replication_slots
"""
_NOW_IN = "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"
_WAL = "SELECT name FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"

LOCK_S = 60
"""Seconds that a table is waited for; what holds it longer is told."""
PATIENCE_S = 60.0
"""Seconds that transactions from before are waited for: what they might still read is kept."""


class NotForgotten(Exception):
    """Rows are still to be folded anew, or something keeps what they were."""


@dataclass(slots=True)
class Scrubbed:
    """What was done.

    Attributes:
        tables: written anew, in each database.
        log_files: of the write-ahead log, that were let go.
        copies: what may hold it still, as far as the server knows of it.
    """

    tables: dict[str, int] = field(default_factory=dict)
    log_files: int = 0
    copies: list[str] = field(default_factory=list)


def scrub(
    data_dir: DataDir = DATA_DIR,
    database_url: Annotated[
        list[str] | None,
        typer.Option(
            help="The databases of registry, sessions, validation and gateway, in turn, if "
            "no stack runs here."
        ),
    ] = None,
) -> None:
    """Have PostgreSQL's files made anew, so that nothing is left of who was erased."""
    console = Console(highlight=False)
    try:
        given = database_url or [database_of(name, data_dir) for name in DATABASES]
        done = asyncio.run(scrubbed(dict(zip(DATABASES, given, strict=True))))
    except (NotForgotten, NoStack, ValueError, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    for name, tables in done.tables.items():
        said = "tables written anew, and what was known of their values"
        console.print(f"{name:<12}{tables:>5} {said}")
    console.print(f"{'the log':<12}{done.log_files:>5} files of the write-ahead log let go")
    console.print(
        "Backups, and copies of the disk, from before this hold what was erased, and the keys to "
        "it: destroy them, or keep them no longer than the law gives you.",
        soft_wrap=True,
    )
    for copy in done.copies:
        console.print(f"This server knows of {copy}.", markup=False, soft_wrap=True)


async def scrubbed(addresses: dict[str, str]) -> Scrubbed:
    """Make it anew, and return what was done.

    Raises:
        NotForgotten: it is too early, or an old transaction keeps what there was.
    """
    done = Scrubbed()
    for name, address in addresses.items():
        async with _connected(address) as connection:
            await _must_be_forgotten(name, connection)
    for name, address in addresses.items():
        async with _connected(address) as connection:
            await _must_be_past(connection)
            done.tables[name] = await _write_anew(connection)
    servers: set[int] = set()
    for address in addresses.values():
        async with _connected(address) as connection:
            server = await connection.fetchval("SELECT system_identifier FROM pg_control_system()")
            if server not in servers:
                servers.add(server)
                done.log_files += await _let_log_go(connection)
                done.copies += [row[0] for row in await connection.fetch(_COPIES)]
    return done


async def _must_be_forgotten(name: str, connection: Connection) -> None:
    waiting = 0
    for [schema] in await connection.fetch(_PENDING):
        waiting += await connection.fetchval(
            f"SELECT count(DISTINCT subject) FROM {schema}.forgetting WHERE done_at IS NULL"
        )
    if waiting:
        raise NotForgotten(
            f"The rows of {waiting} people in the database of {name} are still to be folded anew. "
            "Ask again when `healthWorker.erasure.cleared` is true."
        )


async def _must_be_past(connection: Connection) -> None:
    """Wait until nobody can see what was before: what somebody can see is written anew with it."""
    now = await connection.fetchval("SELECT pg_current_xact_id()::text")
    deadline = time.monotonic() + PATIENCE_S
    while await connection.fetchval(_OLDER, now):
        if time.monotonic() > deadline:
            held = "; ".join(row[0] for row in await connection.fetch(_HELD_BY))
            raise NotForgotten(f"Something from before goes on, and keeps what it sees: {held}.")
        await asyncio.sleep(0.2)


async def _write_anew(connection: Connection) -> int:
    tables = [row[0] for row in await connection.fetch(_TABLES, list(SEALED))]
    await connection.execute(f"SET lock_timeout = '{LOCK_S}s'")
    for table in tables:
        # A build that was dropped meanwhile is written by nobody any more.
        if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table):
            await connection.execute(_UNKNOWN, table)
            await connection.execute(f"VACUUM (FULL, ANALYZE) {table}")
    await _must_be_past(connection)
    for table in _COMMONEST:
        await connection.execute(f"VACUUM (FULL) {table}")
    return len(tables)


async def _let_log_go(connection: Connection) -> int:
    """Write past every file of the log that there is, and have those before let go.

    Files that wait to be used again have what they held until they are: they are used, too, and
    PostgreSQL fills what is left of a file with zeros when it goes on to the next one.
    """
    await connection.execute("ALTER SYSTEM SET wal_recycle = off")
    await connection.execute("SELECT pg_reload_conf()")
    try:
        await connection.execute("CHECKPOINT")
        before = {row[0] for row in await connection.fetch(_WAL)}
        while True:
            if await connection.fetchval(_NOW_IN) > max(before, default=""):
                break
            await connection.execute("SELECT pg_logical_emit_message(false, 'mshauri', 'scrub')")
            await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")
        after = {row[0] for row in await connection.fetch(_WAL)}
        return len(before - after)
    finally:
        await connection.execute("ALTER SYSTEM RESET wal_recycle")
        await connection.execute("SELECT pg_reload_conf()")


@asynccontextmanager
async def _connected(address: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(address)
    try:
        yield connection
    finally:
        await connection.close()
