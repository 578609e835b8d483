"""Applies polls: rows, cursors, queues and offsets of one poll in one transaction, or none."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.bus.delivery import Delivered, Record
from shared.projection import forgetting, lost, parking, progress, skipped, unreadable
from shared.projection.batch import Batch
from shared.projection.breaker import Breaker
from shared.projection.connection import Connection, is_refusal
from shared.projection.epochs import Epochs
from shared.projection.parking import Fault, Parked
from shared.projection.progress import Cursor, Kept, Mark, Reached, Stream
from shared.projection.reading import NOWHERE, Folds, Reading
from shared.projection.source import Place
from shared.projection.writer import write

_SLICE = 20
"""Events read before the event loop gets its turn: a service's requests share it."""

_REMEMBERED = 100_000
"""Cursors kept in memory; a stream whose cursor is not here is looked up."""


class Displaced(Exception):
    """The progress in the database is not ours: it was taken back, or is another engine's now."""


class StreamsBroken(Exception):
    """Events are missing or altered, and the caller asked to hear of it before anything is kept."""


class Refused(Exception):
    """The database refused a row; which event it came from is to be found out."""


@dataclass(slots=True)
class Applied:
    """What was applied.

    Attributes:
        events: how many were, duplicates and parked ones left out.
        parked: those that were parked for a fault of their own.
        unreadable: how many records were no events of ours.
    """

    events: int = 0
    parked: list[Parked] = field(default_factory=list)
    unreadable: int = 0


