"""A question is asked as it stood the evening before a correction: another answer than today's, and
which event made the difference. The API in use goes on meanwhile, and nothing is left behind. Asked
for now, every table is what it is in use.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from mshauri.demo.template import Template
from mshauri.replaying.building import GROUPS
from mshauri.stack.given import database_at
from mshauri.stack.ports import free_port
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.projection import fingerprint
from shared.projection.keeper import schema_pool
from shared.projection.schema import tables_of
from tests.support.servers import temporary_directory
from tests.support.stacks import play

pytestmark = [pytest.mark.timeout(900), pytest.mark.slow]

TABLE = """
query Held($after: [Position!]) {
  sessions(first: 3, afterPositions: $after, filter: {status: HELD}) {
    totalCount { value } nodes { id heldOn }
  }
}
"""
VOID = """
mutation ($input: SessionVoidInput!) {
  sessionVoid(input: $input) { userErrors { code message } positions }
}
"""


@dataclass
class Api:
    """Somebody who asks, at one address or another."""

    client: httpx.AsyncClient
    token: str

    async def send(self, url: str, document: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer."""
        answer = await self.client.post(
            f"{url}/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        said: dict[str, Any] = answer.json()
        return said


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the command line; return what came of it."""
    return subprocess.run(
        [sys.executable, "-m", "mshauri", *arguments], capture_output=True, text=True, check=False
    )


@asynccontextmanager
async def replaying(*arguments: str) -> AsyncIterator[tuple[str, "asyncio.subprocess.Process"]]:
    """Have a replay run for the length of the block; lend its address, once it answers."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mshauri", "replay", "--port", str(port), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(300):
            while not await _answers(client, url):
                assert process.returncode is None, await _said(process)
                await asyncio.sleep(0.2)
        yield url, process
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), 60)


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/health/ready")).is_success
    except httpx.TransportError:
        return False


async def _said(process: "asyncio.subprocess.Process") -> str:
    assert process.stdout is not None
    return (await process.stdout.read()).decode()


async def replays(stack: Stack) -> list[str]:
    """Return the databases of replays that are there."""
    connection = await asyncpg.connect(stack.postgres_url)
    rows = await connection.fetch(
        "SELECT datname FROM pg_database WHERE datname LIKE 'mshauri_replay_%'"
    )
    await connection.close()
    return [row[0] for row in rows]


async def prints(url: str) -> dict[str, str]:
    """Return a digest of every table that a replay fills, as it is in a database."""
    found: dict[str, str] = {}
    for group, projections in GROUPS.items():
        async with schema_pool(url, f"{group}_1") as pool:
            found |= await fingerprint(pool, tables_of(projections))
    return found


async def _up_to_now_it_is_what_is_live(stack: Stack, here: tuple[str, ...]) -> None:
    for _ in range(3):
        now = datetime.now(UTC).isoformat()
        async with replaying("--as-of", now, *here):
            (name,) = await replays(stack)
            replayed = await prints(database_at(stack.postgres_url, name))
            live = await prints(stack.database_url("gateway"))
        different = [table for table, rows in replayed.items() if rows != live[table]]
        if not different:
            assert len(live) > 100
            return
        # Policies may have something to say when a stack starts, and then say it once.
    assert different == []


async def test_the_evening_before_a_correction_is_answered_as_it_was_answered_then(
    tmp_path: Path,
) -> None:
    with temporary_directory() as directory:
        here = ("--data-dir", str(directory))
        async with (
            Stack(directory, environ={}) as stack,
            httpx.AsyncClient(timeout=60, trust_env=False) as client,
        ):
            await play(stack, Template(seed=1))
            await _up_to_now_it_is_what_is_live(stack, here)
            api = Api(client, DevelopmentIssuer(directory).mint(OPERATOR))
            before = (await api.send(stack.gateway_url, TABLE))["data"]
            evening = datetime.now(UTC).isoformat()
            voided = before["sessions"]["nodes"][0]["id"]
            wish = {"sessionId": voided, "commandId": str(uuid4()), "reason": "It was not held."}
            said = await api.send(stack.gateway_url, VOID, input=wish)
            assert said["data"]["sessionVoid"]["userErrors"] == [], said
            positions = said["data"]["sessionVoid"]["positions"]
            today = (await api.send(stack.gateway_url, TABLE, after=positions))["data"]

            async with replaying("--as-of", evening, *here) as (url, process):
                then = await api.send(url, TABLE)
                refused = await api.send(url, VOID, input=wish | {"commandId": str(uuid4())})
                meanwhile = (await api.send(stack.gateway_url, TABLE))["data"]
                assert len(await replays(stack)) == 1
            assert process.returncode == 0

            assert today["sessions"]["totalCount"] != before["sessions"]["totalCount"]
            assert then["data"] == before
            assert meanwhile == today
            (of,) = then["extensions"]["asOf"]
            assert (of["path"], of["kind"]) == ([], "knownAt")
            assert datetime.fromisoformat(of["knownAt"]) == datetime.fromisoformat(evening)
            assert refused["errors"][0]["extensions"]["code"] == "READ_ONLY"
            assert await replays(stack) == []

            query = tmp_path / "held.graphql"
            query.write_text(TABLE, encoding="utf-8")
            asked = ("--query", str(query), "--token", api.token, "--json", *here)
            compared = await asyncio.to_thread(run, "compare", "--as-of", evening, *asked)
            assert compared.returncode == 1, compared.stderr
            told = json.loads(compared.stdout)
            assert told["differences"][0] == {
                "path": "sessions.totalCount.value",
                "before": before["sessions"]["totalCount"]["value"],
                "after": today["sessions"]["totalCount"]["value"],
            }
            assert [one["topic"] for one in told["events"]] == ["sessions.session.voided"]
            assert told["events"][0]["actor"] == OPERATOR
            assert told["events"][0]["words"].startswith("The session")
            token = f"sessions.{told['events'][0]['position']}"
            assert token in {f"sessions.{one.split('.')[2]}" for one in positions}
            same = await asyncio.to_thread(
                run, "compare", "--as-of", evening, "--with", evening, *asked
            )
            assert (same.returncode, json.loads(same.stdout)["same"]) == (0, True)

            await _is_dropped_though_it_was_killed(stack, evening, here)
            for given, code in (
                (("--as-of", "2021-09-30"), "AS_OF_WITHOUT_ZONE"),
                (("--as-of", "2021-09-30", "--zone", "Africa/Kigali"), "AS_OF_BEFORE_FIRST_EVENT"),
                (("--as-of", "2999-09-30", "--zone", "Africa/Kigali"), "AS_OF_IN_FUTURE"),
                (("--positions", "sessions.1.999999"), "AS_OF_IN_FUTURE"),
            ):
                wrong = await asyncio.to_thread(run, "replay", *given, *here)
                assert wrong.returncode == 1
                assert wrong.stdout.startswith(f"{code}: "), wrong.stdout
            assert await replays(stack) == []


async def _is_dropped_though_it_was_killed(
    stack: Stack, evening: str, here: tuple[str, ...]
) -> None:
    async with replaying("--as-of", evening, *here) as (_, process):
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        (left,) = await replays(stack)
        async with asyncio.timeout(60):
            while await replays(stack):
                dropped = await asyncio.to_thread(run, "replay", "--drop", *here)
                assert dropped.returncode == 0, dropped.stdout
        assert left in dropped.stdout
