"""As of a moment, a record is what a fresh projection of the ledgers' prefix says of it: for random
histories and random cuts, every field of the schema that can be asked so.

`MSHAURI_MOMENTS=50 pytest tests/integration/test_as_of.py` looks at so many histories, from the
seed `MSHAURI_MOMENTS_FROM` on.
"""

import os
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from services.gateway.projections import HEALTH_WORKER, MENTEE, MENTORSHIP, PROJECTIONS
from shared.positions import partition_of, position_token
from shared.projection.schema import ensure
from tests.support.days import today
from tests.support.figured import beginnings_of_two, tell
from tests.support.histories import Teller
from tests.support.house import House
from tests.support.models import Models
from tests.support.moments import Gate, InTurn, hold_prefix, node, questions
from tests.support.servers import PostgresServer

MANY = int(os.environ.get("MSHAURI_MOMENTS", "1"))
FIRST = int(os.environ.get("MSHAURI_MOMENTS_FROM", "0"))
CUTS = 3
ROOTS = {"Mentee": MENTEE, "HealthWorker": HEALTH_WORKER, "Mentorship": MENTORSHIP}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def databases(postgres: PostgresServer) -> AsyncIterator[tuple[Models, Models]]:
    """Read models of today, and those of a prefix."""
    names = [f"test_{uuid4().hex}" for _ in range(2)]
    connections = [await asyncpg.connect(await postgres.create_database(name)) for name in names]
    for connection in connections:
        await ensure(connection, PROJECTIONS)
    yield Models(connections[0]), Models(connections[1])
    for name, connection in zip(names, connections, strict=True):
        await connection.close()
        await postgres.drop_database(name)


async def _history(seed: int) -> House:
    house = await House.built()
    await Teller(house).in_order(beginnings_of_two())
    await tell(house, seed)
    return house


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MANY))
async def test_known_at_a_moment_is_what_a_prefix_says(
    databases: tuple[Models, Models], seed: int
) -> None:
    live, before = databases
    house, random = await _history(seed), Random(seed)
    today = Gate(house, InTurn(await live.hold(house)))
    then = Gate(house, InTurn(before), schema=today.schema)
    history = await house.history()
    for number in range(CUTS):
        _, last = random.choice(history)
        positions = {
            name: sum(one == name and entry.recorded <= last.recorded for one, entry in history)
            for name in house.keys
        }
        await hold_prefix(before, house, positions)
        moments: list[dict[str, Any]] = [{"knownAt": last.recorded.isoformat()}]
        if all(positions.values()):
            moments.append({"positions": [await _token(house, *at) for at in positions.items()]})
        for kind, table in ROOTS.items():
            for row in random.sample(rows := house.gateway.tables.of(table), min(4, len(rows))):
                id = node(kind, row["id"])
                for name, question in questions(today.schema, kind):
                    expected = await then.ask(question, id=id)
                    answer = await today.answer(question, id=id, at=moments[number % len(moments)])
                    assert answer["data"] == expected, (name, positions)
                    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
                    assert codes <= {"AS_OF_BEFORE_FIRST_EVENT"}, answer["errors"]
                    assert bool(codes) == (None in expected.values())


async def _token(house: House, service: str, position: int) -> str:
    [entry] = await house.ledger(service).feed(after=position - 1, limit=1)
    return position_token(service, partition_of(entry.key), position, entry.epoch)


async def test_all_of_it_can_be_asked_by_a_day_and_by_today_it_is_what_is_shown_now(
    databases: tuple[Models, Models],
) -> None:
    live, _ = databases
    house = await _history(2)
    gate = Gate(house, InTurn(await live.hold(house)))
    for kind, table in ROOTS.items():
        row = house.gateway.tables.of(table)[0]
        id = node(kind, row["id"])
        for name, question in questions(gate.schema, kind):
            for by in ("2021-06-01", today().isoformat()):
                answer = await gate.answer(question, id=id, at={"happenedBy": by})
                assert not answer.get("errors"), (name, by, answer["errors"])
        lists = 'healthWorker(id: $id, asOf: {happenedBy: "%s"}) { postings { since } auditTrail'
        if kind == "HealthWorker":
            query = f"query($id: ID!) {{ {lists % today()} (first: 1) {{ totalCount {{ value"
            then = await gate.ask(f"{query} }} }} }} }}", id=id)
            now = query.replace(f', asOf: {{happenedBy: "{today()}"}}', "")
            assert then == await gate.ask(f"{now} }} }} }} }}", id=id)
