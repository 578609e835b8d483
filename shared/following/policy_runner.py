"""Sends what policies call for, and takes it out of their table once it is answered.

Whoever is killed in between finds the same rows when it is back; a command that was recorded
already is not recorded twice: its event gave it its id.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import structlog

from shared.access.policy import Actor
from shared.contracts.base import commands
from shared.database.pools import Pool
from shared.deciding.commanding import Commander
from shared.deciding.facts import Facts, plain_json
from shared.deciding.work import Origin
from shared.domain.errors import MshauriError, Unavailable
from shared.domain.pausing import go_on_unless_cancelled, wait_a_while
from shared.following.policies import CAUSE, DUE, Policy, due_on
from shared.projection import Upsert
from shared.projection.connection import Connection
from shared.projection.progress import CHANGED_CHANNEL, Reached, channel_of
from shared.projection.source import Place
from shared.runtime.metrics import policy_commands

_log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Commands under way at a time: they share group commits, and leave room for those of people."""
PAGE = 200
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_HOURLY = timedelta(hours=1)
"""Between looks at what the day calls for: the day begins within the hour, and a look is cheap."""
_TICK = 1.0
"""Seconds between looks, where no notification comes."""

_READ = f"""
SELECT due.*, answered.outcome
  FROM {DUE.physical} AS due LEFT JOIN policy_answered AS answered USING (command_id)
 ORDER BY policy, about LIMIT {PAGE}
"""
# What was answered, a refusal too, is kept: it is not decided another time, whatever is read again.
_ANSWERED = f"""
WITH done AS (
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[])
               AS done (policy, about, command_id, outcome)
), kept AS (
    INSERT INTO policy_answered (command_id, outcome) SELECT command_id, outcome FROM done
    ON CONFLICT DO NOTHING
)
DELETE FROM {DUE.physical} AS due USING done
WHERE (due.policy, due.about, due.command_id) = (done.policy, done.about, done.command_id)
"""
_CALLED = ("policy", "about", "command", "command_id", "correlation_id", "content")
# What an event calls for is not replaced by what the day does.
_CALL = f"""
INSERT INTO {DUE.physical} ({", ".join(_CALLED)}) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
ON CONFLICT DO NOTHING
"""


async def carry_out(
    commander: Commander, policy: str, command: str, content: Any, correlation_id: UUID
) -> str:
    """Have one command that a policy calls for decided; return its outcome: `ok` or a code.

    Raises:
        Unavailable: it could not be decided now.
    """
    # What a release from before wrote into the table says no cause, and neither does a new day.
    cause = UUID(content[CAUSE]) if CAUSE in content else None
    fields = {name: value for name, value in content.items() if name != CAUSE}
    wish = msgspec.convert(fields, commands[command])
    origin = Origin(correlation_id, cause or wish.command_id)
    actor = Actor(subject=f"policy:{policy}", policy=True)
    try:
        await commander.carry_out(wish, lambda: actor, origin)
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
        commander: Commander,
        policies: Sequence[Policy],
        facts: Facts,
        zone: ZoneInfo,
    ) -> None:
        """Prepare to send as `commander` decides.

        Args:
            pool: of the schema that policies keep their progress in.
            policies: those that a new day calls upon, among others.
            zone: where a day begins.
        """
        self._pool = pool
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
                async with self._pool.acquire() as connection, self._hearing(connection):
                    while not connection.is_closed():
                        await self._look_at_the_day()
                        await self._send_due()
                        await wait_a_while(self._news, _TICK)
            except _AWAY as away:
                go_on_unless_cancelled()
                _log.warning("policies wait", problem=type(away).__name__)
            await asyncio.sleep(_TICK)

    @asynccontextmanager
    async def _hearing(self, connection: Connection) -> AsyncIterator[None]:
        channel = await channel_of(connection, CHANGED_CHANNEL)
        await connection.add_listener(channel, self._heard)
        try:
            yield
        finally:
            if not connection.is_closed():
                await connection.remove_listener(channel, self._heard)

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
            # Of several events that call for one judgement the last is waited for by its position,
            # and may be of another ledger: what is judged holds all that policies have heard.
            if not rows or not await self._facts.hold(await self._heard_so_far()):
                return
            async with asyncio.TaskGroup() as group:
                sent = [group.create_task(self._send(row)) for row in rows]
            answered = zip(rows, (task.result() for task in sent), strict=True)
            done = [(row, outcome) for row, outcome in answered if outcome is not None]
            columns = [[row[name] for row, _ in done] for name in ("policy", "about", "command_id")]
            await self._pool.execute(_ANSWERED, *columns, [outcome for _, outcome in done])
            if len(done) < PAGE:  # no more, or some that cannot be answered now
                return

    async def _heard_so_far(self) -> dict[Place, Reached]:
        rows = await self._pool.fetch("SELECT service, partition, epoch, position FROM applied")
        return {(row[0], row[1]): Reached(row[2], row[3]) for row in rows}

    async def _send(self, row: asyncpg.Record) -> str | None:
        """Have one command decided, unless it was; return its outcome, or None for now."""
        policy = row["policy"]
        if row["outcome"] is not None:
            return str(row["outcome"])
        async with self._gate:
            content = plain_json(row["content"])
            try:
                outcome = await carry_out(
                    self._commander, policy, row["command"], content, row["correlation_id"]
                )
            except Exception as problem:
                go_on_unless_cancelled()
                # It stays where it is, for the next look; its neighbours are answered.
                _log.warning(
                    "a policy's command waits",
                    policy=policy,
                    problem=type(problem).__name__,
                    exc_info=not isinstance(problem, (Unavailable, *_AWAY)),
                )
                policy_commands.labels(policy, "WAITS").inc()
                return None
            policy_commands.labels(policy, outcome).inc()
            return outcome


def _json(change: Upsert) -> str:
    return msgspec.json.encode(change.values["content"]).decode()
