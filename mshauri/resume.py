"""`mshauri resume`: say that a service's ledger goes on from a backup, where nothing shows it."""

import asyncio
from typing import Annotated

import asyncpg
import typer
from rich.console import Console

from mshauri.rebuild import DATABASE_URL, NoStack, database_of
from mshauri.up import DATA_DIR, DataDir
from shared.database.migrations import migrate
from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import SCHEMA


def resume(
    service: Annotated[str, typer.Argument(help="registry, sessions or validation.")],
    reason: Annotated[str, typer.Option(help="What was restored, for whoever asks later.")],
    data_dir: DataDir = DATA_DIR,
    database_url: Annotated[
        str | None,
        typer.Option(envvar=DATABASE_URL, help="Its database, if no stack runs here."),
    ] = None,
    epoch: Annotated[
        int,
        typer.Option(
            help="Its number, at least: one more than the newest that positions have shown, where "
            "a backup is restored a second time.",
            min=0,
        ),
    ] = 0,
) -> None:
    """Say that a service's ledger was restored: what it lost is let go of, everywhere.

    A promoted replica, a backup restored through archive recovery and a dump loaded into another
    server are noticed when the service starts; a copy of files, a dump loaded into the same server,
    and the same backup restored a second time are not, and need this. Restore while the service
    and its followers are stopped; say this, and start them again.
    """
    console = Console(highlight=False)
    try:
        if service not in ("registry", "sessions", "validation"):
            raise NoStack(f"{service} is no service with a ledger.")
        address = database_url or database_of(service, data_dir)
        epoch, after = asyncio.run(_begin(address, reason, epoch))
    except (NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(f"Epoch {epoch} of the {service} ledger begins after position {after:,}.")


async def _begin(address: str, reason: str, at_least: int) -> tuple[int, int]:
    await migrate(address, "ledger", SCHEMA)
    connection = await asyncpg.connect(address)
    try:
        return await begin_epoch(connection, reason, at_least=at_least)
    finally:
        await connection.close()
