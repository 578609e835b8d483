"""How far the ledger has come, as this process knows it, and those who wait for it to rise."""

import asyncio


class Tide:
    """A position that only rises.

    Attributes:
        position: the highest that was heard of; the ledger itself may be further.
    """

    def __init__(self) -> None:
        self.position = 0
        self._risen = asyncio.Event()

    def rise(self, position: int) -> None:
        """Learn that the ledger has come to `position`, and wake everybody who waits."""
        if position > self.position:
            self.position = position
            # A fresh event for those who come later: nobody misses a rise, nobody spins on one.
            risen, self._risen = self._risen, asyncio.Event()
            risen.set()

    async def beyond(self, position: int, timeout: float) -> bool:
        """Wait until it is above `position`, at most `timeout` seconds; say whether it is."""
        try:
            async with asyncio.timeout(timeout):
                while self.position <= position:
                    await self._risen.wait()
        except TimeoutError:
            return False
        return True
