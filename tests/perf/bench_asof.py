"""What it takes to ask for a mentee of a thousand events as of a moment, beside the bare indexed
SELECT of their rows.

    python -m tests.perf.bench_asof [--events 1000] [--rounds 30]

A year of one mentee is told into the house in memory until so many events name her; its entries
stand in three ledgers in PostgreSQL, served by a process of their own, and its read models in a
fourth database. Asked is what an auditor asks: progress, attempts, validations, rights, postings,
the parties of her mentorship, the units and rules of then. Both are asked in turns, by one client.
The bar is ten times the SELECT.
"""

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from statistics import median
from types import SimpleNamespace
from typing import Any

import asyncpg
import uvicorn
from starlette.applications import Starlette

from mshauri.stack.ports import free_port
from services.gateway.asof.ledgers import Ledgers
from services.gateway.projections import AUDIT_TRAIL, PROJECTIONS
from shared.domain.errors import Unavailable
from shared.ledger import Entry, NewEvent, StreamAppend, Transaction
from shared.ledger.postgres import PostgresLedger
from shared.ledger.remote import RemoteLedger
from shared.projection.schema import ensure
from shared.runtime.garbage import look_seldom
from shared.runtime.house_client import house_client
from shared.service.ledger_routes import ledger_routes
from tests.support.histories import Teller, day, id_of
from tests.support.house import House
from tests.support.models import Models
from tests.support.moments import Gate, node
from tests.support.servers import a_postgres
from tests.support.year import MENTORSHIP, beginnings, programme

TOKEN = "t" * 32
ASKED = """query ($id: ID!, $at: AsOfInput) { mentee(id: $id, asOf: $at) {
  status validated since lastAssessedOn firstValidatedOn fullyValidatedOn
  healthWorker { givenNames familyName postings { since orgUnit { name } }
    rights { tier earnedOn } }
  orgUnitNow { name } programmeVersion { programme } cohort { name }
  competencies { competency attempts raw max validatedOn }
  assessments { competency attempt assessedOn raw max reached }
  mentorships { joinedOn mentorship { status
    parties { side signedOn healthWorker { givenNames familyName } } } } } }"""
WITH_TRAIL = ASKED.removesuffix("} }") + "auditTrail(first: 100) { nodes { topic actor } } } }"
_BARE = (
    "SELECT position, epoch, id, stream, kind, version, key, topic, recorded, command_id, meta,"
    " payload, hash, seal FROM ledger WHERE stream = ANY ($1::uuid[]) ORDER BY position"
)


async def history(events: int) -> House:
    """Return a house in which so many events name one mentee."""
    house = await House.built()
    await Teller(house).in_order(beginnings(programme()))
    enrolment, number = str(id_of("enrolment", "cia")), 0
    while len(house.gateway.tables.of(AUDIT_TRAIL, health_worker_id=id_of("cia"))) < events:
        number += 1
        await house.post(
            "sessionLog",
            {
                "id": str(id_of("session", number)),
                "mentorshipId": str(MENTORSHIP["mentorshipId"]),
                "mode": "IN_PERSON",
                "minutes": 60,
                "present": [str(id_of("ama")), str(id_of("cia"))],
                "about": {"topics": ["Partograph"]},
                "occurredOn": str(day(number)),
            },
        )
        if number % 4 == 0:
            await house.post(
                "competencyAssess",
                {
                    "enrolmentId": enrolment,
                    "competency": "HBB",
                    "items": [
                        {"item": "prepare", "points": 28},
                        {"item": "ventilate", "points": 60},
                    ],
                    "technique": True,
                    "assessorId": str(id_of("ama")),
                    "occurredOn": str(day(number)),
                },
            )
        await house.settle()
    return house


def transactions(entries: list[Entry]) -> list[Transaction]:
    """Return the transactions that record these entries."""
    return [_transaction(list(some)) for _, some in groupby(entries, lambda e: e.command_id)]


def _transaction(entries: list[Entry]) -> Transaction:
    streams: dict[Any, list[Entry]] = {}
    for entry in entries:
        streams.setdefault(entry.stream, []).append(entry)
    return Transaction(
        command_id=entries[0].command_id,
        fingerprint=bytes(32),
        appends=tuple(
            StreamAppend(
                stream=stream,
                kind=some[0].kind,
                key=some[0].key,
                expected=some[0].version - 1,
                events=tuple(
                    NewEvent(id=e.id, topic=e.topic, meta=e.meta, payload=e.payload) for e in some
                ),
            )
            for stream, some in streams.items()
        ),
    )


