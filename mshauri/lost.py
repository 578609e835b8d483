"""`mshauri lost`: what was acknowledged, and is gone with a restored ledger."""

import asyncio
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.table import Table as Lines

from mshauri.rebuild import DATABASE_URL, NoStack, database_of
from mshauri.up import DATA_DIR, DataDir

_LOST = """
SELECT service, epoch, position, topic, kind, stream, command_id, recorded, actor
  FROM public.lost_event ORDER BY service, epoch, position
"""

WIDE = 200
"""Characters a line where no screen breaks them: ids are to be copied whole."""


def lost(
    data_dir: DataDir = DATA_DIR,
    database_url: Annotated[
        str | None,
        typer.Option(envvar=DATABASE_URL, help="The gateway's database, if no stack runs here."),
    ] = None,
) -> None:
    """List events that a restored ledger no longer has, as far as the bus still had them."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    try:
        rows = asyncio.run(read_lost(database_url or database_of("gateway", data_dir)))
    except (NoStack, OSError, asyncpg.PostgresError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    lines = Lines(
        "service", "epoch", "position", "what", "record", "command", "by", "recorded", box=None
    )
    for row in rows:
        lines.add_row(
            *(row["service"], str(row["epoch"]), f"{row['position']:,}", row["topic"]),
            *(f"{row['kind']} {row['stream']}", str(row["command_id"])),
            *(row["actor"] or "", f"{row['recorded']:%F %T}"),
        )
    if rows:
        console.print(lines)
    console.print(f"{len(rows):,} events are gone. Have their commands sent again, with their ids.")


async def read_lost(address: str) -> list[Any]:
    """Return what is known to be gone, from the gateway's database."""
    connection = await asyncpg.connect(address)
    try:
        return list(await connection.fetch(_LOST))
    except asyncpg.UndefinedTableError:
        return []
    finally:
        await connection.close()
