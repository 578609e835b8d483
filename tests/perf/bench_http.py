"""How fast a service takes durable commands over HTTP, beside the stock recorder without HTTP.

    python -m tests.perf.bench_http [--rounds 5] [--seconds 2]

In turns over several rounds, on the same PostgreSQL with fsync on:

    stock    eventsourcing's `Application.save` on its own PostgreSQL recorder, 16 threads, no HTTP
    http     `POST /commands/orgUnitEstablish` to the registry, a process of its own: token, JSON,
             policy, the parent read, a unique code claimed, the answer; 64 connections
    floor    `GET /health/live` of the same process: the server's own cost of an answer

The registry publishes to the broker and keeps its views while it is measured, as it always does.
Then, in one more round each:

    where a command's CPU goes: by process, and in the decider by stage
    1, 2 and 4 deciders on one ledger, who rename 200 units that each of them remembers

A figure belongs to the machine it was measured on; the ratio carries over. The bars are 5 × stock,
and 0.35 ms of CPU in the decider.
"""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import choice
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import msgspec
import psutil
import uvloop

from mshauri.stack.given import database_at
from mshauri.stack.postgres import create_database
from mshauri.stack.stack import OPERATOR, Stack
from mshauri.stack.topology import PROCESSES, Process, following
from shared.access.issuer import DevelopmentIssuer
from tests.perf.bench_ledger import measure, record_with_stock, stock_application
from tests.perf.load import Connection, request, run_load
from tests.perf.split import METRIC, STAGES

BAR = 5.0
CPU_BAR_MS = 0.35
CONNECTIONS = 64
UNITS = 200
DECIDERS = (1, 2, 4)

_REGISTRY = next(process for process in PROCESSES if process.name == "registry")
_WATCHED = replace(_REGISTRY, name="watched", module="tests.perf.split")
_AGAIN = "mshauri_commands_decided_again_total"


def command(url: str, token: str, name: str, /, **fields: object) -> bytes:
    """Return the request of one command."""
    body = msgspec.json.encode({"commandId": uuid4(), **fields})
    return request(url, f"/commands/{name}", token, body)


def establishing(url: str, token: str, parent: str) -> Iterator[bytes]:
    """Yield requests that establish one facility after the other."""
    while True:
        yield command(
            url,
            token,
            "orgUnitEstablish",
            code=f"F-{uuid4().hex[:20]}",
            name="A dispensary",
            unitKind="FACILITY",
            parentId=parent,
            occurredOn="2018-01-01",
        )


def renaming(url: str, token: str, units: Sequence[str]) -> Iterator[bytes]:
    """Yield requests that rename one of the units."""
    while True:
        name = f"W {uuid4().hex[:8]}"
        yield command(url, token, "orgUnitRename", orgUnitId=choice(units), name=name)


def glancing(url: str) -> Iterator[bytes]:
    """Yield requests that ask for nothing."""
    while True:
        yield f"GET /health/live HTTP/1.1\r\nhost: {url.removeprefix('http://')}\r\n\r\n".encode()


async def establish(url: str, token: str, kind: str, parent: str | None = None) -> str:
    """Establish one unit; return its id."""
    connection = await Connection.open(url)
    status, body = await connection.ask(
        command(
            url,
            token,
            "orgUnitEstablish",
            code=f"R-{uuid4().hex[:8]}",
            name="A unit",
            unitKind=kind,
            parentId=parent,
            occurredOn="2018-01-01",
        )
    )
    await connection.close()
    assert status == 200, body.decode()
    return str(msgspec.json.decode(body)["id"])


# ── where a command's CPU goes ────────────────────────────────────────────────────────────────


def used() -> dict[str, float]:
    """Return the seconds of CPU that each kind of process has had: this one, and all below it."""
    me = psutil.Process()
    found: dict[str, float] = {}
    for process in (me, *me.children(recursive=True)):
        times = process.cpu_times()
        kind = "load" if process == me else _kind(process.cmdline())
        found[kind] = found.get(kind, 0.0) + times.user + times.system
    return found


def _kind(line: list[str]) -> str:
    said = " ".join(line)
    for module, kind in (
        (_WATCHED.module, "decider"),
        (f"-m {_REGISTRY.module}", "idle decider"),
        ("services.followers", "followers"),
        ("postgres", "PostgreSQL"),
    ):
        if module in said:
            return kind
    return "broker"


async def told(url: str, name: str) -> dict[str, float]:
    """Return a metric's samples, by their label's value."""
    async with httpx.AsyncClient(trust_env=False) as client:
        lines = (await client.get(f"{url}/metrics")).text.splitlines()
    samples = (line.rsplit(" ", 1) for line in lines if line.startswith(name))
    return {said.partition('="')[2].rstrip('"}'): float(value) for said, value in samples}


