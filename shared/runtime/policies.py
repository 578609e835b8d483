"""Policies: what the house does of itself when something has happened, in this service or another.

A policy is a pure fold from an event to the commands it calls for. The engine writes them into a
table, in the transaction that keeps the views up; `PolicyRunner` sends them and takes them out once
they are answered. So a policy resumes where it stood, whatever was killed; the same event, read
again, calls for the same command under the same id, which is answered as before; and what a command
finds in the views is at least what called for it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import structlog

from shared.access.policy import Actor
from shared.contracts.base import Command, Event, commands, wire_name
from shared.domain import derived_id
from shared.domain.errors import MshauriError, Unavailable
from shared.projection import Change, Column, Happening, Projection, Table, Upsert
from shared.runtime.commanding import Commander
from shared.runtime.database import Pool
from shared.runtime.metrics import policy_commands

SomeEvent = TypeVar("SomeEvent", bound=Event)
_log = structlog.get_logger(__name__)

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

AT_ONCE = 8
"""Commands under way at a time: they share group commits, and leave room for those of people."""
PAGE = 200
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_TICK = 1.0
"""Seconds between looks, where no notification comes."""

_READ = f"SELECT * FROM {DUE.physical} ORDER BY policy, about LIMIT {PAGE}"
_ANSWERED = f"""
DELETE FROM {DUE.physical} AS due
USING unnest($1::text[], $2::uuid[], $3::uuid[]) AS done (policy, about, command_id)
WHERE (due.policy, due.about, due.command_id) = (done.policy, done.about, done.command_id)
"""
# What is taken out of the table may come back with a crash: it is answered as before then.
_LAZILY = "SET LOCAL synchronous_commit = off"


class Reaction:
    """A command that an event calls for.

    Args:
        command: its contract; one that names `policy` among who may ask.
        about: what is to be judged; a later event about the same replaces this one.
        fields: its content, by the contract's Python names.
    """

    def __init__(self, command: type[Command], *, about: UUID, **fields: Any) -> None:
        if "POLICY" not in command.roles:
            msg = f"{wire_name(command)} is not for policies: its contract does not name them"
            raise TypeError(msg)
        self.command = command
        self.about = about
        self.fields = fields


class Policy:
    """One policy: a name for ever, since command ids are made of it, and its reactions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.reactions: list[
            tuple[type[Event], Callable[[Any, Happening], Iterable[Reaction]]]
        ] = []

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
            command = reaction.command(
                command_id=derived_id("policy", policy.name, reaction.about, happening.id),
                **{"occurred_on": happening.meta.occurred_on, **reaction.fields},
            )
            yield Upsert(
                DUE,
                (policy.name, reaction.about),
                {
                    "command": wire_name(reaction.command),
                    "command_id": command.command_id,
                    "correlation_id": happening.meta.correlation_id,
                    "content": msgspec.to_builtins(command),
                },
            )

    return fold


async def carry_out(
    commander: Commander, policy: str, command: str, content: Any, correlation_id: UUID
) -> str:
    """Have one command that a policy calls for decided; return its outcome: `ok` or a code.

    Raises:
        Unavailable: it could not be decided now.
    """
    wish = msgspec.convert(content, commands[command])
    actor = Actor(subject=f"policy:{policy}", policy=True)
    try:
        await commander.carry_out(wish, lambda: actor, correlation_id)
    except Unavailable:
        raise
    except MshauriError as refusal:
        return refusal.code
    return "ok"


class PolicyRunner:
    """Sends what is due, for as long as it runs."""

    def __init__(self, pool: Pool, database_url: str, commander: Commander) -> None:
        self._pool = pool
        self._url = database_url
        self._commander = commander
        self._news = asyncio.Event()
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Send until cancelled; what is away is waited for."""
        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=5)
                try:
                    await connection.add_listener("changed", self._heard)
                    connection.add_termination_listener(lambda _connection: self._news.set())
                    while not connection.is_closed():
                        await self._send_due()
                        with suppress(TimeoutError):
                            await asyncio.wait_for(self._news.wait(), _TICK)
                finally:
                    connection.terminate()
            except _AWAY as away:
                _log.warning("policies wait", problem=str(away) or type(away).__name__)
            await asyncio.sleep(_TICK)

    def _heard(self, *notification: Any) -> None:
        if notification[-1] in (DUE.name, DUE.physical):
            self._news.set()

    async def _send_due(self) -> None:
        while True:
            self._news.clear()
            rows = await self._pool.fetch(_READ)
            if not rows:
                return
            async with asyncio.TaskGroup() as group:
                sent = [group.create_task(self._send(row)) for row in rows]
            done = [row for row, task in zip(rows, sent, strict=True) if task.result()]
            columns = [[row[name] for row in done] for name in ("policy", "about", "command_id")]
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_LAZILY)
                await connection.execute(_ANSWERED, *columns)
            if len(done) < PAGE:  # no more, or some that cannot be answered now
                return

    async def _send(self, row: asyncpg.Record) -> bool:
        """Have one command decided; say whether it was."""
        policy = row["policy"]
        async with self._gate:
            content = row["content"]
            if isinstance(content, str):
                content = msgspec.json.decode(content)
            try:
                outcome = await carry_out(
                    self._commander, policy, row["command"], content, row["correlation_id"]
                )
            except Exception as problem:
                # It stays where it is, for the next look; its neighbours are answered.
                _log.warning(
                    "a policy's command waits",
                    policy=policy,
                    problem=str(problem) or type(problem).__name__,
                    exc_info=not isinstance(problem, (Unavailable, *_AWAY)),
                )
                policy_commands.labels(policy, "WAITS").inc()
                return False
            policy_commands.labels(policy, outcome).inc()
            return True
