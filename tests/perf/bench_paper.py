"""How long years of paper take to import, in how much memory, and that it may break off anywhere.

    python -m tests.perf.bench_paper [--scale 0.02]

Every list of `paper_lists.py` is imported by `mshauri import` against a whole embedded stack, fsync
on, while everything that follows runs: 12,000 facilities, 50,000 people, 200,000 sessions and what
sessions rest on. The import of sessions is killed (SIGKILL) when half of them have been told, and
run again; then once more. Every list is there once: counted in the ledgers.

Of each list stand its rows, its minutes, the commands that landed in a second, the most memory that
the importer took, in all and for each row beyond what an importer takes at all, and the most that
all processes of the stack took together; at the end the most of each. What processes share is
parted among them (PSS).
"""

import argparse
import asyncio
import csv
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import psutil

from mshauri.api import Answer, Api, Wish, send_all
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.domain import derived_id
from shared.positions import furthest
from tests.perf.costs import at_rest, family, pids, spent
from tests.perf.national_list import COUNTIES, SUB_COUNTIES, WARDS, write_national_list
from tests.perf.paper_lists import BEGINS, COHORT, ENDS, MET, PROGRAMME, Paper

ROOT = Path(__file__).parents[2]
MB = 1024**2
EVERY_S = 2.0
"""How often the memory of the stack is looked at."""
WATCHED_S = 0.1
"""How often an importer is looked at."""
A_LINE = 130
"""Bytes of a session's line in a result, about."""
LANDED = ("RECORDED", "ESTABLISHED")
THERE = "ALREADY_THERE"

# The case's own rules; but that a mentor has several mentees, and that paper knows of no training.
CHANGED = {
    "load: 1 ": "load: 9 ",
    "gates: [LEADERSHIP_APPROVAL, TRAINING, SIGNATURES]": "gates: [SIGNATURES]",
    "sessions: 7": f"sessions: {MET}",
}


@dataclass(frozen=True, slots=True)
class Importer:
    """How an import ended.

    Attributes:
        peak: the most memory it took, in bytes; `cpu` in seconds.
        outcomes: how many rows became what, by the result file.
    """

    code: int
    seconds: float
    cpu: float
    peak: int
    outcomes: Counter[str]

    @property
    def landed(self) -> int:
        """How many rows, and units above rows, landed."""
        return sum(self.outcomes[one] for one in LANDED)


@dataclass(slots=True)
class Memory:
    """The most that the processes of a stack took, each and together; in bytes."""

    stack: Stack
    each: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    together: int = 0

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            self.look()
            await asyncio.sleep(EVERY_S)

    def look(self) -> None:
        """Look once."""
        taken: Counter[str] = Counter()
        for name, pid in pids(self.stack).items():
            with suppress(psutil.Error):
                for process in family(pid):
                    with suppress(psutil.Error):
                        taken[name] += process.memory_full_info().pss
        self.first = self.first or taken
        self.each |= taken
        self.together = max(self.together, taken.total())


