"""`mshauri screen`: have the register screened for people who are in it twice, and see it done."""

import asyncio
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from mshauri.api import Api, ApiFault, Wish
from mshauri.connection import GATEWAY, Gateway, Token

_UNDER_WAY = """
query UnderWay {
  screenings(first: 1, filter: {state: RUNNING}, orderBy: SINCE_DESC) { nodes { id } }
}
"""
_HOW_FAR = """
query HowFar($id: ID!, $after: [Position!]) {
  screening(id: $id, after: $after) { state done looked found }
}
"""
_EVERY_S = 1.0
"""Seconds between looks."""


def screen(
    token: Token,
    gateway: Gateway = GATEWAY,
    country: Annotated[
        str | None,
        typer.Option(help="The id of the country by whose nicknames names are compared."),
    ] = None,
    wait: Annotated[
        bool, typer.Option(help="Show how far it is, until it is through; it runs either way.")
    ] = True,
) -> None:
    """Screen the whole register for people who are in it twice.

    It runs in the background: whoever stops looking, stops nothing. One that is under way already
    is shown. What it suspects is listed by `suspectedDuplicates`.
    """
    console = Console(highlight=False)
    try:
        asyncio.run(_screen(console, gateway, token, country, wait=wait))
    except ApiFault as fault:
        console.print(str(fault), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None


async def _screen(
    console: Console, gateway: str, token: str, country: str | None, *, wait: bool
) -> None:
    async with Api(gateway, token) as api:
        nodes = (await api.ask(_UNDER_WAY))["screenings"]["nodes"]
        after: tuple[str, ...] = ()
        if nodes:
            id = nodes[0]["id"]
        else:
            unit = {} if country is None else {"orgUnitId": country}
            wish = Wish("screeningBegin", {"commandId": str(uuid4()), **unit})
            [answer] = await api.send([wish])
            if not answer.recorded or answer.id is None:
                error = answer.errors[0]
                raise ApiFault(error.code, error.message)
            id, after = answer.id, answer.positions
        if wait:
            await _followed(console, api, id, after)
        else:
            console.print(f"The screening {id} is under way.", markup=False)


async def _followed(console: Console, api: Api, id: str, after: tuple[str, ...]) -> None:
    shown = (
        TextColumn("screening"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[found]:,} pairs come upon"),
        TimeRemainingColumn(),
    )
    with Progress(*shown, console=console) as progress:
        bar = progress.add_task("screening", total=1000, found=0)
        while True:
            now: dict[str, Any] = (await api.ask(_HOW_FAR, id=id, after=list(after)))["screening"]
            through = now["state"] != "RUNNING"
            done = 1000 if now["state"] == "THROUGH" else now["done"]
            progress.update(bar, completed=done, found=now["found"])
            if through:
                break
            await asyncio.sleep(_EVERY_S)
    console.print(
        f"{now['looked']:,} places in blocks looked at, {now['found']:,} pairs come upon; "
        "what is suspected of them stands in `suspectedDuplicates`.",
        markup=False,
        soft_wrap=True,
    )
