"""`mshauri programme check` and `publish`: a programme file, checked by line, and put in force."""

import asyncio
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mshauri.api import Answer, Api, ApiFault, Wish, send_all
from mshauri.connection import GATEWAY, Gateway, Token
from shared.contracts.definition import Definition
from shared.domain import derived_id
from shared.programmes.file import Mistake, read_programme

app = typer.Typer(help="Programme definitions.", no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(help="The programme's file, in YAML.", exists=True, dir_okay=False)
]


@app.command()
def check(file: File) -> None:
    """Check a programme file: every mistake by its line. Ends with 1 if there is one."""
    console = Console(highlight=False)
    definition = _read_or_exit(console, file)
    competencies = sum(len(framework.competencies) for framework in definition.frameworks)
    console.print(
        f"{definition.name}, version {definition.version}: sound. "
        f"{len(definition.areas)} areas, {competencies} competencies.",
        markup=False,
        soft_wrap=True,
    )


@app.command()
def publish(
    file: File,
    token: Token,
    gateway: Gateway = GATEWAY,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Since when it is in force.  [default: today]"),
    ] = None,
) -> None:
    """Publish a programme with its frameworks, and wait until it can be read.

    Safe to repeat: the same file is published once.
    """
    console = Console(highlight=False)
    definition = _read_or_exit(console, file)
    text = file.read_text(encoding="utf-8")
    wishes = publish_wishes(text, definition, on.date() if on else None)
    try:
        answers = asyncio.run(_send(gateway, token, wishes))
    except ApiFault as fault:
        console.print(str(fault), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    for wish, answer in zip(wishes, answers, strict=True):
        what = str(wish.command.get("code") or definition.programme)
        said = "published" if answer.recorded else answer.errors[0].message
        console.print(f"{what}: {said}", markup=False, soft_wrap=True)
        if answer.errors and answer.errors[0].remedy:
            console.print(f"  {answer.errors[0].remedy}", markup=False, soft_wrap=True)
    if not all(answer.recorded for answer in answers):
        raise typer.Exit(1)


def publish_wishes(text: str, definition: Definition, on: date | None = None) -> list[Wish]:
    """Return the commands that publish a file: its frameworks, then the programme itself.

    The same file makes the same commands, so that publishing it again changes nothing.
    """
    digest = sha256(text.encode()).hexdigest()
    occurred = {} if on is None else {"occurredOn": on.isoformat()}

    def wish(name: str, content: dict[str, Any], *what: object) -> Wish:
        command_id = derived_id("publish", name, *what, on, digest)
        return Wish(name, {"commandId": str(command_id), **content, **occurred})

    frameworks = [
        wish(
            "frameworkPublish",
            {
                "code": framework.code,
                "frameworkVersion": framework.version,
                "name": framework.name,
                "competencies": msgspec.to_builtins(framework.competencies),
            },
            framework.code,
            framework.version,
        )
        for framework in definition.frameworks
    ]
    return [*frameworks, wish("programmePublish", {"definition": text}, definition.programme)]


def mistakes_table(mistakes: list[Mistake]) -> Table:
    """Return a programme file's mistakes as a person reads them."""
    table = Table(title=f"Mistakes: {len(mistakes)}", title_justify="left")
    table.add_column("line", justify="right")
    table.add_column("where", overflow="fold")
    table.add_column("what is wrong, and what would be right", overflow="fold")
    for mistake in mistakes:
        table.add_row(
            str(mistake.line), escape(mistake.path), escape(f"{mistake.problem}. {mistake.remedy}")
        )
    return table


def _read_or_exit(console: Console, file: Path) -> Definition:
    try:
        read = read_programme(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        console.print(f"{file} is not UTF-8 text.", style="red", markup=False)
        raise typer.Exit(1) from None
    if isinstance(read, Definition):
        return read
    console.print(mistakes_table(read))
    raise typer.Exit(1)


async def _send(gateway: str, token: str, wishes: list[Wish]) -> list[Answer]:
    async with Api(gateway, token) as api:
        answers = await send_all(api, [[wish] for wish in wishes])
        await api.caught_up([at for answer in answers for at in answer.positions])
        return answers
