"""What a process hears of the ledgers: groups of read models, each kept up by a keeper of its own.

access     grants and places: who may, where. No rebuild of views takes them back.
views      what a service decides by; or the gateway's read models.
policies   what is done of itself: forward only (`policy_progress`).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack

import httpx

from shared.access.directory import Directory
from shared.access.facts import ACCESS
from shared.access.facts import GROUP as ACCESS_GROUP
from shared.bus.consumer import Consumer
from shared.domain.errors import Unavailable
from shared.ledger import Head
from shared.ledger.remote import RemoteLedger
from shared.privacy.keys import KeySource
from shared.projection import Projection
from shared.projection.feed import Fed, FeedSource
from shared.projection.keeper import Keeper
from shared.projection.targets import AskHead, Targets
from shared.runtime.alongside import run_along
from shared.runtime.decoding import BLIND, EventDecoder
from shared.runtime.health import PartHealth

_REGISTRY = "registry"

LATE_S = 30.0
"""A group that has not heard all of the bus for so long is not ready."""


class NotLevel(Unavailable):
    """The process does not know yet what it must know to decide."""

    template = "Nothing is decided yet: {group} wait for {waits_for}."
    remedy_template = "Send the same request, with the same command id, again in a moment."


class GrantsTooOld(Unavailable):
    """Grants were not heard of for so long that somebody dismissed may still hold one here."""

    template = (
        "Nothing is decided: grants were last heard of {seconds} s ago, the most is {most} s."
    )
    remedy_template = (
        "Send the same request, with the same command id, again later: operators see to the bus."
    )


def remote_ledgers(
    client: httpx.AsyncClient, services: Mapping[str, str], token: str
) -> dict[str, RemoteLedger]:
    """Return other services' ledgers, to read, by the addresses of these."""
    return {name: RemoteLedger(client, url, token) for name, url in services.items()}


def heads_of(remotes: Mapping[str, RemoteLedger]) -> dict[str, AskHead]:
    """Return how to ask other services how far their ledgers are."""
    return {name: _asking(remote) for name, remote in remotes.items()}


def _asking(remote: RemoteLedger) -> AskHead:
    async def ask() -> Head | None:
        try:
            return await remote.head()
        except Unavailable:
            return None

    return ask


class Following:
    """Opens keepers for a process.

    Args:
        database_url: where read models are kept.
        bootstrap_servers: the bus.
        fetch_max_wait_ms: see the setting of that name.
        heads: how to ask each service how far its ledger is.
        ledgers: each service's ledger itself.
        patience: seconds to wait for their answers.
    """

    def __init__(
        self,
        database_url: str,
        bootstrap_servers: str,
        fetch_max_wait_ms: int,
        heads: Mapping[str, AskHead],
        ledgers: Mapping[str, Fed],
        *,
        patience: float,
    ) -> None:
        self._url = database_url
        self._bootstrap_servers = bootstrap_servers
        self._fetch_max_wait_ms = fetch_max_wait_ms
        self._heads = dict(heads)
        self._ledgers = dict(ledgers)
        self._patience = patience

    def source(self, services: Sequence[str]) -> Callable[[], Consumer]:
        """Return what opens a consumer of these services' topics."""
        return lambda: Consumer(
            self._bootstrap_servers, services, fetch_max_wait_ms=self._fetch_max_wait_ms
        )

    async def keep(
        self,
        name: str,
        projections: Sequence[Projection],
        services: Sequence[str],
        keys: Mapping[str, KeySource],
        stack: AsyncExitStack,
        *,
        stops: str | None = None,
    ) -> Keeper:
        """Keep a group for as long as the stack lasts; see `Engine` for `stops`."""
        keeper = Keeper(
            self._url,
            name,
            projections,
            services,
            source=self.source(services),
            decoder=lambda: EventDecoder(keys),
            targets=Targets(
                {service: self._heads[service] for service in services}, patience=self._patience
            ),
            ledgers=lambda: FeedSource({service: self._ledgers[service] for service in services}),
            options={"stops": stops},
        )
        await run_along(keeper.run(), stack, f"the engine of {name}")
        stack.push_async_callback(keeper.stop)
        return keeper

    async def keep_access(self, stack: AsyncExitStack) -> Keeper:
        """Keep grants and places, which hold nothing personal.

        Where everybody's grants fail, it stops: grants that grow old let nobody in.
        """
        keys, stops = {_REGISTRY: BLIND}, "registry.access_grant."
        return await self.keep(ACCESS_GROUP, [ACCESS], [_REGISTRY], keys, stack, stops=stops)


def must_be_level(keepers: Mapping[str, Keeper]) -> None:
    """Refuse until every group is level.

    Raises:
        NotLevel: one is not.
    """
    for group, keeper in keepers.items():
        if not keeper.level:
            raise NotLevel(group=group, waits_for=keeper.waits_for)


def must_be_fresh(access: Keeper, directory: Directory, most_s: float) -> None:
    """Refuse when grants are not known yet, or too old.

    Raises:
        NotLevel: nobody has read them yet.
        GrantsTooOld: nothing new was heard of them, or they were not read, for too long.
    """
    behind, age = access.behind_s, directory.age_s
    if behind is None or age is None:
        raise NotLevel(group="grants", waits_for="their first reading")
    if max(behind, age) > most_s:
        raise GrantsTooOld(seconds=round(max(behind, age)), most=round(most_s))


def group_health(keeper: Keeper) -> PartHealth:
    """Say how a group stands: what is measured, and what is waited for."""
    health = keeper.health()
    behind = health.behind_s
    said = []
    if not health.level:
        said.append(f"waits for {health.waits_for}")
    said.append("heard nothing yet" if behind is None else f"{behind:.1f} s behind the bus")
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
    late = behind is None or behind > LATE_S
    paused = engine is not None and engine.state == "paused"
    return PartHealth(ready=health.level and not late and not paused, says="; ".join(said))
