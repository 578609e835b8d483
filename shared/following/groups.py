"""What a process hears of the ledgers: groups of read models, each kept up by a keeper of its own.

access     grants and places: who may, where. No rebuild of views takes them back.
views      what a service decides by; or the gateway's read models.
policies   what is done of itself: forward only (`policy_progress`).
"""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol

from shared.access.facts import ACCESS
from shared.access.facts import GROUP as ACCESS_GROUP
from shared.following.decoding import BLIND, EventDecoder
from shared.following.hearing import Hearing
from shared.privacy.keys import KeySource
from shared.projection import Projection
from shared.projection.feed import Fed, FeedSource
from shared.projection.forgetting import History
from shared.projection.keeper import Keeper
from shared.projection.targets import AskHead, Targets
from shared.runtime.alongside import run_along
from shared.runtime.health import PartHealth

_REGISTRY = "registry"

LEISURE = 3.0
"""Of whatever nobody waits for who reads: see `Engine`."""


class Told(Fed, History, Protocol):
    """A ledger, as far as it is read here."""


class Following:
    """Opens keepers for a process.

    Args:
        database_url: where read models are kept.
        hearing: how the bus is heard.
        heads: how to ask each service how far its ledger is.
        ledgers: each service's ledger itself.
        patience: seconds to wait for their answers.
    """

    def __init__(
        self,
        database_url: str,
        hearing: Hearing,
        heads: Mapping[str, AskHead],
        ledgers: Mapping[str, Told],
        *,
        patience: float,
    ) -> None:
        self.hearing = hearing
        self._url = database_url
        self._heads = dict(heads)
        self._ledgers = dict(ledgers)
        self._patience = patience

    async def keep(
        self,
        name: str,
        projections: Sequence[Projection],
        services: Sequence[str],
        keys: Mapping[str, KeySource],
        stack: AsyncExitStack,
        **options: Any,
    ) -> Keeper:
        """Keep a group for as long as the stack lasts; see `Engine` for `options`."""
        # Where keys are never asked for, nothing is read that could be forgotten.
        people = {name: self._ledgers[name] for name in services if keys.get(name) is not BLIND}
        keeper = Keeper(
            self._url,
            name,
            projections,
            services,
            source=self.hearing.source(services),
            decoder=lambda: EventDecoder(keys),
            targets=Targets(
                {service: self._heads[service] for service in services}, patience=self._patience
            ),
            ledgers=lambda: FeedSource({service: self._ledgers[service] for service in services}),
            options={"leisure": LEISURE, "histories": people, **options},
        )
        await run_along(keeper.run(), stack, f"the engine of {name}")
        stack.push_async_callback(keeper.stop)
        return keeper

    async def keep_access(self, stack: AsyncExitStack) -> Keeper:
        """Keep grants and places, which hold nothing personal.

        Where everybody's grants fail, it stops: grants that grow old let nobody in.
        """
        keys, stops = {_REGISTRY: BLIND}, "registry.access_grant."
        # Who goes by grants follows their tables, and waits for no position in them.
        options = {"stops": stops, "awaited": False}
        return await self.keep(ACCESS_GROUP, [ACCESS], [_REGISTRY], keys, stack, **options)


def group_health(keeper: Keeper) -> PartHealth:
    """Say how a group stands: what is measured, and what is waited for."""
    health, standing = keeper.health(), keeper.standing
    said = standing.said
    if health.building is not None:
        said.append(f"a build beside it lacks {health.building} events")
    engine = health.engine
    if engine is not None:
        if engine.error or engine.state not in ("running", "standby"):
            said.append(engine.error or engine.state)
        if engine.parked:
            said.append(f"{engine.parked} events of {engine.people_parked} people wait")
        if engine.unreadable:
            said.append(f"{engine.unreadable} records on the bus are no events")
    paused = engine is not None and engine.state == "paused"
    return PartHealth(ready=standing.fit and not paused, says="; ".join(said))
