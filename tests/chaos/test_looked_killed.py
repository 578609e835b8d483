"""A gateway killed at any moment after an answer: who looked is in the ledger, once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest_asyncio

from mshauri.stack.ports import free_port
from mshauri.stack.service import ServiceProcess
from mshauri.stack.topology import PROCESSES
from services.gateway.projections import HEALTH_WORKER
from shared.runtime.settings import PREFIX
from tests.support.gateway import OPERATOR, RunningGateway, _said, running_gateway

NAME = "Nkuriza Uwabaho"
"""An invented name, which stands nowhere but in the read models."""

ASKED = "query Names { healthWorkers(first: 25) { nodes { givenNames } } }"
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
KILLS = 6


@pytest_asyncio.fixture
async def gateway(database: str, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(database, tmp_path) as running:
        for number in range(25):
            await running.insert(
                HEALTH_WORKER, id=uuid4(), number=f"N{number}", given_names=NAME,
                family_name="", cadre="NURSE", languages=[], org_unit_id=uuid4(),
                since=date(2020, 1, 1), record_version=1, position=1,
            )  # fmt: skip
        yield running


@asynccontextmanager
async def another(gateway: RunningGateway, spool: Path, **settings: Any) -> AsyncIterator[Any]:
    """Run a gateway as a process of its own; yield its address and how to kill it."""
    (served,) = (process for process in PROCESSES if process.name == "gateway")
    port = free_port()
    told = gateway.settings.model_dump(exclude_none=True) | {"port": port, "access_spool": spool}
    process = ServiceProcess(
        served,
        {f"{PREFIX}{name.upper()}": _said(value) for name, value in (told | settings).items()},
        url := f"http://127.0.0.1:{port}",
        spool.parent / "gateway.log",
    )
    process.process.start()
    async with asyncio.timeout(60), httpx.AsyncClient(trust_env=False) as client:
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(f"{url}/health/live")).is_success:
                    break
            await asyncio.sleep(0.05)
    try:
        yield url, process
    finally:
        await process.stop()


class Readers:
    """Some who read and read; what was answered is noted by its trace."""

    def __init__(self, gateway: RunningGateway, url: str) -> None:
        self.answered: list[str] = []
        self._url = url
        self._token = gateway.token(OPERATOR)

    async def read(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                trace = uuid4().hex
                response = await client.post(
                    f"{self._url}/graphql",
                    json={"query": ASKED},
                    headers={
                        "Authorization": f"Bearer {self._token}",
                        "traceparent": f"00-{trace}-{'1' * 16}-01",
                    },
                )
                answer = response.json()
                if answer.get("data"):
                    assert answer["data"]["healthWorkers"]["nodes"][0]["givenNames"] == NAME
                    self.answered.append(trace)
                else:  # too fast for its bucket
                    await asyncio.sleep(0.05)


async def read_until_killed(
    gateway: RunningGateway, spool: Path, seconds: float, **settings: Any
) -> list[str]:
    """Read from a process that is killed in the midst of it; return what was answered."""
    async with another(gateway, spool, **settings) as (url, process):
        readers = Readers(gateway, url)
        tasks = [asyncio.create_task(readers.read()) for _ in range(4)]
        while not readers.answered:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await asyncio.sleep(seconds)
        await process.kill()
        for each in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(each, httpx.TransportError), each
    return readers.answered


async def in_the_ledger(gateway: RunningGateway) -> Counter[str]:
    rows = await gateway.database.fetch("SELECT payload FROM public.ledger")
    return Counter(msgspec.json.decode(row["payload"])["traceId"] for row in rows)


async def all_of(gateway: RunningGateway, spool: Path, answered: list[str]) -> Counter[str]:
    """Let one more gateway ship what others left; return the traces that the ledger has then."""
    async with another(gateway, spool):
        async with asyncio.timeout(30):
            while set(answered) - set(found := await in_the_ledger(gateway)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    return found


async def test_nothing_that_was_answered_is_lost_whenever_the_process_is_killed(
    gateway: RunningGateway, tmp_path: Path
) -> None:
    spool, answered, random = tmp_path / "spool", [], Random(8)
    for _ in range(KILLS):
        answered += await read_until_killed(gateway, spool, random.uniform(0, 0.6))

    found = await all_of(gateway, spool, answered)

    assert len(answered) >= KILLS
    assert set(found.values()) == {1}
    assert not list(spool.iterdir())


async def test_reads_go_on_while_the_ledger_is_away_and_are_recorded_later(
    gateway: RunningGateway, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"

    answered = await read_until_killed(gateway, spool, 1.5, access_database_url=NOWHERE)

    assert answered
    assert not await in_the_ledger(gateway)
    assert set((await all_of(gateway, spool, answered)).values()) == {1}


async def test_what_is_kept_of_a_read_says_nothing_of_what_was_read(
    gateway: RunningGateway, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    answered = await read_until_killed(gateway, spool, 0.3, access_database_url=NOWHERE)
    words = [NAME.encode(), *(word.encode() for word in NAME.split())]

    kept = b"".join(path.read_bytes() for path in spool.iterdir())
    assert answered[0].encode() in kept
    log = (tmp_path / "gateway.log").read_bytes()
    await all_of(gateway, spool, answered)
    ledger = b"".join(
        row["meta"] + row["payload"]
        for row in await gateway.database.fetch("SELECT meta, payload FROM public.ledger")
    )

    for word in words:
        for place in (kept, log, ledger):
            assert word not in place
