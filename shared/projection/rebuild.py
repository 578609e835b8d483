"""Read models from zero: forget them and their progress together, and let the bus tell it again.

An engine that runs notices within a second that its progress was taken back, and reads from the
beginning; none needs to be stopped for it.
"""

from collections.abc import Iterable
from hashlib import sha256

from shared.projection.connection import Connection, Pool
from shared.projection.fold import Projection
from shared.projection.progress import announce
from shared.projection.schema import LOCK, built_of, ensure, tables_of
from shared.projection.table import Table

_FETCH = 5_000


async def rebuild(pool: Pool, projections: Iterable[Projection]) -> None:
    """Empty the projections' tables and take all progress back, in one transaction.

    `projections` are all that the engine on this database runs: they share its offsets.
    """
    projections = tuple(projections)
    async with pool.acquire() as connection:
        await ensure(connection, projections)
        async with connection.transaction():
            await _lock(connection)
            await _forget(connection, tables_of(projections))


async def rebuild_if_changed(connection: Connection, projections: Iterable[Projection]) -> bool:
    """Start from zero if progress was made with another set of tables; say whether it was."""
    projections = tuple(projections)
    async with connection.transaction():
        # Under the lock, so that of several engines that start together one does it.
        await _lock(connection)
        changed = await connection.fetchval(
            "SELECT EXISTS (SELECT FROM applied WHERE built <> $1)", built_of(projections)
        )
        if changed:
            await _forget(connection, tables_of(projections))
        return bool(changed)


async def _lock(connection: Connection) -> None:
    # Whoever starts up may be creating indexes of the tables that are emptied here: it goes first.
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    # Polls in progress lock rows of `applied` first: this waits for them, and they for this.
    await connection.execute("LOCK TABLE applied IN EXCLUSIVE MODE")


async def _forget(connection: Connection, tables: Iterable[Table]) -> None:
    places = await connection.fetch("SELECT service, partition FROM applied")
    names = [*(table.physical for table in tables), "stream_cursor", "parked"]
    await connection.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names))
    await connection.execute("DELETE FROM applied")
    # Readers who wait for a position wait for it anew.
    await announce(connection, {(row[0], row[1]): 0 for row in places}, ())


async def fingerprint(pool: Pool, tables: Iterable[Table]) -> dict[str, str]:
    """Return a digest of each table's rows, by physical name: equal rows, equal digest.

    All tables are read as they were at one moment.
    """
    digests: dict[str, str] = {}
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(
            "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; "
            "SET LOCAL extra_float_digits = 3"
        )
        for table in tables:
            digests[table.physical] = await _digest(connection, table)
    return digests


async def _digest(connection: Connection, table: Table) -> str:
    # A key's text, by bytes, orders the same on every server, whatever its collation.
    order = ", ".join(f't."{name}"::text COLLATE "C"' for name in table.key)
    digest = sha256()
    rows = connection.cursor(
        f'SELECT t::text FROM "{table.physical}" AS t ORDER BY {order}', prefetch=_FETCH
    )
    async for row in rows:
        text = row[0].encode()
        digest.update(len(text).to_bytes(4, "big") + text)
    return digest.hexdigest()
