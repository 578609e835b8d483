"""`mshauri resume`: say that a service's ledger goes on from a backup, where nothing shows it."""

import asyncio
from typing import Annotated

import asyncpg
import typer
from rich.console import Console

from mshauri.rebuild import DATABASE_URL, NoStack, database_of
from mshauri.up import DATA_DIR, DataDir
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import SCHEMA
from shared.runtime.migrations import migrate


def resume(
    service: Annotated[str, typer.Argument(help="registry, sessions or validation.")],
    reason: Annotated[str, typer.Option(help="What was restored, for whoever asks later.")],
    data_dir: DataDir = DATA_DIR,
    database_url: Annotated[
        str | None,
        typer.Option(envvar=DATABASE_URL, help="Its database, if no stack runs here."),
    ] = None,
) -> None:
    """Say that a service's ledger was restored: what it lost is let go of, everywhere.

    A restored base backup, a promoted replica and a dump loaded elsewhere are noticed when the
    service starts; a copy of a stopped server's files is not, and needs this.
    """
    console = Console(highlight=False)
    try:
        if service not in ("registry", "sessions", "validation"):
            raise NoStack(f"{service} is no service with a ledger.")
        address = database_url or database_of(service, data_dir)
        epoch, after = asyncio.run(_begin(address, reason))
    except (NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(f"Epoch {epoch} of the {service} ledger begins after position {after:,}.")


async def _begin(address: str, reason: str) -> tuple[int, int]:
    await migrate(address, "ledger", SCHEMA)
    connection = await asyncpg.connect(address)
    try:
        return await begin_epoch(connection, reason)
    finally:
        await connection.close()
