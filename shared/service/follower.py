"""A service's follower: publishes and seals its ledger, keeps its views, carries out its policies.

It serves no commands. Any number may run: one leads the relay, one engine owns a partition, the
others stand by. What policies ask for is decided here, as everywhere: by the same commander, on the
same ledger.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from shared.bus.relay import Relay
from shared.following.groups import Following, group_health
from shared.following.hearing import Hearing
from shared.following.lag import RelayLag
from shared.following.policy_following import PolicyFollowing
from shared.following.policy_progress import Begun
from shared.projection.keeper import Keeper
from shared.runtime.alongside import run_along
from shared.runtime.health import PartHealth, database_health
from shared.runtime.metrics import come_to
from shared.runtime.settings import FollowerSettings
from shared.service.parts import Books, Deciding
from shared.service.recording import VIEWS, RecordingService, heard_by
from shared.transparency.kept import Log

VIEW_CONNECTIONS = 6
"""To the views in use, at most: policies send some commands at a time."""


class Follower:
    """What follows one service, for as long as the stack it was opened on lasts."""

    def __init__(
        self,
        *,
        books: Books,
        relay: Relay,
        lag: RelayLag,
        access: Keeper,
        views: Keeper,
        policies: PolicyFollowing,
        log: Log,
    ) -> None:
        self.relay = relay
        self.log = log
        self.keepers = {"grants": access, "views": views}
        self._books = books
        self._lag = lag
        self._policies = policies

    @classmethod
    async def open(
        cls,
        service: RecordingService,
        settings: FollowerSettings,
        books: Books,
        hearing: Hearing,
        stack: AsyncExitStack,
    ) -> "Follower":
        """Follow a service until the stack is left.

        Args:
            hearing: how this process hears the bus, whomever else it follows.
        """
        url = settings.database_url
        relay = Relay(
            service.name,
            books.ledger,
            database_url=url,
            bootstrap_servers=settings.bootstrap_servers,
            come_to=come_to,
        )
        await run_along(relay.run(), stack, "the relay")
        lag = RelayLag(books.pool)
        await run_along(lag.run(), stack, "the relay's lag")
        log = await Log.open(
            service.name, settings, books.pool, books.ledger, stack, relay.publish_checkpoint
        )
        following = Following(
            url, hearing, books.heads, books.ledgers, patience=settings.peers_patience_s
        )
        access = await following.keep_access(stack)
        heard, keys = heard_by(service.decided_by), service.keys(books.keys)
        views = await following.keep(VIEWS, service.decided_by, heard, keys, stack)
        begun = Begun(service.policies)
        policies = PolicyFollowing(
            url, books.pool, following, service.policies, views, begun, ZoneInfo(settings.zone)
        )
        if service.policies:
            deciding = await Deciding.open(
                service,
                settings,
                books,
                stack,
                access=access.standing,
                views=views.standing,
                begun=begun,
                directory=None,
                most=VIEW_CONNECTIONS,
            )
            await run_along(policies.run(deciding.commander, deciding.facts), stack, "the policies")
        return cls(
            books=books,
            relay=relay,
            lag=lag,
            access=access,
            views=views,
            policies=policies,
            log=log,
        )

    async def health(self) -> Mapping[str, PartHealth]:
        """Say how each part stands."""
        return {
            "database": await database_health(self._books.pool),
            "relay": self._lag.health(leading=self.relay.leading),
            **{name: group_health(keeper) for name, keeper in self.keepers.items()},
            "policies": self._policies.health(),
            "log": self.log.health(),
        }
