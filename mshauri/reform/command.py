"""`mshauri reform plan`: what a reform in a file would do, then its draft."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway, Token
from mshauri.reform.file import BadReform, Reform, read_reform
from mshauri.reform.plan import plan as asked
from mshauri.reform.plan import send
from mshauri.reform.report import broken_table, effect_tables

app = typer.Typer(
    help="Reforms of the hierarchy: units split, merged, moved.", no_args_is_help=True
)


@app.callback()
def _reform() -> None:
    """Reforms of the hierarchy: units split, merged, moved."""


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="The reform, in YAML.", exists=True, dir_okay=False)],
    token: Token,
    gateway: Gateway = GATEWAY,
    level: Annotated[
        str | None,
        typer.Option(help="Roll figures up to this kind of unit: DISTRICT, COUNTY, …"),
    ] = None,
    fiscal_year: Annotated[
        int | None, typer.Option(help="Figures of mentees of this fiscal year alone.")
    ] = None,
    send_it: Annotated[
        bool, typer.Option("--send", help="Draft it, if it breaks no rule.")
    ] = False,
) -> None:
    """Show all rules that a reform breaks, or all that it would do; draft it, if asked to.

    Nothing changes by a draft: somebody else approves it with `reformApprove`, and it is carried
    out whole on its day. Safe to repeat: the same file is drafted once. Ends with 1 if it breaks a
    rule, with 2 if the API does not answer.
    """
    console = Console(highlight=False)
    try:
        reform = read_reform(file.read_text(encoding="utf-8"))
        sound = asyncio.run(
            _plan(console, reform, gateway, token, level, fiscal_year, send_it=send_it)
        )
    except (BadReform, UnicodeDecodeError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except ApiFault as fault:
        console.print(str(fault), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    if not sound:
        raise typer.Exit(1)


async def _plan(
    console: Console,
    reform: Reform,
    gateway: str,
    token: str,
    level: str | None,
    fiscal_year: int | None,
    *,
    send_it: bool,
) -> bool:
    """Print what a reform would do; say whether it breaks no rule."""
    async with Api(gateway, token) as api:
        found = await asked(api, reform, level=level, fiscal_year=fiscal_year)
        if found.effects is None:
            console.print(broken_table(reform, found.broken))
            return False
        for table in effect_tables(found.effects):
            console.print(table)
        if not send_it:
            console.print("It breaks no rule. Draft it with --send.")
            return True
        drafted, errors = await send(api, found.draft)
        if drafted is None:
            console.print(broken_table(reform, errors))
            return False
        console.print(f"Drafted: {drafted}", markup=False, soft_wrap=True)
        console.print("Somebody else approves it with `reformApprove`.", markup=False)
        return True
