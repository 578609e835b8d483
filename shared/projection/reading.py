"""What one poll comes to, event by event: rows, cursors, and who must wait. Nothing is written."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from shared.bus.delivery import Delivered, Record, Unreadable
from shared.contracts.base import Event
from shared.contracts.forgetting import forgotten_in
from shared.ledger import Entry
from shared.projection.batch import Batch
from shared.projection.breaker import Breaker
from shared.projection.epochs import Epochs
from shared.projection.errors import AlteredEvent, MissingEvent, StreamBroken
from shared.projection.fold import Change, Fold, Happening, Projection
from shared.projection.parking import Fault, Parked
from shared.projection.progress import START, Cursor, Reached, Stream
from shared.projection.skipped import NONE, Skipped, event_place
from shared.projection.source import Decoder, Place
from shared.projection.table import Table
from shared.proof.hashing import stream_hash
from shared.proof.sealing import seal_of


def happening_of(service: str, entry: Entry, partition: int, decoder: Decoder) -> Happening:
    """Return an entry as folds see it.

    Raises:
        Exception: as the decoder raises it, where the entry cannot be read.
    """
    return Happening(
        service=service,
        position=entry.position,
        epoch=entry.epoch,
        id=entry.id,
        stream=entry.stream,
        kind=entry.kind,
        version=entry.version,
        recorded=entry.recorded,
        command_id=entry.command_id,
        body=decoder.decode(entry),
        meta=decoder.meta(entry),
        partition=partition,
    )


class Folds:
    """All projections as one function from a delivered event to row changes."""

    def __init__(self, projections: Sequence[Projection], decoder: Decoder) -> None:
        self._projections = tuple(projections)
        self._decoder = decoder
        self._folds: dict[type[Event], list[Fold]] = {}
        self.skipped: Skipped = NONE
        topics = [projection.topics for projection in projections]
        self._topics = None if None in topics else frozenset[str]().union(*filter(None, topics))

    def telling(self, service: str) -> list[Table]:
        """Return the tables whose rows' own keys tell of people, that a service's events fill."""
        return [
            table
            for projection in self._projections
            if projection.topics is None or any(_of(service, topic) for topic in projection.topics)
            for table in projection.tables
            if table.tells_of is not None
        ]

    async def prepare(self, delivered: Iterable[Delivered]) -> None:
        """Fetch what decoding these needs, in one go."""
        wanted = [one.entry for one in delivered if self._wants(one.entry)]
        if wanted:
            await self._decoder.prepare(wanted)

    def changes(self, delivered: Delivered) -> list[Change]:
        """Return what an event changes in all read models; whatever is wrong with it is raised."""
        entry = delivered.entry
        if not self._wants(entry):
            return []  # not even decoded: its contract may be newer than this process
        if self.skipped and event_place(delivered) in self.skipped:
            return []
        happening = happening_of(delivered.service, entry, delivered.partition, self._decoder)
        body = happening.body
        folds = self._folds.get(type(body))
        if folds is None:
            folds = self._folds[type(body)] = [
                fold for projection in self._projections for fold in projection.folds_of(type(body))
            ]
        changes: list[Change] = []
        for fold in folds:
            changes.extend(fold(body, happening))
        return changes

    def _wants(self, entry: Entry) -> bool:
        return self._topics is None or entry.topic in self._topics


class Reading:
    """One poll, read.

    Attributes:
        batch: the row changes of every event that follows on what was applied before.
        moved: where their streams stand after it.
        reached: by place, the next offset and how far the ledger was seen to be; a record that
            cannot be trusted moves the offset alone.
        parked: the events that must wait, in order.
        unreadable: the records that are no events of ours.
        lost: the events that a restored ledger no longer has.
        retry: people who were parked and whose awaited event has come.
        forgotten: whose keys were destroyed, as the events say, and by which service.
        broken: whether an event was missing or altered.
    """

    def __init__(
        self,
        folds: Folds,
        breaker: Breaker,
        cursors: dict[Stream, Cursor],
        waiting: Collection[UUID],
        epochs: Epochs | None = None,
    ) -> None:
        self._folds = folds
        self._breaker = breaker
        self._cursors = cursors
        self._waiting = waiting
        self._epochs = epochs or Epochs()
        self._joined: set[UUID] = set()
        self.batch = Batch()
        self.moved: dict[Stream, Cursor] = {}
        self.reached: dict[Place, tuple[int, Reached]] = {}
        self.parked: list[Parked] = []
        self.unreadable: list[Unreadable] = []
        self.lost: list[Delivered] = []
        self.retry: set[UUID] = set()
        self.forgotten: set[tuple[str, UUID]] = set()
        self.broken = False

    @property
    def changes_nothing(self) -> bool:
        """Whether all there is to keep is how far it came."""
        kept = self.parked or self.unreadable or self.lost or self.retry or self.forgotten
        return not (self.batch or kept)

    def take(self, record: Record) -> bool:
        """Read the next record; say whether it is applied, rather than known already or parked.

        Raises:
            ProjectorStopped: too many people's events fail in the same way.
        """
        place = (record.service, record.partition)
        _, reached = self.reached.get(place, (0, NOWHERE))
        self.reached[place] = (record.offset + 1, reached)
        if not isinstance(record, Delivered):
            if isinstance(record, Unreadable):
                self.unreadable.append(record)
            return False
        entry = record.entry
        if self._epochs.gone(record.service, entry.epoch, entry.position):
            self.lost.append(record)
            return False
        stream = (record.service, entry.stream)
        cursor = self._cursors.get(stream, START)
        if self._must_wait(entry.key):
            self._queue(record, cursor)
            self._move(record)
            return False
        try:
            if is_known(record, cursor, self._epochs):
                return False
        except StreamBroken as error:
            self._park(record, Fault.of(error))
            self.broken = True
            return False
        self._move(record)
        try:
            self.batch.add(self._folds.changes(record))
        except Exception as error:  # whatever a fold raises, its person waits and the others go on
            fault = Fault.of(error)
            self._breaker.failed(entry.topic, entry.key, fault)
            self._park(record, fault)
            return False
        if self._breaker.counting:
            self._breaker.succeeded(entry.topic)
        self._cursors[stream] = self.moved[stream] = cursor_after(record)
        for subject in forgotten_in(entry.topic, entry.payload):
            self.forgotten.add((record.service, subject))
        return True

    def _move(self, delivered: Delivered) -> None:
        """Note how far the ledger is by an event of its own."""
        place = (delivered.service, delivered.partition)
        offset, before = self.reached[place]
        at = Reached(delivered.entry.epoch, delivered.entry.position)
        self.reached[place] = (offset, max(before, at))

    def next(self, waiting: Collection[UUID]) -> "Reading":
        """Begin a reading of the next event alone, whose rows can be written, or refused, alone."""
        return Reading(self._folds, self._breaker, self._cursors, waiting, self._epochs)

    def cursor(self, delivered: Delivered) -> Cursor:
        """Return where the event's stream stands."""
        return self._cursors.get((delivered.service, delivered.entry.stream), START)

    def undo(self, delivered: Delivered, before: Cursor) -> None:
        """Take an event back whose rows were refused: the only one of this reading."""
        stream = (delivered.service, delivered.entry.stream)
        self.moved.pop(stream)
        self._cursors[stream] = before
        self.batch = Batch()

    def merge(self, later: "Reading") -> None:
        """Add what a later reading of one event came to, but for its rows."""
        self.moved |= later.moved
        self.parked += later.parked
        self.unreadable += later.unreadable
        self.lost += later.lost
        self.retry |= later.retry
        self.forgotten |= later.forgotten
        for place, (offset, reached) in later.reached.items():
            highest = max(reached, self.reached.get(place, (0, NOWHERE))[1])
            self.reached[place] = (offset, highest)

    def _must_wait(self, key: UUID) -> bool:
        # Hashing a UUID is Python code; mostly nobody waits.
        return bool(
            (self._waiting and key in self._waiting) or (self._joined and key in self._joined)
        )

    def _queue(self, delivered: Delivered, cursor: Cursor) -> None:
        entry = delivered.entry
        if entry.version < cursor.version:
            return
        self.parked.append(Parked(delivered))
        try:
            # What the stream waits for came again, whole: the queue may move.
            if entry.version <= cursor.version + 1:
                is_known(delivered, cursor, self._epochs)
                self.retry.add(entry.key)
        except StreamBroken:
            self.broken = True

    def _park(self, delivered: Delivered, fault: Fault) -> None:
        self.parked.append(Parked(delivered, fault))
        self._joined.add(delivered.entry.key)


