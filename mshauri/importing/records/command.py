"""`mshauri import health-workers` and its sisters: a partner's list, through the public API."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from mshauri.api import Api
from mshauri.connection import GATEWAY, Gateway, Token
from mshauri.importing.carrying import (
    EXIT_CODES,
    PROGRESS,
    CannotBegin,
    ResultFile,
    broke_off,
    carried_out,
    may_not_last,
    must_last,
    within_days,
)
from mshauri.importing.mapping import BadMapping
from mshauri.importing.read import NotATable, read_sheet
from mshauri.importing.records.explain import columns_table, template
from mshauri.importing.records.headings import Words, lay_out, load_words
from mshauri.importing.records.kinds import OCCURRED_ON, Kind
from mshauri.importing.records.lookups import look_up
from mshauri.importing.records.outcome import (
    RecordLine,
    count,
    lines_of,
    print_outcome,
    record_lines,
    refused_lines,
)
from mshauri.importing.records.plan import Listed, plan_list, read_list
from mshauri.importing.records.planned import Planned
from mshauri.importing.records.send import Outcome, Sent, send_list, would_send

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
        elif update and not kind.updates:
            told = f"An import of {kind.name} only adds: each mistake names what changes it."
            raise typer.BadParameter(told, param_hint="--update")
        else:
            import_file(
                console,
                kind,
                file,
                map=map,
                token=token,
                gateway=gateway,
                on=on,
                update=update,
                dry_run=dry_run,
                result=result,
            )

    otherwise = "; where the list says otherwise, it is told, and changed with --update"
    run.__doc__ = (
        f"Import {kind.name}: the good rows land, every mistake is explained.\n\n"
        "Safe to repeat: what stands already is found and left alone"
        f"{otherwise if kind.updates else ''}.\n\n{EXIT_CODES}"
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
    update: bool,
    dry_run: bool,
    result: Path | None,
) -> None:
    """Import a file and say what became of it.

    Raises:
        typer.Exit: with 1 if a row was refused, with 2 if the import could not begin or broke off.
    """
    day = within_days(on)
    try:
        words = _on(load_words(map) if map else Words(), day)
        sheet = read_sheet(file)
        listed = read_list(kind, sheet, lay_out(kind.columns, sheet.headings, words))
        must_last(token, dry_run=dry_run)
        out = ResultFile(result or file.with_suffix(".result.csv"), RecordLine, file)
    except (BadMapping, NotATable, CannotBegin, OSError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    run = Run(listed, gateway, token, console, out, update=update)
    why = carried_out(run.go(dry_run=dry_run))
    if run.planned is None:
        out.drop()
        console.print(str(why), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2)
    sent = [*run.sent, *run.unanswered()]
    said = out.finish(record_lines(listed, sent))
    print_outcome(console, listed, sent, dry_run=dry_run)
    console.print(said, markup=False, soft_wrap=True)
    if why is not None:
        told = broke_off(why, run.landed, listed.rows, token)
        console.print(told, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2)
    if count(listed, sent, Outcome.REFUSED):
        raise typer.Exit(1)


def _on(words: Words, day: datetime | None) -> Words:
    if day is None:
        return words
    defaults = {**words.defaults, OCCURRED_ON: day.date().isoformat()}
    return msgspec.structs.replace(words, defaults=defaults)


@dataclass(slots=True)
class Run:
    """An import under way.

    Attributes:
        planned: what is to be sent; None until what stands was looked up.
        sent: what became of each row so far.
    """

    listed: Listed
    gateway: str
    token: str
    console: Console
    out: ResultFile
    update: bool = False
    planned: list[Planned] | None = None
    sent: list[Sent] = field(default_factory=list)

    async def go(self, *, dry_run: bool) -> None:
        """Hold the list against what stands, and send the rest.

        A dry run without a token compares nothing, and asks nobody.

        Raises:
            ApiFault: the API could not be reached, or the token was not accepted.
        """
        listed = self.listed
        if dry_run and not self.token:
            self.planned = [Planned(draft=draft, same=draft.row) for draft in listed.sound]
            self.sent = [Sent(one, Outcome.WOULD_BE_RECORDED) for one in self.planned]
            return
        async with Api(self.gateway, self.token) as api:
            known = await look_up(api, listed.kind, listed.sound)
            known.update = self.update
            self.planned = plan_list(listed, known)
            if dry_run:
                self.sent = would_send(self.planned)
                return
            commands = sum(len(one.wishes) for one in self.planned)
            warning = may_not_last(self.token, commands)
            if warning:
                self.console.print(warning, style="yellow", markup=False, soft_wrap=True)
            self.out.add(list(refused_lines(listed)))
            with Progress(*PROGRESS, console=self.console) as progress:
                task = progress.add_task(f"importing {listed.kind.name}", total=len(self.planned))

                def tell(one: Sent) -> None:
                    self.sent.append(one)
                    self.out.add(list(lines_of(listed, [one])))
                    progress.advance(task)

                await send_list(self.planned, api, tell=tell)

    @property
    def landed(self) -> int:
        """How many rows stand as the list says."""
        there = (Outcome.RECORDED, Outcome.UPDATED, Outcome.ALREADY_THERE)
        return sum(one.outcome in there for one in self.sent)

    def unanswered(self) -> list[Sent]:
        """Return the rows of which nobody knows what became of them."""
        told = {one.planned.draft.row for one in self.sent}
        return [
            Sent(one, Outcome.NOT_ANSWERED)
            for one in self.planned or ()
            if one.draft.row not in told
        ]
