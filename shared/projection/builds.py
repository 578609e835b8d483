"""Builds: the tables of one group, made anew beside those in use, each in a schema of its own.

A group is what is kept together and has one progress: `views`, `access`, `read_models`. A build of
it has its tables, its cursors and its offsets in a schema `views_3`, so that a statement that names
no schema means whatever build its connection was opened for, and nothing of one build can be seen
in another. Readers are turned to a build in one transaction, when it is level.

Builds are told apart by what they are built of (`schema.built_of`). Each release of the house
reads the newest level build of its own tables: in a rolling update the old one goes on beside the
new one, and a release that was taken back finds its build where it left it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.projection import schema
from shared.projection.connection import Connection

TURNED_CHANNEL = "build_turned"
"""Where the group's name is told when its readers are to go to another build."""

LOCK = 0x6D736862  # "mshb": one process at a time begins, turns or drops a build

DDL = """
CREATE TABLE IF NOT EXISTS public.build (
    name       text        NOT NULL,
    number     integer     NOT NULL,
    built      text        NOT NULL,
    began      timestamptz NOT NULL DEFAULT now(),
    level_at   timestamptz,
    heard_at   timestamptz,
    outlived   boolean     NOT NULL DEFAULT false,
    retired_at timestamptz,
    PRIMARY KEY (name, number)
);
ALTER TABLE public.build ADD COLUMN IF NOT EXISTS source text NOT NULL DEFAULT 'bus';
COMMENT ON COLUMN public.build.level_at IS 'since when it is read';
COMMENT ON COLUMN public.build.heard_at IS 'up to when everything said on the bus is in it';
COMMENT ON COLUMN public.build.outlived IS 'it holds what a restored ledger does not';
COMMENT ON COLUMN public.build.source IS 'what it is made of until it is read: bus, or ledgers';
"""

_FOUND = """
SELECT name, number, built, level_at IS NOT NULL AS level, outlived, heard_at, source,
       extract(epoch FROM now() - heard_at)::float AS behind_s
  FROM public.build
 WHERE name = $1 AND built = $2 AND retired_at IS NULL
 ORDER BY number DESC
"""

_BEGIN = """
INSERT INTO public.build (name, number, built, source)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3 FROM public.build WHERE name = $1
RETURNING name, number, built, false AS level, false AS outlived, heard_at, source
"""

# Locks the marks first: from here on the old build's engine writes no more.
_BEHIND = """
WITH held AS (SELECT * FROM "{old}".applied FOR UPDATE)
SELECT count(*) FILTER (
         WHERE n.position IS NULL OR (n.epoch, n.position) < (held.epoch, held.position))
  FROM held LEFT JOIN "{new}".applied AS n USING (service, partition)
"""

_OTHER = """
SELECT number FROM public.build
 WHERE name = $1 AND number <> $2 AND level_at IS NOT NULL AND retired_at IS NULL AND NOT outlived
 ORDER BY number DESC LIMIT 1
"""

_SUPERSEDE = """UPDATE "{old}".applied SET built = 'superseded'"""

_TURN = """
UPDATE public.build
   SET level_at  = CASE WHEN number = $3 THEN now() ELSE level_at END,
       retired_at = CASE WHEN number < $3 THEN now() ELSE retired_at END
 WHERE name = $1 AND built = $2 AND number <= $3 AND retired_at IS NULL
"""

_STALE = """
SELECT name, number, built, false AS level, outlived, heard_at, source FROM public.build
 WHERE name = $1
   AND (retired_at < now() - $2::interval
        OR retired_at IS NULL AND built <> $3
           AND greatest(began, heard_at) < now() - $4::interval)
"""


@dataclass(frozen=True, slots=True)
class Build:
    """One build of a group.

    Attributes:
        name: the group's.
        number: 1, 2, 3, … of the group.
        built: what it is built of.
        level: whether it is read.
        outlived: it holds events that a restored ledger has not, and must be made anew.
        heard_at: up to when everything said on the bus is in it, by the database's clock.
        source: what it is made of until it is read: the bus, or the ledgers themselves.
        behind_s: seconds since `heard_at` when this was looked at.
    """

    name: str
    number: int
    built: str
    level: bool
    outlived: bool = False
    heard_at: datetime | None = None
    source: str = "bus"
    behind_s: float | None = field(default=None, compare=False)

    @property
    def schema(self) -> str:
        """Where its tables are."""
        return f"{self.name}_{self.number}"


