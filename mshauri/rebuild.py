"""`mshauri rebuild`: read models made anew beside those in use, while everything runs.

Nothing is stopped, nothing is lost, and nobody sees half of it: queries, and decisions, go by the
build in use until the new one holds all that it does; then they are turned to it at once.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
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
from mshauri.stack.topology import database_named
from mshauri.up import DATA_DIR, DataDir
from services.gateway.projections import PROJECTIONS
from services.gateway.projections.group import READ_MODELS
from services.registry.app import service as registry
from services.sessions.app import service as sessions
from services.validation.app import service as validation
from shared.access.facts import ACCESS, GROUP
from shared.projection import Projection, builds, fingerprint
from shared.projection.builds import Build
from shared.projection.keeper import schema_pool
from shared.projection.schema import built_of, tables_of
from shared.runtime.settings import PREFIX
from shared.service.recording import VIEWS

DATABASE_URL = f"{PREFIX}DATABASE_URL"

_LOOK = 0.1
"""Seconds between two looks at how far it is."""


class Source(StrEnum):
    """What a build can be made of."""

    BUS = "bus"
    LEDGERS = "ledgers"


class What(StrEnum):
    """What can be made anew."""

    READ_MODELS = "read-models"
    GRANTS = "grants"
    REGISTRY = "registry"
    SESSIONS = "sessions"
    VALIDATION = "validation"


GROUPS: dict[What, tuple[str, str, Sequence[Projection]]] = {
    What.READ_MODELS: ("gateway", READ_MODELS, PROJECTIONS),
    What.GRANTS: ("gateway", GROUP, [ACCESS]),
    What.REGISTRY: ("registry", VIEWS, registry.decided_by),
    What.SESSIONS: ("sessions", VIEWS, sessions.decided_by),
    What.VALIDATION: ("validation", VIEWS, validation.decided_by),
}
"""Whose database, which group, what is folded."""

Wanted = Annotated[
    What,
    typer.Argument(help="The gateway's read models, its grants, or what a service decides by."),
]
Address = Annotated[
    str | None,
    typer.Option(envvar=DATABASE_URL, help="The database they are in, if no stack runs here."),
]
Patience = Annotated[
    float, typer.Option(help="Seconds without any progress after which it is given up.", min=1)
]
MadeOf = Annotated[
    Source, typer.Option("--from", help="What it is made of: the bus, or the ledgers themselves.")
]
Compare = Annotated[
    bool, typer.Option("--compare", help="Say of each table whether its rows are the same after.")
]


class NobodyProjects(Exception):
    """The read models do not fill: no projector works on this database, or the bus is away."""


class NoStack(Exception):
    """No address was given, and no stack runs on the data directory."""


def rebuild(
    what: Wanted = What.READ_MODELS,
    data_dir: DataDir = DATA_DIR,
    database_url: Address = None,
    patience: Patience = 30.0,
    compare: Compare = False,
    made_of: MadeOf = Source.BUS,
) -> None:
    """Make read models anew beside those in use, while everything runs."""
    console = Console(highlight=False)
    try:
        address = database_url or database_of(GROUPS[what][0], data_dir)
        asyncio.run(_rebuild(what, address, patience, compare, made_of, console))
    except (NobodyProjects, NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def database_of(process: str, data_dir: Path) -> str:
    """Return the address of a database in the stack that runs on `data_dir`.

    Args:
        process: whose it is, or `access`.

    Raises:
        NoStack: none runs there.
    """
    name = database_named(process)
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


async def beside(
    connection: "asyncpg.Connection[Any]",
    group: str,
    projections: Sequence[Projection],
    *,
    patience: float,
    told: Callable[[int, int], None] = lambda _done, _all: None,
    made_of: Source = Source.BUS,
) -> tuple[Build | None, Build]:
    """Have a build made beside the one in use; return that one, and the new one once it is read.

    Args:
        connection: to the database they are in.
        projections: all that the group folds.
        patience: seconds without progress before it is given up.
        told: is told how far it is, in positions of all ledgers together.
        made_of: what it is made of; afterwards it is kept up from the bus like any other.

    Raises:
        NobodyProjects: there was no progress for that long.
    """
    built = built_of(projections)
    await builds.prepare(connection)
    before = await builds.live(connection, group, built)
    making = await builds.begin(connection, group, built, made_of.value)
    done, moved = -1, time.monotonic()
    while True:
        live = await builds.live(connection, group, built)
        if live is not None and live.number >= making.number:
            return before, live
        whole = await _positions(connection, before)
        now = min(await _positions(connection, making), whole)
        if now != done:
            done, moved = now, time.monotonic()
            told(done, whole)
        elif time.monotonic() - moved > patience:
            msg = f"Nothing was folded for {patience:.0f} s: is a projector up, and the bus? "
            raise NobodyProjects(f"{msg}The build goes on as soon as both are.")
        await asyncio.sleep(_LOOK)


async def _positions(connection: "asyncpg.Connection[Any]", build: Build | None) -> int:
    if build is None:
        return 0
    try:
        text = f'SELECT coalesce(sum(position), 0) FROM "{build.schema}".applied'
        return int(await connection.fetchval(text))
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return 0  # nobody has begun on it yet, or it is dropped already


async def _rebuild(
    what: What,
    address: str,
    patience: float,
    compare: bool,
    made_of: Source,
    console: Console,
) -> None:
    _, group, projections = GROUPS[what]
    tables = tables_of(projections)
    connection = await asyncpg.connect(address)
    try:
        began = time.monotonic()
        with Progress(
            TextColumn(what.value),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        ) as progress:
            bar = progress.add_task("")

            def told(done: int, whole: int) -> None:
                progress.update(bar, completed=done, total=max(whole, 1))

            before, after = await beside(
                connection, group, projections, patience=patience, told=told, made_of=made_of
            )
            progress.update(bar, completed=1, total=1)
        seconds = time.monotonic() - began
        counted = f'SELECT coalesce(sum(version), 0) FROM "{after.schema}".stream_cursor'
        events = int(await connection.fetchval(counted))
        console.print(f"{events:,} events folded into {len(tables)} tables in {seconds:.1f} s")
        if compare and before is not None:
            rows = [await digests(address, build, projections) for build in (before, after)]
            console.print(_compared(*rows))
    finally:
        await connection.close()


async def digests(address: str, build: Build, projections: Sequence[Projection]) -> dict[str, str]:
    """Return a digest of each table of a build, by physical name: equal rows, equal digest."""
    async with schema_pool(address, build.schema) as pool:
        return await fingerprint(pool, tables_of(projections))


def _compared(before: dict[str, str], after: dict[str, str]) -> Lines:
    lines = Lines("table", "rows", box=None)
    for name, digest in after.items():
        same = before[name] == digest
        lines.add_row(name, "the same" if same else "[yellow]changed: an event came between")
    return lines
