"""`mshauri demo`: a stack of its own, every programme played through the API, a page for each."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Protocol, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from mshauri.api import Api, ApiFault
from mshauri.demo.auditor import AuditorPage
from mshauri.demo.bungoma import Bungoma
from mshauri.demo.county.story import CountyYear
from mshauri.demo.kenya.story import Kenya
from mshauri.demo.paper import Page
from mshauri.demo.play import Played, Player, Refused, Tally
from mshauri.demo.proving import Proof, verified
from mshauri.demo.rwanda.story import HOSPITAL, Rwanda
from mshauri.demo.south_africa import SouthAfrica
from mshauri.demo.template import Template
from mshauri.importing.carrying import ResultFile
from mshauri.importing.job import Job
from mshauri.importing.lists.facilities import FACILITIES
from mshauri.importing.mapping import BadMapping
from mshauri.importing.outcome import Line, print_outcome, result_lines
from mshauri.importing.reading import NotATable
from mshauri.stack.console import ConsoleReport
from mshauri.stack.directory import InUse
from mshauri.stack.given import NotThere
from mshauri.stack.process import ProcessFailed
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer

PAPER = 110
"""Columns of what is not printed on a terminal, which has its own."""
LISTED = date(2020, 5, 20)
"""Since when the units of an imported list stand here: the day the Kenyan list was taken."""


AUDITED = (
    "Asked through the API; taken away, and judged by mshauri-verify alone with the keys that the "
    "logs publish."
)


class Story(Protocol):
    """A programme's demonstration."""

    async def play(self, player: Player, page: Page) -> bool:
        """Send everything, print the page; say whether all figures came out as they should."""


STORIES: dict[str, Callable[[int], Story]] = {
    "kenya-hrh": Kenya,
    "ingobyi": Rwanda,
    "mani-coaching": Bungoma,
    "south-africa-targeted": SouthAfrica,
    "mcsp-template": Template,
    "county-year": CountyYear,
}
"""All of them, in the order they are played; `ingobyi` is all four tiers of it, and `county-year` a
county's year under two programmes.
"""

SINGLE: dict[str, Callable[[int], Story]] = {
    **STORIES,
    HOSPITAL: lambda seed: Rwanda(seed, (HOSPITAL,)),
}
"""What can be asked for by name."""


