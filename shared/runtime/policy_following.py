"""Policies at work: an engine that goes forward only, and the runner that sends what is due."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from shared.projection import builds
from shared.projection.connection import Pool
from shared.projection.engine import Engine
from shared.projection.keeper import Keeper, schema_pool
from shared.runtime.commanding import Commander
from shared.runtime.decoding import BLIND, EventDecoder
from shared.runtime.facts import Facts
from shared.runtime.following import LATE_S, Following, NotLevel
from shared.runtime.health import PartHealth
from shared.runtime.policies import Policy, projection_of
from shared.runtime.policy_progress import SCHEMA, begin, prepare
from shared.runtime.policy_runner import PolicyRunner


class PolicyFollowing:
    """The policies of a service, from their first start on.

    Args:
        database_url: where their progress is kept.
        pool: of that database.
        following: opens what reads the bus.
        policies: what the service does of itself; it may be nothing.
        views: they begin where these are, and never before these are level.
        zone: where a day begins.
    """

    def __init__(
        self,
        database_url: str,
        pool: Pool,
        following: Following,
        policies: Sequence[Policy],
        views: Keeper,
        zone: ZoneInfo,
    ) -> None:
        self._url = database_url
        self._pool = pool
        self._following = following
        self._policies = tuple(policies)
        self._views = views
        self._zone = zone
        self._begun = not policies
        self._engine: Engine | None = None

    async def run(self, commander: Commander, facts: Facts) -> None:
        """Follow and send until cancelled."""
        projection = projection_of(self._policies)
        services = sorted({topic.partition(".")[0] for topic in projection.topics or ()})
        await self._views.wait_level()
        async with AsyncExitStack() as stack:
            own = await stack.enter_async_context(schema_pool(self._url, SCHEMA, most=6))
            await prepare(self._pool, own, projection)
            async with own.acquire() as connection:
                views = await builds.live(connection, self._views.name, self._views.built)
                assert views is not None, "the views are level"
                await begin(connection, projection, services, views.schema)
            source = self._following.source(services)()
            stack.push_async_callback(source.close)
            decoder = EventDecoder(dict.fromkeys(services, BLIND))
            self._engine = Engine(own, source, [projection], services, decoder, forward=True)
            runner = PolicyRunner(own, commander, self._policies, facts, self._zone)
            self._begun = True
            async with asyncio.TaskGroup() as group:
                group.create_task(self._engine.run(), name="engine of policies")
                group.create_task(runner.run(), name="policy runner")

    def must_have_begun(self) -> None:
        """Refuse until it is settled where policies begin: what is decided before is not theirs.

        Raises:
            NotLevel: it is not.
        """
        if not self._begun:
            raise NotLevel(group="policies", waits_for="their first start")

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
