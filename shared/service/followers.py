"""A process that follows one service, or several: as many as it is given databases of.

Where a country's load asks for it, each service has a process of its own, or more than one; where
memory counts, one follows all of them.
"""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

from starlette.applications import Starlette

from shared.bus.news import Growing
from shared.bus.relay import Relay
from shared.following.hearing import Hearing
from shared.following.metrics import KeeperMetrics, LogMetrics, RelayMetrics
from shared.projection.keeper import Keeper
from shared.runtime.health import PartHealth, health_routes
from shared.runtime.metrics import exposed
from shared.runtime.serving import living, serve
from shared.runtime.settings import FollowersSettings, settings_or_exit
from shared.service.follower import Follower
from shared.service.parts import Books
from shared.service.recording import RecordingService
from shared.transparency.sealing import Sealing

NAME = "followers"


class Followers:
    """The process: it answers nobody but whoever asks for its health."""

    def __init__(self, services: Sequence[RecordingService], settings: FollowersSettings) -> None:
        """Take whom to follow, of whom the settings name a database; nothing is started yet."""
        self._settings = settings
        self._following = {
            service: told
            for service in services
            if (told := settings.following(service.name)) is not None
        }
        self._followers: dict[str, Follower] = {}

    def app(self) -> Starlette:
        """Return its HTTP face; it follows for as long as that is served."""
        return Starlette(routes=health_routes(self._health), lifespan=living(self._start))

    async def _start(self, stack: AsyncExitStack) -> None:
        keepers: dict[str, Keeper] = {}
        relays: dict[str, Relay] = {}
        stack.enter_context(exposed(KeeperMetrics(keepers)))
        stack.enter_context(exposed(RelayMetrics(relays)))
        logs: dict[str, Sealing] = {}
        stack.enter_context(exposed(LogMetrics(logs)))
        books = {
            service: await Books.open(service, settings, stack)
            for service, settings in self._following.items()
        }
        peers = next(iter(books.values())).ledgers
        # What is followed here tells by the database itself.
        here = {service.name: one.ledger for service, one in books.items()}
        ledgers: dict[str, Growing] = {**peers, **here}
        hearing = await Hearing.open(
            self._settings.bootstrap_servers, self._settings.fetch_max_wait_ms, ledgers, stack
        )
        for service, settings in self._following.items():
            follower = await Follower.open(service, settings, books[service], hearing, stack)
            self._followers[service.name] = follower
            relays[service.name] = follower.relay
            if follower.log.sealing is not None:
                logs[service.name] = follower.log.sealing
            for group, keeper in follower.keepers.items():
                keepers[f"{service.name}.{group}"] = keeper

    async def _health(self) -> Mapping[str, PartHealth]:
        return {
            f"{service}.{part}": health
            for service, follower in self._followers.items()
            for part, health in (await follower.health()).items()
        }


def follow(services: Sequence[RecordingService]) -> None:
    """Follow until told to stop."""
    settings = settings_or_exit(FollowersSettings)
    serve(NAME, settings, Followers(services, settings).app())
