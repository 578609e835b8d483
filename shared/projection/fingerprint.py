"""Digests of tables: equal rows, equal digest. How a build is told to be the same as another."""

from collections.abc import Iterable
from hashlib import sha256

from shared.projection.connection import Connection, Pool
from shared.projection.table import Table

_FETCH = 5_000


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
