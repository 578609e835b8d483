"""`mshauri import health-workers` and its sisters: a partner's list, through the public API."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway, Token
from mshauri.importing.mapping import BadMapping
from mshauri.importing.read import NotATable, read_sheet
from mshauri.importing.records.explain import columns_table, template
from mshauri.importing.records.headings import Words, lay_out, load_words
from mshauri.importing.records.kinds import OCCURRED_ON, Kind
from mshauri.importing.records.lookups import look_up
from mshauri.importing.records.outcome import RecordLine, count, print_outcome, record_lines
from mshauri.importing.records.plan import Listed, plan_list, read_list
from mshauri.importing.records.planned import Planned
from mshauri.importing.records.send import Outcome, Sent, send_list, would_send
from mshauri.importing.report import write_result

File = Annotated[
    Path | None,
    typer.Argument(help="The list, as CSV; with --template, where to write one.", dir_okay=False),
]


def command_of(kind: Kind) -> Callable[..., None]:
    """Return the command that imports a kind of list."""

    def run(
        file: File = None,
        map: Annotated[
            Path | None,
            typer.Option(help="What your own headings and words mean, in YAML.", dir_okay=False),
        ] = None,
        token: Token = "",
        gateway: Gateway = GATEWAY,
        on: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="The day, for rows that say none."),
        ] = None,
        dry_run: Annotated[
            bool,
            typer.Option(
                "--dry-run", help="Check all but the programme's own rules, send nothing."
            ),
        ] = False,
        result: Annotated[
            Path | None,
            typer.Option(
                help="Where each row's outcome is written: .csv or .jsonl.  [default: beside]"
            ),
        ] = None,
        explain: Annotated[
            bool, typer.Option("--explain", help="Show every column, and do nothing else.")
        ] = False,
        template: Annotated[
            bool, typer.Option("--template", help="Write an empty list, and do nothing else.")
        ] = False,
    ) -> None:
        console = Console(highlight=False)
        if explain:
            console.print(columns_table(kind))
        elif template:
            write_template(kind, file)
        elif file is None:
            raise typer.BadParameter("Name the list.", param_hint="FILE")
        else:
            import_file(
                console,
                kind,
                file,
                map=map,
                token=token,
                gateway=gateway,
                on=on,
                dry_run=dry_run,
                result=result,
            )

    run.__doc__ = (
        f"Import {kind.name}: the good rows land, every mistake is explained.\n\n"
        "Safe to repeat: what stands already is found and left alone. Ends with 1 if a row was "
        "refused."
    )
    return run


def write_template(kind: Kind, file: Path | None) -> None:
    """Write an empty list to a new file, or to the screen."""
    if file is None:
        sys.stdout.write(template(kind))
    elif file.exists():
        raise typer.BadParameter(f"{file} is there already.", param_hint="FILE")
    else:
        # With the mark by which spreadsheets know UTF-8.
        file.write_text(template(kind), encoding="utf-8-sig", newline="")


def import_file(
    console: Console,
    kind: Kind,
    file: Path,
    *,
    map: Path | None,
    token: str,
    gateway: str,
    on: datetime | None,
    dry_run: bool,
    result: Path | None,
) -> None:
    """Import a file and say what became of it.

    Raises:
        typer.Exit: with 1 if a row was refused, with 2 if the import could not begin.
    """
    try:
        words = _on(load_words(map) if map else Words(), on)
        sheet = read_sheet(file)
        listed = read_list(kind, sheet, lay_out(kind.columns, sheet.headings, words))
        sent = asyncio.run(_run(listed, gateway, token, dry_run, console))
    except (BadMapping, NotATable, ApiFault, OSError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    path = result or file.with_suffix(".result.csv")
    write_result(path, record_lines(listed, sent), RecordLine)
    print_outcome(console, listed, sent, dry_run=dry_run)
    console.print(f"Every row's outcome: {path}", markup=False, soft_wrap=True)
    if count(listed, sent, Outcome.REFUSED):
        raise typer.Exit(1)


def _on(words: Words, day: datetime | None) -> Words:
    if day is None:
        return words
    defaults = {**words.defaults, OCCURRED_ON: day.date().isoformat()}
    return Words(columns=words.columns, values=words.values, defaults=defaults)


async def _run(
    listed: Listed, gateway: str, token: str, dry_run: bool, console: Console
) -> list[Sent]:
    """Hold a list against what stands, and send the rest.

    A dry run without a token compares nothing, and asks nobody.
    """
    if dry_run and not token:
        unasked = [Planned(draft=draft, same=draft.row) for draft in listed.sound]
        return [Sent(one, Outcome.WOULD_BE_RECORDED) for one in unasked]
    async with Api(gateway, token) as api:
        known = await look_up(api, listed.kind, listed.sound)
        planned = plan_list(listed, known)
        if dry_run:
            return would_send(planned)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console) as progress:
            commands = sum(len(one.wishes) for one in planned)
            task = progress.add_task(f"importing {listed.kind.name}", total=commands)
            return await send_list(planned, api, landed=lambda more: progress.advance(task, more))