def serve(databases: dict[str, str], ports: dict[str, int]) -> None:
    """Serve the ledgers, as the services' processes do."""

    async def all_of_them() -> None:
        servers = []
        for name, url in databases.items():
            ledger = PostgresLedger(url, service=name)
            await ledger.start()
            served: Any = partial(SimpleNamespace, ledger=ledger, internal_token=TOKEN)
            app = Starlette(routes=ledger_routes(served))
            config = uvicorn.Config(app, port=ports[name], log_level="error", loop="uvloop")
            servers.append(uvicorn.Server(config).serve())
        await asyncio.gather(*servers)

    asyncio.run(all_of_them())


async def timed(rounds: int, *asked: Callable[[], Awaitable[Any]]) -> list[float]:
    """Return the median milliseconds of each, asked in turns."""
    took: list[list[float]] = [[] for _ in asked]
    for number in range(rounds + 5):
        for place, one in enumerate(asked):
            began = time.perf_counter()
            await one()
            if number >= 5:
                took[place].append((time.perf_counter() - began) * 1000)
    return [median(one) for one in took]


async def measure(events: int, rounds: int) -> None:
    """Ask, and print."""
    house = await history(events)
    async with a_postgres() as server:
        names = list(house.keys)
        databases = {name: await server.create_database(f"asof_{name}") for name in names}
        for name, url in databases.items():
            async with PostgresLedger(url, service=name) as ledger:
                for one in transactions(await house.ledger(name).feed(after=0, limit=10**9)):
                    await ledger.append(one)
        ports = {name: free_port() for name in names}
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(databases, ports), daemon=True
        )
        process.start()
        try:
            await _measure(house, server, databases, ports, rounds)
        finally:
            process.terminate()


async def _heads(remotes: dict[str, RemoteLedger]) -> dict[str, int]:
    """Return where the ledgers stand, once they answer."""
    async with asyncio.timeout(60):
        while True:
            try:
                return {name: (await one.head()).position for name, one in remotes.items()}
            except Unavailable:
                await asyncio.sleep(0.1)


async def _measure(
    house: House, server: Any, databases: dict[str, str], ports: dict[str, int], rounds: int
) -> None:
    pool = await asyncpg.create_pool(
        await server.create_database("asof_models"), min_size=8, max_size=8
    )
    async with pool.acquire() as connection:
        await ensure(connection, PROJECTIONS)
        await Models(connection).hold(house)
        await connection.execute("ANALYZE")
    async with house_client(10.0) as client:
        remotes = {
            name: RemoteLedger(client, f"http://127.0.0.1:{port}", TOKEN)
            for name, port in ports.items()
        }
        gate = Gate(house, pool, ledgers=Ledgers(of=remotes, keys=house.keys))
        stood = await _heads(remotes)
        trail = house.gateway.tables.of(AUDIT_TRAIL, health_worker_id=id_of("cia"))
        events = {row["event_id"] for row in trail}
        streams: dict[str, set[Any]] = {}
        for name, entry in await house.history():
            if entry.id in events:
                streams.setdefault(name, set()).add(entry.stream)
        connections = {name: await asyncpg.connect(databases[name]) for name in streams}

        async def bare() -> int:
            rows = [
                await connections[name].fetch(_BARE, list(some)) for name, some in streams.items()
            ]
            return sum(map(len, rows))

        at = {"knownAt": datetime.now(UTC).isoformat()}
        id = node("Mentee", id_of("enrolment", "cia"))

        async def as_of() -> Any:
            return await gate.ask(ASKED, id=id, at=at)

        async def as_of_with_trail() -> Any:
            return await gate.ask(WITH_TRAIL, id=id, at=at)

        async def now() -> Any:
            return await gate.ask(ASKED, id=id)

        assert await as_of() == await now()
        look_seldom()
        count = sum(map(len, streams.values()))
        print(f"{len(events)} events name her: {await bare()} rows in {count} streams")
        print(f"the ledgers stand at {stood}")
        select, past, whole, live = await timed(rounds, bare, as_of, as_of_with_trail, now)
        print(
            f"bare SELECT {select:.1f} ms, as of {past:.1f} ms: {past / select:.1f} times;"
            f" with every event of her trail {whole:.1f} ms, {whole / select:.1f} times;"
            f" the same of now {live:.1f} ms"
        )
        for one in connections.values():
            await one.close()
    await pool.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    asyncio.run(measure(given.events, given.rounds))
