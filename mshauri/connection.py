"""The options of every command that speaks to a running Mshauri, and how long its token lasts."""

from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

GATEWAY = "http://127.0.0.1:8000"
"""Where `mshauri up` serves the API unless it is told otherwise."""

Gateway = Annotated[
    str,
    typer.Option(
        "--gateway-url",
        envvar="MSHAURI_GATEWAY_URL",
        help="Where the GraphQL API answers.",
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


RENAMED = {"gateway": "gateway-url"}
"""Options by their old names, which are taken until 2027-12-31 and shown nowhere."""


def current_name(option: str) -> str:
    """Return what an option is called today."""
    return RENAMED.get(option, option)


def ends_at(token: str) -> datetime | None:
    """Return when a token ends, as it says itself; None where it does not say.

    It is read, not verified: whether it is any good, the API says.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = msgspec.json.decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        return None
