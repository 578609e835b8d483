"""How long a register of a million people takes to be screened, in how much memory, and how many
of those who are in it twice are found: by what differs, and how many of those found are. `make
bench-duplicates` runs it; `--beside` has Splink look at the same people, in an environment of its
own.

The steps are those that `screeningGoOn` takes, on a PostgreSQL, from the tables of its view.
"""

import asyncio
import csv
import os
import subprocess
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import psutil
import typer
from rich.console import Console

from services.registry.commands.screening import (
    STEP,
    blocks_of,
    found_in,
    next_rows,
    not_known_otherwise,
)
from services.registry.screening import keys
from services.registry.screening.keys import FIRST, LAST
from services.registry.screening.names import folded_name
from services.registry.screening.nicknames import SHIPPED
from services.registry.views.people import FOUND_BY, IDENTIFIER, PERSON
from shared.contracts.registry.health_worker import Ground
from shared.deciding.facts import Facts
from shared.projection import Table
from tests.support.doubles import DIFFERENCES, Entry, Register
from tests.support.servers import a_postgres

PAGE = 20_000
MB = 1024**2
console = Console(highlight=False)


def main(
    people: Annotated[int, typer.Option(help="How many there are.")] = 1_000_000,
    beside: Annotated[bool, typer.Option(help="Have Splink look at them, too.")] = False,
    beside_people: Annotated[int, typer.Option(help="How many Splink looks at.")] = 1_000_000,
) -> None:
    """Screen a register made up, and say what was found of it."""
    asyncio.run(_screened(people))
    if beside:
        _beside(beside_people)


async def _screened(people: int) -> None:
    async with a_postgres() as server:
        address = await server.create_database(f"doubles_{os.getpid()}")
        pool = await asyncpg.create_pool(address, min_size=1, max_size=2)
        try:
            truth = await _filled(pool, people)
            await _measured(pool, people, truth)
        finally:
            await pool.close()


class Truth:
    """Who is whom, packed: two dictionaries of a register's doubles alone."""

    def __init__(self) -> None:
        self.person: dict[UUID, int] = {}
        self.differs: dict[int, str] = {}

    def keep(self, entry: Entry) -> None:
        """Remember a record of somebody who is there twice."""
        if entry.differs is not None:
            self.differs[entry.person] = entry.differs


async def _filled(pool: Any, people: int) -> Truth:
    began = perf_counter()
    truth, records = Truth(), 0
    async with pool.acquire() as connection:
        for table in (PERSON, IDENTIFIER, FOUND_BY):
            columns = ", ".join(f"{name} {one.type}" for name, one in table.columns.items())
            await connection.execute(f"CREATE TABLE {table.physical} ({columns})")
        for page in _pages(Register(people).entries()):
            records += len(page)
            for entry in page:
                truth.keep(entry)
            await _copy(connection, PERSON, map(_person, page))
            await _copy(connection, IDENTIFIER, (_number(one) for one in page if one.number))
            await _copy(connection, FOUND_BY, (row for one in page for row in _found_by(one)))
        for table in (PERSON, IDENTIFIER, FOUND_BY):
            for index in (table.key, *table.indexes):
                named = ", ".join(index)
                await connection.execute(f"CREATE INDEX ON {table.physical} ({named})")
        await connection.execute("ANALYZE")
        rows = await connection.fetchval(f"SELECT count(*) FROM {FOUND_BY.physical}")
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
    # Whose records they are is looked up again at the end, of those found alone.
    for entry in Register(people).entries():
        if entry.person in truth.differs:
            truth.person[entry.id] = entry.person
    console.print(
        f"{records:,} records of {people:,} people, {len(truth.differs):,} of them in it twice; "
        f"{rows:,} keys, {size // MB:,} MB in the database, made in {perf_counter() - began:.0f} s"
    )
    return truth


