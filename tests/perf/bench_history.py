"""How soon a mentee's history is told: a page of fifty, and all of a thousand events.

    python -m tests.perf.bench_history

One mentee of a thousand events among two hundred thousand of others, in a real PostgreSQL, asked of
a gateway that listens. Beside it the bare SELECT of the same thousand rows by their index. Medians
of 15, in milliseconds.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    AUDIT_EVENT,
    AUDIT_TRAIL,
    NAMING_NOBODY,
    PERSON_RECORD,
)
from services.gateway.projections.audit import AUDIT
from services.gateway.projections.people import people_named
from services.gateway.read.history import HISTORIES
from shared.contracts.sessions.session import SessionHeld
from shared.contracts.validation.competency_record import AssessmentRecorded, CompetencyValidated
from shared.projection import Happening
from tests.integration.test_gateway_happenings import fill
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.rows import Rows
from tests.support.servers import a_postgres
from tests.support.story import STORY, happenings
from tests.support.telling import MENTEE

EVENTS, OTHERS, TIMES = 1_000, 200_000, 15
EXPLAINED = "--explain" in sys.argv

_OTHERS = f"""
INSERT INTO "{AUDIT_EVENT.physical}" (event_id, service, epoch, position, stream, kind, version,
       topic, occurred_on, recorded, actor, org_unit_id, command_id, correlation_id, causation_id,
       details)
SELECT md5('e' || g)::uuid, 'sessions', 1, 1000000 + g, md5('s' || g)::uuid, 'session', 1,
       'sessions.session.held', date '2021-01-01' + g % 900,
       timestamptz '2021-01-01' + g * '1s'::interval, 'somebody', md5('u' || g % 500)::uuid,
       md5('c' || g)::uuid, md5('c' || g)::uuid, md5('c' || g)::uuid, '{{"minutes": 60}}'
  FROM generate_series(1, {OTHERS}) g
"""
_TRAILS = f"""
INSERT INTO "{AUDIT_TRAIL.physical}" (health_worker_id, event_id, recorded, service, position)
SELECT md5('p' || g % 2000)::uuid, md5('e' || g)::uuid,
       timestamptz '2021-01-01' + g * '1s'::interval, 'sessions', 1000000 + g
  FROM generate_series(1, {OTHERS}) g
"""
_BARE = f"""
SELECT e.* FROM "{AUDIT_TRAIL.physical}" t JOIN "{AUDIT_EVENT.physical}" e USING (event_id)
 WHERE t.health_worker_id = $1 ORDER BY t.recorded, t.service, t.position
"""
WORDS = "eventId words topic recorded occurredOn actor reason orgUnit { name }"
ALL = (
    WORDS
    + """ programmeVersion { version } recordedUnder { id }
  cause { eventId words } effects { eventId words }
  difference { validatedBefore validatedAfter sessionsBefore sessionsAfter }"""
)
QUESTION = """query Q($id: ID!, $first: Int!, $after: Cursor) { healthWorker(id: $id) {
  history(first: $first, after: $after) { nodes { %s } pageInfo { hasNextPage endCursor } } } }"""


def long_history() -> Iterator[Happening]:
    """Yield a thousand events of one mentee: what is usual, again and again, a command for two."""
    usual = [
        one
        for one in happenings(STORY)
        if isinstance(one.body, SessionHeld | AssessmentRecorded | CompetencyValidated)
        and MENTEE in people_named(one.body)
    ]
    command = uuid4()
    for number in range(EVENTS):
        one = usual[number % len(usual)]
        command = uuid4() if number % 2 == 0 else command
        yield replace(
            one,
            id=uuid4(),
            stream=uuid4() if isinstance(one.body, SessionHeld) else one.stream,
            position=10_000 + number,
            recorded=one.recorded + timedelta(days=30, minutes=number),
            command_id=command,
            meta=replace(one.meta, correlation_id=command, causation_id=command),
        )


async def filled(gateway: RunningGateway) -> None:
    """Write the story, the long history, and everybody else's."""
    await fill(gateway, STORY)
    rows = Rows()
    for happening in long_history():
        rows.happen([AUDIT], happening)
    for table in (AUDIT_EVENT, AUDIT_TRAIL, PERSON_RECORD, NAMING_NOBODY):
        for row in rows.of(table.name):
            known = {name: value for name, value in row.items() if value is not None}
            if table is PERSON_RECORD:
                await gateway.database.execute(
                    f'DELETE FROM "{table.physical}" WHERE health_worker_id = $1 AND stream = $2',
                    row["health_worker_id"],
                    row["stream"],
                )
            await gateway.insert(table, **known)
    await gateway.database.execute(_OTHERS)
    await gateway.database.execute(_TRAILS)
    await gateway.database.execute("VACUUM ANALYZE")


async def median(what: Callable[[], Awaitable[Any]]) -> float:
    """Return the median milliseconds."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await what()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


async def main() -> None:
    """Measure, and print a table."""
    async with a_postgres() as server:
        name = f"bench_{uuid4().hex}"
        url = await server.create_database(name)
        with tempfile.TemporaryDirectory() as directory:
            async with running_gateway(url, Path(directory)) as gateway:
                assert gateway.gateway._endpoint is not None
                buckets = gateway.gateway._endpoint._parts.buckets
                buckets.capacity = buckets.restored = 10**9
                await filled(gateway)
                await measured(gateway)
        await server.drop_database(name)


async def explained(gateway: RunningGateway) -> None:
    """Print how PostgreSQL finds a page."""
    text = (
        f"EXPLAIN (ANALYZE, BUFFERS OFF) SELECT t.event_id FROM {HISTORIES.source} t"
        " WHERE t.health_worker_id = $1"
        " ORDER BY t.recorded, t.service, t.position, t.health_worker_id, t.event_id LIMIT 51"
    )
    for row in await gateway.database.fetch(text, MENTEE):
        print(row[0])


async def measured(gateway: RunningGateway) -> None:
    """Print how long each takes."""
    id = global_id("HealthWorker", MENTEE)

    async def a_page(fields: str, first: int, after: str | None = None) -> Any:
        answer = await gateway.ask(QUESTION % fields, id=id, first=first, after=after)
        return answer["healthWorker"]["history"]

    async def everything(fields: str) -> None:
        after, more = None, True
        while more:
            found = (await a_page(fields, 100, after))["pageInfo"]
            after, more = found["endCursor"], found["hasNextPage"]

    if EXPLAINED:
        await explained(gateway)
    bare = await median(lambda: gateway.database.fetch(_BARE, MENTEE))
    print(f"{'bare SELECT of all rows':38}{bare:9.1f} ms")
    for title, what in (
        ("page of 50, ids alone", lambda: a_page("eventId", 50)),
        ("page of 50, in words", lambda: a_page(WORDS, 50)),
        ("page of 50, with all fields", lambda: a_page(ALL, 50)),
        ("all of it in words, by 100", lambda: everything(WORDS)),
    ):
        ms = await median(what)
        print(f"{title:38}{ms:9.1f} ms {ms / bare:6.1f} x")


if __name__ == "__main__":
    asyncio.run(main())
