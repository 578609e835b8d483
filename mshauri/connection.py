"""The options of every command that speaks to a running Mshauri."""

from typing import Annotated

import typer

GATEWAY = "http://127.0.0.1:8000"
"""Where `mshauri up` serves the API unless it is told otherwise."""

Gateway = Annotated[
    str,
    typer.Option(
        "--gateway-url",
        "--gateway",
        envvar="MSHAURI_GATEWAY_URL",
        help="Where the GraphQL API answers. (--gateway: its old name, until 2027-12-31.)",
    ),
]
Token = Annotated[
    str,
    typer.Option(
        envvar="MSHAURI_TOKEN",
        help="A bearer token; `mshauri token` makes one for a stack of your own.",
        show_default=False,
    ),
]
