"""What a ledger is: the words every implementation and every caller share.

A ledger knows bytes, streams and positions; it knows no aggregate and no event class. Two
implementations pass one conformance suite: `postgres.PostgresLedger` and `memory.MemoryLedger`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from shared.domain.errors import CommandIdReused


class NewEvent(Struct, frozen=True, kw_only=True):
    """An event on its way in.

    Attributes:
        id: the event's own id.
        topic: the stable name of what happened.
        meta: who, when it occurred, why (`shared.contracts.envelope.Meta`), encoded; stored and
            hashed as it stands.
        payload: the content, encoded, personal fields already encrypted; likewise.
    """

    id: UUID
    topic: str
    meta: bytes
    payload: bytes


class StreamAppend(Struct, frozen=True, kw_only=True):
    """The next events of one stream, wanted right after version `expected` (0: a new stream)."""

    stream: UUID
    kind: str
    key: UUID
    """What decides the partition: the person the stream is about, or the stream itself. The same
    for every event of a stream, for ever."""
    expected: int
    events: tuple[NewEvent, ...]


class Transaction(Struct, frozen=True, kw_only=True):
    """What one command wants recorded: all of it, or nothing.

    Attributes:
        command_id: the same id again is answered with the first receipt.
        fingerprint: SHA-256 of what was asked; the same id with another one is refused.
        appends: the streams it adds to.
        claims: keys that must be nobody's yet, and belong to this record from now on, such as
            `identifier:nid:1199080012345678`; taken in the same transaction.
        releases: keys given back.
        rests_on: streams it read and does not add to, at the versions it saw: what it decided by
            must still hold when it is recorded.
    """

    command_id: UUID
    fingerprint: bytes
    appends: tuple[StreamAppend, ...]
    claims: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    rests_on: tuple[tuple[UUID, int], ...] = ()


class Receipt(Struct, frozen=True, kw_only=True, rename="camel"):
    """The answer to a recorded command, the same every time it is asked.

    Attributes:
        command_id: whose answer it is.
        epoch: the ledger's epoch (raised when a restored backup begins a new history).
        first: position of its first event.
        last: position of its last event.
        versions: the version each stream reached, by stream id.
        positions: one token a partition it wrote to: `registry.7.1234` (service, partition,
            position); a reader who passes them as `after` sees this command's effect.
    """

    command_id: UUID
    epoch: int
    first: int
    last: int
    versions: dict[UUID, int]
    positions: list[str]


class Answered(NamedTuple):
    """A command that was recorded, and what it was answered."""

    fingerprint: bytes
    receipt: Receipt

    def again(self, command_id: UUID, fingerprint: bytes) -> Receipt:
        """Return the same answer to the same command.

        Raises:
            CommandIdReused: it is another command under the same id.
        """
        if fingerprint != self.fingerprint:
            raise CommandIdReused(command_id=command_id)
        return self.receipt


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One event as it stands in the ledger.

    Attributes:
        position: 1, 2, 3, … without a gap, in commit order.
        recorded: when the ledger took it (UTC); never earlier than the entry before it, unless a
            clock that was ahead was set right between them.
        hash: of this entry and its stream's whole past (`shared.proof.hashing`).
        seal: of all of the entry (`shared.proof.sealing`); None in one from before there were any.
    """

    position: int
    epoch: int
    id: UUID
    stream: UUID
    kind: str
    version: int
    key: UUID
    topic: str
    recorded: datetime
    command_id: UUID
    meta: bytes
    payload: bytes
    hash: bytes
    seal: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The past that is asked for; the strictest of what is given wins."""

    version: int | None = None
    recorded: datetime | None = None
    position: int | None = None


NOW = AsOf()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the ledger stands: `hash` chains every entry's hash in position order.

    Attributes:
        reached: the position of the last entry in each partition of the bus, or 0.
    """

    position: int
    epoch: int
    hash: bytes
    reached: tuple[int, ...] = ()


class Stood(Struct, frozen=True, kw_only=True):
    """How far a ledger was at an instant.

    Attributes:
        position: of the last entry that bears a time up to then, or 0. Whatever stands before it
            was known before it, though a clock that was ahead gave that a later time.
        epoch: of that entry; 1: there is none.
        recorded: when it was; None: there is none.
        head: where it stands now.
        reached: the position of the last entry now in each partition of the bus, or 0.
    """

    position: int
    epoch: int = 1
    recorded: datetime | None = None
    head: int
    reached: list[int] = []

    def up_to(self, last: Entry) -> "Stood":
        """Return how far it was at an entry."""
        return replace(self, position=last.position, epoch=last.epoch, recorded=last.recorded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of a stream at a version, encoded by its owner; disposable at any time."""

    stream: UUID
    version: int
    state: bytes = field(repr=False)


class Ledger(Protocol):
    """The history of one service."""

    async def append(self, transaction: Transaction) -> Receipt:
        """Record a transaction durably, or refuse it whole.

        Raises:
            Conflict: a stream that it adds to, or rests on, has moved past the version expected.
            AlreadyTaken: a claim is another record's.
            CommandIdReused: the command id was recorded with another fingerprint.
            Overloaded: the queue is full; nothing was queued.
            Unavailable: the store is away; nothing was recorded.
        """
        ...

    async def receipt(self, command_id: UUID, fingerprint: bytes) -> Receipt | None:
        """Return the receipt of a command recorded before, or None.

        Raises:
            CommandIdReused: it was recorded with another fingerprint.
        """
        ...

    async def receipts(self, command_ids: Sequence[UUID]) -> dict[UUID, Answered]:
        """Return what those of these commands that were recorded were answered, by their ids."""
        ...

    async def owners(self, claims: Sequence[str]) -> dict[str, UUID]:
        """Return whose records those of these claims are that are anybody's."""
        ...

    async def stream(self, stream: UUID, *, after: int = 0, as_of: AsOf = NOW) -> list[Entry]:
        """Return a stream's entries above version `after`, oldest first, as the past knew them."""
        ...

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries above position `after`: no gap, nothing late, ever."""
        ...

    async def at(self, positions: Sequence[int]) -> list[Entry]:
        """Return the entries at those of these positions that there are, in order."""
        ...

    async def streams(self, streams: Sequence[UUID], *, position: int | None = None) -> list[Entry]:
        """Return the entries of several streams in order, up to a position (None: all of them)."""
        ...

    async def stood_at(self, instant: datetime) -> Stood:
        """Return how far the ledger was at an instant."""
        ...

    async def head(self) -> Head:
        """Return where the ledger stands now."""
        ...

    async def streams_of(self, key: UUID) -> list[UUID]:
        """Return every stream of a partition key, in an order of its own. It reads all entries."""
        ...

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """Return all entries of whichever partition keys say something of these, in order.

        That is: of each key that has an entry whose payload or envelope names one of them, or that
        is in a stream of that id. It reads all entries: for what is asked rarely.
        """
        ...

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """Wait until the head is above `position`, at most `timeout` seconds; say whether it is."""
        ...

    async def latest(self, stream: UUID) -> tuple[Snapshot | None, list[Entry]]:
        """Return a stream's newest snapshot, if one was kept, and its entries since, in order."""
        ...

    async def keep_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of older ones of its stream; never instead of a newer."""
        ...
