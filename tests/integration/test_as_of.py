"""As of a moment, a record is what a fresh projection of the ledgers' prefix says of it, and what
the API says that is replayed up to it: for random histories and random cuts, every field of the
schema that can be asked so.

`MSHAURI_MOMENTS=50 pytest tests/integration/test_as_of.py` looks at so many histories, from the
seed `MSHAURI_MOMENTS_FROM` on.
"""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from mshauri.replaying.cut import cut_at, moment_of
from mshauri.replaying.ledgers import opened
from services.gateway.asof.ledgers import Ledgers
from services.gateway.projections import HEALTH_WORKER, MENTEE, MENTORSHIP, PROJECTIONS
from shared.ledger.postgres import PostgresLedger
from shared.ledger.reads import Reads
from shared.positions import partition_of, position_token
from shared.projection.schema import ensure
from tests.support.days import today
from tests.support.figured import beginnings_of_two, tell
from tests.support.histories import LAST, Teller, day
from tests.support.house import House
from tests.support.models import Models
from tests.support.moments import Gate, InTurn, hold_prefix, node, questions
from tests.support.replayed import Kept, replayed
from tests.support.servers import PostgresServer

MANY = int(os.environ.get("MSHAURI_MOMENTS", "1"))
FIRST = int(os.environ.get("MSHAURI_MOMENTS_FROM", "0"))
CUTS = 2
TOLD_SINCE = datetime.combine(day(LAST + 1), time(8), UTC)
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(postgres: PostgresServer) -> AsyncIterator[Kept]:
    """Databases for a house's ledgers and keys."""
    made = await Kept.begun(postgres, await House.built())
    yield made
    await made.dropped()


@asynccontextmanager
async def _reading(kept: Kept) -> AsyncIterator[tuple[Mapping[str, Reads], Ledgers]]:
    """Lend the ledgers that are kept, as a replay reads them and as a gateway does."""
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(opened(kept.installation))
        services = {
            name: await stack.enter_async_context(PostgresLedger(url, service=name))
            for name, url in kept.installation.databases.items()
        }
        yield found.reads, Ledgers(of=services, keys=found.keys)


async def _history(seed: int) -> House:
    """Return a house that was told of a year soon after it had ended, something every hour."""
    house, hours = await House.built(), count()
    for name in house.keys:
        house.ledger(name)._now = lambda: TOLD_SINCE + timedelta(hours=next(hours))
    await Teller(house).in_order(beginnings_of_two())
    await tell(house, seed)
    return house


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + MANY))
async def test_known_at_a_moment_is_what_a_prefix_says_and_what_a_replay_answers(
    databases: tuple[Models, Models], kept: Kept, seed: int
) -> None:
    live, before = databases
    house, random = await _history(seed), Random(seed)
    await kept.hold(house)
    today = Gate(house, InTurn(await live.hold(house)))
    async with _reading(kept) as (reads, ledgers):
        today.ledgers = ledgers
        history = sorted(await house.history(), key=lambda told: told[1].recorded)
        for number in range(CUTS):
            # Before, there is hardly anybody.
            _, last = random.choice(history[len(history) // 3 :])
            positions = {
                name: sum(one == name and entry.recorded <= last.recorded for one, entry in history)
                for name in house.keys
            }
            moment = moment_of(last.recorded.isoformat(), None, datetime.now(UTC))
            cut = await cut_at(moment, reads)
            assert {name: one.position for name, one in cut.stood.items()} == {
                name: position for name, position in positions.items() if position
            }
            asked: list[dict[str, Any]] = [{"knownAt": last.recorded.isoformat()}]
            if all(positions.values()):
                asked.append({"positions": [await _token(house, *at) for at in positions.items()]})
            await hold_prefix(before, house, positions)
            async with replayed(kept, cut, today) as replay:
                then = replace(replay, database=InTurn(before))
                for name, question, id in _questions(house, today, random):
                    where = (name, positions)
                    expected = await then.ask(question, id=id)
                    assert await replay.ask(question, id=id) == expected, where
                    answer = await today.answer(question, id=id, at=asked[number % len(asked)])
                    assert answer["data"] == expected, where
                    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
                    assert codes <= {"AS_OF_BEFORE_FIRST_EVENT"}, answer["errors"]
                    assert bool(codes) == (None in expected.values())


def _questions(house: House, gate: Gate, random: Random) -> Iterator[tuple[str, str, str]]:
    """Yield, of some records of each kind, all that can be asked of them."""
    for kind, table in ROOTS.items():
        for row in random.sample(rows := house.gateway.tables.of(table), min(3, len(rows))):
            for name, question in questions(gate.schema, kind):
                yield name, question, node(kind, row["id"])


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
