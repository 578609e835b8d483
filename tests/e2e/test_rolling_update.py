"""From the release before builds to this one, while everybody works: nothing is decided anew."""

import asyncio
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from mshauri.rebuild import beside
from mshauri.stack.ports import LOOPBACK, free_port
from mshauri.stack.stack import OPERATOR, Stack
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.group import READ_MODELS, READ_MODELS_BUILT
from shared.access.issuer import DevelopmentIssuer
from shared.projection import fingerprint
from shared.projection.live import LivePool
from shared.projection.schema import tables_of
from tests.support.servers import temporary_directory

pytestmark = [pytest.mark.timeout(500), pytest.mark.slow]

BEFORE = "eb60b4b"
"""The last commit whose read models were emptied to be built again."""

PATIENCE_S = 120.0
AUDITOR = "an-auditor"
COUNT = "{ healthWorkers(first: 1) { totalCount { value } } }"


def checkout_of(commit: str, directory: Path) -> Path:
    """Lay out a commit of this repository, or skip where its history is not here."""
    here = Path(__file__).parents[2]
    packed = subprocess.run(
        ["git", "-C", str(here), "archive", commit], capture_output=True, check=False
    )
    if packed.returncode:
        pytest.skip(f"commit {commit} is not in this checkout's history")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(directory, filter="data")
    return directory


class Front:
    """A partner's front-end of one gateway."""

    def __init__(self, client: httpx.AsyncClient, issuer: DevelopmentIssuer) -> None:
        self._client = client
        self._issuer = issuer

    async def ask(self, query: str, subject: str = OPERATOR, **variables: Any) -> dict[str, Any]:
        """Send an operation; return the whole answer."""
        answer = await self._client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self._issuer.mint(subject)}"},
        )
        said: dict[str, Any] = answer.json()
        return said

    async def send(self, name: str, /, **fields: Any) -> str:
        """Have a command recorded, however often it takes; return the record's id."""
        kind = name[0].upper() + name[1:]
        text = (
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) "
            "{ userErrors { code message } id } }"
        )
        command = {"commandId": str(uuid4()), **fields}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = await self.ask(text, input=command)
                if not said.get("errors"):
                    payload = said["data"][name]
                    assert payload["userErrors"] == [], payload
                    return str(payload["id"])
                code = said["errors"][0]["extensions"]["code"]
                assert code in ("UNAVAILABLE", "STALE_READ"), said
                await asyncio.sleep(0.1)

    async def counted(self, subject: str = OPERATOR) -> int:
        """Return how many people somebody counts; -1: they are refused."""
        said = await self.ask(COUNT, subject)
        if said.get("errors"):
            return -1
        return int(said["data"]["healthWorkers"]["totalCount"]["value"])

    async def until_counted(self, wanted: int, subject: str = OPERATOR) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self.counted(subject) != wanted:  # noqa: ASYNC110 - it is elsewhere
                await asyncio.sleep(0.1)


async def register(front: Front, unit: str, number: str) -> str:
    return await front.send(
        "healthWorkerRegister",
        givenNames="Marie Claire",
        familyName="Uwase",
        cadre="Nurse",
        orgUnitId=unit,
        number=number,
        occurredOn="2018-01-01",
    )


async def recorded(database_url: str, topic: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM ledger WHERE topic = $1", topic))
    finally:
        await connection.close()


@asynccontextmanager
async def old_release(
    tree: Path, data: Path, base: Stack, issuer: DevelopmentIssuer
) -> AsyncIterator[tuple[Front, "subprocess.Popen[bytes]"]]:
    """Run the old release's whole stack, on the database server and the broker of `base`."""
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "MSHAURI_POSTGRES_URL": base.postgres_url,
        "MSHAURI_BOOTSTRAP_SERVERS": base.bootstrap_servers,
    }
    running = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [
            *(sys.executable, "-m", "mshauri", "up"),
            *("--data-dir", str(data), "--gateway-port", str(port)),
        ],
        cwd=tree,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with httpx.AsyncClient(
            base_url=f"http://{LOOPBACK}:{port}", timeout=30, trust_env=False
        ) as client:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    assert running.poll() is None, "the old release ended at its start"
                    try:
                        if (await client.get("/health/ready")).is_success:
                            break
                    except httpx.TransportError:
                        pass
                    await asyncio.sleep(0.2)
            yield Front(client, issuer), running
    finally:
        if running.poll() is None:
            running.terminate()
            await asyncio.to_thread(running.wait, 60)


