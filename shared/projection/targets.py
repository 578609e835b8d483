"""How far a build must be until it is read: what every ledger had when that was first asked."""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from shared.ledger import Head
from shared.projection.builds import Build
from shared.projection.connection import Connection

PATIENCE = 10.0
"""Seconds to wait for a service to say how far its ledger is. A service that is away records
nothing; what it has recorded is on the bus, as far as its relay came: the end of that must do."""

AskHead = Callable[[], Awaitable[Head | None]]
"""Asks a service how far its ledger is; None: it does not answer now."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a build lacks.

    Attributes:
        events: at most, by positions.
        says: what is waited for, in words; nothing if nothing is.
    """

    events: int = 0
    says: str = ""

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return bool(self.says)


class Targets:
    """Where the ledgers were when this process first asked them.

    Args:
        heads: how to ask each service whose events are folded.
        patience: seconds, see `PATIENCE`.
    """

    def __init__(self, heads: dict[str, AskHead], *, patience: float = PATIENCE) -> None:
        self._ask = heads
        self._patience = patience
        self._heads: dict[str, Head] = {}
        self._began = time.monotonic()

    async def heads(self, services: Collection[str] | None = None) -> dict[str, Head]:
        """Return the heads that are known, asking those that are not."""
        for service in services if services is not None else self._ask:
            if service not in self._heads:
                head = await self._ask[service]()
                if head is not None:
                    self._heads[service] = head
        return self._heads

    async def missing(
        self, connection: Connection, build: Build, *, since: datetime | None
    ) -> Missing:
        """Say what a build lacks of where the ledgers were.

        Args:
            since: for ledgers that nobody tells of: the bus must have been read to its end since.
        """
        heads = await self.heads()
        silent = sorted(self._ask.keys() - heads.keys())
        if silent and time.monotonic() - self._began < self._patience:
            return Missing(says=f"{silent[0]}'s word on its ledger")
        if silent and not (build.heard_at and since and build.heard_at >= since):
            return Missing(says="the end of the bus")
        rows = await connection.fetch(
            f'SELECT service, partition, epoch, position FROM "{build.schema}".applied'
        )
        stands = {(row[0], row[1]): (row[2], row[3]) for row in rows}
        lacking: dict[str, int] = {}
        for service, head in heads.items():
            for partition, position in enumerate(head.reached):
                epoch, at = stands.get((service, partition), (1, 0))
                if at < position and epoch <= head.epoch:
                    lacking[service] = lacking.get(service, 0) + position - at
            if head.epoch > 1 and not await _knows(connection, service, head.epoch):
                lacking.setdefault(service, 1)
        if lacking:
            events = max(lacking.values())
            return Missing(events, f"the events of {', '.join(sorted(lacking))}")
        return Missing()


async def _knows(connection: Connection, service: str, epoch: int) -> bool:
    known: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM public.known_epoch WHERE service = $1 AND epoch = $2)",
        service,
        epoch,
    )
    return known
