"""`mshauri import`: lists of facilities, of people and of what they did; through the API."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from mshauri.api import Api
from mshauri.connection import GATEWAY, Gateway, Token
from mshauri.importing.carrying import (
    PROGRESS,
    CannotBegin,
    ResultFile,
    broke_off,
    carried_out,
    may_not_last,
    must_last,
    within_days,
)
from mshauri.importing.held import Held, Known, Outcome, Sent, count, hold, left_empty
from mshauri.importing.mapping import BadMapping, Mapping, load_mapping, missing_headings, presets
from mshauri.importing.plan import Plan, plan_import
from mshauri.importing.read import NotATable, Sheet, read_sheet
from mshauri.importing.records.command import command_of
from mshauri.importing.records.lists import KINDS
from mshauri.importing.report import Line, lines_of, lines_of_plan, print_report, result_lines
from mshauri.importing.send import known_units, send_plan

app = typer.Typer(help="Bring lists into Mshauri.", no_args_is_help=True)


@app.callback()
def _import() -> None:
    """Bring lists into Mshauri."""


@app.command()
def facilities(
    file: Annotated[Path, typer.Argument(help="The list, as CSV.", exists=True, dir_okay=False)],
    map: Annotated[str, typer.Option(help=f"A mapping file, or one of: {', '.join(presets())}.")],
    token: Token = "",
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
    update: Annotated[
        bool, typer.Option("--update", help="Change what stands where the list says otherwise.")
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

    Safe to repeat: what stands already is found and left alone; where the list says otherwise, it
    is told, and changed with --update.

    Ends with 0 if every row landed or stood already, with 1 if a row was refused, with 2 if the
    import could not begin or broke off.
    """
    console = Console(highlight=False)
    day = (within_days(since) or datetime.now()).date()
    try:
        mapping = country_of(load_mapping(map), country_code)
        sheet = read_sheet(file)
        must_have_headings(mapping, sheet)
        plan = plan_import(sheet, mapping, swap_coordinates=swap_coordinates)
        must_last(token, dry_run=dry_run)
        out = ResultFile(result or file.with_suffix(".result.csv"), Line, file)
    except (BadMapping, NotATable, CannotBegin, OSError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    run = Run(plan, gateway, token, day, console, out, update=update)
    why = carried_out(run.go(dry_run=dry_run))
    if run.held is None:
        out.drop()
        console.print(str(why), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2)
    sent = [*run.sent, *run.unanswered()]
    if why is None:
        plan.warnings += left_empty(plan, sent)
    said = out.finish(result_lines(plan, sent))
    print_report(console, plan, sent, dry_run=dry_run)
    console.print(said, markup=False, soft_wrap=True)
    if why is not None:
        told = broke_off(why, run.landed, run.held.units, token)
        console.print(told, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2)
    if plan.errors or count(sent, Outcome.REFUSED):
        raise typer.Exit(1)


@dataclass(slots=True)
class Run:
    """An import under way.

    Attributes:
        held: the plan beside what stands; None until that was looked up.
        sent: what became of each unit so far.
    """

    plan: Plan
    gateway: str
    token: str
    since: date
    console: Console
    out: ResultFile
    update: bool = False
    held: Held | None = None
    sent: list[Sent] = field(default_factory=list)

    async def go(self, *, dry_run: bool) -> None:
        """Compare the plan with what stands, and send the rest.

        A dry run without a token compares nothing, and asks nobody.

        Raises:
            ApiFault: the API could not be reached, or the token was not accepted.
        """
        if dry_run and not self.token:
            self._hold({})
            return
        async with Api(self.gateway, self.token) as api:
            known = await known_units(api, self.plan)
            held = self._hold(known, send=not dry_run)
            if dry_run:
                return
            warning = may_not_last(self.token, held.units - len(held.standing))
            if warning:
                self.console.print(warning, style="yellow", markup=False, soft_wrap=True)
            with Progress(*PROGRESS, console=self.console) as progress:
                task = progress.add_task("establishing org units", total=held.units)

                def tell(one: Sent) -> None:
                    self.sent.append(one)
                    self.out.add(list(lines_of(one)))
                    progress.advance(task)

                await send_plan(self.plan, api, since=self.since, held=held, tell=tell)

    def _hold(self, known: dict[str, Known], *, send: bool = False) -> Held:
        held = hold(self.plan, known, update=self.update)
        self.plan.warnings += held.warnings
        if send:
            self.out.add(list(lines_of_plan(self.plan)))
        else:
            self.sent = held.would_be
        self.held = held
        return held

    @property
    def landed(self) -> int:
        """How many units stand as the list says."""
        there = (Outcome.ESTABLISHED, Outcome.UPDATED, Outcome.ALREADY_THERE)
        return sum(count(self.sent, outcome) for outcome in there)

    def unanswered(self) -> list[Sent]:
        """Return the units of which nobody knows what became of them."""
        told = {one.unit.code for one in self.sent}
        would_be = self.held.would_be if self.held else []
        return [
            Sent(one.unit, Outcome.NOT_ANSWERED) for one in would_be if one.unit.code not in told
        ]


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