@dataclass(slots=True)
class Bench:
    """A stack into which paper goes."""

    stack: Stack
    folder: Path
    memory: Memory
    nothing: int = 0
    """What an importer takes with a list of one row, in bytes."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which the command line reaches the stack."""
        return {
            **os.environ,
            "MSHAURI_GATEWAY_URL": self.stack.gateway_url,
            "MSHAURI_TOKEN": DevelopmentIssuer(self.stack.data_dir).mint(OPERATOR),
        }

    async def command(self, *arguments: object) -> None:
        """Run a command, which must end with 0."""
        code = (await self._ran(arguments, None, 0))[0]
        assert code == 0, f"{arguments} ended with {code}"

    async def imported(
        self, kind: str, file: Path, *options: object, until: int | None = None
    ) -> Importer:
        """Import a list; or kill the import once its result has so many bytes."""
        result = file.with_suffix(".result.csv")
        result.unlink(missing_ok=True)
        began = time.perf_counter()
        code, cpu, most = await self._ran(("import", kind, file, *options), result, until)
        took = time.perf_counter() - began
        with result.open(encoding="utf-8", newline="") as lines:
            outcomes = Counter(line["outcome"] for line in csv.DictReader(lines))
        return Importer(code, took, cpu, most, outcomes)

    async def _ran(
        self, arguments: tuple[object, ...], result: Path | None, until: int | None
    ) -> tuple[int, float, int]:
        said = self.folder / "said.txt"
        with said.open("w", encoding="utf-8") as out:
            # Of a plain child, unlike one of asyncio's, what it took can be asked in the end.
            process = subprocess.Popen(  # noqa: ASYNC220
                [sys.executable, "-m", "mshauri", *map(str, arguments)],
                env=self.environment, stdout=out, stderr=out,
            )  # fmt: skip
            waiting = asyncio.create_task(asyncio.to_thread(os.wait4, process.pid, 0))
            most = 0
            while not waiting.done():
                most = max(most, _most_memory(process.pid))
                if until and result and _size(result) > until:
                    process.send_signal(signal.SIGKILL)
                await asyncio.sleep(WATCHED_S)
            _, status, used = await waiting
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in (0, -signal.SIGKILL):
            print(said.read_text(encoding="utf-8"))
        return code, used.ru_utime + used.ru_stime, most

    async def count(self, service: str, kind: str) -> int:
        """Return how many records of a kind a service's ledger has."""
        connection = await asyncpg.connect(self.stack.database_url(service))
        try:
            asked = "SELECT count(*) FROM ledger WHERE kind = $1 AND version = 1"
            return int(await connection.fetchval(asked, kind))
        finally:
            await connection.close()

    async def begun(self) -> None:
        """Tell the country's lists, publish the programme, and open its cohort."""
        text = (ROOT / "programmes" / "kenya-hrh-v4.yaml").read_text(encoding="utf-8")
        for before, after in CHANGED.items():
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        file = self.folder / "programme.yaml"
        file.write_text(text, encoding="utf-8")
        await self.command("lists", "tell", ROOT / "lists" / "kenya.yaml")
        await self.command("programme", "publish", file, "--on", BEGINS)
        id = str(derived_id("bench", "cohort"))
        async with Api(self.stack.gateway_url, self.environment["MSHAURI_TOKEN"]) as api:
            asked = f"""{{
              orgUnit(code: "KE") {{ id }}
              programmeVersions(first: 1, filter: {{programme: "{PROGRAMME}"}}) {{ nodes {{ id }} }}
            }}"""
            found = await api.ask(asked)
            opens = {
                "id": id, "code": COHORT, "name": "Paper", "orgUnitId": found["orgUnit"]["id"],
                "programmeVersionId": found["programmeVersions"]["nodes"][0]["id"],
                "starts": str(BEGINS), "ends": str(ENDS),
            }  # fmt: skip
            wishes = [_wish("cohortOpen", opens), _wish("cohortStart", {"cohortId": id})]
            answers: list[Answer] = await send_all(api, [wishes])
            assert all(one.recorded for one in answers), answers
            await api.caught_up(furthest(at for one in answers for at in one.positions))


def _wish(name: str, content: dict[str, Any]) -> Wish:
    id = derived_id("bench", name)
    return Wish(name, {"commandId": str(id), "occurredOn": str(BEGINS), **content})


