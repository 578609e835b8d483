"""Policies at work: an engine that goes forward only, and the runner that sends what is due."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from shared.deciding.commanding import Commander
from shared.deciding.facts import Facts
from shared.following.decoding import BLIND, EventDecoder
from shared.following.groups import LEISURE, Following
from shared.following.policies import Policy, projection_of
from shared.following.policy_progress import SCHEMA, Begun, begin, prepare
from shared.following.policy_runner import PolicyRunner
from shared.projection import builds
from shared.projection.connection import Pool
from shared.projection.engine import Engine
from shared.projection.keeper import Keeper, schema_pool
from shared.projection.standing import LATE_S
from shared.runtime.health import PartHealth


class PolicyFollowing:
    """The policies of a service, from their first start on.

    Args:
        database_url: where their progress is kept.
        pool: of that database.
        following: opens what reads the bus.
        policies: what the service does of itself; it may be nothing.
        views: they begin where these are, and never before these are level.
        begun: told once they have begun.
        zone: where a day begins.
    """

    def __init__(
        self,
        database_url: str,
        pool: Pool,
        following: Following,
        policies: Sequence[Policy],
        views: Keeper,
        begun: Begun,
        zone: ZoneInfo,
    ) -> None:
        self._url = database_url
        self._pool = pool
        self._following = following
        self._policies = tuple(policies)
        self._views = views
        self._zone = zone
        self._begun = begun
        self._engine: Engine | None = None

    async def run(self, commander: Commander, facts: Facts) -> None:
        """Follow and send until cancelled."""
        projection = projection_of(self._policies)
        services = sorted({topic.partition(".")[0] for topic in projection.topics or ()})
        await self._views.standing.wait_level()
        async with AsyncExitStack() as stack:
            own = await stack.enter_async_context(schema_pool(self._url, SCHEMA, most=6))
            await prepare(self._pool, own, projection)
            async with own.acquire() as connection:
                views = await builds.live(connection, self._views.name, self._views.built)
                assert views is not None, "the views are level"
                await begin(connection, projection, services, views.schema)
                await self._begun.look(connection)
            source = self._following.hearing.source(services)()
            stack.push_async_callback(source.close)
            decoder = EventDecoder(dict.fromkeys(services, BLIND))
            self._engine = Engine(
                own,
                source,
                [projection],
                services,
                decoder,
                leisure=LEISURE,
                forward=True,
                awaited=False,
            )
            runner = PolicyRunner(own, commander, self._policies, facts, self._zone)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._engine.run(), name="engine of policies")
                group.create_task(runner.run(), name="policy runner")

    def health(self) -> PartHealth:
        """Say how they stand."""
        if not self._policies:
            return PartHealth(ready=True, says="there are none")
        if self._engine is None:
            return PartHealth(ready=False, says="wait for the views")
        health = self._engine.health()
        behind = health.behind_s
        standby = health.state == "standby"
        says = health.error or health.state
        if behind is not None:
            says += f"; {behind:.1f} s behind the bus"
        if health.parked:
            says += f"; {health.parked} events of {health.people_parked} people wait"
        return PartHealth(ready=standby or (behind is not None and behind <= LATE_S), says=says)
