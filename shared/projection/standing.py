"""How a group of read models stands, as the database tells: for whoever goes by it.

Whoever keeps a group and whoever only reads it look at the same rows: which build is in use, up to
when the bus is in it, and whether it holds what the ledgers had when the looking began.
"""

import asyncio
from datetime import datetime

import structlog

from shared.projection import builds
from shared.projection.builds import Build
from shared.projection.connection import Connection
from shared.projection.targets import Targets

LATE_S = 30.0
"""A group that has not heard all of the bus for so long is not ready."""

_log = structlog.get_logger(__name__)


class Standing:
    """How one group stands.

    Args:
        name: the group's.
        built: what this release reads (`schema.built_of`).
        targets: tells how far the ledgers are.
    """

    def __init__(self, name: str, built: str, targets: Targets) -> None:
        self.name = name
        self.built = built
        self._targets = targets
        self._level = False
        self._waits_for = "its first look"
        self._heard: float | None = None
        self._since: datetime | None = None
        self._changed = asyncio.Event()

    @property
    def level(self) -> bool:
        """Whether readers have a build that held all there was when this process started."""
        return self._level

    @property
    def waits_for(self) -> str:
        """What is missing until it is level, in words."""
        return self._waits_for

    @property
    def behind_s(self) -> float | None:
        """Seconds since the build in use last held all that the bus had to say; None: not yet."""
        if self._heard is None:
            return None
        return asyncio.get_running_loop().time() - self._heard

    @property
    def fit(self) -> bool:
        """Whether it is level, and not too far behind the bus to go by."""
        behind = self.behind_s
        return self._level and behind is not None and behind <= LATE_S

    @property
    def said(self) -> list[str]:
        """How it stands, in words: what it waits for, how far it is behind the bus."""
        behind = self.behind_s
        waits = [] if self._level else [f"waits for {self._waits_for}"]
        heard = "heard nothing yet" if behind is None else f"{behind:.1f} s behind the bus"
        return [*waits, heard]

    async def wait_level(self) -> None:
        """Wait until it is level."""
        while not self._level:
            self._changed.clear()
            await self._changed.wait()

    async def begin(self, connection: Connection) -> datetime:
        """Return since when this process looks, by the database's clock."""
        if self._since is None:
            self._since = await connection.fetchval("SELECT now()")
        return self._since

    async def look(self, connection: Connection) -> None:
        """See how the build in use stands."""
        await self.see(connection, await builds.live(connection, self.name, self.built))

    async def see(self, connection: Connection, live: Build | None) -> None:
        """See how a build stands; None: there is none in use."""
        since = await self.begin(connection)
        if live is None or live.outlived:
            self.lose()
            return
        if live.behind_s is not None:
            self._heard = asyncio.get_running_loop().time() - live.behind_s
        if not self._level:
            await self._measure(connection, live, since)

    async def _measure(self, connection: Connection, live: Build, since: datetime) -> None:
        missing = await self._targets.missing(connection, live, since=since)
        self._waits_for = missing.says
        if not missing:
            self._level = True
            self._changed.set()
            _log.info("level", group=self.name, build=live.schema)

    def wait(self, what: str) -> None:
        """Say what is missing until it is level."""
        self._waits_for = what

    def lose(self) -> None:
        """Be level no more, until another build is."""
        self._level = False
        self.wait(f"the build of {self.name}")
