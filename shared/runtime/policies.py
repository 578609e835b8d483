"""Policies: what the house does of itself when something has happened, in this service or another.

A policy is a pure fold from an event to the commands it calls for. The engine writes them into a
table, in the transaction that keeps the views up; `PolicyRunner` sends them and takes them out once
they are answered. So a policy resumes where it stood, whatever was killed; the same event, read
again, calls for the same command under the same id, which is answered as before; and what a command
finds in the views is at least what called for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

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
from shared.runtime.facts import Facts
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
_HOURLY = timedelta(hours=1)
"""Between looks at what the day calls for: the day begins within the hour, and a look is cheap."""
_TICK = 1.0
"""Seconds between looks, where no notification comes."""

_READ = f"SELECT * FROM {DUE.physical} ORDER BY policy, about LIMIT {PAGE}"
_ANSWERED = f"""
DELETE FROM {DUE.physical} AS due
USING unnest($1::text[], $2::uuid[], $3::uuid[]) AS done (policy, about, command_id)
WHERE (due.policy, due.about, due.command_id) = (done.policy, done.about, done.command_id)
"""
_CALLED = ("policy", "about", "command", "command_id", "correlation_id", "content")
# What an event calls for is not replaced by what the day does.
_CALL = f"""
INSERT INTO {DUE.physical} ({", ".join(_CALLED)}) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
ON CONFLICT DO NOTHING
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
                correlation_id=happening.meta.correlation_id,
            )

    return fold


def _called_for(
    policy: Policy,
    reaction: Reaction,
    *,
    because: object,
    on: date,
    correlation_id: UUID | None = None,
) -> Upsert:
    """Return the row of a command that something calls for: `because` of it once, whoever asks."""
    command = reaction.command(
        command_id=derived_id("policy", policy.name, reaction.about, because),
        **{"occurred_on": on, **reaction.fields},
    )
    return Upsert(
        DUE,
        (policy.name, reaction.about),
        {
            "command": wire_name(reaction.command),
            "command_id": command.command_id,
            "correlation_id": correlation_id or command.command_id,
            "content": msgspec.to_builtins(command),
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

    def __init__(
        self,
        pool: Pool,
        database_url: str,
        commander: Commander,
        policies: Sequence[Policy],
        facts: Facts,
        zone: ZoneInfo,
    ) -> None:
        """Prepare to send as `commander` decides.

        Args:
            database_url: one connection of its own listens there.
            policies: those that a new day calls upon, among others.
            zone: where a day begins.
        """
        self._pool = pool
        self._url = database_url
        self._commander = commander
        self._policies = policies
        self._facts = facts
        self._zone = zone
        self._looked: datetime | None = None
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
                        await self._look_at_the_day()
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

    async def _look_at_the_day(self) -> None:
        now = datetime.now(UTC)
        if self._looked is not None and now - self._looked < _HOURLY:
            return
        called_for = await due_on(self._policies, self._facts, now.astimezone(self._zone).date())
        await self._pool.executemany(
            _CALL,
            [
                (*change.key, *(change.values[name] for name in _CALLED[2:5]), _json(change))
                for change in called_for
            ],
        )
        self._looked = now

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


def _json(change: Upsert) -> str:
    return msgspec.json.encode(change.values["content"]).decode()