class Applier:
    """Applies what is delivered, for the partitions it was told of.

    It remembers what it wrote; that is good as long as nobody else writes for these partitions,
    which every transaction makes sure of by the rows of `applied`.

    Args:
        awaited: whether anybody waits for positions here: then all are told how far it is.
        forgets: the services from whose events rows of who is forgotten are folded anew.

    Attributes:
        marks: how far each place is applied, as the database has it.
        waiting: how many events are parked, by person.
        epochs: what is known of restored ledgers.
    """

    def __init__(
        self,
        folds: Folds,
        breaker: Breaker,
        built: str,
        *,
        awaited: bool = True,
        forgets: Collection[str] = (),
    ) -> None:
        self._awaited = awaited
        self._forgets = frozenset(forgets)
        self._folds = folds
        self._breaker = breaker
        self._built = built
        self._cursors: dict[Stream, Cursor] = {}
        self._put_off_marks: dict[Place, Mark] = {}
        self._put_off_cursors: dict[Stream, Cursor] = {}
        self._topic_ids: Mapping[str, str] = {}
        self.marks: dict[Place, Mark] = {}
        self.waiting: dict[UUID, int] = {}
        self.epochs = Epochs()

    async def take_up(
        self,
        connection: Connection,
        partitions: Sequence[int],
        topic_ids: Mapping[str, str],
        marks: dict[Place, Mark],
    ) -> dict[Place, int]:
        """Begin where these partitions were left, and return the offsets to read from."""
        self._cursors.clear()
        self._put_off_marks, self._put_off_cursors = {}, {}
        self._topic_ids = topic_ids
        self.marks = marks
        self.epochs = await Epochs.load(connection)
        self._folds.skipped = await skipped.load(connection)
        self.waiting = await parking.counts(connection, partitions)
        offsets: dict[Place, int] = {}
        for service, topic_id in topic_ids.items():
            for partition in partitions:
                mark = marks.get((service, partition))
                # Another id is another topic: everything is published into it again, from zero,
                # and the cursors know what was seen.
                same = mark is not None and mark.topic_id == topic_id
                offsets[service, partition] = mark.next_offset if mark and same else 0
        return offsets

    async def apply(
        self, connection: Connection, records: Sequence[Record], *, keep_broken: bool = True
    ) -> Applied:
        """Apply one poll.

        Args:
            connection: the one that holds the partitions' locks.
            records: the poll's.
            keep_broken: false to be told of missing or altered events before they are parked.

        Raises:
            Displaced: somebody else changed the progress; nothing was written.
            StreamsBroken: `keep_broken` is false, and events are missing or altered.
            ProjectorStopped: too many people's events fail alike; nothing was written.
        """
        await self._folds.prepare([one for one in records if isinstance(one, Delivered)])
        reading = await self._reading(connection, records)
        events = 0
        for start in range(0, len(records), _SLICE):
            for one in records[start : start + _SLICE]:
                events += reading.take(one)
            await asyncio.sleep(0)
        if reading.broken and not keep_broken:
            raise StreamsBroken
        if reading.changes_nothing:
            await self._put_off(connection, reading)
            return Applied(events)
        try:
            await self._write(connection, reading)
        except Refused:
            reading, events = await self._write_singly(connection, records)
        for key in reading.retry:
            await self.drain(connection, key)
        faulty = [one for one in reading.parked if one.fault]
        return Applied(events, faulty, len(reading.unreadable))

    async def asked_again(self, connection: Connection, partitions: Sequence[int]) -> set[UUID]:
        """Return whom an operator asks to have tried again, and know what is passed over."""
        if not self.waiting:
            return set()
        asked = await parking.asked_again(connection, partitions)
        if asked:
            self._folds.skipped = await skipped.load(connection)
        return asked & self.waiting.keys()

    async def drain(self, connection: Connection, key: UUID) -> int:
        """Try a person's parked events again, in order; return how many need not wait any more.

        The first one that fails again ends it: the others go on waiting behind it.
        """
        await self.catch_up(connection)
        async with connection.transaction():
            queue = await parking.queue(connection, key)
            await self._folds.prepare([one.delivered for one in queue])
            cursors = await progress.cursors(connection, {_stream(one.delivered) for one in queue})
            moved: dict[Stream, Cursor] = {}
            changed: set[str] = set()
            done: list[int] = []
            for one in queue:
                reading = Reading(self._folds, Breaker(), cursors, (), self.epochs)
                fault = await _try(connection, reading, one.delivered)
                if fault:
                    await parking.note_failure(connection, one.seq, fault)
                    break
                moved |= reading.moved
                await self._note_forgotten(connection, reading)
                changed.update(table.name for table in reading.batch.tables)
                done.append(one.seq)
            await parking.release(connection, done)
            await progress.keep(connection, Kept(cursors=moved, tables=changed))
        self._cursors |= moved
        self.waiting[key] = len(queue) - len(done)
        if not self.waiting[key]:
            del self.waiting[key]
        return len(done)

    async def fold_anew(
        self,
        connection: Connection,
        service: str,
        subjects: Sequence[UUID],
        entries: Sequence[Delivered],
        partitions: Sequence[int],
    ) -> None:
        """Make the rows of who was forgotten what a build made from nothing would hold.

        Args:
            entries: all that is recorded under the partition keys that tell of them, of these
                partitions; what is not applied yet is left to be.

        Raises:
            Exception: as a fold raised it; nothing was written.
        """
        await self.catch_up(connection)
        stands = await progress.cursors(connection, {_stream(one) for one in entries})
        applied = [
            one
            for one in entries
            if (cursor := stands.get(_stream(one))) is not None
            and one.entry.version <= cursor.version
            and not self.epochs.gone(service, one.entry.epoch, one.entry.position)
        ]
        await self._folds.prepare(applied)
        batch = Batch()
        for start in range(0, len(applied), _SLICE):
            for one in applied[start : start + _SLICE]:
                batch.add(self._folds.changes(one))
            await asyncio.sleep(0)
        telling = self._folds.telling(service)
        async with connection.transaction():
            await forgetting.remove_told(connection, telling, subjects)
            await write(connection, batch.work())
            await forgetting.done(connection, service, subjects, partitions)
            changed = {table.name for table in (*telling, *batch.tables)}
            await progress.keep(connection, Kept(tables=changed))

    async def catch_up(self, connection: Connection) -> None:
        """Write what was put off.

        Raises:
            Displaced: somebody else changed the progress; nothing was written.
        """
        if not self._put_off_marks:
            return
        async with connection.transaction():
            risen = {place: mark.reached for place, mark in self._put_off_marks.items()}
            kept = Kept(self._put_off_cursors, self._put_off_marks, risen)
            await self._keep_ours(connection, kept)
        self._wrote(self._put_off_marks)

    async def _put_off(self, connection: Connection, reading: Reading) -> None:
        """Tell of a poll that changes no row, and write how far it came with the next that does.

        A crash takes nothing back that anybody could have seen: it is read again.
        """
        marks = self._marks_after(reading)
        if self._awaited:
            await progress.keep(connection, Kept(risen=self._risen(marks)))
        self._put_off_marks |= marks
        self._put_off_cursors |= reading.moved
        self._know(reading.moved)

    # ── one transaction ───────────────────────────────────────────────────────────────────────

    async def _write(self, connection: Connection, reading: Reading) -> None:
        """Write a reading whole.

        Raises:
            Refused: the database refuses a row; nothing was written.
        """
        async with connection.transaction():
            try:
                await write(connection, reading.batch.work())
            except Exception as error:
                if is_refusal(error):
                    raise Refused from error
                raise
            changed = {table.name for table in reading.batch.tables}
            queued = await self._keep(connection, reading, changed)
        self._remember(reading, queued)

    async def _write_singly(
        self, connection: Connection, records: Sequence[Record]
    ) -> tuple[Reading, int]:
        """Read and write a poll event by event, to park those whose rows are refused.

        Still one transaction. Returns what the poll came to, and how many events were applied.
        """
        whole = await self._reading(connection, records)
        waiting = set(self.waiting)
        changed: set[str] = set()
        async with connection.transaction():
            for one in records:
                reading = whole.next(waiting)
                if not isinstance(one, Delivered):
                    reading.take(one)
                    whole.merge(reading)
                    continue
                fault = await _try(connection, reading, one)
                place = f"the rows of {one.entry.topic}"
                if reading.moved:
                    self._breaker.succeeded(place)
                elif fault and not reading.parked:
                    self._breaker.failed(place, one.entry.key, fault)
                    reading.parked.append(Parked(one, fault))
                waiting.update(parked.delivered.entry.key for parked in reading.parked)
                changed.update(table.name for table in reading.batch.tables)
                whole.merge(reading)
            queued = await self._keep(connection, whole, changed)
        self._remember(whole, queued)
        return whole, len(whole.moved)

    async def _keep_ours(self, connection: Connection, kept: Kept) -> None:
        """Write progress in the place of what we wrote last.

        Raises:
            Displaced: it was another's; the transaction must be given up.
        """
        if not self._awaited:
            kept.risen, kept.parked = {}, False
        before = await progress.keep(connection, kept)
        if before != {place: self.marks[place] for place in kept.marks if place in self.marks}:
            raise Displaced

    async def _keep(
        self, connection: Connection, reading: Reading, changed: Iterable[str]
    ) -> dict[UUID, int]:
        """Write everything but the rows; return how many events wait for the people parked."""
        queued = await parking.park(connection, reading.parked)
        if reading.unreadable:
            await unreadable.keep(connection, self._topic_ids, reading.unreadable)
        if reading.lost:
            await lost.note(connection, reading.lost)
        await self._note_forgotten(connection, reading)
        marks = self._put_off_marks | self._marks_after(reading)
        await self._keep_ours(
            connection,
            Kept(
                cursors=self._put_off_cursors | reading.moved,
                marks=marks,
                # What was put off is told again: who began to listen since reads it in the rows.
                risen=self._risen(marks) | {p: marks[p].reached for p in self._put_off_marks},
                tables=set(changed),
                parked=bool(reading.parked),
            ),
        )
        return queued

    async def _note_forgotten(self, connection: Connection, reading: Reading) -> None:
        told = {one for one in reading.forgotten if one[0] in self._forgets}
        await forgetting.note(connection, told)

    def _risen(self, marks: Mapping[Place, Mark]) -> dict[Place, Reached]:
        """Return how far places are that are further than was told."""
        told = self.marks | self._put_off_marks
        return {
            place: mark.reached
            for place, mark in marks.items()
            if place not in told or mark.reached > told[place].reached
        }

    def _marks_after(self, reading: Reading) -> dict[Place, Mark]:
        marks: dict[Place, Mark] = {}
        for place, (offset, reached) in reading.reached.items():
            before = self._mark(place)
            highest = max(reached, before.reached if before else NOWHERE)
            marks[place] = Mark(
                self._topic_ids[place[0]], offset, highest.position, self._built, highest.epoch
            )
        return marks

    # ── memory ────────────────────────────────────────────────────────────────────────────────

    async def _reading(self, connection: Connection, records: Iterable[Record]) -> Reading:
        """Begin a reading of these events from where their streams stand."""
        streams = {
            _stream(one)
            for one in records
            if isinstance(one, Delivered) and not self._begins_here(one)
        }
        found = {stream: self._cursors[stream] for stream in streams if stream in self._cursors}
        if len(found) < len(streams):
            found |= await progress.cursors(connection, streams - found.keys())
        return Reading(self._folds, self._breaker, found, self.waiting, self.epochs)

    def _mark(self, place: Place) -> Mark | None:
        return self._put_off_marks.get(place) or self.marks.get(place)

    def _begins_here(self, one: Delivered) -> bool:
        """Say whether it is a stream's first event, and cannot have been here before.

        Positions rise within a partition, and what lies beyond how far it is applied is new.
        """
        mark, entry = self._mark((one.service, one.partition)), one.entry
        return (
            entry.version == 1
            and mark is not None
            and mark.epoch == entry.epoch
            and entry.position > mark.position
        )

    def _remember(self, reading: Reading, queued: Mapping[UUID, int]) -> None:
        """Take over what a committed reading changed."""
        self._wrote(self._put_off_marks | self._marks_after(reading))
        self._know(reading.moved)
        self.waiting |= queued

    def _wrote(self, marks: Mapping[Place, Mark]) -> None:
        self.marks |= marks
        self._put_off_marks, self._put_off_cursors = {}, {}

    def _know(self, moved: Mapping[Stream, Cursor]) -> None:
        if len(self._cursors) > _REMEMBERED:
            self._cursors = dict(self._put_off_cursors)
        self._cursors |= moved


async def _try(connection: Connection, reading: Reading, one: Delivered) -> Fault | None:
    """Read and write one event under a savepoint; say what is wrong with it."""
    before = reading.cursor(one)
    if not reading.take(one):
        return next((parked.fault for parked in reading.parked), None)
    try:
        async with connection.transaction():
            await write(connection, reading.batch.work())
    except Exception as error:
        if not is_refusal(error):
            raise
        reading.undo(one, before)
        return Fault.of(error)
    return None


def _stream(one: Delivered) -> Stream:
    return (one.service, one.entry.stream)
