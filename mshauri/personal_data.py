"""`mshauri personal-data`: all that is held on somebody, as one file for them."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway, Token

_BY_NUMBER = """
query ($number: String!) {
  healthWorkers(first: 1, filter: {number: $number}) { nodes { personalData } }
}
"""
_BY_ID = "query ($id: ID!) { healthWorker(id: $id) { personalData } }"


class NobodyThere(Exception):
    """Nobody is found by what was given, in the asker's scope."""


def personal_data(
    worker: Annotated[str, typer.Argument(help="A health worker, by their number or their id.")],
    token: Token,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write; it must not be there yet.")
    ],
    gateway: Gateway = GATEWAY,
) -> None:
    """Write all that is held on somebody into a file that its owner alone can read."""
    console = Console(stderr=True, highlight=False)
    try:
        held = asyncio.run(_asked(gateway, token, worker))
        # Made for its owner alone from the first byte on.
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as writing:
            writing.write(msgspec.json.format(msgspec.json.encode(held), indent=2) + b"\n")
    except (ApiFault, NobodyThere, OSError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    withheld = sum(held["withheld"]["fields"].values())
    console.print(
        f"{output}: {len(held['events']):,} events that name them, under "
        f"{len(held['person'])} records; {withheld:,} words of others are held besides, unshown.",
        markup=False,
        soft_wrap=True,
    )


async def _asked(gateway: str, token: str, worker: str) -> dict[str, Any]:
    async with Api(gateway, token) as api:
        nodes = (await api.ask(_BY_NUMBER, number=worker))["healthWorkers"]["nodes"]
        found = nodes[0] if nodes else (await api.ask(_BY_ID, id=worker))["healthWorker"]
    if found is None:
        raise NobodyThere(f"There is no health worker {worker} in your scope.")
    held: dict[str, Any] = found["personalData"]
    return held