def demo(
    programme: Annotated[
        list[str] | None,
        typer.Option(help=f"One or more of {', '.join(SINGLE)}.  [default: all]"),
    ] = None,
    facilities: Annotated[
        Path | None,
        typer.Option(help="A real facility list to import too.", exists=True, dir_okay=False),
    ] = None,
    map: Annotated[str, typer.Option(help="How that list is read: a preset or a file.")] = "kmhfl",
    swap_coordinates: Annotated[
        bool, typer.Option(help="That list has latitude and longitude swapped.")
    ] = True,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same demonstration.")] = 1,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep everything here.  [default: a folder that goes away]")
    ] = None,
) -> None:
    """Play five programmes and a county's year through the API, and print a page of each.

    Then what an auditor asks of all that, and what it takes to believe the answers.

    Ends with 0 if every figure is as it should be, with the stack stopped either way.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PAPER
    for name in programme or ():
        if name not in SINGLE:
            console.print(f"There is no demonstration {name!r}. Known: {', '.join(SINGLE)}.")
            raise typer.Exit(2)
    try:
        with _directory(data_dir) as directory:
            chosen = programme or STORIES
            stories = [SINGLE[name](seed) for name in SINGLE if name in chosen]
            same = asyncio.run(
                _Demo(console, directory, seed).run(stories, facilities, map, swap_coordinates)
            )
    except (ApiFault, BadMapping, NotATable, ProcessFailed, NotThere, InUse, Refused) as problem:
        console.print(f"\n{problem}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except asyncio.CancelledError:
        console.print("\nTold to end; the stack is stopped.")
        raise typer.Exit(143) from None
    if not same:
        console.print("\nSomething is not what it should be: see ✗ above.", style="red")
        raise typer.Exit(1)


@contextmanager
def _directory(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with TemporaryDirectory(prefix="mshauri-demo-") as temporary:
        yield Path(temporary)


class _Demo:
    def __init__(self, console: Console, directory: Path, seed: int) -> None:
        self._console = console
        self._directory = directory
        self._seed = seed

    async def run(
        self, stories: list[Story], facilities: Path | None, map: str, swap: bool
    ) -> bool:
        """Run the whole demonstration; say whether everything came out as it should."""
        main = asyncio.current_task()
        assert main is not None
        # Told to end, it still stops the stack on the way out.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
        began = perf_counter()
        page = Page(self._console)
        async with Stack(self._directory, report=ConsoleReport(self._console)) as stack:
            self._console.print(f"  ready after {perf_counter() - began:.1f} s\n")
            with _Screen(self._console) as screen:
                async with self._player(stack, screen) as player:
                    await player.begin()
                    same = True
                    for story in stories:
                        same &= await story.play(player, page)
                    if facilities is not None:
                        # Last: what it lists stands since the day it was taken, the stories' own
                        # places since long before.
                        await self._import(player, facilities, map, swap)
                    _print_figures(self._console, player.tally)
                    same &= await self._audit(player, page, stack)
        self._console.print(f"All of it took {perf_counter() - began:.1f} s; the stack is stopped.")
        return same

    async def _audit(self, player: Player, page: Page, stack: Stack) -> bool:
        """Print the auditor's page; what it takes away stays in the directory, if that does."""
        auditor = AuditorPage(player, page)
        proof = Proof(player, page, stack.gateway_url, self._directory / "audit")
        page.heading("Auditor · one mentee as of a day, and all of it proven", AUDITED)
        logs = await proof.take()
        async with verified(stack.data_dir) as verifying:
            mentee = await auditor.chosen()
            if mentee is None:
                page.say("Nobody was validated in every competency, of whom to ask.")
                same = True
            else:
                same = await auditor.show(mentee)
                same &= await proof.evidence(mentee)
            same &= await proof.logs(logs)
            same &= await auditor.findings()
            return await proof.everybody(verifying) and same

    async def _import(self, player: Player, file: Path, map: str, swap: bool) -> None:
        """Import a real list, and print the same report that `mshauri import` prints."""
        listed = Job(FACILITIES, file, map=map, day=LISTED, swap=swap).read()
        sent = await player.import_list(listed, file.stem)
        path = self._directory / f"{file.stem}.result.csv"
        result = ResultFile(path, Line, file, FACILITIES.key_was)
        result.finish(result_lines(listed, sent))
        print_outcome(self._console, listed, sent, dry_run=False)

    def _player(self, stack: Stack, screen: "_Screen") -> Player:
        issuer = DevelopmentIssuer(stack.data_dir)

        @asynccontextmanager
        async def connect(subject: str) -> AsyncIterator[Api]:
            async with Api(stack.gateway_url, issuer.mint(subject, timedelta(hours=1))) as api:
                yield api

        return Player(connect, OPERATOR, screen, self._seed)


def _print_figures(console: Console, tally: Tally) -> None:
    """Print how much was done, how fast, and how far the read models were behind."""
    lags = [stage.lag * 1000 for stage in tally.stages]
    seconds = sum(stage.seconds for stage in tally.stages)
    commands = sum(stage.commands for stage in tally.stages)
    console.print(
        f"\n{tally.events:,} events in the three ledgers, from {commands:,} commands in "
        f"{seconds:.1f} s: {commands / seconds:,.0f} commands/s.\n"
        f"After a stage's last answer, all of it could be read within "
        f"{median(lags):,.0f} ms (median of {len(lags)} stages; at most {max(lags):,.0f} ms)."
    )


class _Screen:
    """A bar for the stage that plays, a line for each one that is over."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
        )
        self._task: tuple[str, int, TaskID] | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def landed(self, stage: str, more: int, of: int) -> None:
        if self._task is None or self._task[:2] != (stage, of):
            if self._task is not None:
                self._progress.remove_task(self._task[2])
            self._task = stage, of, self._progress.add_task(stage, total=of)
        self._progress.advance(self._task[2], more)

    def over(self, played: Played) -> None:
        self._console.print(
            f"  {played.name:<28}{played.commands:>6,} commands {played.seconds:>6.1f} s"
            f"   readable after {played.lag * 1000:>5,.0f} ms"
        )
