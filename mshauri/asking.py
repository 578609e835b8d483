"""`mshauri ask`: a question of `docs/questions`, or one's own, put to a Mshauri that runs.

A question is a GraphQL document whose first comment says, in a sentence, what is asked, and whose
second says by whom. What a variable of it names is looked up by the code or number that people know
it by: `--set unit=orgUnit:KE/VIHIGA`, `--set person=healthWorker:DEMO-1`.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from graphql import OperationDefinitionNode, parse, print_ast
from rich.console import Console

from mshauri.api import Api, ApiFault
from mshauri.connection import GATEWAY, Gateway, Token

_LOOKED_UP = {
    "orgUnit": "query ($it: String!) { found: orgUnit(code: $it) { id } }",
    "healthWorker": "query ($it: String!) {"
    " found: healthWorkers(first: 1, filter: {number: $it}) { nodes { id } } }",
}


class NoQuestion(Exception):
    """It cannot be asked as it stands; the message says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        asks: the sentence.
        by: who asks it, and what else there is to know.
        document: the query; empty where it waits for something that is not recorded yet.
        variables: those of the query, with their types: `unit` is an `ID`.
    """

    asks: str
    by: str
    document: str
    variables: Mapping[str, str]


def read_question(path: Path) -> Question:
    """Read a question's file.

    Raises:
        NoQuestion: it says nothing in its first line.
    """
    text = path.read_text(encoding="utf-8")
    said = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    if len(said) < 2:
        raise NoQuestion(f"{path}: its first two lines say what is asked, and by whom.")
    document = "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
    return Question(said[0], " ".join(said[1:]), document, _variables(document))


def _variables(document: str) -> dict[str, str]:
    if not document:
        return {}
    (operation,) = (
        each for each in parse(document).definitions if isinstance(each, OperationDefinitionNode)
    )
    return {
        each.variable.name.value: print_ast(each.type).rstrip("!")
        for each in operation.variable_definitions or ()
    }


async def put(api: Api, question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a question, and return its answer's data.

    Args:
        given: each variable's value; a text `kind:code` for an id is looked up.

    Raises:
        NoQuestion: a variable is not the question's, or nothing is known by such a code.
        ApiFault: the API does not answer.
    """
    if not question.document:
        raise NoQuestion(f"{question.asks} {question.by}")
    if unknown := sorted(given.keys() - question.variables.keys()):
        known = ", ".join(question.variables) or "none"
        raise NoQuestion(f"It has no variable {', '.join(unknown)}; it has {known}.")
    variables = {
        name: await _value(api, name, question.variables[name], value)
        for name, value in given.items()
    }
    data: dict[str, Any] = await api.ask(question.document, **variables)
    return data


async def _value(api: Api, name: str, type: str, value: Any) -> Any:
    if type != "ID" or not isinstance(value, str):
        return value
    kind, colon, code = value.partition(":")
    if not colon or kind not in _LOOKED_UP:
        return value
    found = (await api.ask(_LOOKED_UP[kind], it=code))["found"]
    if found and "nodes" in found:
        found = next(iter(found["nodes"]), None)
    if not found:
        raise NoQuestion(f"{name}: there is no {kind} {code!r} in your scope.")
    return found["id"]


def _typed(question: Question, name: str, value: str) -> Any:
    """Return what was written on the command line, as its variable's type wants it."""
    type = question.variables.get(name, "String")
    if type.startswith("["):
        return [_of(type.strip("[]!"), each) for each in value.split(",")]
    return _of(type, value)


def _of(type: str, value: str) -> Any:
    if type in ("Int", "Float", "Boolean") and re.fullmatch(r"-?[0-9.]+|true|false", value):
        return msgspec.json.decode(value)
    if type.endswith("Input"):
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            raise NoQuestion(f"{value!r} is no JSON, which {type} is written in.") from None
    return value


def ask(
    question: Annotated[
        Path,
        typer.Argument(help="A file of docs/questions, or one's own.", exists=True, dir_okay=False),
    ],
    token: Token,
    set: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A variable: `on=2024-10-29`; an id by what people know it by: "
            "`unit=orgUnit:KE/VIHIGA`, `person=healthWorker:NUMBER`; a list with commas; an object "
            'as JSON: `asOf={"happenedBy": "2024-10-29"}`.',
        ),
    ] = None,
    gateway: Gateway = GATEWAY,
) -> None:
    """Put a question to a Mshauri that runs, and print the answer as JSON."""
    console = Console(stderr=True, highlight=False)
    try:
        asked = read_question(question)
        pairs = [each.partition("=") for each in set or ()]
        given = {name: _typed(asked, name, value) for name, _, value in pairs}
        answer = asyncio.run(_asked(gateway, token, asked, given))
    except (NoQuestion, ApiFault) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())


async def _asked(
    gateway: str, token: str, question: Question, given: Mapping[str, Any]
) -> dict[str, Any]:
    async with Api(gateway, token) as api:
        return await put(api, question, given)
