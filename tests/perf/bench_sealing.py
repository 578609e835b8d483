"""What it costs appends that their ledger is sealed into a Merkle log meanwhile.

    python -m tests.perf.bench_sealing [--rounds 8] [--seconds 3]

The same appends as `bench_ledger`'s, 64 clients, in turns onto a ledger that nobody seals
and onto one that another process seals meanwhile, as the followers do. What a turn left unsealed is
waited for before the next one begins, so that each pays for its own. What an entry takes of all
processors together (the writer's process, PostgreSQL's, the sealing one's) is compared as well: on
a machine that does other work it says what throughput cannot. The bar is 5 %.
"""

import argparse
import asyncio
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg
import psutil
import uvloop

from mshauri.stack.postgres import EmbeddedPostgres
from shared.ledger.postgres import PostgresLedger
from shared.transparency.sealing import Sealing
from tests.perf.bench_ledger import record_with_ledger

BAR = 0.05
"""Of the append throughput, at most, that sealing may cost."""

_SEALED = "SELECT size FROM log_checkpoint"
_HEAD = "SELECT position FROM ledger_head"


class Listening:
    """Followers listen to a ledger anyway, for their relay: sealing adds nothing to that."""

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """Say at once that it has grown: a round takes a second."""
        del position, timeout
        return True


def _seal(url: str, ready: Event) -> None:
    """Seal one ledger until the process is ended."""

    async def sealing() -> None:
        async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
            one = Sealing("bench", pool, Listening(), house="bench.invalid", seed=os.urandom(32))
            await one.prepare()
            await one.seal()
            ready.set()
            await one.run()

    uvloop.run(sealing())


@contextmanager
def sealed(url: str) -> Iterator[psutil.Process]:
    """Have a ledger sealed by a process of its own for the length of the block."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    process = spawn.Process(target=_seal, args=(url, ready), daemon=True)
    process.start()
    try:
        ready.wait(30)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join()


async def level(connection: "asyncpg.Connection") -> float:
    """Wait until all of a ledger is sealed; return the seconds that it took."""
    began = time.perf_counter()
    head = await connection.fetchval(_HEAD)
    while await connection.fetchval(_SEALED) < head:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return time.perf_counter() - began


def burned(*processes: psutil.Process) -> float:
    """Return the seconds of processors that these took, with all whom they started."""
    every = {one for process in processes for one in (process, *process.children(recursive=True))}
    total = 0.0
    for one in every:
        with suppress(psutil.NoSuchProcess):
            total += sum(one.cpu_times()[:4])
    return total


async def measure(server: EmbeddedPostgres, rounds: int, seconds: float) -> None:
    """Append with sealing and without, in turns; print both, and what it costs."""
    bare, watched = [await server.create_database(name) for name in ("bare", "watched")]
    rates: dict[str, list[float]] = {"off": [], "on": []}
    takes: dict[str, list[float]] = {"off": [], "on": []}
    postgres = psutil.Process(await _postmaster(bare))
    lags: list[float] = []
    async with (
        PostgresLedger(bare, service="bench") as off,
        PostgresLedger(watched, service="bench") as on,
    ):
        with sealed(watched) as process:
            connection = await asyncpg.connect(watched)
            for ledger in (off, on):
                await record_with_ledger([ledger], 1.0)
            await level(connection)
            its_own = burned(process)
            before = await connection.fetchval(_HEAD)
            for number in range(rounds):
                # Each goes first as often as the other.
                turns = [("off", off), ("on", on)]
                for name, ledger in turns if number % 2 else reversed(turns):
                    began, took = time.perf_counter(), burned(psutil.Process(), postgres)
                    recorded = await record_with_ledger([ledger], seconds)
                    rates[name].append(recorded / (time.perf_counter() - began))
                    if name == "on":
                        lags.append(await level(connection))
                    took = burned(psutil.Process(), postgres) - took
                    takes[name].append(took / recorded * 1e6)
            its_own = burned(process) - its_own
            entries = await connection.fetchval(_HEAD) - before
            await connection.close()
    here, there = median(rates["on"]), median(rates["off"])
    more = median(takes["on"]) / median(takes["off"]) - 1
    costs = 1 - median(on / off for on, off in zip(rates["on"], rates["off"], strict=True))
    print(f"{'':18}{'events/s':>10}{'lowest':>10}{'highest':>10}{'µs of CPU':>11}")
    for name, each in rates.items():
        figures = "".join(f"{figure:>10,.0f}" for figure in (median(each), min(each), max(each)))
        print(f"{'sealing ' + name:18}{figures}{median(takes[name]):>11,.0f}")
    print(f"sealing costs {costs:.1%} of throughput (bar {BAR:.0%}), {more:.1%} of an entry's CPU")
    print(
        f"level {median(lags):.2f} s after a turn, {max(lags):.2f} s at most; "
        f"{its_own / entries * 1e6:.1f} µs an entry of its own process"
    )
    print(f"sealing {here:.0f} {there:.0f} {100 * costs:.1f} {100 * more:.1f}")


async def _postmaster(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        backend = await connection.fetchval("SELECT pg_backend_pid()")
        return int(psutil.Process(backend).ppid())
    finally:
        await connection.close()


async def main(rounds: int, seconds: float) -> None:
    """Measure on a server of its own."""
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        server = EmbeddedPostgres(Path(directory))
        await server.start()
        try:
            await measure(server, rounds, seconds)
        finally:
            await server.stop()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=8)
    arguments.add_argument("--seconds", type=float, default=3.0, help="each turn")
    given = arguments.parse_args()
    uvloop.run(main(given.rounds, given.seconds))
