"""`mshauri replay`: the gateway's API as of a moment that is past, beside the one in use."""

import asyncio
from contextlib import closing
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from mshauri.replaying.database import drop_left
from mshauri.replaying.filling import Fillers
from mshauri.replaying.installation import gateway_settings, installation_at
from mshauri.replaying.making import (
    FOLDING,
    CutIn,
    Maker,
    asked_for,
    ends_when_told,
    served_until_told,
    told_in_a_sentence,
)
from mshauri.up import DATA_DIR, DataDir
from services.gateway.app import Gateway
from shared.runtime.logs import configure_logs
from shared.runtime.serving import server_of
from shared.runtime.settings import GatewaySettings

AsOf = Annotated[
    str | None,
    typer.Option(help="A day, which means its end in --zone, or an instant with its offset."),
]
Zone = Annotated[
    str | None, typer.Option(help="Whose day it is: the name of a time zone, as Africa/Kigali.")
]
Server = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        envvar="MSHAURI_POSTGRES_URL",
        help="The PostgreSQL server that Mshauri's databases are on, if no stack runs here.",
    ),
]
Elsewhere = Annotated[
    str | None,
    typer.Option(
        "--replay-url", help="Another PostgreSQL server to make the replay's database on."
    ),
]


def replay(
    as_of: AsOf = None,
    zone: Zone = None,
    positions: Annotated[
        list[str] | None,
        typer.Option(help="As the ledgers stood at a position, as answers have it; several times."),
    ] = None,
    port: Annotated[int, typer.Option(help="Where the API as of then answers.")] = 8001,
    data_dir: DataDir = DATA_DIR,
    database_url: Server = None,
    replay_url: Elsewhere = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave its database there in the end.")
    ] = False,
    drop: Annotated[
        bool,
        typer.Option("--drop", help="Drop what replays left behind, kept ones too, and no more."),
    ] = False,
) -> None:
    """Answer queries as of a moment that is past, beside the API in use, until Ctrl-C.

    All read models are made of the ledgers in a database of their own, which goes away in the end.
    Who may see what is decided by what is granted today; what is seen is of then, and every answer
    says of when. Nothing is recorded there.
    """
    console = Console(highlight=False)
    with told_in_a_sentence(console):
        installation = installation_at(data_dir, database_url)
        server = replay_url or installation.gateway
        if drop:
            dropped = asyncio.run(drop_left(server, kept=True))
            console.print(f"Dropped: {', '.join(dropped) or 'there was nothing'}.")
            return
        cut = asked_for(as_of, zone, positions)
        settings = gateway_settings(data_dir, installation, port)
        with closing(Fillers(FOLDING)) as fillers:
            maker = Maker(console, installation, server, fillers)
            uvloop.run(_serve(maker, cut, settings, console, keep=keep))


async def _serve(
    maker: Maker, cut: CutIn, settings: GatewaySettings, console: Console, *, keep: bool
) -> None:
    ends_when_told()
    async with maker.made(cut, keep=keep) as standing:
        configure_logs("replay", settings.log_format)
        console.print(f"\n  GraphQL   http://{settings.host}:{settings.port}/graphql\n")
        console.print("Ctrl-C ends it" + (".\n" if keep else ", and drops its database.\n"))
        served_until_told()
        await server_of(settings, Gateway(settings, standing).app()).serve()
