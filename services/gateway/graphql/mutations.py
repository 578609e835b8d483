"""One mutation for each command, made from its contract; none is written by hand.

A command's answer is its payload: the refusal, or the positions and the record as it stands once
the read models hold it. The record is read, and waited for, only if it was asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Annotated, Any, get_type_hints
from uuid import UUID

import strawberry
from msgspec.structs import fields
from strawberry import ID
from strawberry.types import Info

from services.gateway.commands import Fault, Outcome
from services.gateway.graphql.context import context_of
from services.gateway.graphql.errors import Finding, UserError
from services.gateway.graphql.ids import global_id
from services.gateway.graphql.inputs import NEW_ID, Faults, Inputs, Shape
from services.gateway.graphql.reading import Node
from services.gateway.graphql.scalars import Position
from services.gateway.graphql.selection import columns_for
from services.gateway.read.declare import models
from shared.contracts.base import Command, in_order, marks


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as the schema offers it.

    Attributes:
        input: its shape.
        entity: what its payload shows of the record, and where its id comes from: the answer
            (None), or a field of the command, where the record itself is not read by that name.
    """

    name: str
    command: type[Command]
    input: Shape
    entity: tuple[str, str | None] | None


@strawberry.interface(description="What every command answers.")
class Payload:
    """The common part of all payloads."""

    command_id: UUID = strawberry.field(description="The command's id, as it was sent.")
    user_errors: list[UserError] = strawberry.field(
        description="Why it was refused, every reason; empty if it was recorded."
    )
    findings: list[Finding] = strawberry.field(
        description="What a `dryRun`, or a refusal, found of it: every rule that it breaks, and "
        "what becomes of each. What a record deviates from, the record says."
    )
    id: ID | None = strawberry.field(description="The id of the record; null if refused.")
    version: int | None = strawberry.field(
        description="The version the record reached: give it as `expectedVersion`."
    )
    positions: list[Position] = strawberry.field(
        description="Give these as `after` to read what was written."
    )
    source: strawberry.Private[UUID | None]
    """The UUID of what the payload shows."""


def describe(commands: Mapping[str, type[Command]], inputs: Inputs) -> dict[str, Asked]:
    """Return how each command is offered, by its wire name."""
    return {
        name: Asked(name, command, inputs.of_command(command), _entity_of(command))
        for name, command in in_order(commands).items()
    }


def mutations(asked: Mapping[str, Asked]) -> dict[str, Any]:
    """Return the mutation of each command, as fields of a Strawberry type."""
    return {each.name: _mutation(each) for each in asked.values()}


def _entity_of(command: type[Command]) -> tuple[str, str | None] | None:
    """Return what the payload shows: the record, or what the command names first and must."""
    if _is_node(command.record):
        return command.record, None
    hints = get_type_hints(command, include_extras=True)
    for info in fields(command):
        kind = marks(hints[info.name]).get("ref")
        if info.required and kind and info.name != NEW_ID:
            return (kind, info.encode_name) if _is_node(kind) else None
    return None


def _is_node(kind: str) -> bool:
    return kind in models and issubclass(models[kind].type, Node)


def _mutation(asked: Asked) -> Any:
    payload = _payload_type(asked)
    description = cleandoc(asked.command.__doc__ or "").replace("\n", " ")

    async def resolve(info: Info[Any, Any], input: Any) -> Any:
        context = context_of(info)
        faults: Faults = []
        wire = asked.input.typed(input, "", faults)
        if faults:
            return _refused(payload, wire["commandId"], [UserError.of(fault) for fault in faults])
        outcome = await context.parts.commands.send(
            asked.command.service, asked.name, wire, context.caller
        )
        return _answered(payload, asked, wire, outcome)

    resolve.__annotations__ = {
        "info": Info[Any, Any],
        "input": Annotated[asked.input.annotation, strawberry.argument(description="The command.")],
        "return": payload,
    }
    return strawberry.mutation(resolver=resolve, name=asked.name, description=description)


def _payload_type(asked: Asked) -> type:
    namespace: dict[str, Any] = {"__annotations__": {}, "__doc__": "A command's answer."}
    if asked.entity is not None:
        kind, _ = asked.entity
        namespace[_variable(kind)] = _entity_field(kind)
    name = f"{asked.command.__name__}Payload"
    made = type(name, (Payload,), namespace)
    return strawberry.type(made, name=name, description=f"What `{asked.name}` answers.")


def _entity_field(kind: str) -> Any:
    async def resolve(root: Payload, info: Info[Any, Any]) -> Any:
        if root.source is None:
            return None
        context = context_of(info)
        await context.reach(root.positions)
        model = models[kind]
        return await context.reader.one(model, columns_for(info, model), root.source)

    resolve.__annotations__ = {
        "root": Any,
        "info": Info[Any, Any],
        "return": models[kind].type | None,
    }
    return strawberry.field(
        resolver=resolve,
        description=f"The {kind} once the command can be read; null if it was refused, or if it "
        "lies outside of what you may read.",
    )


def _answered(payload: type, asked: Asked, wire: dict[str, Any], outcome: Outcome) -> Any:
    if outcome.problem is not None:
        if outcome.is_fault:
            raise Fault(outcome.problem, asked.command.service)
        problem = outcome.problem
        errors = UserError.all_of_problem(problem)
        return _refused(payload, wire["commandId"], errors, findings_of(problem))
    answer = outcome.answer or {}
    id = UUID(answer["id"])
    source = id
    if asked.entity is not None and asked.entity[1] is not None:
        source = UUID(wire[asked.entity[1]])
    return payload(
        command_id=UUID(answer["commandId"]),
        user_errors=[],
        findings=findings_of(answer),
        id=global_id(answer["record"], id),
        version=answer["version"],
        positions=[Position(token) for token in answer["positions"]],
        source=None if wire.get("dryRun") else source,
    )


def findings_of(answered: Mapping[str, Any]) -> list[Finding]:
    """Show what a service found of a command, in its answer or its problem."""
    return [Finding.of_found(each) for each in answered.get("findings") or ()]


def _refused(
    payload: Callable[..., Any],
    command_id: str,
    errors: list[UserError],
    findings: list[Finding] | None = None,
) -> Any:
    return payload(
        command_id=UUID(command_id),
        user_errors=errors,
        findings=findings or [],
        id=None,
        version=None,
        positions=[],
        source=None,
    )


def _variable(kind: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).strip("_")
