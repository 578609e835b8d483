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
Files = Annotated[
    list[Path], typer.Argument(help="Programmes' files, in YAML.", exists=True, dir_okay=False)
]


@app.command()
def check(files: Files) -> None:
    """Check programme files: every mistake by its line. Ends with 1 if there is one."""
    console = Console(highlight=False)
    definitions = [_read(console, file) for file in files]
    for definition in filter(None, definitions):
        competencies = sum(len(framework.competencies) for framework in definition.frameworks)
        console.print(
            f"{definition.name}, version {definition.version}: sound. "
            f"{_counted(len(definition.areas), 'area', 'areas')}, "
            f"{_counted(competencies, 'competency', 'competencies')}.",
            markup=False,
            soft_wrap=True,
        )
    if None in definitions:
        raise typer.Exit(1)


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
    definition = _read(console, file)
    if definition is None:
        raise typer.Exit(1)
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

    The same content makes the same command: publishing a file again changes nothing, and a
    framework that two versions of a programme share is published once.
    """
    occurred = {} if on is None else {"occurredOn": on.isoformat()}

    def wish(name: str, content: dict[str, Any]) -> Wish:
        digest = sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
        command_id = derived_id("publish", name, on, digest)
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
        )
        for framework in definition.frameworks
    ]
    return [*frameworks, wish("programmePublish", {"definition": text})]


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


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _read(console: Console, file: Path) -> Definition | None:
    """Return what a file defines; None: it has mistakes, and they were printed."""
    try:
        read = read_programme(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        console.print(f"{file} is not UTF-8 text.", style="red", markup=False)
        return None
    if isinstance(read, Definition):
        return read
    console.print(str(file), markup=False, soft_wrap=True)
    console.print(mistakes_table(read))
    return None


async def _send(gateway: str, token: str, wishes: list[Wish]) -> list[Answer]:
    async with Api(gateway, token) as api:
        answers = await send_all(api, [[wish] for wish in wishes])
        await api.caught_up([at for answer in answers for at in answer.positions])
        return answers
