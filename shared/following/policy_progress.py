"""Where policies stand: a schema of their own, that goes forward only and no rebuild takes back.

When a service first has policies, they begin at the present end of what its views have heard: what
happened before is not theirs to decide anew. A release from before policies had progress of their
own kept it with its views: then they go on from there, with what was due.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import structlog

from shared.following.policies import DUE, Policy, projection_of
from shared.projection import Projection
from shared.projection.connection import Connection, Pool
from shared.projection.schema import built_of, ensure
from shared.runtime.health import PartHealth

SCHEMA = "policies"

_LOCK = 0x6D736863  # "mshc": one process at a time begins

_DDL = """
CREATE TABLE IF NOT EXISTS policy_answered (
    command_id  uuid        NOT NULL PRIMARY KEY,
    outcome     text        NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN policy_answered.outcome IS '`ok`, or the code it was refused with';
CREATE TABLE IF NOT EXISTS policy_begun (
    service  text        NOT NULL PRIMARY KEY,
    begun_at timestamptz NOT NULL DEFAULT now()
);
"""

_LEGACY = "SELECT to_regclass('public.applied') IS NOT NULL AND to_regclass($1) IS NOT NULL"

_COPY = """
INSERT INTO applied (service, partition, topic_id, next_offset, position, built{epoch})
SELECT service, partition, topic_id, next_offset, position, $2{epoch}
  FROM "{old}".applied WHERE service = ANY($1) ON CONFLICT DO NOTHING;
"""
_COPY_CURSORS = """
INSERT INTO stream_cursor (service, stream, version, hash{place})
SELECT service, stream, version, hash{place}
  FROM "{old}".stream_cursor WHERE service = ANY($1) ON CONFLICT DO NOTHING
"""
_BEGUN = f"SELECT service FROM {SCHEMA}.policy_begun"
_BEGUN_IS_THERE = f"SELECT to_regclass('{SCHEMA}.policy_begun') IS NOT NULL"
_PARKED = (
    'service, partition, "offset", key, stream, kind, version, position, epoch, id, topic,'
    " recorded, command_id, meta, payload, hash, code, error, attempts, parked_at"
)
_COPY_PARKED = f"""
INSERT INTO parked ({_PARKED}) SELECT {_PARKED}
  FROM "{{old}}".parked WHERE service = ANY($1) ORDER BY seq ON CONFLICT DO NOTHING
"""
_COPY_DUE = f"""
INSERT INTO {DUE.physical} SELECT * FROM public.{DUE.physical} ON CONFLICT DO NOTHING
"""

_log = structlog.get_logger(__name__)


async def prepare(database: Pool, own: Pool, projection: Projection) -> None:
    """Make the schema and its tables if they are not there.

    Args:
        database: a pool of the database.
        own: a pool whose statements mean the policies' schema.
    """
    async with database.acquire() as connection:
        # Asked first: to make even what is there takes a right that may be withheld.
        if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", SCHEMA):
            await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    async with own.acquire() as connection:
        await ensure(connection, [projection])
        await connection.execute(_DDL)


async def begin(
    connection: Connection, projection: Projection, services: Collection[str], views: str
) -> None:
    """Have policies begin to hear of services that they have not heard of yet.

    Args:
        connection: its statements mean the policies' schema.
        services: all that they are to hear of.
        views: the schema of the views in use, which hear of them too.
    """
    async with _alone(connection), connection.transaction(isolation="repeatable_read"):
        begun = {row[0] for row in await connection.fetch("SELECT service FROM policy_begun")}
        new = sorted(set(services) - begun)
        if not new:
            return
        legacy = not begun and await connection.fetchval(_LEGACY, f"public.{DUE.physical}")
        old = "public" if legacy else views
        place = "" if legacy else ", epoch, position"
        built = built_of([projection])
        await connection.execute(
            _COPY.format(old=old, epoch="" if legacy else ", epoch"), new, built
        )
        await connection.execute(_COPY_CURSORS.format(old=old, place=place), new)
        await connection.execute(_COPY_PARKED.format(old=old), new)
        if legacy:
            await connection.execute(_COPY_DUE)
        await connection.executemany(
            "INSERT INTO policy_begun (service) VALUES ($1)", [(service,) for service in new]
        )
        _log.info("policies begin to hear", services=", ".join(new), of=old)


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    """Hold the lock round a transaction: its snapshot must be taken after the lock is had."""
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


class Begun:
    """Whether it is settled where a service's policies begin: what is decided before is not theirs.

    Once settled it stays so. Whoever carries policies out settles it; deciders look.
    """

    def __init__(self, policies: Sequence[Policy]) -> None:
        topics = projection_of(policies).topics or () if policies else ()
        self._missing = {topic.partition(".")[0] for topic in topics}

    @property
    def all(self) -> bool:
        """Whether they have begun to hear of every service that they hear of."""
        return not self._missing

    async def look(self, connection: Connection) -> None:
        """Look at what is settled; nothing is asked once all of it is."""
        if self._missing and await connection.fetchval(_BEGUN_IS_THERE):
            self._missing -= {row[0] for row in await connection.fetch(_BEGUN)}

    def health(self) -> PartHealth:
        """Say whether they have."""
        if self.all:
            return PartHealth(ready=True, says="have begun")
        return PartHealth(ready=False, says="have not begun yet")