async def prepare(connection: Connection) -> None:
    """Make what all builds of a database share, if it is not there."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", schema.LOCK)
        await connection.execute(DDL + schema.SHARED_DDL)


async def builds_of(connection: Connection, name: str, built: str) -> list[Build]:
    """Return a group's builds of these tables, the newest first; retired ones are left out."""
    return [_build(row) for row in await connection.fetch(_FOUND, name, built)]


async def live(connection: Connection, name: str, built: str) -> Build | None:
    """Return the build of these tables that is to be read; None: none is level yet."""
    return next((one for one in await builds_of(connection, name, built) if one.level), None)


async def begin(connection: Connection, name: str, built: str, source: str = "bus") -> Build:
    """Begin a build beside the one in use; one that was begun and is not level is gone on with."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        for found in await builds_of(connection, name, built):
            if not (found.level or found.outlived) and found.source == source:
                return found
        build = _build(await connection.fetchrow(_BEGIN, name, built, source))
        await connection.execute(f'CREATE SCHEMA "{build.schema}"')
        return build


async def turn(connection: Connection, build: Build) -> bool:
    """Have readers go to a build, if it holds all that the one before it does; say whether it does.

    Whoever asks has made sure that it holds what the ledgers had when it was begun.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        before = await live(connection, build.name, build.built)
        if before is not None and before.number < build.number:
            names = {"old": before.schema, "new": build.schema}
            behind = await connection.fetchval(_BEHIND.format(**names))
            if behind and not before.outlived:
                return False
            await connection.execute(_SUPERSEDE.format(**names))
        await connection.execute(_TURN, build.name, build.built, build.number)
        await connection.execute("SELECT pg_notify($1, $2)", TURNED_CHANNEL, build.name)
    return True


async def people_parked(connection: Connection, build: Build) -> tuple[int, int | None]:
    """Return how many people's events wait in a build, and in the group's newest level one else.

    Whichever release that one is of; None: there is none, or it holds events that are no more.
    """
    other = await connection.fetchval(_OTHER, build.name, build.number)
    counts = [
        await connection.fetchval(f'SELECT count(DISTINCT key) FROM "{schema}".parked')
        for schema in (build.schema, *([f"{build.name}_{other}"] if other else []))
    ]
    return counts[0], counts[1] if other else None


async def outlive(connection: Connection, build: Build) -> None:
    """Note that a build holds events that are no more: it is read on until another is level."""
    await connection.execute(
        "UPDATE public.build SET outlived = true WHERE name = $1 AND number = $2",
        build.name,
        build.number,
    )
    await connection.execute("SELECT pg_notify($1, $2)", TURNED_CHANNEL, build.name)


async def beat(connection: Connection, build: Build, behind_s: float) -> None:
    """Note that everything said on the bus until `behind_s` seconds ago is in the build."""
    await connection.execute(
        "UPDATE public.build SET heard_at = greatest(heard_at, now() - make_interval(secs => $3))"
        " WHERE name = $1 AND number = $2",
        build.name,
        build.number,
        behind_s,
    )


async def drop_stale(
    connection: Connection, name: str, built: str, *, grace: object, unused: object
) -> list[Build]:
    """Drop builds that nobody reads any more, and return them.

    Args:
        built: what the caller builds; other releases' builds are dropped once nobody keeps them up.
        grace: an interval since readers were turned away from a build.
        unused: an interval since a build of another release was last kept up.
    """
    dropped: list[Build] = []
    for row in await connection.fetch(_STALE, name, grace, built, unused):
        build = _build(row)
        async with connection.transaction():
            # Somebody's long figure may still read it: then the next look drops it.
            await connection.execute("SET LOCAL lock_timeout = '1s'")
            await connection.execute(f'DROP SCHEMA IF EXISTS "{build.schema}" CASCADE')
            await connection.execute(
                "DELETE FROM public.build WHERE name = $1 AND number = $2", name, build.number
            )
        dropped.append(build)
    return dropped


def newest(builds: Iterable[Build], *, level: bool) -> Build | None:
    """Return the newest of some builds that is level, or that is not."""
    return next((one for one in builds if one.level is level), None)


def _build(row: Any) -> Build:
    return Build(**dict(row))
