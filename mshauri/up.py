"""`mshauri up`: the whole stack in the foreground, until Ctrl-C."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mshauri.stack.console import ConsoleReport
from mshauri.stack.directory import InUse
from mshauri.stack.given import NotThere
from mshauri.stack.process import ProcessFailed
from mshauri.stack.stack import Stack

DATA_DIR = Path(".mshauri")

DataDir = Annotated[
    Path, typer.Option(help="Where everything is kept between runs.", show_default=True)
]


def up(
    data_dir: DataDir = DATA_DIR,
    gateway_port: Annotated[int, typer.Option(help="Where the GraphQL API answers.")] = 8000,
) -> None:
    """Start PostgreSQL, the broker and every service here; stop them all with Ctrl-C.

    MSHAURI_POSTGRES_URL and MSHAURI_BOOTSTRAP_SERVERS, where they are set, name a PostgreSQL and
    a Kafka of your own that are used instead.
    """
    console = Console(highlight=False)
    stack = Stack(data_dir, gateway_port=gateway_port, report=ConsoleReport(console))
    try:
        asyncio.run(_until_told(stack, console))
    except (ProcessFailed, NotThere, InUse) as problem:
        console.print(f"\n{problem}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


async def _until_told(stack: Stack, console: Console) -> None:
    """Run the stack until a signal says stop; a second one is not needed and does no harm."""
    told = asyncio.Event()
    main = asyncio.current_task()
    assert main is not None
    running = False

    def stop() -> None:
        told.set()
        if not running:
            main.cancel()  # a start can be given up at any time

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    console.print(f"Mshauri keeps its data in {stack.data_dir}", markup=False, soft_wrap=True)
    try:
        async with stack:
            running = True
            console.print(f"\n  GraphQL   {stack.gateway_url}/graphql\n", soft_wrap=True)
            console.print("Ctrl-C stops everything.\n")
            await told.wait()
            console.print("\nstopping")
    except asyncio.CancelledError:
        if not told.is_set():
            raise
