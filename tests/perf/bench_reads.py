"""A page of mentees through our gateway, beside what others make of the same tables.

    python -m tests.perf.bench_reads [--only ours floor] [--rounds 5] [--seconds 2] [--data DIR]

43,000 mentees with ten competency records each, made by the product's own projections (`country`):
kept in DIR, if one is given, and made in half a minute. Then, in turns, so that whatever else the
machine does meets all of them:

    ours          the gateway as it is served: tokens, scopes, cost, metrics, who looked
    postgraphile  PostGraphile 5 over the same tables: no token, no scope, no cost
    mercurius     Mercurius with graphql-jit and a loader: no token, no scope, no cost
    floor         one statement on a bare route of Starlette and asyncpg, its bytes passed through
    pgbench       that statement, and no HTTP

A server has one core, PostgreSQL another, and the client a third one; where there are but two, it
is on PostgreSQL's. First it is looked at whether all answer the same: forty pages, one after the
other, which then are asked for in turn. CPU is of the server's process, and what PostgreSQL takes
for it stands beside; each figure is the median of all rounds.

`make bench-graphql AGAINST=../other-checkout` asks our gateway of another build the same. What a
build of long ago cannot run of the rest is left out.
"""

import argparse
import asyncio
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import uvloop

from shared.access.issuer import DevelopmentIssuer
from tests.perf.reads import load, page
from tests.perf.reads.country import MENTEES, READERS, Country, reader
from tests.perf.reads.servers import (
    CLIENT,
    CONNECTIONS,
    DATABASE,
    Server,
    between,
    floor,
    ours,
    peers,
    pin,
    spent,
)

PAGES = 40
REQUESTS = 320
"""Each page by each reader, before any comes again."""
WAYS = {"page": (25, 16), "hundred": (100, 16), "single": (25, 1)}
"""How many mentees are asked for, over how many connections."""
_WARM_S = 0.5
"""Before each turn, not counted: the caches of whoever was not asked for a while."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one server did in one turn: answers a second, and milliseconds an answer.

    Attributes:
        cpu: of the server's process; `postgres`: of PostgreSQL for it.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    postgres: float


class Contender:
    """A server, and how it is asked."""

    def __init__(self, server: Server, query: str, tokens: list[str] | None = None) -> None:
        self.server = server
        self._query = query
        self._tokens = tokens or [""]
        self._requests: dict[str, list[bytes]] = {}

    def _post(self, first: int, after: str | None, number: int) -> bytes:
        token = self._tokens[number % len(self._tokens)]
        return load.post(self.server.url, page.body(self._query, first, after), token)

    async def prepare(self) -> list[Any]:
        """Walk through the pages of each way, keep how each is asked for, and return them."""
        said = []
        for way, (first, _) in WAYS.items():
            beginnings: list[str | None] = [None]
            for number in range(PAGES):
                asked = self._post(first, beginnings[-1], number)
                nodes, more, after = page.told(await load.ask(self.server.url, asked))
                said.append((nodes, more))
                beginnings.append(after)
            self._requests[way] = [
                self._post(first, beginnings[number % PAGES], number) for number in range(REQUESTS)
            ]
        return said

    async def turn(self, way: str, seconds: float, postgres: psutil.Process) -> Turn:
        """Load it, and return what it did."""
        connections, requests = WAYS[way][1], cycle(self._requests[way])
        await load.run(self.server.url, requests, connections, min(_WARM_S, seconds))
        processes = self.server.process, postgres
        before = [spent(process) for process in processes]
        done = await load.run(self.server.url, requests, connections, seconds)
        took = (
            1000 * between(was, spent(process)) / done.answers
            for was, process in zip(before, processes, strict=True)
        )
        return Turn(done.rate, done.p50, done.p99, *took)


def possible(only: list[str]) -> list[str]:
    """Return what this checkout can run of what is asked for."""
    needs = {
        **dict.fromkeys(("postgraphile", "mercurius"), "tests.support.node"),
        **dict.fromkeys(("floor", "pgbench"), "services.gateway.read.below"),
    }
    return [name for name in only if name not in needs or find_spec(needs[name])]


async def contenders(country: Country, only: list[str], stack: AsyncExitStack) -> dict[str, Any]:
    """Start the servers, and look at whether they answer the same."""
    issuer = DevelopmentIssuer(country.directory)
    tokens = [issuer.mint(reader(number)) for number in range(READERS)]
    made = {"ours": Contender(ours(country), page.QUERY, tokens)}
    if {"postgraphile", "mercurius"} & set(only):
        others = await peers(country)
        made["postgraphile"] = Contender(others["postgraphile"], page.POSTGRAPHILE)
        made["mercurius"] = Contender(others["mercurius"], page.MERCURIUS)
    if "floor" in only:
        made["floor"] = Contender(floor(country), page.QUERY)
    made = {name: made[name] for name in made if name in only}
    answers: dict[str, list[Any]] = {}
    for name, one in made.items():
        await one.server.start(country.directory / f"{name}.log")
        stack.push_async_callback(one.server.stop)
        answers[name] = await one.prepare()
        first = next(iter(answers))
        assert answers[name] == answers[first], f"{name} does not answer as {first} does"
    return made


def pgbench(country: Country, seconds: float) -> float:
    """Return how often a second PostgreSQL alone answers the statement of the page."""
    # Here, for a build of long ago has not all that it is made of.
    from mshauri.stack.postgres import programs
    from tests.perf.reads.statement import page as statement

    rows = WAYS["page"][0] + 1
    asked = country.directory / "page.sql"
    text = statement().replace("$1::integer", str(rows)).replace("$2::text", "null::text")
    asked.write_text(f"{text};\n")
    said = subprocess.run(
        [
            *(programs() / "pgbench", "--no-vacuum", "--protocol=prepared", f"--file={asked}"),
            *(f"--client={CONNECTIONS}", f"--time={max(1, round(seconds))}", country.url),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    (rate,) = re.findall(r"^tps = ([0-9.]+)", said.stdout, re.MULTILINE)
    return float(rate)


async def measure(
    country: Country, only: list[str], rounds: int, seconds: float
) -> tuple[dict[tuple[str, str], list[Turn]], list[float]]:
    """Ask in turns; return each one's turns by server and way, and what pgbench said."""
    turns: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    alone: list[float] = []
    assert country.server.process
    postgres = psutil.Process(country.server.process.pid)
    async with AsyncExitStack() as stack:
        made = await contenders(country, only, stack)
        for _ in range(rounds):
            for way in WAYS:
                for name, one in made.items():
                    turns[name, way].append(await one.turn(way, seconds, postgres))
            if "pgbench" in only:
                alone.append(await asyncio.to_thread(pgbench, country, seconds))
    return turns, alone


