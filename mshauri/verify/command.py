"""`mshauri verify`: whether the ledgers hold, and whether everybody has what they hold."""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Lines

from mshauri.rebuild import DATABASE_URL, NobodyProjects, NoStack, database_of
from mshauri.stack.directory import address_of
from mshauri.stack.given import BOOTSTRAP_SERVERS
from mshauri.stack.topology import ACCESS, BROKER
from mshauri.up import DATA_DIR, DataDir
from mshauri.verify.audit import NothingRead, audited
from mshauri.verify.bus import heard
from mshauri.verify.found import Found
from mshauri.verify.ledger import Walked, walked
from mshauri.verify.log import Signed, signed
from mshauri.verify.rebuilt import Rebuilt, rebuilt
from shared.contracts.base import SERVICES
from shared.domain.errors import MshauriError
from shared.ledger.walking import NotWhole
from shared.runtime.settings import PREFIX

HOUSE = "mshauri.local"
"""What logs are called where MSHAURI_LOG_ORIGIN does not say."""

LEDGERS = (*SERVICES, ACCESS)
"""Whose ledgers are walked; no bus carries who looked, and no audit trail holds it."""

TOLD = 10
"""Places named of what is no fault."""


def verify(
    service: Annotated[
        str | None,
        typer.Argument(
            help="registry, sessions, validation, or access, the ledger of who looked: that one "
            "alone; else everything."
        ),
    ] = None,
    data_dir: DataDir = DATA_DIR,
    database_url: Annotated[
        str | None,
        typer.Option(envvar=DATABASE_URL, help="That service's database, if no stack runs here."),
    ] = None,
    bootstrap_servers: Annotated[
        str | None,
        typer.Option(envvar=BOOTSTRAP_SERVERS, help="Kafka, if no stack runs here."),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            help="Make the read models anew from the ledgers, too, and say which tables differ; "
            "readers go to the new ones."
        ),
    ] = False,
) -> None:
    """Compute every hash of the ledgers again, and hold against them what everybody has of them.

    Ends with 1 where a ledger does not hold, and where the bus or the audit trail has something
    else, or less, than the ledgers; and where a table of the read models is not what a rebuild
    makes of it.
    """
    console = Console(highlight=False)
    try:
        if service is not None:
            _one(service, database_url or database_of(_known(service), data_dir), console)
            return
        servers = bootstrap_servers or address_of(BROKER, data_dir)
        if servers is None:
            raise NoStack(f"No stack runs on {data_dir.resolve()}: start it with `mshauri up`.")
        found = asyncio.run(_all(data_dir, servers, console))
        anew = asyncio.run(_rebuilt(data_dir, console)) if rebuild else None
    except NotWhole as fault:
        console.print(f"{fault.message}\n{fault.remedy}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except (
        NoStack,
        NothingRead,
        NobodyProjects,
        MshauriError,
        OSError,
        asyncpg.PostgresError,
    ) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(_table(found))
    if anew is not None:
        console.print(
            f"{anew.events:,} events folded anew into {anew.tables} tables: "
            f"{anew.tables - len(anew.differ)} are the same."
        )
    problems = [f"{one.service}: {each}" for one in found for each in one.problems]
    problems += anew.problems if anew is not None else []
    for sentence in problems:
        console.print(sentence, style="red", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print("Everybody has what the ledgers hold.")


def _known(service: str) -> str:
    if service not in LEDGERS:
        raise NoStack(f"{service} is no service with a ledger.")
    return service


def _one(service: str, address: str, console: Console) -> None:
    """Walk one ledger, and say what was found."""
    with Progress(console=console, transient=True) as progress:
        walk = asyncio.run(walked(address, _bar(progress, service))).walk
    console.print(f"All {walk.position:,} entries hold; {walk.sealed:,} of them are sealed.")
    if walk.turned_back:
        first = ", ".join(map(str, walk.turned_back[:TOLD]))
        console.print(
            f"A clock had been ahead and was set right before entry {first}"
            f"{' and others' if len(walk.turned_back) > TOLD else ''}: what stands right before "
            "bears a time that is too late.",
            soft_wrap=True,
        )


async def _all(data_dir: Path, servers: str, console: Console) -> list[Found]:
    ledgers: dict[str, Walked] = {}
    checkpoints: dict[str, list[Signed]] = {}
    house = os.environ.get(f"{PREFIX}LOG_ORIGIN", HOUSE)
    with Progress(console=console, transient=True) as progress:
        for service in LEDGERS:
            address = database_of(service, data_dir)
            checkpoints[service] = await signed(address, service, data_dir / "witness", house)
            sizes = frozenset(one.checkpoint.size for one in checkpoints[service])
            ledgers[service] = await walked(address, _bar(progress, service), sizes=sizes)
        progress.add_task("the bus", total=None)
        told = {service: ledgers[service] for service in SERVICES}
        on_bus = await heard(servers, told)
        progress.add_task("the audit trail", total=None)
        trail = await audited(database_of("gateway", data_dir), told)
    found = [
        Found(
            service=service,
            ledger=one,
            signed=checkpoints[service],
            on_bus=on_bus.get(service),
            audited=trail.get(service),
        )
        for service, one in ledgers.items()
    ]
    for one in found:
        one.weigh()
    return found


async def _rebuilt(data_dir: Path, console: Console) -> Rebuilt:
    with Progress(console=console, transient=True) as progress:
        return await rebuilt(database_of("gateway", data_dir), _bar(progress, "the read models"))


def _bar(progress: Progress, what: str) -> Callable[[int, int], None]:
    bar = progress.add_task(what)
    return lambda done, whole: progress.update(bar, completed=done, total=whole)


def _table(found: Sequence[Found]) -> Lines:
    """Return what there is, a line an epoch; what is not told by epochs stands in the last line."""
    lines = Lines(
        *("service", "epoch", "entries", "up to", "sealed", "on the bus", "in the audit trail"),
        box=None,
    )
    for column in lines.columns[1:]:
        column.justify = "right"
    for one in found:
        epochs = sorted(one.ledger.rows) or [one.ledger.head.epoch]
        for epoch in epochs:
            last = epoch == epochs[-1]
            ends = [after for number, after in one.ledger.cuts.items() if number > epoch]
            lines.add_row(
                one.service,
                str(epoch),
                f"{one.ledger.rows[epoch]:,}",
                f"{min(ends, default=one.ledger.head.position):,}",
                f"{one.sealed or 0:,}" if last else "",
                f"{one.on_bus.leaves.count:,}" if last and one.on_bus else "",
                f"{one.audited.count:,}" if last and one.audited else "",
            )
    return lines
