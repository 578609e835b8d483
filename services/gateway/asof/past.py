"""What is held of the past: entries up to a cut, and the rows that the read models' folds make of
them.

Entries are fetched as they are needed, whole streams at a time, and decoded once. A read model is
folded when it is first asked for, and again where more is held by then of somebody it has folded:
between streams of different keys, order is nobody's promise, and within one it is kept.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from uuid import UUID

from msgspec import Struct

from services.gateway.asof.cut import Cut
from services.gateway.asof.happened import happened_by
from services.gateway.asof.ledgers import Ledgers
from services.gateway.asof.recounted import recounted
from services.gateway.asof.rows import Key, MemoryRows, Row
from services.gateway.projections import PROJECTIONS
from shared.domain.errors import MshauriError
from shared.following.decoding import EventDecoder
from shared.ledger import Entry
from shared.positions import partition_of
from shared.privacy.payload import KeyMissing, UndecodableEvent
from shared.privacy.sealing import SealBroken
from shared.projection import Happening, Projection, Table
from shared.projection.reading import happening_of

Stream = tuple[str, UUID]
"""A service, and a record's stream in its ledger."""


class HistoryUnreadable(MshauriError):
    """An event of that history that this release cannot read, or that was altered."""

    code = "HISTORY_UNREADABLE"
    status = 503
    template = "Event {version} of record {record} in the {service} ledger cannot be read."
    remedy_template = "Tell the operators: `mshauri verify` says what is wrong with it."


class Told(Struct, gc=False):
    """An entry that is held, read once it is needed."""

    service: str
    entry: Entry
    decoder: EventDecoder
    read: Happening | None = None

    @property
    def happening(self) -> Happening:
        """The event as a fold sees it.

        Raises:
            HistoryUnreadable: it cannot be read.
        """
        if self.read is None:
            self.read = self._read()
        return self.read

    def _read(self) -> Happening:
        entry = self.entry
        try:
            return happening_of(self.service, entry, partition_of(entry.key), self.decoder)
        except (KeyMissing, SealBroken, UndecodableEvent):
            raise HistoryUnreadable(
                service=self.service, record=entry.stream, version=entry.version
            ) from None


class _Folded:
    """A read model as far as it is folded: over which of the batches that are held."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self._rows = MemoryRows()
        self._batches = 0
        self._keys: set[UUID] = set()

    def over(self, batches: Sequence[Sequence[Told]]) -> MemoryRows:
        """Return its rows over all these batches."""
        new = [self._of_interest(batch) for batch in batches[self._batches :]]
        if any(told.entry.key in self._keys for batch in new for told in batch):
            new = [self._of_interest(batch) for batch in batches]
            self._rows, self._keys = MemoryRows(), set()
        self._fold(sorted((told for batch in new for told in batch), key=_place))
        self._batches = len(batches)
        return self._rows

    def _of_interest(self, batch: Iterable[Told]) -> list[Told]:
        topics = self.projection.topics
        return [told for told in batch if topics is None or told.entry.topic in topics]

    def _fold(self, entries: Iterable[Told]) -> None:
        for told in entries:
            self._keys.add(told.entry.key)
            happening = told.happening
            for fold in self.projection.folds_of(type(happening.body)):
                self._rows.apply(fold(happening.body, happening))


class Past:
    """The tables of the read models as of a cut, as far as their streams are held."""

    def __init__(self, ledgers: Ledgers, cut: Cut) -> None:
        self.cut = cut
        self._ledgers = ledgers
        self._batches: list[list[Told]] = []
        self._folded: dict[str, _Folded] = {}
        self._coming: dict[Stream, asyncio.Task[None]] = {}
        self._next: asyncio.Task[None] | None = None
        self._wanted: list[Stream] = []

    async def hold(self, wanted: Iterable[Stream]) -> None:
        """Hold streams, each by its service and its id; those that are held already stay. What is
        wanted side by side is fetched together.

        Raises:
            Unavailable: a service does not answer.
        """
        fetched = set()
        for stream in wanted:
            task = self._coming.get(stream)
            if task is None:
                if self._next is None:
                    self._next = asyncio.create_task(self._fetch())
                task = self._coming[stream] = self._next
                self._wanted.append(stream)
            fetched.add(task)
        for task in fetched:
            await asyncio.shield(task)

    async def _fetch(self) -> None:
        await asyncio.sleep(0)  # whoever else is about to want something
        await asyncio.sleep(0)
        wanted, self._wanted, self._next = self._wanted, [], None
        missing: dict[str, list[UUID]] = {}
        for service, stream in wanted:
            missing.setdefault(service, []).append(stream)
        told = await asyncio.gather(*(self._told(*some) for some in missing.items()))
        if batch := [one for some in told for one in some]:
            self._batches.append(batch)

    async def hold_records(self, table: Table, ids: Collection[UUID]) -> None:
        """Hold the streams of these ids in each service that fills a table.

        Raises:
            Unavailable: a service does not answer.
        """
        await self.hold((service, id) for service in services_of(table) for id in ids)

    def rows(self, table: Table) -> dict[Key, Row]:
        """Return the rows of a table, by their keys."""
        folded = self._folded.get(table.name)
        if folded is None:
            projection = projection_of(table)
            folded = _Folded(projection)
            self._folded |= {one.name: folded for one in projection.tables}
        rows = folded.over(self._batches).of(table)
        return rows if self.cut.day is None else recounted(table, rows, self.rows)

    async def _told(self, service: str, streams: Sequence[UUID]) -> list[Told]:
        position = self.cut.positions[service]
        if position == 0:
            return []
        entries = await self._ledgers.of[service].streams(streams, position=position)
        decoder = EventDecoder(self._ledgers.keys)
        await decoder.prepare(entries)
        told = [Told(service, entry, decoder) for entry in entries]
        return told if self.cut.day is None else happened_by(told, self.cut.day)


_PROJECTION_OF = {table.name: one for one in PROJECTIONS for table in one.tables}


def projection_of(table: Table) -> Projection:
    """Return the read model that a table is of."""
    return _PROJECTION_OF[table.name]


def services_of(table: Table) -> tuple[str, ...]:
    """Return the services whose events fill a table; none, where every event does."""
    return _services_of(table.name)


@cache
def _services_of(table: str) -> tuple[str, ...]:
    topics = _PROJECTION_OF[table].topics or frozenset()
    return tuple(sorted({topic.partition(".")[0] for topic in topics}))


def _place(told: Told) -> tuple[str, int]:
    return told.service, told.entry.position
