"""Many commands in one request, as a client sends them that was offline: each its own outcome.

Items are decided in the order they stand in. Consecutive items of one service travel together;
what earlier items wrote in other services is passed on as `after`, so that a session finds the
mentorship that stands two items above it. One bad item never loses its neighbours.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.scalars import JSON
from strawberry.types import Info
from strawberry.types.base import get_object_definition

from services.gateway.commands import Caller, CommandClient, Outcome
from services.gateway.graphql.context import context_of
from services.gateway.graphql.errors import Finding, UserError
from services.gateway.graphql.ids import global_id, split_id
from services.gateway.graphql.inputs import Faults
from services.gateway.graphql.mutations import Asked, findings_of
from services.gateway.graphql.scalars import Position
from shared.deciding.dependence import RESTING, Unmade, may_be_for_lack
from shared.domain.errors import Malformed, MshauriError, UnknownCommand
from shared.domain.phrases import Phrase
from shared.language import message_of, remedy_of
from shared.positions import furthest

MOST = 500
"""Commands in a batch."""
STRETCH = 100
"""Commands that are read, or told of, before the loop goes round: some milliseconds."""


class BatchTooLarge(Malformed):
    """More commands than one request may carry."""

    code = "BATCH_TOO_LARGE"
    template = "A batch holds up to {most} commands; {given} were sent."
    remedy_template = "Send them in several batches, one after the other."


@strawberry.enum(description="What became of one command of a batch.")
class BatchOutcome(Enum):
    """The ways it can go."""

    RECORDED = strawberry.enum_value("RECORDED", description="It is recorded, now or before.")
    REFUSED = strawberry.enum_value(
        "REFUSED", description="A rule says no; nothing was written. See `userErrors`."
    )
    TRIED = strawberry.enum_value(
        "TRIED", description="A `dryRun`: it would be recorded; nothing was written."
    )
    UNANSWERED = strawberry.enum_value(
        "UNANSWERED",
        description="The service could not answer. Send the same command again, with its id.",
    )


@strawberry.input(description="One command of a batch.")
class CommandInput:
    """A command by its name, in the form that the recording services take."""

    name: str = strawberry.field(description="Which command, as its mutation is called.")
    command: JSON = strawberry.field(
        description="Its input, with the same fields; ids may be global ids or plain UUIDs."
    )


@strawberry.input(description="Commands to be decided in the order they stand in.")
class CommandBatchInput:
    """A batch."""

    commands: list[CommandInput] = strawberry.field(description=f"Up to {MOST} commands.")


def _as_it_came(kind: type, given: Mapping[str, Any], _: object) -> Any:
    """Make a batch of what graphql-core has checked.

    Strawberry itself looks up the type of every field of every command anew: for 500 of them that
    holds the loop for longer than anybody's turn.
    """
    return kind(commands=[CommandInput(**each) for each in given["commands"]])


get_object_definition(CommandBatchInput, strict=True).from_input = _as_it_came


@strawberry.type(description="What became of one command of a batch.")
class CommandResult:
    """One item's outcome, at the place of the item."""

    outcome: BatchOutcome = strawberry.field(description="Whether it was recorded.")
    command_id: ID | None = strawberry.field(description="The command's id, as it was sent.")
    id: ID | None = strawberry.field(description="The id of the record; null if not recorded.")
    version: int | None = strawberry.field(description="The version the record reached.")
    positions: list[Position] = strawberry.field(
        description="Give these as `after` to read what was written."
    )
    user_errors: list[UserError] = strawberry.field(
        description="Why it was not recorded, every reason; empty if it was."
    )
    findings: list[Finding] = strawberry.field(
        description="What a `dryRun`, or a refusal, found of it: every rule that it breaks."
    )


@strawberry.type(description="What `commandBatch` answers.")
class CommandBatchPayload:
    """All outcomes."""

    results: list[CommandResult] = strawberry.field(
        description="The outcome of each command, in the order they were sent."
    )
    positions: list[Position] = strawberry.field(
        description="How far each ledger came: give these as `after` to read all of it."
    )
    recorded: int = strawberry.field(description="How many commands were recorded.")
    refused: int = strawberry.field(description="How many were refused, or not answered.")


@dataclass(slots=True)
class Item:
    """A command of the batch on its way."""

    place: int
    asked: Asked
    wire: dict[str, Any]


@dataclass(slots=True)
class Reached:
    """How far each service's partitions came by what was recorded: the furthest positions."""

    _tokens: list[str] = field(default_factory=list)

    def add(self, tokens: list[str]) -> None:
        """Take the positions of an answer in."""
        self._tokens += tokens

    def tokens(self, *, outside: str | None = None) -> list[str]:
        """Return the positions; `outside` leaves out a service, which knows its own."""
        self._tokens = furthest(self._tokens)
        return [token for token in self._tokens if token.partition(".")[0] != outside]


def batch_mutation(asked: Mapping[str, Asked]) -> Any:
    """Return the mutation that takes a batch of these commands."""

    async def resolve(
        info: Info[Any, Any],
        input: Annotated[CommandBatchInput, strawberry.argument(description="The batch.")],
    ) -> CommandBatchPayload:
        context = context_of(info)
        if len(input.commands) > MOST:
            raise BatchTooLarge("input.commands", most=MOST, given=len(input.commands))
        return await send_batch(asked, input.commands, context.parts.commands, context.caller)

    return strawberry.mutation(
        resolver=resolve,
        name="commandBatch",
        description="Send many commands at once, each with its own outcome, as a client does that "
        "was offline. Send the batch again if no answer comes: what was recorded stays recorded "
        "once.",
    )


