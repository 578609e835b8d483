"""`mshauri import KIND FILE`: lists of places, of people and of what they did; through the API."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mshauri.connection import GATEWAY, Gateway, Token
from mshauri.importing.carrying import EXIT_CODES, within_days
from mshauri.importing.explain import columns_table, template
from mshauri.importing.job import Job
from mshauri.importing.kinds import Kind
from mshauri.importing.lists import KINDS
from mshauri.importing.mapping import BadMapping, presets
from mshauri.importing.reading import How, NotATable
from mshauri.importing.running import BROKE, Where, carry
from mshauri.importing.suggest import suggestion
from mshauri.importing.waiting import note, try_again

app = typer.Typer(help="Bring lists into Mshauri.", no_args_is_help=True)


@app.callback()
def _import() -> None:
    """Bring lists into Mshauri: XLSX or CSV, in your own headings and words.

    Begin with --suggest, which proposes a mapping, then --dry-run. Lists may come in any order: a
    row that names what is not there yet waits for the list that brings it.
    """


File = Annotated[
    Path | None,
    typer.Argument(
        help="The list, as XLSX or CSV; with --template, where to write one.", dir_okay=False
    ),
]
Map = Annotated[
    str | None,
    typer.Option(
        help="What your own headings and words mean: a YAML file, or one of: "
        f"{', '.join(presets())}.",
    ),
]
_ON = "The day, for rows that say none."


def command_of(kind: Kind) -> Callable[..., None]:
    """Return the command that imports a kind of list."""
    places = kind.mapped
    on_name = "--since" if places else "--on"
    today = "Since when the units stand, where no row says it.  [default: today]"

    def run(
        file: File = None,
        map: Map = None,
        token: Token = "",
        gateway: Gateway = GATEWAY,
        on: Annotated[
            datetime | None,
            typer.Option(on_name, formats=["%Y-%m-%d"], help=today if places else _ON),
        ] = None,
        sheet: Annotated[
            str | None, typer.Option(help="The workbook's sheet.  [default: the one that fits]")
        ] = None,
        header_row: Annotated[
            int | None, typer.Option(min=1, help="The row of the headings.  [default: found]")
        ] = None,
        encoding: Annotated[
            str | None,
            typer.Option(help="A text's, such as windows-1252.  [default: seen where certain]"),
        ] = None,
        country_code: Annotated[
            str | None,
            typer.Option(
                help="ISO 3166-1 code of the country, instead of the mapping's.", hidden=not places
            ),
        ] = None,
        swap_coordinates: Annotated[
            bool,
            typer.Option(
                "--swap-coordinates", help="Latitude and longitude are swapped.", hidden=not places
            ),
        ] = False,
        update: Annotated[
            bool,
            typer.Option(
                "--update",
                help="Change what stands where the list says otherwise.",
                hidden=not kind.updates,
            ),
        ] = False,
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
        suggest: Annotated[
            bool,
            typer.Option(
                "--suggest", help="Propose a mapping by headings and values, and do nothing else."
            ),
        ] = False,
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
            return
        if template:
            write_template(kind, file)
            return
        if file is None:
            raise typer.BadParameter("Name the list.", param_hint="FILE")
        if not file.is_file():
            raise typer.BadParameter(f"There is no file {file}.", param_hint="FILE")
        job = Job(
            kind=kind,
            file=file,
            map=map,
            day=_day(on, today=places),
            country=country_code,
            swap=swap_coordinates,
            how=How(sheet=sheet, header_row=header_row, encoding=encoding),
            update=update,
        )
        if suggest:
            propose(console, job)
            return
        _must_be_for(kind, job)
        where = Where(gateway, token, console)
        ended = carry(job, where, dry_run=dry_run, result=result)
        if not dry_run:
            note(job, where, ended)
            if ended.landed:
                try_again(file.parent, where, but=file)
        if ended.code:
            raise typer.Exit(ended.code)

    otherwise = "; where the list says otherwise, it is told, and changed with --update"
    run.__doc__ = (
        f"Import {kind.name}: the good rows land, every mistake is explained.\n\n"
        "Safe to repeat: what stands already is found and left alone"
        f"{otherwise if kind.updates else ''}. A row that names what is not there yet waits, and "
        "lands when another list of its folder has brought it.\n\n"
        f"{EXIT_CODES}"
    )
    return run


def _day(given: datetime | None, *, today: bool) -> date | None:
    day = within_days(given)
    if day is None:
        return date.today() if today else None
    return day.date()


def _must_be_for(kind: Kind, job: Job) -> None:
    if job.update and not kind.updates:
        told = f"An import of {kind.name} only adds: each mistake names what changes it."
        raise typer.BadParameter(told, param_hint="--update")
    if job.map is None and kind.mapped:
        told = f"Say what its columns are: a mapping file, or one of: {', '.join(presets())}. "
        raise typer.BadParameter(f"{told}--suggest proposes one.", param_hint="--map")
    if job.country is not None and not kind.mapped:
        raise typer.BadParameter("It is of org units alone.", param_hint="--country-code")


def propose(console: Console, job: Job) -> None:
    """Show a mapping for a file, and write it beside the file where none is yet.

    Raises:
        typer.Exit: the file cannot be read.
    """
    try:
        text = suggestion(job)
    except (BadMapping, NotATable, OSError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BROKE) from None
    path = job.file.with_suffix(".map.yaml")
    console.print(text, markup=False, soft_wrap=True)
    if path.exists():
        console.print(f"{path} is there already, and stays as it is.", markup=False, soft_wrap=True)
        return
    path.write_text(text, encoding="utf-8")
    console.print(f"Written to {path}: look it over, then run with --map.", soft_wrap=True)


def write_template(kind: Kind, file: Path | None) -> None:
    """Write an empty list to a new file, or to the screen."""
    if file is None:
        sys.stdout.write(template(kind))
    elif file.exists():
        raise typer.BadParameter(f"{file} is there already.", param_hint="FILE")
    else:
        # With the mark by which spreadsheets know UTF-8.
        file.write_text(template(kind), encoding="utf-8-sig", newline="")


for kind in KINDS:
    app.command(kind.name)(command_of(kind))
