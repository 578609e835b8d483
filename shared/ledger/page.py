"""The page being written: what stands before it, and what each transaction adds. No I/O.

Here is decided what a transaction may do. The writer on PostgreSQL opens a page for each batch
with what the database says of it; the ledger in memory opens one on all it has.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from shared.domain.errors import AlreadyTaken, Conflict, MshauriError
from shared.ledger.ledger import Answered, Entry, Head, Receipt, StreamAppend, Transaction
from shared.positions import PARTITIONS, partition_of, position_token
from shared.proof.hashing import NOTHING, chain_hash, stream_hash
from shared.proof.sealing import seal

BEFORE_VERSION_ZERO = -1
"""A new stream may be asked for at version 0 as well: the event sourcing library counts so."""

NO_PARTITION_REACHED = (0,) * PARTITIONS
"""What `Head.reached` is before the first event."""


class StreamHead(NamedTuple):
    """The newest entry of a stream."""

    version: int
    hash: bytes


class Page:
    """Decides transactions one after the other, each seeing what those before it did.

    Attributes:
        head: where the ledger stands with this page on it.
        recorded: the instant at which all of the page is recorded.
        entries: what the page adds.
        answered: the commands recorded on it.
        moved: each claim that changed hands, with its owner now, or None.
    """

    def __init__(
        self,
        *,
        service: str,
        head: Head,
        recorded: datetime,
        streams: dict[UUID, StreamHead],
        commands: dict[UUID, Answered],
        claims: dict[str, UUID],
        refusal: MshauriError | None = None,
    ) -> None:
        """Begin a page.

        Args:
            refusal: why nothing new can be recorded now, if so.
        """
        self.head = head
        self.entries: list[Entry] = []
        self.answered: list[Answered] = []
        self.moved: dict[str, UUID | None] = {}
        self._service = service
        self.recorded = recorded
        self._streams = streams
        self._commands = commands
        self._claims = claims
        self._refusal = refusal

    def write(self, transaction: Transaction) -> Receipt:
        """Put a transaction on the page, or refuse it and leave the page as it was.

        Raises:
            Conflict, AlreadyTaken, CommandIdReused, ClocksApart: see `Ledger.append`.
        """
        command_id, fingerprint = transaction.command_id, transaction.fingerprint
        if before := self._commands.get(command_id):
            return before.again(command_id, fingerprint)
        if self._refusal is not None:
            raise self._refusal

        for stream, seen in transaction.rests_on:
            self._must_stand(stream, seen)
        grown: dict[UUID, StreamHead] = {}
        entries: list[Entry] = []
        for append in transaction.appends:
            self._grow(append, command_id, grown, entries)
        moved = self._moved_by(transaction)

        receipt = self._receipt(command_id, grown, entries)
        self._take(entries)
        self._streams.update(grown)
        self._commands[command_id] = answered = Answered(fingerprint, receipt)
        self.answered.append(answered)
        for key, owner in moved.items():
            self._hand(key, owner)
        return receipt

    def _must_stand(self, stream: UUID, seen: int) -> None:
        head = self._streams.get(stream)
        actual = head.version if head else 0
        if actual != seen:
            raise Conflict(expected=seen, actual=actual)

    def _grow(
        self,
        append: StreamAppend,
        command_id: UUID,
        grown: dict[UUID, StreamHead],
        entries: list[Entry],
    ) -> None:
        stream = append.stream
        head = grown.get(stream) or self._streams.get(stream)
        version = append.expected
        if head is None:
            if version not in (0, BEFORE_VERSION_ZERO):
                raise Conflict(expected=version, actual=0)
            past = NOTHING
        else:
            if version != head.version:
                raise Conflict(expected=version, actual=head.version)
            past = head.hash
        position = self.head.position + len(entries)
        for event in append.events:
            position += 1
            version += 1
            past = stream_hash(
                past,
                stream=stream,
                version=version,
                recorded=self.recorded,
                topic=event.topic,
                meta=event.meta,
                payload=event.payload,
            )
            entries.append(
                Entry(
                    position=position,
                    epoch=self.head.epoch,
                    id=event.id,
                    stream=stream,
                    kind=append.kind,
                    version=version,
                    key=append.key,
                    topic=event.topic,
                    recorded=self.recorded,
                    command_id=command_id,
                    meta=event.meta,
                    payload=event.payload,
                    hash=past,
                    seal=seal(
                        past,
                        id=event.id,
                        kind=append.kind,
                        key=append.key,
                        command_id=command_id,
                        position=position,
                        epoch=self.head.epoch,
                    ),
                )
            )
        if append.events:
            grown[stream] = StreamHead(version, past)

    def _moved_by(self, transaction: Transaction) -> dict[str, UUID | None]:
        """Return the claims that a transaction changes: what it gives back first, then takes."""
        moved: dict[str, UUID | None] = {}
        if not (transaction.claims or transaction.releases):
            return moved
        streams = [append.stream for append in transaction.appends]
        if not streams:
            msg = "a transaction that claims or releases must name the record it does so for"
            raise ValueError(msg)
        for key in transaction.releases:
            if self._claims.get(key) in streams:
                moved[key] = None
        for key in transaction.claims:
            owner = moved[key] if key in moved else self._claims.get(key)
            if owner is None:
                moved[key] = streams[0]
            elif owner != streams[0]:
                raise AlreadyTaken(claim=key)
        return moved

    def _receipt(
        self, command_id: UUID, grown: dict[UUID, StreamHead], entries: list[Entry]
    ) -> Receipt:
        last = {partition_of(entry.key): entry.position for entry in entries}
        return Receipt(
            command_id=command_id,
            epoch=self.head.epoch,
            first=self.head.position + 1,
            last=self.head.position + len(entries),
            versions={stream: head.version for stream, head in grown.items()},
            positions=[
                position_token(self._service, where, at, self.head.epoch)
                for where, at in last.items()
            ],
        )

    def _take(self, entries: list[Entry]) -> None:
        if not entries:
            return
        chain, reached = self.head.hash, list(self.head.reached or NO_PARTITION_REACHED)
        for entry in entries:
            chain = chain_hash(chain, entry.seal or entry.hash)
            reached[partition_of(entry.key)] = entry.position
        self.head = Head(
            position=entries[-1].position,
            epoch=self.head.epoch,
            hash=chain,
            reached=tuple(reached),
        )
        self.entries += entries

    def _hand(self, key: str, owner: UUID | None) -> None:
        self.moved[key] = owner
        if owner is None:
            self._claims.pop(key, None)
        else:
            self._claims[key] = owner