def _of(service: str, topic: str) -> bool:
    return topic.partition(".")[0] == service


NOWHERE = Reached(1, 0)
"""Before a ledger's first event."""


def cursor_after(delivered: Delivered) -> Cursor:
    """Return where a stream stands after an event of it."""
    entry = delivered.entry
    return Cursor(entry.version, entry.hash, entry.epoch, entry.position)


def is_known(delivered: Delivered, cursor: Cursor, epochs: Epochs) -> bool:
    """Say whether an event was applied before; if it was not, it is the one that follows.

    Where what a stream stands at is no more (its ledger was restored), the first event of the new
    epoch is the one that follows, if its seal is whole: what lies between is not known here.

    Raises:
        MissingEvent: one between it and the stream's last is not there.
        AlteredEvent: its content, or the past it follows on, is not what was hashed.
    """
    entry = delivered.entry
    if entry.seal is not None and entry.seal != seal_of(entry):
        raise _altered(delivered)
    if epochs.gone(delivered.service, cursor.epoch, cursor.position):
        if entry.epoch <= cursor.epoch:
            return True
        if entry.seal is None:
            raise _altered(delivered)
        return False
    if entry.version <= cursor.version:
        if entry.version == cursor.version and entry.hash != cursor.hash:
            raise _altered(delivered)
        return True
    if entry.version != cursor.version + 1:
        raise MissingEvent(
            service=delivered.service,
            stream=entry.stream,
            version=entry.version,
            expected=cursor.version + 1,
        )
    expected = stream_hash(
        cursor.hash,
        stream=entry.stream,
        version=entry.version,
        recorded=entry.recorded,
        topic=entry.topic,
        meta=entry.meta,
        payload=entry.payload,
    )
    if expected != entry.hash:
        raise _altered(delivered)
    return False


def _altered(delivered: Delivered) -> AlteredEvent:
    entry = delivered.entry
    return AlteredEvent(service=delivered.service, stream=entry.stream, version=entry.version)
