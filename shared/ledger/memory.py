"""The ledger's twin in memory: the same answers, no database, nothing kept. For tests."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from shared.ledger.clocks import recorded_at
from shared.ledger.ledger import (
    NOW,
    Answered,
    AsOf,
    Entry,
    Head,
    Receipt,
    Snapshot,
    Stood,
    Transaction,
)
from shared.ledger.page import NO_PARTITION_REACHED, Page, StreamHead
from shared.ledger.tide import Tide
from shared.proof.hashing import NOTHING


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MemoryLedger:
    """The history of one service, for as long as the object lives."""

    def __init__(self, *, service: str, now: Callable[[], datetime] = _utc_now) -> None:
        self._service = service
        self._now = now
        self._head = Head(position=0, epoch=1, hash=NOTHING, reached=NO_PARTITION_REACHED)
        self._entries: list[Entry] = []
        self._streams: dict[UUID, StreamHead] = {}
        self._commands: dict[UUID, Answered] = {}
        self._claims: dict[str, UUID] = {}
        self._snapshots: dict[UUID, Snapshot] = {}
        self._tide = Tide()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def append(self, transaction: Transaction) -> Receipt:
        """See `Ledger.append`."""
        now = self._now()
        page = Page(
            service=self._service,
            head=self._head,
            recorded=recorded_at(now, self._entries[-1].recorded) if self._entries else now,
            streams=self._streams,
            commands=self._commands,
            claims=self._claims,
        )
        receipt = page.write(transaction)
        self._head = page.head
        self._entries += page.entries
        self._tide.rise(page.head.position)
        return receipt

    async def receipt(self, command_id: UUID, fingerprint: bytes) -> Receipt | None:
        """See `Ledger.receipt`."""
        answered = self._commands.get(command_id)
        return answered.again(command_id, fingerprint) if answered else None

    async def receipts(self, command_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """See `Ledger.receipts`."""
        return {id: self._commands[id] for id in command_ids if id in self._commands}

    async def owners(self, claims: Sequence[str]) -> dict[str, UUID]:
        """See `Ledger.owners`."""
        return {key: self._claims[key] for key in claims if key in self._claims}

    async def stream(self, stream: UUID, *, after: int = 0, as_of: AsOf = NOW) -> list[Entry]:
        """See `Ledger.stream`."""
        entries = [entry for entry in self._entries if entry.stream == stream]
        # A clock that was wrong and set right leaves an entry later than the one after it.
        while entries and not _was_known(entries[-1], as_of):
            entries.pop()
        return [entry for entry in entries if entry.version > after]

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """See `Ledger.feed`."""
        return self._entries[after : after + limit]

    async def at(self, positions: Sequence[int]) -> list[Entry]:
        """See `Ledger.at`."""
        there = sorted({one for one in positions if 0 < one <= len(self._entries)})
        return [self._entries[position - 1] for position in there]

    async def streams(self, streams: Sequence[UUID], *, position: int | None = None) -> list[Entry]:
        """See `Ledger.streams`."""
        wanted = frozenset(streams)
        return [entry for entry in self._entries[:position] if entry.stream in wanted]

    async def stood_at(self, instant: datetime) -> Stood:
        """See `Ledger.stood_at`."""
        last = next((one for one in reversed(self._entries) if one.recorded <= instant), None)
        return Stood(
            position=last.position if last else 0,
            epoch=last.epoch if last else 1,
            recorded=last.recorded if last else None,
            head=self._head.position,
            reached=list(self._head.reached),
        )

    async def streams_of(self, key: UUID) -> list[UUID]:
        """See `Ledger.streams_of`."""
        return sorted({entry.stream for entry in self._entries if entry.key == key})

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """See `Ledger.told_of`."""
        names = [str(subject).encode() for subject in subjects]
        keys = {
            entry.key
            for entry in self._entries
            if entry.stream in subjects
            or any(name in entry.payload or name in entry.meta for name in names)
        }
        return [entry for entry in self._entries if entry.key in keys]

    async def head(self) -> Head:
        """See `Ledger.head`."""
        return self._head

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """See `Ledger.wait_beyond`."""
        return await self._tide.beyond(position, timeout)

    async def latest(self, stream: UUID) -> tuple[Snapshot | None, list[Entry]]:
        """See `Ledger.latest`."""
        kept = self._snapshots.get(stream)
        return kept, await self.stream(stream, after=kept.version if kept else -1)

    async def keep_snapshot(self, snapshot: Snapshot) -> None:
        """See `Ledger.keep_snapshot`."""
        kept = self._snapshots.get(snapshot.stream)
        if kept is None or kept.version <= snapshot.version:
            self._snapshots[snapshot.stream] = snapshot


def _was_known(entry: Entry, as_of: AsOf) -> bool:
    return (
        (as_of.version is None or entry.version <= as_of.version)
        and (as_of.recorded is None or entry.recorded <= as_of.recorded)
        and (as_of.position is None or entry.position <= as_of.position)
    )