async def show_split(url: str, token: str, root: str, seconds: float) -> float:
    """Print where the CPU of a command goes; return the decider's part, in milliseconds."""
    http = partial(establishing, url, token, root)
    await run_load(url, CONNECTIONS, 0.5, http)
    stages, processes = await told(url, METRIC), used()
    answered = await run_load(url, CONNECTIONS, seconds, http)
    processes = {kind: spent - processes.get(kind, 0.0) for kind, spent in used().items()}
    stages = {name: s - stages[name] for name, s in (await told(url, METRIC)).items()}
    print(f"\n{'CPU of a command':20}{'µs':>8}")
    for kind, spent in sorted(processes.items(), key=lambda one: -one[1]):
        print(f"{kind:20}{spent / answered * 1e6:8,.0f}")
        if kind == "decider":
            for stage in STAGES:
                print(f"  {stage:18}{stages[stage] / answered * 1e6:8,.0f}")
    return processes["decider"] / answered * 1000


# ── many deciders, one ledger ─────────────────────────────────────────────────────────────────


async def decided_again(urls: list[str]) -> float:
    """Return how often these deciders decided a command once more."""
    return sum([sum((await told(url, _AGAIN)).values()) for url in urls])


async def show_deciders(urls: list[str], token: str, root: str, seconds: float) -> None:
    """Print how fast one, two and four deciders rename the same units, and how often anew."""
    units = await asyncio.gather(
        *(establish(urls[0], token, "FACILITY", root) for _ in range(UNITS))
    )
    print(f"\n{'deciders':10}{'renamed /s':>12}{'decided again':>16}")
    for many in DECIDERS:
        asked = urls[:many]
        before = await decided_again(asked)
        each = [CONNECTIONS // many] * many
        answered = await asyncio.gather(
            *(
                run_load(url, connections, seconds, partial(renaming, url, token, units))
                for url, connections in zip(asked, each, strict=True)
            )
        )
        renamed, again = sum(answered), await decided_again(asked) - before
        print(f"{many:<10}{renamed / seconds:12,.0f}{again / renamed:16.0%}")


async def main(rounds: int, seconds: float) -> None:
    """Measure and print."""
    more = [replace(_REGISTRY, name=f"registry-{n}") for n in range(2, max(DECIDERS) + 1)]
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        figures = await compare(Path(directory) / "one", rounds, seconds)
        split = [_REGISTRY, _WATCHED, following("registry")]
        async with Stack(Path(directory) / "split", processes=split) as stack:
            token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
            url = stack.url(_WATCHED.name)
            root = await establish(url, token, "COUNTRY")
            cost = await show_split(url, token, root, seconds)
        many: list[Process] = [_REGISTRY, *more, following("registry")]
        async with Stack(Path(directory) / "many", processes=many) as stack:
            token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
            urls = [stack.url(process.name) for process in (_REGISTRY, *more)]
            root = await establish(urls[0], token, "COUNTRY")
            await show_deciders(urls, token, root, seconds)
    stock = median(figures["stock"])
    print(f"\n{'':8}{'median /s':>12}{'min':>10}{'max':>10}{'x stock':>10}")
    for name, values in figures.items():
        middle = median(values)
        print(
            f"{name:8}{middle:12,.0f}{min(values):10,.0f}{max(values):10,.0f}{middle / stock:10.2f}"
        )
    ratio = median(figures["http"]) / stock
    print(f"\nbar {BAR:.0f} x stock: {'held' if ratio >= BAR else 'missed'}")
    print(f"bar {CPU_BAR_MS} ms in the decider: {'held' if cost <= CPU_BAR_MS else 'missed'}")
    print(f"http {median(figures['http']):.0f} {ratio:.2f}")


async def compare(directory: Path, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Measure stock, commands and glances in turns."""
    async with Stack(directory, processes=[_REGISTRY, following("registry")]) as stack:
        url = stack.url("registry")
        token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
        root = await establish(url, token, "COUNTRY")
        await create_database(stack.postgres_url, "stock")
        application = stock_application(database_at(stack.postgres_url, "stock"))
        http = partial(establishing, url, token, root)
        try:
            return await measure(
                {
                    "stock": partial(record_with_stock, application),
                    "http": lambda s: run_load(url, CONNECTIONS, s, http),
                    "floor": lambda s: run_load(url, CONNECTIONS, s, partial(glancing, url)),
                },
                rounds,
                seconds,
            )
        finally:
            application.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    arguments = parser.parse_args()
    uvloop.run(main(arguments.rounds, arguments.seconds))
