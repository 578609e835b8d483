"""How a scope is put to the database: the ids of its units, its ancestors, or the tree walked anew.

    python -m tests.perf.bench_scopes

12,330 units (a country, 30 districts, 300 sectors, 12,000 facilities), 43,000 mentees. For a reader
of all of it, and one of a district: a page, a count to 10,000 and a figure over all rows, each told
as the median of 30, and how long the client's event loop was held to send it.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.gateway.projections.mentees import MENTEE, MENTEES
from services.gateway.projections.org_units import ORG_UNIT_PARENT, ORG_UNITS
from services.gateway.read.below import below
from services.gateway.read.pool import FIGURES, READS
from services.gateway.read.sql import Statement
from shared.projection.schema import ensure
from tests.support.servers import a_postgres

TODAY = date(2024, 6, 1)
TIMES = 30

_UNITS = f"""
INSERT INTO "{ORG_UNIT_PARENT.physical}" (org_unit_id, since, parent_id)
SELECT unit(g), '2000-01-01', CASE
       WHEN g = 1 THEN NULL WHEN g <= 31 THEN unit(1) WHEN g <= 331 THEN unit(2 + g % 30)
       ELSE unit(32 + g % 300) END
  FROM generate_series(1, 12331) g
"""

_MENTEES = f"""
INSERT INTO "{MENTEE.physical}" (id, org_unit_id, programme, since, status)
SELECT gen_random_uuid(), unit(332 + g % 12000), 'P', date '2020-01-01' + g % 1500, 'ENROLLED'
  FROM generate_series(1, 43000) g
"""

_WALK = """{unit} IN (
WITH RECURSIVE now AS MATERIALIZED (
     SELECT DISTINCT ON (org_unit_id) org_unit_id, parent_id FROM "{parents}"
      WHERE since <= {day} ORDER BY org_unit_id, since DESC),
under AS (
     SELECT org_unit_id FROM now WHERE org_unit_id = {top}
      UNION
     SELECT n.org_unit_id FROM now n JOIN under u ON n.parent_id = u.org_unit_id)
SELECT org_unit_id FROM under)"""

STATEMENTS = {
    "page of 50": 'SELECT id FROM "{t}" t WHERE {scope} ORDER BY since DESC, id DESC LIMIT 51',
    "count": 'SELECT count(*) FROM (SELECT 1 FROM "{t}" t WHERE {scope} LIMIT 10001) x',
    "figure": 'SELECT programme, count(*) FROM "{t}" t WHERE {scope} GROUP BY programme',
}


@contextmanager
def held(loop_held: list[float]) -> Iterator[None]:
    """Add up how long the loop was held by what runs within."""
    began = time.thread_time()
    yield
    loop_held.append(time.thread_time() - began)


async def measure(connection: Any, text: str, binds: list[Any]) -> tuple[float, float]:
    """Return the median milliseconds of a statement, and of the client's own part of it."""
    taken: list[float] = []
    own: list[float] = []
    for _ in range(TIMES):
        began = time.perf_counter()
        with held(own):
            await connection.fetch(text, *binds)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000, statistics.median(own) * 1000


async def ways(connection: Any, top: UUID) -> Iterator[tuple[str, str, list[Any]]]:
    """Return each way's name, condition and what is bound in it."""
    walked = _WALK.format(
        unit="t.org_unit_id", parents=ORG_UNIT_PARENT.physical, day="$1", top="$2"
    )
    text = walked.partition(" IN ")[2]
    rows = await connection.fetch(f"SELECT x.org_unit_id FROM {text} x", TODAY, top)
    ids = [row["org_unit_id"] for row in rows]
    s = Statement()
    condition = below("t.org_unit_id", (top,), TODAY, s)
    return iter(
        [
            (f"ids ({len(ids):,})", "t.org_unit_id = ANY($1::uuid[])", [ids]),
            ("ancestors", condition, s.binds),
            ("walked", walked, [TODAY, top]),
        ]
    )


async def main() -> None:
    """Measure, and print a table."""
    async with a_postgres() as server:
        url = await server.create_database(f"bench_{uuid4().hex}")
        connection: Any = await asyncpg.connect(url, server_settings={"jit": "off"})
        await ensure(connection, [ORG_UNITS, MENTEES])
        await connection.execute(
            "CREATE FUNCTION unit(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$"
            " SELECT md5('unit' || n)::uuid $$"
        )
        began = time.perf_counter()
        await connection.execute(_UNITS)
        print(f"12,331 units at once: {time.perf_counter() - began:.2f} s")
        await connection.execute(_MENTEES)
        await connection.execute("VACUUM ANALYZE")
        print(f"{'reader':10} {'statement':12} {'way':14} {'ms':>8} {'client ms':>10}")
        for reader, number in (("country", 1), ("district", 2)):
            top = await connection.fetchval("SELECT unit($1)", number)
            for name, statement in STATEMENTS.items():
                # As the gateway's two pools have it.
                kind = FIGURES if name == "figure" else READS
                mode = kind.settings["plan_cache_mode"]
                await connection.execute(f"SET plan_cache_mode = {mode}")
                for way, condition, binds in await ways(connection, top):
                    text = statement.format(t=MENTEE.physical, scope=condition)
                    ms, own = await measure(connection, text, binds)
                    print(f"{reader:10} {name:12} {way:14} {ms:8.2f} {own:10.2f}")
        await connection.close()
        await server.drop_database(url.rsplit("/", 1)[1])


if __name__ == "__main__":
    asyncio.run(main())
