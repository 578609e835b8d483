"""`mshauri lists tell`: a country's code lists from a file: its cadres, kinds of units, nicknames.

    country: KE                    # the code of the unit at the country's root; none: everywhere
    lists:
      CADRE:
        - {code: NURSE, name: Nurse, aliases: [RN], isco: "2221"}

What is said of an entry is what `CodeListEntry` says.
"""

import asyncio
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import msgspec
import typer
from msgspec import Struct
from rich.console import Console
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mshauri.api import Answer, Api, ApiFault, Wish
from mshauri.connection import GATEWAY, Gateway, Token
from shared.contracts.registry.code_list import CodeListEntry, CodeListKind

app = typer.Typer(help="Code lists of a country.", no_args_is_help=True)

UNCHANGED = "LIST_UNCHANGED"
_UNIT = "query Country($code: String!) { orgUnit(code: $code) { id } }"

File = Annotated[
    Path, typer.Argument(help="The country's lists, in YAML.", exists=True, dir_okay=False)
]


class ListsFile(Struct, forbid_unknown_fields=True):
    """What a file tells: lists by what they are of, for a country or for everywhere."""

    lists: dict[CodeListKind, tuple[CodeListEntry, ...]]
    country: str | None = None


class Wrong(Exception):
    """A file, or a country, that is not as it should be; the message says how."""


@app.callback()
def _lists() -> None:
    """Code lists of a country."""


@app.command()
def tell(
    file: File,
    token: Token,
    gateway: Gateway = GATEWAY,
    country: Annotated[
        str | None,
        typer.Option(help="The code of the unit at the country's root.  [default: the file's]"),
    ] = None,
) -> None:
    """Tell a country's lists, each as a whole, and wait until they can be read.

    Safe to repeat: a list that is on record as the file has it stays as it is.
    """
    console = Console(highlight=False)
    try:
        told = read_lists(file.read_bytes())
        answers = asyncio.run(_send(gateway, token, told, country or told.country))
    except Wrong as wrong:
        console.print(str(wrong), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except ApiFault as fault:
        console.print(str(fault), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    for list, answer in answers.items():
        console.print(f"{list.value}: {_said(answer)}", markup=False, soft_wrap=True)
    if not all(map(_settled, answers.values())):
        raise typer.Exit(1)


def read_lists(text: bytes) -> ListsFile:
    """Return what a file tells.

    Raises:
        Wrong: it is no such file.
    """
    try:
        return msgspec.convert(YAML(typ="safe").load(text), ListsFile)
    except (YAMLError, msgspec.ValidationError, UnicodeDecodeError) as problem:
        raise Wrong(f"The file cannot be read: {problem}") from None


def tell_wishes(told: ListsFile, org_unit_id: str | None) -> dict[CodeListKind, Wish]:
    """Return the commands that tell the lists of a file, by what each is of."""
    country: dict[str, Any] = {} if org_unit_id is None else {"orgUnitId": org_unit_id}
    return {
        list: Wish(
            "codeListTell",
            {
                "commandId": str(uuid4()),
                "list": list.value,
                "entries": msgspec.to_builtins(entries),
                **country,
            },
        )
        for list, entries in told.lists.items()
    }


async def _send(
    gateway: str, token: str, told: ListsFile, country: str | None
) -> dict[CodeListKind, Answer]:
    async with Api(gateway, token) as api:
        unit = await _country(api, country)
        wishes = tell_wishes(told, unit)
        answers = await api.send([*wishes.values()])
        await api.caught_up([at for answer in answers for at in answer.positions])
        return dict(zip(wishes, answers, strict=True))


async def _country(api: Api, code: str | None) -> str | None:
    if code is None:
        return None
    unit = (await api.ask(_UNIT, code=code))["orgUnit"]
    if unit is None:
        raise Wrong(f"There is no org unit {code}. Establish it first, or name it by --country.")
    return str(unit["id"])


def _settled(answer: Answer) -> bool:
    return answer.recorded or answer.errors[0].code == UNCHANGED


def _said(answer: Answer) -> str:
    if answer.recorded:
        return "told"
    if _settled(answer):
        return "as it is on record"
    first = answer.errors[0]
    where = f"{first.field}: " if first.field else ""
    return f"{where}{first.message} {first.remedy or ''}".rstrip()
