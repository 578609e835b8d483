"""Numbered SQL files, each applied once, in order, whichever process starts first.

A component keeps its tables as `0001_what_it_adds.sql`, `0002_…` in a folder beside the module
that uses them. What was applied is written in the table `migration`; an advisory lock makes
processes that start together wait for each other, and everything happens in one transaction, so
that a file is applied whole or not at all.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import asyncpg

_LOCK = 0x6D73_6861_7572_69  # "mshauri" in ASCII; advisory locks are the database's own

_TABLE = """
CREATE TABLE IF NOT EXISTS migration (
    component  text        NOT NULL,
    number     integer     NOT NULL,
    name       text        NOT NULL,
    digest     bytea       NOT NULL,
    applied    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (component, number)
)
"""
_APPLIED = "SELECT number, digest FROM migration WHERE component = $1"
_RECORD = "INSERT INTO migration (component, number, name, digest) VALUES ($1, $2, $3, $4)"

_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class MigrationError(Exception):
    """The files and the database do not tell one history; a person must look."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number in the component's history, and its SQL."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> bytes:
        """What is kept to notice a file that was changed after it was applied."""
        return sha256(self.sql.encode()).digest()


async def migrate(
    database: str | asyncpg.Pool | asyncpg.Connection, component: str, directory: Path
) -> list[str]:
    """Bring the tables of `component` up to the newest file in `directory`.

    Returns:
        The names of the files applied now; none, if another process or an earlier start did it.

    Raises:
        MigrationError: an applied file has changed since, or the numbers have a gap.
    """
    migrations = read_migrations(directory)
    if isinstance(database, str):
        connection = await asyncpg.connect(database)
        try:
            return await _migrate(connection, component, migrations)
        finally:
            await connection.close()
    if isinstance(database, asyncpg.Pool):
        async with database.acquire() as connection:
            return await _migrate(connection, component, migrations)
    return await _migrate(database, component, migrations)


def read_migrations(directory: Path) -> list[Migration]:
    """Return a component's migrations in order.

    Raises:
        MigrationError: a file's name is none of `0001_name.sql`, or the numbers have a gap.
    """
    migrations = []
    for expected, path in enumerate(sorted(directory.glob("*.sql")), start=1):
        named = _FILE_NAME.fullmatch(path.name)
        if named is None or int(named[1]) != expected:
            msg = f"{path} should be named {expected:04}_what_it_adds.sql"
            raise MigrationError(msg)
        migrations.append(Migration(expected, path.stem, path.read_text(encoding="utf-8")))
    return migrations


async def _migrate(
    connection: asyncpg.Connection, component: str, migrations: list[Migration]
) -> list[str]:
    async with connection.transaction(isolation="read_committed"):
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute(_TABLE)
        applied = dict(await connection.fetch(_APPLIED, component))
        done = []
        for migration in migrations:
            if migration.number in applied:
                _must_be_unchanged(component, migration, applied[migration.number])
                continue
            await connection.execute(migration.sql)
            await connection.execute(
                _RECORD, component, migration.number, migration.name, migration.digest
            )
            done.append(migration.name)
        # A number in the database that no file has is a newer release's: during a rolling
        # update the older one starts beside it, and newer tables must serve both.
        return done


def _must_be_unchanged(component: str, migration: Migration, applied: bytes) -> None:
    if migration.digest != applied:
        msg = (
            f"{component}: {migration.name}.sql was changed after it was applied here;"
            " put it back and write a new file instead"
        )
        raise MigrationError(msg)
