"""Policies: what the house does of itself when something has happened, in this service or another.

A policy is a pure fold from an event to the commands it calls for. An engine of its own writes
them into a table; `policy_runner` sends them and takes them out once they are answered. Its
progress goes forward only: no rebuild of views takes it back, and what was decided is never decided
anew. The same event, read twice, calls for the same command under the same id, which is answered as
before. A command waits until the views hold what called for it, and all else that was heard by
then.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from shared.access.policy import POLICY
from shared.contracts.base import Command, Event, wire_name
from shared.deciding.facts import Facts
from shared.domain import derived_id
from shared.positions import position_token
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

CAUSE = "causedBy"
"""Beside the fields of a command in its row: the id of the event that called for it."""

SomeEvent = TypeVar("SomeEvent", bound=Event)

DUE = Table(
    name="policy_due",
    version=1,
    key=("policy", "about"),
    columns={
        "policy": Column(type="text"),
        "about": Column(type="uuid"),
        "command": Column(type="text"),
        "command_id": Column(type="uuid"),
        "correlation_id": Column(type="uuid"),
        "content": Column(type="jsonb"),
    },
)
"""The commands that are called for and not answered yet. One row for whatever a command is about:
where several events call for the same judgement, the last of them is judged."""


class Reaction:
    """A command that an event calls for.

    Args:
        command: its contract; one that names `policy` among who may ask.
        about: what is to be judged; a later event about the same replaces this one.
        fields: its content, by the contract's Python names.
    """

    def __init__(self, command: type[Command], *, about: UUID, **fields: Any) -> None:
        if POLICY not in command.roles:
            msg = f"{wire_name(command)} is not for policies: its contract does not name them"
            raise TypeError(msg)
        self.command = command
        self.about = about
        self.fields = fields


Daily = Callable[[Facts, date], Awaitable[Iterable[Reaction]]]
"""Looks, on a day, at what has come due by then."""


class Policy:
    """One policy: a name for ever, since command ids are made of it, and its reactions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.reactions: list[
            tuple[type[Event], Callable[[Any, Happening], Iterable[Reaction]]]
        ] = []
        self.each_day: list[Daily] = []

    def on(
        self, *bodies: type[SomeEvent]
    ) -> Callable[
        [Callable[[SomeEvent, Happening], Iterable[Reaction]]],
        Callable[[SomeEvent, Happening], Iterable[Reaction]],
    ]:
        """Make the decorated function say what these events call for. It is pure."""

        def register(
            react: Callable[[SomeEvent, Happening], Iterable[Reaction]],
        ) -> Callable[[SomeEvent, Happening], Iterable[Reaction]]:
            self.reactions += [(body, react) for body in bodies]
            return react

        return register

    def daily(self, look: Daily) -> Daily:
        """Make the decorated function say what a new day calls for: only time has passed."""
        self.each_day.append(look)
        return look


def projection_of(policies: Sequence[Policy]) -> Projection:
    """Return the projection that keeps what these policies call for."""
    projection = Projection("policies", DUE)
    for policy in policies:
        for body, react in policy.reactions:
            projection.on(body)(_due(policy, react))
    return projection


def _due(
    policy: Policy, react: Callable[[Any, Happening], Iterable[Reaction]]
) -> Callable[[Any, Happening], Iterator[Change]]:
    def fold(body: Event, happening: Happening) -> Iterator[Change]:
        for reaction in react(body, happening):
            yield _called_for(
                policy,
                reaction,
                because=happening.id,
                on=happening.meta.occurred_on,
                cause=happening.id,
                correlation_id=happening.meta.correlation_id,
                after=[
                    position_token(
                        happening.service,
                        happening.partition,
                        happening.position,
                        happening.epoch,
                    )
                ],
            )

    return fold


def _called_for(
    policy: Policy,
    reaction: Reaction,
    *,
    because: object,
    on: date,
    cause: UUID | None = None,
    correlation_id: UUID | None = None,
    after: list[str] | None = None,
) -> Upsert:
    """Return the row of a command that something calls for: `because` of it once, whoever asks."""
    command = reaction.command(
        command_id=derived_id("policy", policy.name, reaction.about, because),
        **{"occurred_on": on, "after": after, **reaction.fields},
    )
    return Upsert(
        DUE,
        (policy.name, reaction.about),
        {
            "command": wire_name(reaction.command),
            "command_id": command.command_id,
            "correlation_id": correlation_id or command.command_id,
            "content": msgspec.to_builtins(command)
            | ({} if cause is None else {CAUSE: str(cause)}),
        },
    )


async def due_on(policies: Sequence[Policy], facts: Facts, today: date) -> list[Upsert]:
    """Return what a day calls for, in all policies."""
    return [
        _called_for(policy, reaction, because=today, on=today)
        for policy in policies
        for look in policy.each_day
        for reaction in await look(facts, today)
    ]
