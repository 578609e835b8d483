"""`mshauri log`: the Merkle logs of the services, as anybody may read them."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import httpx
import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Lines

from mshauri.api import is_beyond
from mshauri.connection import GATEWAY, Gateway
from shared.domain.errors import MshauriError
from shared.proof.checkpoints import Checkpoint, LogKey
from shared.proof.notes import Verifier
from shared.transparency.mirroring import mirror
from shared.transparency.published import LogTold, Told

_PATIENCE_S: Final = 30.0

app = typer.Typer(no_args_is_help=True, help="Read the Merkle logs of the services.")

Epoch = Annotated[int, typer.Option(help="Of the ledger; a later one began with a restore.")]


class NoLog(Exception):
    """There is no such log there, or no answer; the message says so."""


@app.command("keys")
def keys(gateway: Gateway = GATEWAY) -> None:
    """List the logs, how large they are, and whose signatures they bear."""
    console = Console(highlight=False)
    try:
        told = asyncio.run(published(gateway))
    except (NoLog, httpx.HTTPError) as problem:
        raise _ended(console, problem) from None
    lines = Lines("entries", "key", "since", "retired", box=None)
    for log in told.logs:
        for key in log.keys:
            retired = key.retired[:10] if key.retired else ""
            lines.add_row(f"{log.size:,}", key.vkey, key.since[:10], retired)
    for vkey in told.witnesses:
        lines.add_row("witness", vkey, "", "")
    console.width = max(console.width, 160)
    console.print(lines)


@app.command("export")
def export(
    service: Annotated[str, typer.Argument(help="registry, sessions or validation.")],
    directory: Annotated[
        Path, typer.Argument(help="Made if it is not there; one is gone on with.")
    ],
    epoch: Epoch = 1,
    key: Annotated[
        list[str] | None,
        typer.Option(help="A verifier key that you trust, instead of those that the API tells."),
    ] = None,
    gateway: Gateway = GATEWAY,
) -> None:
    """Copy a log into a directory that any web server can show, and check it meanwhile."""
    console = Console(highlight=False)
    try:
        checkpoint = asyncio.run(_exported(gateway, service, epoch, key, directory, console))
    except MshauriError as wrong:
        console.print(f"{wrong.message}\n{wrong.remedy}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except (NoLog, ValueError, httpx.HTTPError, OSError) as problem:
        raise _ended(console, problem) from None
    console.print(
        f"All {checkpoint.size:,} entries of {checkpoint.origin} are in {directory}, and hold.",
        soft_wrap=True,
        markup=False,
    )


async def _exported(
    gateway: str,
    service: str,
    epoch: int,
    trusted: list[str] | None,
    directory: Path,
    console: Console,
) -> Checkpoint:
    told = await published(gateway)
    log = next((one for one in told.logs if (one.service, one.epoch) == (service, epoch)), None)
    if log is None:
        raise NoLog(f"There is no log of {service}, epoch {epoch}, at {gateway}.")
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("entries", total=log.size)
        return await copied(
            gateway,
            log,
            directory,
            trusted,
            lambda done, of: progress.update(bar, completed=done, total=of),
        )


async def copied(
    gateway: str,
    log: LogTold,
    directory: Path,
    trusted: Sequence[str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Checkpoint:
    """Copy a log into a directory, and check it meanwhile; return the checkpoint of the copy.

    Args:
        trusted: verifier keys, instead of those that are told of the log.
        progress: is told how many of how many entries are copied.
    """
    keys = trusted or [key.vkey for key in log.keys if key.retired is None]
    known = [LogKey(Verifier.of(vkey)) for vkey in keys]
    address = f"{gateway.rstrip('/')}/log/{log.path}/"
    async with httpx.AsyncClient(
        base_url=address, timeout=_PATIENCE_S, trust_env=is_beyond(gateway)
    ) as client:

        async def fetch(path: str) -> bytes:
            answer = await client.get(path)
            answer.raise_for_status()
            return answer.content

        return await mirror(fetch, known, directory, origin=log.origin, progress=progress)


async def published(gateway: str) -> Told:
    """Return what an installation publishes of its logs, at `/log/keys`.

    Raises:
        NoLog: it publishes none.
    """
    async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=is_beyond(gateway)) as client:
        answer = await client.get(f"{gateway.rstrip('/')}/log/keys")
    try:
        return msgspec.json.decode(answer.content, type=Told)
    except msgspec.MsgspecError:
        raise NoLog(f"{gateway} tells of no logs: it answers {answer.status_code}.") from None


def _ended(console: Console, problem: Exception) -> typer.Exit:
    console.print(str(problem) or type(problem).__name__, style="red", markup=False, soft_wrap=True)
    return typer.Exit(1)
