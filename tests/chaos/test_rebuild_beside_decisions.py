"""Random histories, once undisturbed and once beside rebuilds and restarts: the same is recorded.

Whatever is rebuilt, and whenever that is begun or cut off, nothing is recorded that would not have
been recorded without it, and nobody is let in who would have been refused.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import httpx
import pytest

from services.registry.app import service as registry
from shared.access.facts import BUILT, GROUP
from shared.following.policies import DUE
from shared.projection import builds
from shared.projection.schema import built_of
from shared.service.recording import VIEWS
from tests.conftest import OwnBroker
from tests.support.days import today
from tests.support.services import Asked, decides, running

COMMANDS = 45
NAMESPACE = UUID("6f1f3a0e-55f1-4c4e-9d68-0d6d6b6f0b11")
TODAY = str(today())
ANN = "ann"


@dataclass
class Life:
    """One history: the same for the same seed, however it is disturbed.

    Attributes:
        outcomes: of each command, in order: `ok`, or the code of its refusal.
    """

    random: Random
    outcomes: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    grant: str | None = None
    count: int = 0

    def id(self) -> str:
        self.count += 1
        return str(uuid5(NAMESPACE, str(self.count)))

    async def step(self, asked: Asked) -> None:
        """Send the next command, until it is answered."""
        choice = self.random.random()
        unit = self.random.choice(self.units) if self.units else None
        if unit is None or choice < 0.15:
            await self.send(asked, "orgUnitEstablish", id=self.id(), **self.a_unit(unit))
            self.units.append(str(uuid5(NAMESPACE, str(self.count - 1))))
        elif choice < 0.3:
            await self.turn_grant(asked, unit)
        elif choice < 0.65:
            await self.send(asked, "healthWorkerRegister", **self.a_person(unit))
        else:  # allowed while she holds the grant, and at no other moment
            await self.send(asked, "healthWorkerRegister", as_=ANN, **self.a_person(unit))

    def a_unit(self, parent: str | None) -> dict[str, Any]:
        kind = {"unitKind": "COUNTRY"} if parent is None else {"unitKind": "DISTRICT"}
        under = {} if parent is None else {"parentId": self.units[0]}
        return (
            {"code": f"U-{self.count}", "name": "Unit", "occurredOn": "2018-01-01"} | kind | under
        )

    def a_person(self, unit: str) -> dict[str, Any]:
        return {
            "givenNames": self.random.choice(["Ange", "Marie Claire", "Jean"]),
            "familyName": self.random.choice(["Uwase", "Mukamana"]),
            "cadre": "Nurse",
            "orgUnitId": unit,
            "occurredOn": "2018-01-01",
        }

    async def turn_grant(self, asked: Asked, unit: str) -> None:
        if self.grant is None:
            self.grant = self.id()
            await self.send(
                asked,
                "accessGrantGive",
                id=self.grant,
                subjectName=ANN,
                role="ADMINISTRATOR",
                orgUnitId=self.units[0],
                occurredOn="2018-01-01",
            )
        else:
            await self.send(
                asked, "accessGrantRevoke", accessGrantId=self.grant, occurredOn=TODAY, reason="r"
            )
            self.grant = None
        async with asyncio.timeout(60):
            directory = asked.decider.served.directory
            while (self.grant is None) != all(one.until for one in directory.grants_of(ANN)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def send(self, asked: Asked, name: str, /, as_: str = "operator", **fields: Any) -> None:
        body = {"commandId": self.id(), **fields}
        async with asyncio.timeout(60):
            while True:
                answer = await asked.client.post(
                    f"/commands/{name}", json=body, headers=asked.bearer(as_)
                )
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                await asyncio.sleep(0.02)
        said = answer.json()
        self.outcomes.append("ok" if answer.is_success else said["code"])
        await _heard(asked)


async def _holds(connection: Any, schema: str, recorded: dict[int, int]) -> bool:
    """Say whether what is kept in a schema holds all that was recorded, in each partition."""
    rows = await connection.fetch(
        f"""SELECT partition, position FROM "{schema}".applied WHERE service = 'registry'"""
    )
    reached = {row[0]: row[1] for row in rows}
    return all(reached.get(p, 0) >= position for p, position in recorded.items())


async def _heard(asked: Asked) -> None:
    """Wait until grants say what was recorded, and policies are at rest."""
    pool: Any = asked.decider.books.pool
    head = await asked.decider.served.ledger.head()
    recorded = {p: position for p, position in enumerate(head.reached) if position}
    async with asyncio.timeout(60):
        while True:
            try:
                rows = await pool.fetch(
                    "SELECT schema_name FROM information_schema.schemata"
                    " WHERE schema_name LIKE 'access_%' OR schema_name = 'policies'"
                )
                live = await builds.live(pool, GROUP, BUILT)
                schemas = {row[0] for row in rows} & {"policies", live.schema if live else ""}
                level = [await _holds(pool, schema, recorded) for schema in sorted(schemas)]
                due = await pool.fetchval(f"SELECT count(*) FROM policies.{DUE.physical}")
                if len(level) == 2 and all(level) and not due:
                    return
            except asyncpg.PostgresError:
                pass
            await asyncio.sleep(0.02)


async def a_life(
    seed: int, database: str, broker: str, directory: Path, *, disturbed: bool
) -> tuple[list[str], list[str]]:
    """Live a history; return the commands' outcomes, and what the ledger says happened."""
    life, chance = Life(Random(seed)), Random(seed + 1000)
    parts: dict[str, Any] = {"database": database, "broker": broker, "directory": directory}
    async with AsyncExitStack() as stack:
        asked = await stack.enter_async_context(running(registry, **parts))
        for _ in range(COMMANDS):
            if disturbed and chance.random() < 0.35:
                group, built = chance.choice(
                    [(VIEWS, built_of(registry.decided_by)), (GROUP, BUILT)]
                )
                connection = await asyncpg.connect(database)
                await builds.begin(connection, group, built)
                await connection.close()
                await asyncio.sleep(chance.random() * 0.3)
            if disturbed and chance.random() < 0.08:
                await stack.aclose()  # in the middle of whatever is being built
                asked = await stack.enter_async_context(running(registry, **parts))
            await life.step(asked)
        await decides(asked.decider)
        feed = await asked.decider.served.ledger.feed(after=0, limit=10_000)
        return life.outcomes, sorted(entry.topic for entry in feed)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
async def test_what_is_recorded_beside_rebuilds_is_what_is_recorded_without(
    seed: int, make_database: Any, own_broker: OwnBroker, tmp_path: Path
) -> None:
    broker = await own_broker()
    undisturbed = await a_life(
        seed, await make_database(), broker.address, tmp_path, disturbed=False
    )
    other = await own_broker()
    disturbed = await a_life(seed, await make_database(), other.address, tmp_path, disturbed=True)
    assert "ACCESS_DENIED" in undisturbed[0]
    assert "ok" in undisturbed[0]
    assert "registry.health_worker.duplicate_suspected" in undisturbed[1]
    assert disturbed[0] == undisturbed[0]
    assert Counter(disturbed[1]) == Counter(undisturbed[1])