def _pages(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while page := list(islice(entries, PAGE)):
        yield page


async def _copy(connection: Any, table: Table, rows: Any) -> None:
    names = list(table.columns)
    await connection.copy_records_to_table(table.physical, records=rows, columns=names)


def _person(entry: Entry) -> tuple[Any, ...]:
    values = {
        "id": entry.id,
        "org_unit_id": entry.unit,
        "name": folded_name(entry.given, entry.family),
        "phone": entry.phone,
        "calling_code": None if entry.phone is None else "254",
        "born": entry.born,
    }
    return tuple(values[name] for name in PERSON.columns)


def _number(entry: Entry) -> tuple[Any, ...]:
    return entry.id, f"nid:{entry.number}", entry.number, "NID", entry.number


def _found_by(entry: Entry) -> Iterator[tuple[Any, ...]]:
    name = folded_name(entry.given, entry.family)
    numbers = () if entry.number is None else (entry.number,)
    found = keys.of_all(entry.unit, name, entry.phone, numbers)
    for slot, (kind, key) in enumerate(found):
        yield entry.id, str(slot), int(kind), key


async def _measured(pool: Any, people: int, truth: Truth) -> None:
    facts = Facts(pool, None, heard=())  # type: ignore[arg-type]
    process = psutil.Process()
    before, most = process.memory_info().rss, 0
    after, steps, took = FIRST, 0, Counter[str]()
    found: dict[tuple[UUID, UUID], tuple[Ground, ...]] = {}
    began, cpu = perf_counter(), process.cpu_times()
    while after < LAST:
        start = perf_counter()
        after, rows = await next_rows(facts, after, STEP)
        read = perf_counter()
        blocks = await blocks_of(facts, rows, SHIPPED)
        known = perf_counter()
        likely = found_in(blocks)
        compared = perf_counter()
        for pair in await not_known_otherwise(facts, likely):
            found[pair] = likely[pair][2].grounds
        took["numbers"] += perf_counter() - compared  # type: ignore[assignment]
        took["keys"] += read - start  # type: ignore[assignment]
        took["people"] += known - read  # type: ignore[assignment]
        took["comparing"] += compared - known  # type: ignore[assignment]
        steps += 1
        most = max(most, process.memory_info().rss)
    seconds, spent = perf_counter() - began, process.cpu_times()
    kept = len(found) * 400
    console.print(
        f"screened in {seconds:.0f} s, {steps:,} steps "
        f"({', '.join(f'{what} {time:.0f} s' for what, time in took.items())}); "
        f"{spent.user + spent.system - cpu.user - cpu.system:.0f} s of one core beside the "
        f"database's; {people / seconds:,.0f} people/s; at most {most // MB:,} MB, "
        f"{(most - before) // MB:,} MB more than before, about {kept // MB:,} MB of it the pairs "
        "that this bench keeps"
    )
    _tell(found, truth)


def _tell(found: dict[tuple[UUID, UUID], tuple[Ground, ...]], truth: Truth) -> None:
    right, by_ground, right_by_ground = Counter[str](), Counter[str](), Counter[str]()
    seen: set[int] = set()
    for (one, other), grounds in found.items():
        person = truth.person.get(one)
        same = person is not None and person == truth.person.get(other)
        for ground in grounds:
            by_ground[ground.value] += 1
            right_by_ground[ground.value] += same
        if same and person is not None and person not in seen:
            seen.add(person)
            right[truth.differs[person]] += 1
    all_of = Counter(truth.differs.values())
    for differs in DIFFERENCES:
        _line(differs, right[differs], all_of[differs])
    _line("recall", len(seen), sum(all_of.values()))
    _line("precision", len(seen), len(found))
    for named, many in by_ground.most_common():
        _line(f"… {named.lower()}", right_by_ground[named], many)


def _line(what: str, part: int, whole: int) -> None:
    console.print(f"  {what:<24} {part:>7,} of {whole:>7,}  {_share(part, whole)}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _beside(people: int) -> None:
    """Have Splink look at the same people, in an environment of its own."""
    with tempfile.TemporaryDirectory() as directory:
        there = Path(directory)
        with (there / "register.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ("id", "person", "differs", "given", "family", "born", "phone", "number", "unit")
            )
            for one in Register(people).entries():
                writer.writerow(
                    (
                        one.id,
                        one.person,
                        one.differs or "",
                        one.given,
                        one.family,
                        one.born,
                        one.phone or "",
                        one.number or "",
                        one.unit,
                    )
                )
        venv.create(there / "venv", with_pip=True)
        python = there / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "splink", "psutil"], check=True)
        script = Path(__file__).with_name("beside_splink.py")
        subprocess.run([python, script, there / "register.csv"], check=True)


if __name__ == "__main__":
    typer.run(main)
