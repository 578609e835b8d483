"""Keeps access events: written to the spool at once, shipped to the ledger `access` in batches.

Writing waits for nobody: not for a database, not for a disk. Where there is no room, the answer
goes out all the same, and what is missing is counted, and put on record once there is room:
an installation whose disk is full at night goes on serving a ward, and its auditors see the gap.

A batch is one command: its id is made of the segment and its first line, so that one which was
recorded, though nobody heard, is answered what it was. A segment is a stream: its hash chain tells
that no line of it is missing, and none was put in.
"""

import asyncio
import contextlib
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import structlog

from services.gateway.looked.lines import event_in, line_of, missed
from services.gateway.looked.spool import Segment, Spool
from shared.contracts.access.operation import MissedBecause
from shared.contracts.base import Event
from shared.domain.errors import Conflict, MshauriError
from shared.domain.ids import derived_id
from shared.domain.pausing import go_on_unless_cancelled, wait_a_while
from shared.ledger import Ledger, StreamAppend, Transaction
from shared.ledger.postgres import PostgresLedger
from shared.runtime.health import PartHealth
from shared.runtime.metrics import (
    access_events_missed,
    access_events_shipped,
    access_events_waiting,
)

SERVICE = "access"
"""Whose ledger it is, beside those of the recording services."""

KIND = "spool"

BATCH = 500_000
"""Bytes of lines in one command: some hundreds of events."""

GATHERED_S = 1.0
"""How long events gather before they are shipped: a commit a moment, not one an answer."""

LOOKS_S = 30.0
"""Seconds between looks at what dead processes left."""

LATE = 10_000_000
"""Bytes that wait after which it is told that shipping is behind."""

FAREWELL_S = 3.0
"""At the end of a process, for what is left."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0

_log = structlog.get_logger(__name__)


class AccessLog:
    """What operations showed, kept.

    Attributes:
        missed: events that could not be kept since the last that could.
    """

    def __init__(self, spool: Spool) -> None:
        """Keep them in a spool that is open, or that cannot be."""
        self._spool = spool
        self._news = asyncio.Event()
        self.missed = 0
        self._missed_since = datetime.min.replace(tzinfo=UTC)
        self._told = False

    @property
    def waiting(self) -> int:
        """Bytes that the ledger does not have yet."""
        return self._spool.waiting

    def health(self) -> PartHealth:
        """Say how it stands; whatever that is, reads go on."""
        says = f"{self.waiting} bytes wait for their ledger"
        return PartHealth(ready=True, says=f"{self.missed} missed; {says}" if self.missed else says)

    def open(self) -> None:
        """Take up what is there; where the spool cannot be written to, say so and go on."""
        try:
            self._spool.open()
        except OSError as problem:
            _log.critical("access events cannot be kept", problem=type(problem).__name__)

    def write(self, event: Event, *, actor: str, correlation_id: UUID, cause: UUID) -> None:
        """Keep an event; it never fails, and never waits."""
        line = line_of(event, actor, correlation_id, cause)
        if self.missed:
            gap = missed(self.missed, self._missed_since, MissedBecause.NO_ROOM)
            line = gap + line
        try:
            self._spool.write(line)
        except OSError as problem:
            self._miss(problem)
            return
        self.missed = 0
        self._news.set()

    def _miss(self, problem: OSError) -> None:
        if not self.missed:
            self._missed_since = datetime.now(UTC)
            _log.critical("access events are missing", problem=type(problem).__name__)
        self.missed += 1
        access_events_missed.inc()

    # ── shipping ──────────────────────────────────────────────────────────────────────────────

    async def ship(self, database_url: str) -> None:
        """Ship what is written for as long as this runs; waits out a ledger that is away."""
        pause = _FIRST_PAUSE
        while True:
            try:
                async with PostgresLedger(database_url, service=SERVICE) as ledger:
                    while True:
                        await self.ship_all(ledger)
                        pause = _FIRST_PAUSE
                        self._news.clear()
                        await wait_a_while(self._news, LOOKS_S)
                        await asyncio.sleep(GATHERED_S)
                        self._look()
            except Exception as problem:
                go_on_unless_cancelled()
                code = problem.code if isinstance(problem, MshauriError) else None
                _log.warning(
                    "access events wait",
                    problem=type(problem).__name__,
                    code=code,
                    bytes=self.waiting,
                )
                self._look()
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def ship_all(self, ledger: Ledger) -> None:
        """Ship all that is written now.

        Raises:
            Unavailable, Overloaded: the ledger does not take it; what it has is not sent again.
        """
        for segment in list(self._spool.segments()):
            while lines := segment.lines(BATCH):
                try:
                    await self._ship(ledger, segment, lines)
                except Conflict:
                    if not segment.shipped:
                        raise
                    segment.ship_again()
            self._spool.done(segment)
        access_events_waiting.set(self.waiting)

    async def _ship(self, ledger: Ledger, segment: Segment, lines: list[bytes]) -> None:
        command_id = derived_id("access events", segment.id, segment.version)
        events = [
            event_in(line, segment.id, segment.version + place)
            for place, line in enumerate(lines, 1)
        ]
        append = StreamAppend(
            stream=segment.id,
            kind=KIND,
            key=segment.id,
            expected=segment.version,
            events=tuple(events),
        )
        receipt = await ledger.append(
            Transaction(
                command_id=command_id,
                # The same whatever it holds: recorded once, it is answered how far that was.
                fingerprint=sha256(command_id.bytes).digest(),
                appends=(append,),
            )
        )
        reached = receipt.versions[segment.id] - segment.version
        segment.ship(lines[:reached])
        access_events_shipped.inc(reached)

    def _look(self) -> None:
        waiting = self.waiting
        access_events_waiting.set(waiting)
        with contextlib.suppress(OSError):
            self._spool.take_over()
        if (waiting > LATE) != self._told:
            self._told = waiting > LATE
            if self._told:
                _log.error("access events are not shipped", bytes=waiting)

    async def close(self) -> None:
        """Give what is left a moment to be shipped; the rest is for the next process."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                while self.waiting:
                    self._news.set()
                    await asyncio.sleep(0.05)
        if self.missed:
            _log.critical("access events are missing", count=self.missed)
        self._spool.close()