async def test_an_update_decides_nothing_anew_and_lets_nobody_in() -> None:
    with temporary_directory() as directory:
        tree = checkout_of(BEFORE, directory / "old-tree")
        data = directory / "old"
        issuer = DevelopmentIssuer(data)
        async with Stack(directory / "base", environ={}, processes=[]) as base:
            environ = {
                "MSHAURI_POSTGRES_URL": base.postgres_url,
                "MSHAURI_BOOTSTRAP_SERVERS": base.bootstrap_servers,
            }
            async with old_release(tree, data, base, issuer) as (old, running):
                country = await old.send(
                    "orgUnitEstablish",
                    code="RW",
                    name="Rwanda",
                    unitKind="COUNTRY",
                    occurredOn="2018-01-01",
                )
                grant = await old.send(
                    "accessGrantGive",
                    subjectName=AUDITOR,
                    role="AUDITOR",
                    orgUnitId=country,
                    occurredOn="2018-01-01",
                )
                # Of the first the policy is refused: nobody is like her. The second is like her.
                await register(old, country, "P-1")
                await old.until_counted(1)
                await old.until_counted(1, AUDITOR)
                await register(old, country, "P-2")
                await old.until_counted(2)
                await old.send(
                    "accessGrantRevoke",
                    accessGrantId=grant,
                    # The release from before counts days by UTC, this one by the house's zone.
                    occurredOn=str(datetime.now(UTC).date()),
                    reason="dismissed",
                )
                await old.until_counted(0, AUDITOR)
                database = environ["MSHAURI_POSTGRES_URL"].rsplit("/", 1)[0] + "/mshauri_registry"
                suspected = "registry.health_worker.duplicate_suspected"
                async with asyncio.timeout(PATIENCE_S):
                    while await recorded(database, suspected) != 1:  # noqa: ASYNC110 - likewise
                        await asyncio.sleep(0.1)

                for kept in ("secrets", "issuer"):
                    shutil.copytree(data / kept, directory / "new" / kept)
                done = asyncio.Event()
                wrong: list[str] = []

                async def watch(front: Front) -> None:
                    while not done.is_set():
                        if await front.counted(AUDITOR) > 0:
                            wrong.append("the dismissed auditor was let in")
                        if 0 <= (now := await front.counted()) < 2:
                            wrong.append(f"{now} people were counted")
                        await asyncio.sleep(0.02)

                watching = asyncio.create_task(watch(old))
                async with Stack(directory / "new", environ=environ) as stack:  # noqa: SIM117
                    async with httpx.AsyncClient(
                        base_url=stack.gateway_url, timeout=30, trust_env=False
                    ) as client:
                        new = Front(client, issuer)
                        # What the old release decided, refusals too, is not asked about again.
                        metrics = await client.get(f"{stack.url('registry')}/metrics")
                        assert "mshauri_policy_commands_total{" not in metrics.text
                        # Both releases at work, on one database and one bus.
                        await register(new, country, "P-3")
                        await register(old, country, "P-4")
                        await new.until_counted(4)
                        done.set()
                        await watching
                        done.clear()
                        watching = asyncio.create_task(watch(new))
                        running.terminate()
                        await asyncio.to_thread(running.wait, 60)
                        await register(new, country, "P-5")
                        await new.until_counted(5)
                        await asyncio.sleep(3)  # time for a policy to do what it must not
                        done.set()
                        await watching
                        assert wrong == []
                        # Five people of one name are ten pairs, each told once.
                        assert await recorded(database, suspected) == 10
                        await _equal_to_a_rebuild(stack)


async def _equal_to_a_rebuild(stack: Stack) -> None:
    url = stack.database_url("projector")
    async with LivePool(url, READ_MODELS, READ_MODELS_BUILT, most=1) as pool:
        await pool.opened()
        before = await fingerprint(pool, tables_of(PROJECTIONS))
    connection = await asyncpg.connect(url)
    try:
        await beside(connection, READ_MODELS, PROJECTIONS, patience=PATIENCE_S)
    finally:
        await connection.close()
    async with LivePool(url, READ_MODELS, READ_MODELS_BUILT, most=1) as pool:
        await pool.opened()
        assert await fingerprint(pool, tables_of(PROJECTIONS)) == before
