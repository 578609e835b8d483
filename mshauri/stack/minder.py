"""Whoever minds one part: starts it, notices its end, starts it again, knows when to give up."""

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from mshauri.stack.process import NeverReady, OwnedProcess, ProcessFailed

QUICK_S = 30.0
"""A part that ends sooner than this after its start has learned nothing from the last time."""
DEATHS = 3
"""Quick ones in a row after which the stack stops."""
BACKOFF_S = 0.5
"""Before the first new start; twice as long before each further one."""


class Part(Protocol):
    """Anything the stack runs."""

    name: str

    @property
    def where(self) -> str:
        """Its address, for a person to read."""
        ...

    @property
    def process(self) -> OwnedProcess | None:
        """Its process, once it was started."""
        ...

    async def start(self) -> None:
        """Start it and wait until it is ready, or raise ProcessFailed."""
        ...

    async def stop(self) -> None:
        """End it in good order."""
        ...

    async def kill(self) -> None:
        """End it as a power cut would."""
        ...


class Mark(StrEnum):
    """What a line of the report is about."""

    READY = "ready"
    ENDED = "ended"
    STOPPED = "stopped"
    WARNING = "warning"


Report = Callable[[Mark, str, str], None]
"""Called with a mark, a part's name and a sentence."""


class Minder:
    """Minds one part from its first start until it is let go."""

    def __init__(self, part: Part, report: Report) -> None:
        self.part = part
        self.ready = asyncio.Event()
        self._report = report
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._at_rest = asyncio.Event()
        self._was_ready = False

    async def run(self) -> None:
        """Keep the part running for as long as it is wanted; ends by being cancelled only.

        Raises:
            ProcessFailed: it cannot be kept running; the message has its log's last lines.
        """
        deaths = 0
        while True:
            self._at_rest.set()
            await self._wanted.wait()
            self._at_rest.clear()
            started = time.monotonic()
            failure = await self._live()
            self.ready.clear()
            if not self._wanted.is_set():
                deaths = 0
                continue
            deaths = deaths + 1 if time.monotonic() - started < QUICK_S else 1
            if deaths >= DEATHS or (isinstance(failure, NeverReady) and not self._was_ready):
                raise failure
            pause = BACKOFF_S * 2 ** (deaths - 1)
            said = f"{failure.what}; starting it again in {pause:.1f} s"
            self._report(Mark.ENDED, self.part.name, said)
            await asyncio.sleep(pause)

    async def _live(self) -> ProcessFailed:
        """Start the part and stay with it to its end; return what that was."""
        began = time.monotonic()
        try:
            await self.part.start()
        except ProcessFailed as failure:
            await self.part.kill()
            return failure
        process = self.part.process
        assert process is not None
        self.ready.set()
        self._was_ready = True
        took = time.monotonic() - began
        self._report(Mark.READY, self.part.name, f"{self.part.where}  {took:.1f} s")
        await process.ended(float("inf"), poll=0.1)
        return process.failure(f"ended with {process.exit_code}")

    async def stop(self) -> None:
        """End the part in good order and leave it ended until `start`."""
        self._wanted.clear()
        await self.part.stop()
        await self._at_rest.wait()

    async def start(self) -> None:
        """Want the part running (again), and wait until it is ready."""
        self._wanted.set()
        await self.ready.wait()

    async def kill(self) -> None:
        """End the part as a power cut would; it is started again, as after any other end."""
        self.ready.clear()
        await self.part.kill()
