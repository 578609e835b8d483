"""`mshauri demo`: a stack of its own, three fiscal years played through the API, then Table 1."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from mshauri.api import Api, ApiFault, global_id
from mshauri.demo import places
from mshauri.demo.cast import cast_of
from mshauri.demo.play import Played, Player, Refused
from mshauri.demo.report import print_figures, print_table, print_trail
from mshauri.demo.script import write_script
from mshauri.importing.command import must_have_headings
from mshauri.importing.mapping import BadMapping, load_mapping
from mshauri.importing.plan import plan_import
from mshauri.importing.read import NotATable, read_sheet
from mshauri.importing.report import print_report, result_lines, write_result
from mshauri.stack.console import ConsoleReport
from mshauri.stack.directory import InUse
from mshauri.stack.given import NotThere
from mshauri.stack.process import ProcessFailed
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from shared.contracts.definition import Definition
from shared.domain import derived_id
from shared.programmes.file import read_programme

LISTED = date(2020, 5, 20)
"""Since when the units of an imported list stand here: the day the Kenyan list was taken."""

PROGRAMME = Path(__file__).parents[2] / "programmes" / "ingobyi-hospital.yaml"


def demo(
    facilities: Annotated[
        Path | None,
        typer.Option(help="A real facility list to import first.", exists=True, dir_okay=False),
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
    """Play Rwanda's hospital mentorship, FY19 to FY21, and count Table 1 from the events.

    Ends with 0 if all nine cells are as printed, with the stack stopped either way.
    """
    console = Console(highlight=False)
    try:
        with _directory(data_dir) as directory:
            same = asyncio.run(
                _Demo(console, directory, seed).run(facilities, map, swap_coordinates)
            )
    except (ApiFault, BadMapping, NotATable, ProcessFailed, NotThere, InUse, Refused) as problem:
        console.print(f"\n{problem}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except asyncio.CancelledError:
        console.print("\nTold to end; the stack is stopped.")
        raise typer.Exit(143) from None
    if not same:
        console.print("\nTable 1 is not what it should be.", style="red")
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

    async def run(self, facilities: Path | None, map: str, swap: bool) -> bool:
        """Run the whole demonstration; say whether Table 1 came out as printed."""
        main = asyncio.current_task()
        assert main is not None
        # Told to end, it still stops the stack on the way out.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
        began = perf_counter()
        text, definition = _programme()
        async with Stack(self._directory, report=ConsoleReport(self._console)) as stack:
            self._console.print(f"  ready after {perf_counter() - began:.1f} s\n")
            with _Screen(self._console) as screen:
                player = self._player(stack, screen)
                if facilities is not None:
                    await self._import(player, facilities, map, swap)
                same = await self._play(player, text, definition)
        self._console.print(f"All of it took {perf_counter() - began:.1f} s; the stack is stopped.")
        return same

    async def _import(self, player: Player, file: Path, map: str, swap: bool) -> None:
        """Import a real list, and print the same report that `mshauri import` prints."""
        mapping, sheet = load_mapping(map), read_sheet(file)
        must_have_headings(mapping, sheet)
        plan = plan_import(sheet, mapping, swap_coordinates=swap)
        sent = await player.import_plan(plan, mapping.country.name, LISTED)
        result = self._directory / f"{file.stem}.result.csv"
        write_result(result, result_lines(plan, sent))
        print_report(self._console, plan, sent, dry_run=False)

    async def _play(self, player: Player, text: str, definition: Definition) -> bool:
        cast = cast_of(self._seed, definition, places.facilities())
        version = derived_id("programme_version", definition.programme, definition.version)
        await player.set_up(text, definition)
        await player.play(write_script(self._seed, cast, version, places.country().id))
        same = print_table(self._console, await player.table(definition.programme))
        example = await player.trail(global_id("Mentee", cast.example.id))
        print_trail(self._console, example)
        print_figures(self._console, player.tally, sum(len(team.mentees) for team in cast.teams))
        return same

    def _player(self, stack: Stack, screen: "_Screen") -> Player:
        issuer = DevelopmentIssuer(stack.data_dir)

        @asynccontextmanager
        async def connect(subject: str) -> AsyncIterator[Api]:
            async with Api(stack.gateway_url, issuer.mint(subject, timedelta(hours=1))) as api:
                yield api

        return Player(connect, OPERATOR, screen)


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
            f"  {played.name:<18}{played.commands:>6,} commands {played.seconds:>6.1f} s"
            f"   readable after {played.lag * 1000:>5,.0f} ms"
        )


def _programme() -> tuple[str, Definition]:
    text = PROGRAMME.read_text(encoding="utf-8")
    definition = read_programme(text)
    assert isinstance(definition, Definition), definition
    return text, definition