def _most_memory(pid: int) -> int:
    """Return the most memory that a process has taken so far, in bytes; 0 if it is no more."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


HEAD = (
    f"{'list':26}{'rows':>9}{'minutes':>9}{'commands/s':>12}"
    f"{'importer MB':>13}{'bytes a row':>13}{'cpu s':>8}{'stack MB':>10}"
)


def told(name: str, rows: int, one: Importer, bench: Bench) -> None:
    """Print a line of what an import took."""
    own, memory = max(one.peak - bench.nothing, 0) // max(rows, 1), bench.memory
    print(
        f"{name:26}{rows:9,}{one.seconds / 60:9.2f}{one.landed / one.seconds:12,.0f}"
        f"{one.peak / MB:13,.0f}{own:13,}{one.cpu:8.0f}{memory.together / MB:10,.0f}",
        flush=True,
    )
    memory.together = 0


async def carried(bench: Bench, paper: Paper, lists: dict[str, Path]) -> None:
    """Import every list.

    Raises:
        AssertionError: a row did not land, or something is there twice.
    """
    places = ("--map", "kmhfl", "--swap-coordinates", "--since", "2015-01-01")
    options: dict[str, tuple[object, ...]] = {
        "facilities": places,
        "health-workers": ("--map", bench.folder / "staff.yaml"),
    }
    rows = {name: _lines(file) - 1 for name, file in lists.items()}
    single = bench.folder / "one.csv"
    write_national_list(single, 1)
    bench.nothing = (await bench.imported("facilities", single, *places, "--dry-run")).peak
    for name, file in lists.items():
        if name == "sessions":
            break
        one = await bench.imported(name, file, *options.get(name, ()))
        told(name, rows[name], one, bench)
        assert one.code == 0, f"{name}: {one.outcomes}"
        wards = min(WARDS, paper.facilities)
        subs = min(SUB_COUNTIES, wards)
        above = 1 + wards + subs + min(COUNTIES, subs) if name == "facilities" else 0
        assert one.landed == rows[name] + above, f"{name}: {one.outcomes}"
        if name == "facilities":
            await bench.begun()
    await interrupted(bench, lists["sessions"], rows["sessions"])
    for service, kind, many in (
        ("registry", "health_worker", paper.people),
        ("registry", "mentor", paper.mentors),
        ("registry", "enrolment", paper.mentees),
        ("registry", "mentorship", paper.mentees),
        ("sessions", "session", paper.sessions),
    ):
        found = await bench.count(service, kind)
        assert found == many, f"{found} records {kind} in the ledger of {service}, not {many}"


async def interrupted(bench: Bench, file: Path, rows: int) -> None:
    """Import sessions: killed in the middle, then again, then once more."""
    broken = await bench.imported("sessions", file, until=rows * A_LINE // 2)
    told("sessions, until killed", rows, broken, bench)
    assert broken.code == -signal.SIGKILL, "it had ended before it was killed"
    again = await bench.imported("sessions", file)
    told("sessions, the rest", rows, again, bench)
    assert again.code == 0, again.outcomes
    assert again.outcomes[THERE] >= broken.landed, (broken.outcomes, again.outcomes)
    assert again.outcomes.total() == again.outcomes[THERE] + again.landed == rows, again.outcomes
    once_more = await bench.imported("sessions", file)
    told("sessions, all there", rows, once_more, bench)
    assert once_more.outcomes == {THERE: rows}, once_more.outcomes


async def main(scale: float) -> None:
    """Measure and print."""
    paper = Paper(scale)
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        folder = Path(directory)
        lists = paper.write(folder)
        async with Stack(folder / "stack") as stack:
            await at_rest(stack)
            memory = Memory(stack)
            watching = asyncio.create_task(memory.watch())
            before = spent(stack)
            print(f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} busy before\n\n{HEAD}")
            began = time.perf_counter()
            await carried(Bench(stack, folder, memory), paper, lists)
            print(f"\n{(time.perf_counter() - began) / 60:.1f} minutes in all; nothing is twice\n")
            watching.cancel()
            print(f"{'process':16}{'MB at first':>12}{'MB at most':>12}{'cpu s':>9}")
            for name, seconds in spent(stack).items():
                first, most = memory.first[name] / MB, memory.each[name] / MB
                print(f"{name:16}{first:12,.0f}{most:12,.0f}{seconds - before[name]:9,.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scale", type=float, default=1.0)
    asyncio.run(main(parser.parse_args().scale))
