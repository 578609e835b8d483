"""How fast the past is made again beside a stack that runs, and what that one feels of it.

    python -m tests.perf.bench_replay [--data-dir DIR] [--rounds 3] [--processes 2]

All events that `mshauri demo` records, from the ledgers into all read models and their indexes, in
a database of their own on the same server, while the stack runs and is asked ten times a second.
Bar: 25,000 events/s on 2 cores. With `--data-dir` the demonstration was played there before. What
it takes of the processors is counted apart: on a machine with other work, that says more than time.
"""

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from mshauri.replaying.building import build
from mshauri.replaying.cut import Cut, cut_at, moment_of
from mshauri.replaying.database import database_for_a_replay
from mshauri.replaying.filling import Fillers
from mshauri.replaying.installation import Installation, installation_at
from mshauri.replaying.ledgers import opened
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.perf.bench_visible import percentile

BAR = 25_000
ASKED_EACH_S = 0.1
QUESTION = "{ mentees(first: 10) { totalCount { value } nodes { id } } }"


@dataclass(frozen=True, slots=True)
class Round:
    """What one replay took: seconds, and of the processors, in Python and in PostgreSQL."""

    seconds: float
    python_s: float
    postgres_s: float


async def replayed(
    installation: Installation, cut: Cut, fillers: Fillers, postmaster: int
) -> tuple[float, float]:
    """Return how long a replay took, and what it took of the processors in PostgreSQL."""
    before = _reaped(postmaster)
    async with database_for_a_replay(installation.gateway) as url:
        began = time.perf_counter()
        await build(url, cut, installation, fillers, lambda _events: None)
        seconds = time.perf_counter() - began
        await asyncio.sleep(0.5)  # until the server has seen its processes go
        return seconds, _reaped(postmaster) - before


def _reaped(process: int) -> float:
    """Return the processor time of a process's children that ended, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def asking(url: str, token: str, over: asyncio.Event) -> list[float]:
    """Ask the stack until it is over; return what each answer took, in milliseconds."""
    took: list[float] = []
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        while not over.is_set():
            began = time.perf_counter()
            answer = await client.post("/graphql", json={"query": QUESTION}, timeout=30)
            assert answer.json()["data"], answer.text
            took.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(max(ASKED_EACH_S - took[-1] / 1000, 0))
    return took


async def main(directory: Path, rounds: int, waiting: list[Fillers]) -> None:
    """Measure and print."""
    async with Stack(directory, environ={}) as stack:
        token = DevelopmentIssuer(directory).mint(OPERATOR)
        installation = installation_at(directory, None)
        async with opened(installation) as ledgers:
            now = datetime.now(UTC)
            cut = await cut_at(moment_of(now.isoformat(), None, now), ledgers.reads)
        postgres = stack._minders["postgres"].part.process
        assert postgres is not None
        assert postgres.pid is not None
        quiet_over = asyncio.Event()
        asyncio.get_running_loop().call_later(10, quiet_over.set)
        quiet = await asking(stack.gateway_url, token, quiet_over)
        found: list[Round] = []
        beside: list[float] = []
        for number, fillers in enumerate(waiting, 1):
            over, python = asyncio.Event(), _children()
            asked = asyncio.create_task(asking(stack.gateway_url, token, over))
            seconds, postgres_s = await replayed(installation, cut, fillers, postgres.pid)
            over.set()
            beside += await asked
            fillers.close()
            found.append(Round(seconds, _children() - python, postgres_s))
            print(f"round {number}: {cut.events / seconds:10,.0f} events/s in {seconds:.1f} s")
    each = 1e6 / cut.events
    rate = median(cut.events / one.seconds for one in found)
    python_us, postgres_us = (
        median(getattr(one, name) * each for one in found) for name in ("python_s", "postgres_s")
    )
    print(f"\n{cut.events:,} events, {len(waiting[0])} processes, {os.cpu_count()} cores")
    print(f"{'replayed':24}{rate:10,.0f} events/s, bar {BAR:,}")
    print(f"{'processor, Python':24}{python_us:10.1f} µs an event")
    print(f"{'processor, PostgreSQL':24}{postgres_us:10.1f} µs an event")
    for name, took in (("asked, quiet", quiet), ("asked, beside a replay", beside)):
        p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
        print(f"{name:24}p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    print(f"replay {rate:.0f} {python_us + postgres_us:.1f}")


def play(directory: Path) -> None:
    """Play the demonstration."""
    subprocess.run(
        [sys.executable, "-m", "mshauri", "demo", "--data-dir", str(directory)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="mshauri-bench-") as temporary:
        played = options.data_dir or Path(temporary)
        if options.data_dir is None:
            play(played)
        # Forked before anything runs here.
        forked = [Fillers(options.processes) for _ in range(options.rounds)]
        with closing(forked[-1]):
            asyncio.run(main(played, options.rounds, forked))
