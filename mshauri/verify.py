"""`mshauri verify`: walk a service's ledger and name the first entry that does not hold."""

import asyncio
from typing import Annotated

import asyncpg
import typer
from rich.console import Console
from rich.progress import Progress

from mshauri.rebuild import DATABASE_URL, NoStack, database_of
from mshauri.up import DATA_DIR, DataDir
from shared.ledger.reads import Reads
from shared.ledger.walking import NotWhole, Walk

_SLICE = 5_000
"""Entries read at once: some 5 MB."""

TOLD = 10
"""Places named of what is no fault."""


def verify(
    service: Annotated[str, typer.Argument(help="registry, sessions or validation.")],
    data_dir: DataDir = DATA_DIR,
    database_url: Annotated[
        str | None,
        typer.Option(envvar=DATABASE_URL, help="Its database, if no stack runs here."),
    ] = None,
) -> None:
    """Compute every hash of a ledger again; end with 1 at the first that does not hold."""
    console = Console(highlight=False)
    try:
        if service not in ("registry", "sessions", "validation"):
            raise NoStack(f"{service} is no service with a ledger.")
        address = database_url or database_of(service, data_dir)
        walk = asyncio.run(walked(address, console))
    except NotWhole as found:
        console.print(f"{found.message}\n{found.remedy}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except (NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(f"All {walk.position:,} entries hold; {walk.sealed:,} of them are sealed.")
    if walk.turned_back:
        first = ", ".join(map(str, walk.turned_back[:TOLD]))
        console.print(
            f"A clock had been ahead and was set right before entry {first}"
            f"{' and others' if len(walk.turned_back) > TOLD else ''}: what stands right before "
            "bears a time that is too late.",
            soft_wrap=True,
        )


async def walked(address: str, console: Console) -> Walk:
    """Walk a ledger up to where it stood when that began.

    Raises:
        NotWhole: an entry, or the head, is not what it should be.
    """
    async with asyncpg.create_pool(address, min_size=1, max_size=1) as pool:
        reads = Reads(pool, part="The ledger")
        head = await reads.head()
        walk = Walk(dict(await pool.fetch("SELECT epoch, after_position FROM ledger_epoch")))
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("entries", total=head.position)
            while walk.position < head.position:
                left = min(_SLICE, head.position - walk.position)
                entries = await reads.feed(walk.position, left)
                if not entries:
                    break
                walk.over(entries)
                progress.update(bar, completed=walk.position)
        walk.ends_at(head)
    return walk
