"""Rows of who was forgotten are folded anew: from the same events, without the destroyed keys.

A service records that it destroyed a person's keys (`shared.contracts.forgetting`). Until then
their events were folded in clear. What a build made from nothing would hold now is what the rows
must become, so that is how they are made: every event of the partition keys that say something of
them is folded once more, in order, onto the rows that are there. Whatever column it was in, it is
there no more; no table has to know of it.

Rows that erased events make no more would stay: their tables say so (`Table.tells_of`), and they
are removed first.

What is to be done is kept beside the rows, a row a partition, until it is: a process that is killed
finds it when it is back, and a build made beside this one finds the same events.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.bus.delivery import Delivered
from shared.ledger import Entry, Head
from shared.positions import PARTITIONS, partition_of
from shared.projection.connection import Connection
from shared.projection.table import Table

DDL = """
CREATE TABLE IF NOT EXISTS forgetting (
    service   text        NOT NULL,
    subject   uuid        NOT NULL,
    partition integer     NOT NULL,
    told_at   timestamptz NOT NULL DEFAULT now(),
    done_at   timestamptz,
    PRIMARY KEY (service, subject, partition)
);
COMMENT ON TABLE forgetting IS 'whose keys a service destroyed; done: no row tells of them now';
"""

_NOTE = """
INSERT INTO forgetting (service, subject, partition)
SELECT service, subject, partition
  FROM unnest($1::text[], $2::uuid[]) AS told (service, subject),
       generate_series(0, $3) AS partition
ON CONFLICT (service, subject, partition) DO NOTHING
"""
_PENDING = """
SELECT service, subject FROM forgetting
 WHERE done_at IS NULL AND partition = ANY ($1::integer[])
 GROUP BY service, subject ORDER BY service, subject
"""
_DONE = """
UPDATE forgetting SET done_at = now()
 WHERE service = $1 AND subject = ANY ($2::uuid[]) AND partition = ANY ($3::integer[])
"""

AT_ONCE = 50
"""Subjects folded anew together: some records of a person or two."""

_PAGE = 2_000

Told = set[tuple[str, UUID]]
"""Services, and whose keys they destroyed."""


class History(Protocol):
    """A ledger, as far as it is read here."""

    async def head(self) -> Head:
        """See `Ledger.head`."""
        ...

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """See `Ledger.told_of`."""
        ...

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """See `Ledger.feed`."""
        ...


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What a ledger says of some subjects.

    Attributes:
        entries: all entries of the partition keys that say something of them, in order.
        up_to: the position up to which the ledger was read.
    """

    service: str
    subjects: tuple[UUID, ...]
    entries: list[Entry]
    up_to: int


async def read(service: str, history: History, subjects: Sequence[UUID]) -> ToldOf:
    """Read what a ledger says of some subjects; all of it is looked through.

    Raises:
        Unavailable: it does not answer.
    """
    head = await history.head()
    return ToldOf(service, tuple(subjects), await history.told_of(subjects), head.position)


async def read_on(history: History, told: ToldOf) -> list[Entry]:
    """Return all entries, those that have come since too: an engine that waits applies no more."""
    entries = {entry.position: entry for entry in told.entries}
    keys = {entry.key for entry in told.entries}
    after = told.up_to
    while page := await history.feed(after=after, limit=_PAGE):
        entries |= {entry.position: entry for entry in page if entry.key in keys}
        after = page[-1].position
    return [entries[position] for position in sorted(entries)]


def delivered(
    service: str, entries: Iterable[Entry], partitions: Collection[int]
) -> list[Delivered]:
    """Return the entries of these partitions as they were delivered once."""
    found = ((partition_of(entry.key), entry) for entry in entries)
    return [
        Delivered(service=service, entry=entry, partition=partition, offset=entry.position)
        for partition, entry in found
        if partition in partitions
    ]


async def note(connection: Connection, told: Told) -> None:
    """Keep that these are to be folded anew, in each partition."""
    if told:
        services, subjects = zip(*sorted(told), strict=True)
        await connection.execute(_NOTE, list(services), list(subjects), PARTITIONS - 1)


async def pending(
    connection: Connection, partitions: Sequence[int]
) -> Mapping[str, Sequence[UUID]]:
    """Return who is still to be folded anew in these partitions, by service."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for row in await connection.fetch(_PENDING, list(partitions)):
        found[row["service"]].append(row["subject"])
    return found


async def remove_told(
    connection: Connection, tables: Iterable[Table], subjects: Sequence[UUID]
) -> None:
    """Remove the rows whose own keys tell of them."""
    for table in tables:
        await connection.execute(
            f'DELETE FROM "{table.physical}" WHERE "{table.tells_of}" = ANY ($1::uuid[])',
            list(subjects),
        )


async def done(
    connection: Connection, service: str, subjects: Sequence[UUID], partitions: Sequence[int]
) -> None:
    """Keep that it is done."""
    await connection.execute(_DONE, service, list(subjects), list(partitions))


class Reader:
    """Reads beside an engine at work, one service's ledger at a time.

    Args:
        histories: the ledgers, by service.
    """

    def __init__(self, histories: Mapping[str, History]) -> None:
        self.histories = histories
        self._task: asyncio.Task[ToldOf] | None = None

    def begin(self, pending: Mapping[str, Sequence[UUID]]) -> None:
        """Begin to read what is asked first, unless something is being read."""
        service = next((name for name in sorted(pending) if name in self.histories), None)
        if self._task is None and service is not None:
            reading = read(service, self.histories[service], pending[service][:AT_ONCE])
            self._task = asyncio.create_task(reading, name="what is told of who is forgotten")

    def take(self) -> ToldOf | None:
        """Return what was read, once it is.

        Raises:
            Unavailable: the ledger does not answer; it is read again when asked again.
        """
        if self._task is None or not self._task.done():
            return None
        task, self._task = self._task, None
        return task.result()

    async def drop(self) -> None:
        """Read no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
