"""`mshauri rebuild`: the gateway's read models from zero, out of the bus, while everything runs.

Nothing is stopped and nothing is lost: events are not touched. Until it is done, queries see the
read models fill up again, and `after:` waits as it always does.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Lines

from mshauri.stack.directory import DataDirectory
from mshauri.stack.given import POSTGRES_URL, database_at
from mshauri.stack.postgres import EmbeddedPostgres
from mshauri.stack.topology import PROCESSES
from mshauri.up import DATA_DIR, DataDir
from services.gateway.projector import KEPT
from shared.projection import Projection, fingerprint
from shared.projection import rebuild as forget
from shared.runtime.settings import PREFIX

Place = tuple[str, int]
"""A service, and one of its partitions."""

DATABASE_URL = f"{PREFIX}DATABASE_URL"

_LOOK = 0.1
"""Seconds between two looks at how far it is."""

Address = Annotated[
    str | None,
    typer.Option(envvar=DATABASE_URL, help="The gateway's database, if no stack runs here."),
]
Patience = Annotated[
    float, typer.Option(help="Seconds without any progress after which it is given up.", min=1)
]
Compare = Annotated[
    bool, typer.Option("--compare", help="Say of each table whether its rows are the same after.")
]


class NobodyProjects(Exception):
    """The read models do not fill: no projector works on this database, or the bus is away."""


class NoStack(Exception):
    """No address was given, and no stack runs on the data directory."""


def rebuild(
    data_dir: DataDir = DATA_DIR,
    database_url: Address = None,
    patience: Patience = 30.0,
    compare: Compare = False,
) -> None:
    """Build the gateway's read models from zero, out of the bus, while everything runs."""
    console = Console(highlight=False)
    try:
        address = database_url or gateway_database(data_dir)
        asyncio.run(_rebuild(address, patience, compare, console))
    except (NobodyProjects, NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def gateway_database(data_dir: Path) -> str:
    """Return the address of the gateway's database in the stack that runs on `data_dir`.

    Raises:
        NoStack: none runs there.
    """
    name = next(process.database for process in PROCESSES if process.name == "gateway")
    if server := os.environ.get(POSTGRES_URL):
        return database_at(server, name)
    directory = DataDirectory(data_dir).postgres
    try:
        # The fourth line of a running server's file is its port.
        port = int((directory / "cluster" / "postmaster.pid").read_text().splitlines()[3])
        return EmbeddedPostgres(directory, port).url(name)
    except (FileNotFoundError, IndexError, ValueError):
        msg = f"No stack runs on {data_dir.resolve()}: start it with `mshauri up`, or give "
        raise NoStack(f"{msg}--database-url.") from None


async def from_zero(
    pool: "asyncpg.Pool[Any]",
    projections: Iterable[Projection],
    *,
    patience: float,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Empty the read models, wait until they stand where they stood, and count their events.

    Args:
        pool: of the database that the projector writes to.
        projections: all that it keeps there.
        patience: seconds without progress before it is given up.
        told: is told how far it is, in positions of all ledgers together.

    Raises:
        NobodyProjects: there was no progress for that long.
    """
    stood = await _positions(pool)
    whole = sum(stood.values())
    await forget(pool, projections)
    done, moved = -1, time.monotonic()
    while done < whole:
        stands = await _positions(pool)
        now = sum(min(stands.get(place, 0), position) for place, position in stood.items())
        if now != done:
            done, moved = now, time.monotonic()
            told(done, whole)
        elif time.monotonic() - moved > patience:
            msg = f"Nothing was folded for {patience:.0f} s: is a projector up, and the bus? "
            raise NobodyProjects(f"{msg}The read models are filled as soon as both are.")
        if done < whole:
            await asyncio.sleep(_LOOK)
    return int(await pool.fetchval("SELECT coalesce(sum(version), 0) FROM stream_cursor"))


async def _positions(pool: "asyncpg.Pool[Any]") -> dict[Place, int]:
    rows = await pool.fetch("SELECT service, partition, position FROM applied")
    return {(row[0], row[1]): row[2] for row in rows}


async def _rebuild(address: str, patience: float, compare: bool, console: Console) -> None:
    tables = [table for projection in KEPT for table in projection.tables]
    async with asyncpg.create_pool(address, min_size=1, max_size=2) as pool:
        before = await fingerprint(pool, tables) if compare else {}
        began = time.monotonic()
        with Progress(
            TextColumn("read models"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        ) as progress:
            bar = progress.add_task("")

            def told(done: int, whole: int) -> None:
                progress.update(bar, completed=done, total=max(whole, 1))

            events = await from_zero(pool, KEPT, patience=patience, told=told)
            progress.update(bar, completed=1, total=1)
        seconds = time.monotonic() - began
        console.print(f"{events:,} events folded into {len(tables)} tables in {seconds:.1f} s")
        if compare:
            console.print(_compared(before, await fingerprint(pool, tables)))


def _compared(before: dict[str, str], after: dict[str, str]) -> Lines:
    lines = Lines("table", "rows", box=None)
    for name, digest in after.items():
        same = before[name] == digest
        lines.add_row(name, "the same" if same else "[yellow]changed: an event came between")
    return lines
