"""`mshauri import`: lists of facilities, of people and of what they did; through the API."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway, Token
from mshauri.importing.mapping import BadMapping, Mapping, load_mapping, missing_headings, presets
from mshauri.importing.plan import Plan, plan_import
from mshauri.importing.read import NotATable, Sheet, read_sheet
from mshauri.importing.records.command import command_of
from mshauri.importing.records.lists import KINDS
from mshauri.importing.report import print_report, result_lines, write_result
from mshauri.importing.send import Outcome, Sent, count, known_units, send_plan, would_send

app = typer.Typer(help="Bring lists into Mshauri.", no_args_is_help=True)


@app.callback()
def _import() -> None:
    """Bring lists into Mshauri."""


@app.command()
def facilities(
    file: Annotated[Path, typer.Argument(help="The list, as CSV.", exists=True, dir_okay=False)],
    map: Annotated[str, typer.Option(help=f"A mapping file, or one of: {', '.join(presets())}.")],
    token: Token,
    gateway: Gateway = GATEWAY,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Since when the units stand.  [default: today]"),
    ] = None,
    country_code: Annotated[
        str | None, typer.Option(help="ISO 3166-1 code of the country, instead of the mapping's.")
    ] = None,
    swap_coordinates: Annotated[
        bool, typer.Option("--swap-coordinates", help="Latitude and longitude are swapped.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, send nothing.")
    ] = False,
    result: Annotated[
        Path | None,
        typer.Option(
            help="Where each row's outcome is written: .csv or .jsonl.  [default: beside]"
        ),
    ] = None,
) -> None:
    """Import a master facility list: the good rows land, every mistake is explained.

    Safe to repeat: what stands already is found and left alone. Ends with 1 if a row was refused.
    """
    console = Console(highlight=False)
    try:
        mapping = country_of(load_mapping(map), country_code)
        sheet = read_sheet(file)
        must_have_headings(mapping, sheet)
        plan = plan_import(sheet, mapping, swap_coordinates=swap_coordinates)
        sent = asyncio.run(
            run_import(plan, gateway, token, (since or datetime.now()).date(), dry_run, console)
        )
    except (BadMapping, NotATable, ApiFault) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    path = result or file.with_suffix(".result.csv")
    write_result(path, result_lines(plan, sent))
    print_report(console, plan, sent, dry_run=dry_run)
    console.print(f"Every row's outcome: {path}", markup=False, soft_wrap=True)
    if plan.errors or count(sent, Outcome.REFUSED):
        raise typer.Exit(1)


async def run_import(
    plan: Plan, gateway: str, token: str, since: date, dry_run: bool, console: Console
) -> list[Sent]:
    """Compare a plan with what stands, and send the rest.

    A dry run without a token compares nothing, and asks nobody.

    Raises:
        ApiFault: the API could not be reached, or the token was not accepted.
    """
    if dry_run and not token:
        return would_send(plan, {})
    async with Api(gateway, token) as api:
        known = await known_units(api, plan)
        if dry_run:
            return would_send(plan, known)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("establishing org units", total=len(plan.units))
            return await send_plan(
                plan,
                api,
                since=since,
                known=known,
                landed=lambda more: progress.advance(task, more),
            )


def country_of(mapping: Mapping, code: str | None) -> Mapping:
    """Return the mapping with another country's code, where one was given.

    Raises:
        BadMapping: it is not two capital letters.
    """
    if code is None or code == mapping.country.code:
        return mapping
    if not (len(code) == 2 and code.isascii() and code.isupper()):
        msg = f"{code!r} is no country code. Give the two capital letters of ISO 3166-1."
        raise BadMapping(msg)
    country = msgspec.structs.replace(mapping.country, code=code)
    return msgspec.structs.replace(mapping, country=country)


def must_have_headings(mapping: Mapping, sheet: Sheet) -> None:
    """Refuse a file that lacks columns the mapping counts on.

    Raises:
        BadMapping: it names them.
    """
    missing = missing_headings(mapping, sheet.headings)
    if missing:
        msg = (
            f"The file has no column {', '.join(missing)}, which the mapping "
            f"{mapping.name!r} counts on. Its columns: {', '.join(sheet.headings)}."
        )
        raise BadMapping(msg)


for kind in KINDS:
    app.command(kind.name)(command_of(kind))
