"""How the house opens connections to PostgreSQL: so that each is as small as it can be there.

asyncpg asks the server once a connection what an array is, of `integer` as of anybody's own type.
The question costs the server's process 3 to 5 MB for as long as the connection lasts, beside the
1.7 MB that it begins with. What PostgreSQL's own arrays are is the same in every release of it.
"""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, Final

import asyncpg

SPARED_S: Final = 30.0
"""How long a pool keeps a connection that nobody needs."""

_ARRAYS: Final = {
    oid: {
        "oid": oid,
        "ns": "pg_catalog",
        "name": f"_{name}",
        "kind": b"b",
        "basetype": None,
        "elemtype": of,
        "elemdelim": b",",
        "range_subtype": None,
        "attrtypoids": None,
        "attrnames": None,
    }
    for oid, name, of in (
        (1000, "bool", 16),
        (1001, "bytea", 17),
        (1005, "int2", 21),
        (1007, "int4", 23),
        (1016, "int8", 20),
        (1021, "float4", 700),
        (1022, "float8", 701),
        (1182, "date", 1082),
        (1185, "timestamptz", 1184),
        (1187, "interval", 1186),
        (1231, "numeric", 1700),
        (2951, "uuid", 2950),
        (3807, "jsonb", 3802),
    )
}
"""As `pg_type` has them, by their oid; asyncpg itself knows arrays of `text`."""

_NOT_ASKED: Final = SimpleNamespace(name="nothing was asked")
"""In place of the statement that would have asked: the one in hand need not be prepared again."""


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that knows PostgreSQL's own arrays."""

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> Any:
        wanted = list(typeoids)
        if all(oid in _ARRAYS for oid in wanted):
            return [_ARRAYS[oid] for oid in wanted], _NOT_ASKED
        return await super()._introspect_types(wanted, timeout)


async def connect(url: str, **options: Any) -> "asyncpg.Connection[Any]":
    """Open a connection of no pool; see asyncpg for `options`."""
    return await asyncpg.connect(url, connection_class=Connection, **options)


async def create_pool(
    url: str, *, most: int, least: int = 1, **options: Any
) -> "asyncpg.Pool[Any]":
    """Open a pool of at most so many connections; see asyncpg for `options`."""
    return await asyncpg.create_pool(
        url,
        min_size=least,
        max_size=most,
        connection_class=Connection,
        max_inactive_connection_lifetime=SPARED_S,
        **options,
    )
