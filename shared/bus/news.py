"""When to ask the bus: ledgers tell at once that they have grown, and idle readers ask for nothing.

A fetch that waits at a broker costs both sides, and some brokers answer it on a tick of their own
only. So a reader that has all it knows of rests until a ledger has more. Nothing rests on what is
told here: whoever hears nothing asks once a second all the same.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Protocol

from shared.domain.errors import Unavailable
from shared.domain.pausing import wait_a_while

_AWAY_S = 0.5


class Growing(Protocol):
    """A ledger that tells when it has grown."""

    def growth(self) -> AsyncIterator[int]:
        """Yield the head's position, and again whenever it has grown; now and then in between.

        Raises:
            Unavailable: it does not answer, or no more.
        """
        ...


class News:
    """Hears how far ledgers are, for the readers of one process.

    Attributes:
        told: the position that each ledger was last heard to have.
        told_at: when anything was last heard to have grown, by `time.monotonic`.
    """

    def __init__(self, ledgers: Mapping[str, Growing]) -> None:
        self.told: dict[str, int] = {}
        self.told_at = time.monotonic()
        self._ledgers = dict(ledgers)
        self._more = asyncio.Event()

    async def run(self) -> None:
        """Hear until cancelled."""
        async with asyncio.TaskGroup() as group:
            for service, ledger in self._ledgers.items():
                group.create_task(self._hear(service, ledger), name=f"news of {service}")

    async def wait(self, timeout: float) -> None:
        """Wait until anything has grown, at most `timeout` seconds."""
        await wait_a_while(self._more, timeout)

    async def _hear(self, service: str, ledger: Growing) -> None:
        while True:
            # Whatever it says first is news: it may have been restored while it was away.
            at = -1
            with suppress(Unavailable):
                async for position in ledger.growth():
                    if position != at:
                        at = position
                        self._tell(service, at)
            await asyncio.sleep(_AWAY_S)

    def _tell(self, service: str, position: int) -> None:
        self.told[service] = position
        self.told_at = time.monotonic()
        more, self._more = self._more, asyncio.Event()
        more.set()
