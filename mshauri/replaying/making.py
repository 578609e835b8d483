"""From what is asked for on the command line to read models that stand at it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

import asyncpg
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from mshauri.rebuild import NoStack
from mshauri.replaying.building import build
from mshauri.replaying.cut import Cut, cut_at, cut_of, moment_of
from mshauri.replaying.database import database_for_a_replay, drop_left
from mshauri.replaying.filling import Fillers, FillingFailed
from mshauri.replaying.installation import Installation
from mshauri.replaying.ledgers import Ledgers, opened
from services.gateway.standing import Standing
from shared.domain.errors import MshauriError
from shared.privacy.master import WrongMasterKey
from shared.runtime.settings import BadSettings

FOLDING = 2
"""Processes that fold."""

CutIn = Callable[[Ledgers], Awaitable[Cut]]
"""Finds a cut in ledgers."""


def asked_for(as_of: str | None, zone: str | None, positions: Sequence[str] | None) -> CutIn:
    """Return what finds the cut that is asked for.

    Raises:
        typer.BadParameter: neither a moment nor positions are given, or both.
        MshauriError: it is no moment that is past.
    """
    if (as_of is None) == (not positions):
        raise typer.BadParameter("give either --as-of or --positions")
    if as_of is None:
        chosen = tuple(positions or ())
        return lambda ledgers: cut_of(chosen, zone, ledgers.reads)
    moment = moment_of(as_of, zone, datetime.now(UTC))
    return lambda ledgers: cut_at(moment, ledgers.reads)


class Maker:
    """Makes read models that stand at a cut.

    Args:
        server: the address of any database on the server where they are made.
    """

    def __init__(
        self, console: Console, installation: Installation, server: str, fillers: Fillers
    ) -> None:
        self._console = console
        self._installation = installation
        self._server = server
        self._fillers = fillers

    @asynccontextmanager
    async def made(self, asked: CutIn, *, keep: bool = False) -> AsyncIterator[Standing]:
        """Have them for the length of the block.

        Raises:
            FillingFailed: a process that folds could not go on.
            MshauriError: there is no such cut.
        """
        async with opened(self._installation) as ledgers:
            cut = await asked(ledgers)
        async with self.made_at(cut, keep=keep) as standing:
            yield standing

    @asynccontextmanager
    async def made_at(self, cut: Cut, *, keep: bool = False) -> AsyncIterator[Standing]:
        """Have those of a cut for the length of the block.

        Raises:
            FillingFailed: a process that folds could not go on.
        """
        if dropped := await drop_left(self._server):
            self._console.print(f"Dropped what was left behind: {', '.join(dropped)}.")
        async with database_for_a_replay(self._server, keep=keep) as url:
            yield await self._build(url, cut)

    async def _build(self, url: str, cut: Cut) -> Standing:
        said = cut.said
        stood = ", ".join(f"{name} at {one.position:,}" for name, one in cut.stood.items())
        self._console.print(f"As of {said['knownAt']}: {stood}.", soft_wrap=True)
        began = asyncio.get_running_loop().time()
        with _bar(self._console) as progress:
            bar = progress.add_task("events", total=cut.events)
            standing = await build(
                url,
                cut,
                self._installation,
                self._fillers,
                lambda events: progress.update(bar, advance=events),
            )
        seconds = asyncio.get_running_loop().time() - began
        rate = cut.events / seconds
        self._console.print(f"{cut.events:,} events in {seconds:.1f} s: {rate:,.0f} a second.")
        return standing


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    )


@contextmanager
def told_in_a_sentence(console: Console, ending: int = 1) -> Iterator[None]:
    """Have what cannot be told in a sentence, with its code, and end with 1, or as is said."""
    try:
        yield
    except MshauriError as problem:
        said = f"{problem.code}: {problem.message}\n{problem.remedy}"
        console.print(said, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(ending) from None
    except (
        FillingFailed,
        NoStack,
        BadSettings,
        WrongMasterKey,
        OSError,
        asyncpg.PostgresError,
    ) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(ending) from None
    except asyncio.CancelledError:
        console.print("\nTold to end; nothing is left.")
        raise typer.Exit(130) from None


def served_until_told() -> None:
    """Leave signals to who serves; once it has ended, what is left to do is done undisturbed."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)
        # A server that was told to end says so again to whoever was there before it.
        signal.signal(number, signal.SIG_IGN)


def ends_when_told() -> None:
    """Have a signal end what runs in this task, in good order."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