async def send_batch(
    asked: Mapping[str, Asked],
    commands: list[CommandInput],
    client: CommandClient,
    caller: Caller,
) -> CommandBatchPayload:
    """Send the commands, and return what became of each."""
    results: dict[int, CommandResult] = {}
    items: list[Item] = []
    for place, given in enumerate(commands):
        if place % STRETCH == STRETCH - 1:
            await asyncio.sleep(0)
        read = _read(asked, place, given)
        if isinstance(read, Item):
            items.append(read)
        else:
            results[place] = read
    reached, unmade = Reached(), Unmade()
    for place, result in results.items():
        unmade.note(place, _wire(commands[place].command), _code(result), answered=True)
    for service, group in groupby(items, key=lambda item: item.asked.command.service):
        for item, outcome in await _send(service, list(group), reached, client, caller):
            if item.place % STRETCH == STRETCH - 1:
                await asyncio.sleep(0)
            outcome = _said_of_batch(outcome, unmade.problem(item.wire))
            results[item.place] = result = _result(item, outcome)
            reached.add(list(result.positions))
            if result.outcome in (BatchOutcome.RECORDED, BatchOutcome.TRIED):
                unmade.made(item.wire)
            else:
                unmade.note(item.place, item.wire, _code(result), answered=_is_answered(result))
    ordered = [results[place] for place in range(len(commands))]
    recorded = sum(each.outcome is BatchOutcome.RECORDED for each in ordered)
    tried = sum(each.outcome is BatchOutcome.TRIED for each in ordered)
    return CommandBatchPayload(
        results=ordered,
        positions=[Position(token) for token in reached.tokens()],
        recorded=recorded,
        refused=len(ordered) - recorded - tried,
    )


def _read(asked: Mapping[str, Asked], place: int, given: CommandInput) -> Item | CommandResult:
    command: Any = given.command
    known = asked.get(given.name)
    if known is None:
        return _not_sent(
            command, [UnknownCommand("name", name=given.name, known=", ".join(sorted(asked)))]
        )
    if not isinstance(command, dict):
        fault = Malformed(
            "command",
            problem=Phrase("it is no JSON object"),
            expected=f"{known.command.__name__}Input",
        )
        return _not_sent(command, [fault])
    faults: Faults = []
    wire = known.input.loose(command, "", faults)
    return _not_sent(command, list(faults)) if faults else Item(place, known, wire)


async def _send(
    service: str, items: list[Item], reached: Reached, client: CommandClient, caller: Caller
) -> Iterator[tuple[Item, Outcome]]:
    after = reached.tokens(outside=service)
    body = [{"name": item.asked.name, "command": _resting_on(item.wire, after)} for item in items]
    try:
        outcomes = await client.send_all(service, body, caller)
    except MshauriError as fault:
        # The service was away, or did not take the request: its items wait, the others go on.
        outcomes = [Outcome(problem=_problem(fault)) for _ in items]
    return zip(items, outcomes, strict=True)


def _said_of_batch(outcome: Outcome, rests_on: MshauriError | None) -> Outcome:
    """Say by which item of this batch one waits: a service knows but those that it was sent."""
    if outcome.problem is None or rests_on is None:
        return outcome
    code, status = str(outcome.problem.get("code")), int(outcome.problem.get("status") or 0)
    if code in RESTING or may_be_for_lack(code, status):
        return Outcome(problem={**_problem(rests_on), "params": rests_on.params})
    return outcome


def _resting_on(wire: dict[str, Any], after: list[str]) -> dict[str, Any]:
    if not after:
        return wire
    try:
        return {**wire, "after": furthest([*(wire.get("after") or []), *after])}
    except ValueError:
        return wire  # one of its own is none, and the service says which


def _wire(command: Any) -> Any:
    """Return a command that was not even sent, its own id as the services write it."""
    if not isinstance(command, dict):
        return command
    made = command.get("id")
    split = split_id(made) if isinstance(made, str) else None
    return command if split is None else {**command, "id": str(split[1])}


def _code(result: CommandResult) -> str:
    return result.user_errors[0].code if result.user_errors else ""


def _is_answered(result: CommandResult) -> bool:
    return result.outcome is BatchOutcome.REFUSED


def _problem(error: MshauriError) -> dict[str, Any]:
    return {
        "code": error.code,
        "status": error.status,
        "detail": message_of(error),
        "remedy": remedy_of(error),
        "field": error.field,
    }


def _result(item: Item, outcome: Outcome) -> CommandResult:
    command_id = item.wire.get("commandId")
    if outcome.problem is not None:
        status = int(outcome.problem.get("status") or 0)
        away = status >= 500
        return CommandResult(
            outcome=BatchOutcome.UNANSWERED if away else BatchOutcome.REFUSED,
            command_id=_text(command_id),
            id=None,
            version=None,
            positions=[],
            user_errors=UserError.all_of_problem(outcome.problem),
            findings=findings_of(outcome.problem),
        )
    answer = outcome.answer or {}
    return CommandResult(
        outcome=BatchOutcome.TRIED if item.wire.get("dryRun") else BatchOutcome.RECORDED,
        command_id=_text(command_id),
        id=global_id(answer["record"], UUID(answer["id"])),
        version=answer["version"],
        positions=[Position(token) for token in answer["positions"]],
        user_errors=[],
        findings=findings_of(answer),
    )


def _not_sent(command: Any, errors: list[MshauriError]) -> CommandResult:
    command_id = command.get("commandId") if isinstance(command, dict) else None
    return CommandResult(
        outcome=BatchOutcome.REFUSED,
        command_id=_text(command_id),
        id=None,
        version=None,
        positions=[],
        user_errors=[UserError.of(error) for error in errors],
        findings=[],
    )


def _text(value: Any) -> ID | None:
    return ID(value) if isinstance(value, str) else None