def middle(turns: list[Turn]) -> Turn:
    """Return the median of each figure."""
    named = ("rate", "p50", "p99", "cpu", "postgres")
    return Turn(*(median(getattr(turn, name) for turn in turns) for name in named))


def show(found: Mapping[tuple[str, str], Turn], alone: list[float]) -> None:
    """Print the figures, how they stand to each other, and lines for programs."""
    for way, (first, connections) in WAYS.items():
        plural = "s" if connections > 1 else ""
        print(f"\n{first} mentees a page, {connections} connection{plural}")
        print(f"{'':14}{'answers/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'PostgreSQL':>12}")
        for (name, of), turn in found.items():
            if of == way:
                took = f"{turn.p50:9.2f}{turn.p99:9.2f}{turn.cpu:9.2f}{turn.postgres:12.2f}"
                print(f"{name:14}{turn.rate:11,.0f}{took}")
    if alone:
        print(f"\npgbench, the statement of 25 mentees and no HTTP: {median(alone):,.0f} a second")
    print()
    for (name, way), turn in found.items():
        if name != "ours" and (mine := found.get(("ours", way))):
            print(
                f"ours / {name}, {way}: {mine.rate / turn.rate:.2f} of the answers a second,"
                f" {mine.cpu / turn.cpu:.2f} of the CPU, {mine.p99 / turn.p99:.2f} of the p99"
            )
    print()
    for (name, way), turn in found.items():
        print(f"{name}-{way} {turn.rate:.1f} {turn.p50:.2f} {turn.p99:.2f} {turn.cpu:.3f}")


async def main(only: list[str], rounds: int, seconds: float, data: Path, mentees: int) -> None:
    """Make what is missing, measure and print."""
    data.mkdir(parents=True, exist_ok=True)
    country = Country(data, mentees)
    await country.open()
    try:
        assert country.server.process
        pin(psutil.Process(country.server.process.pid), DATABASE)
        pin(psutil.Process(), CLIENT)
        turns, alone = await measure(country, only, rounds, seconds)
    finally:
        await country.close()
    show({key: middle(found) for key, found in turns.items()}, alone)


ALL = ["ours", "postgraphile", "mercurius", "floor", "pgbench"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--mentees", type=int, default=MENTEES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mshauri-bench-") as temporary:
        where = given.data or Path(temporary)
        uvloop.run(main(possible(given.only), given.rounds, given.seconds, where, given.mentees))
