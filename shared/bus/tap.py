"""One consumer for all readers of a process: what it fetches and unpacks once serves all of them.

Each reader has a place of its own, and keeps it with what it makes of the records. One that is
where the tap is, reads what the tap holds; one that is further back (a build that is being made,
one that was slow) reads with a consumer of its own until it has caught up, and then joins the tap.

    broker ──▶ Consumer ──▶ what was fetched of late ──┬──▶ reader
                                                       └──▶ reader
           ──▶ Consumer of its own ─────────────────────▶ reader that is behind
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile

from shared.bus.consumer import Consumer, Place
from shared.bus.delivery import Record
from shared.bus.errors import HistoryLost, TopicRecreated
from shared.bus.topics import topic_of
from shared.domain.errors import Unavailable
from shared.domain.pausing import end, go_on_unless_cancelled

HELD = 5_000
"""Records that are held for those who read more slowly than the fastest, or who catch up."""

FETCHED = 2_000
"""Records that are fetched at once, at most."""

IDS_S = 0.5
"""How long topics' ids are good for another reader, where nothing was delivered meanwhile."""

_POLL_S = 0.25
_SLOW_S = 0.2
"""How long the fastest reader waits for the slowest, before it must fend for itself."""
_ABSENT_S = 5.0
"""Who has not asked for so long (it stands by, or is paused) is waited for no more."""

Open = Callable[[Collection[str]], Consumer]
"""Opens a consumer of some services' topics."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    number: int
    records: Sequence[Record]


class Tap:
    """What was fetched of late, and the readers who read it.

    Args:
        open: opens a consumer.
        services: all whose topics anybody here reads.
    """

    def __init__(self, open: Open, services: Collection[str]) -> None:
        self._open = open
        self._services = tuple(services)
        self._consumer = open(self._services)
        self._ids: dict[str, str] = {}
        self._asked_ids = -1.0
        self._asking = asyncio.Lock()
        self._log: deque[_Fetched] = deque()
        self._first = self._number = 0
        self._held = 0
        self._times_begun = 0
        self._since: dict[Place, int] = {}
        self._next: dict[Place, int] = {}
        self._moved_places = self._placed = False
        self._lost: set[Place] = set()
        self._begun = self._ended = self._had_all = 0
        self._readers: set[Reader] = set()
        self._wanted = asyncio.Event()
        self._fetched = asyncio.Event()
        self._read = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    def reader(self, services: Collection[str]) -> "Reader":
        """Return another reader, of some of the services."""
        return Reader(self, services)

    async def close(self) -> None:
        """Let the broker go; readers must have been closed."""
        if self._pump is not None:
            await end(self._pump)
        await self._consumer.close()

    # ── for readers ───────────────────────────────────────────────────────────────────────────

    async def ids(self) -> dict[str, str]:
        """Return the id of each service's topic; asked anew where anything came since."""
        async with self._asking:
            if time.monotonic() - self._asked_ids > IDS_S:
                asked = time.monotonic()
                found = dict(await self._consumer.topic_ids())
                if any(found.get(service) != id for service, id in self._ids.items()):
                    self._begin_anew(TopicRecreated(part=", ".join(map(topic_of, self._services))))
                self._ids, self._asked_ids = found, asked
            return dict(self._ids)

    def join(self, reader: "Reader", *, lead: bool) -> bool:
        """Have a reader read here, if all it needs is held or still to come; say whether it does.

        Args:
            lead: who is further than the tap takes it along, rather than wait for it.
        """
        wanted = reader.offsets
        if not self._lost.isdisjoint(wanted):
            return False  # whoever wants what the broker has lost is told so alone
        if any(offset < self._since.get(place, offset) for place, offset in wanted.items()):
            return False
        ahead = {
            place: offset
            for place, offset in wanted.items()
            if place not in self._next or (lead and offset > self._next[place])
        }
        if ahead:
            self._next |= ahead
            self._since |= ahead
            self._moved_places = True
        reader.joined_at = self._first
        reader.first_fetch = self._begun + 1  # one that is under way may lack its places
        self._readers.add(reader)
        if self._pump is None:
            self._pump = asyncio.create_task(self._fetch_on(), name="tap")
        return True

    def open_alone(self, services: Collection[str]) -> Consumer:
        """Return a consumer for a reader who is further back than what is held."""
        return self._open(services)

    def leave(self, reader: "Reader") -> None:
        """Have a reader read here no more."""
        self._readers.discard(reader)
        self._read.set()

    def has(self, reader: "Reader") -> bool:
        """Say whether a reader reads here."""
        return reader in self._readers

    def holds(self, reader: "Reader") -> bool:
        """Say whether what a reader has not read yet is still held."""
        return reader.joined_at >= self._first and all(
            offset >= self._since[place] for place, offset in reader.offsets.items()
        )

    def after(self, number: int) -> Sequence[_Fetched]:
        """Return what was fetched from a number on, in order."""
        found = list(takewhile(lambda one: one.number >= number, reversed(self._log)))
        found.reverse()
        return found

    async def more(self, reader: "Reader") -> bool:
        """Wait until the broker was asked once more; say whether that was all it had.

        Only then may a reader for whom nothing came say that it has heard everything. What came
        back full may have left places out. A reader that was failed meanwhile waits no longer.
        """
        wanted = max(reader.first_fetch, self._ended + 1)
        while self._ended < wanted and reader in self._readers:
            fetched = self._fetched
            self._wanted.set()
            await fetched.wait()
        return self._had_all >= wanted and reader in self._readers

    def was_read(self) -> None:
        """Take in that a reader has read something."""
        self._read.set()

    # ── fetching ──────────────────────────────────────────────────────────────────────────────

    async def _fetch_on(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self._wait_for_the_slow()
            try:
                await self._fetch()
            except HistoryLost as lost:
                self._lose(lost)
            except Exception as error:
                go_on_unless_cancelled()
                self._begin_anew(error)
            fetched, self._fetched = self._fetched, asyncio.Event()
            fetched.set()

    async def _fetch(self) -> None:
        times = self._times_begun
        if self._moved_places:
            self._moved_places = False
            await self._consumer.assign(dict(self._next))
            self._placed = times == self._times_begun
        # What is assigned may be of a topic of the past, or lack who joined meanwhile.
        if not self._placed or self._moved_places:
            return
        self._begun += 1
        begun = self._begun
        records = await self._consumer.poll(FETCHED, _POLL_S)
        if times != self._times_begun:
            return
        if records:
            self._take(records)
        self._ended = begun
        if len(records) < FETCHED:
            self._had_all = begun

    async def _wait_for_the_slow(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_SLOW_S):
                while self._unread() > HELD // 2:
                    self._read.clear()
                    await self._read.wait()

    def _unread(self) -> int:
        """Return how many records the slowest has not read, of the readers that read at all."""
        lately = time.monotonic() - _ABSENT_S
        slowest = min(
            (one.joined_at for one in self._readers if one.asked_at > lately),
            default=self._number,
        )
        return sum(len(one.records) for one in self.after(slowest))

    def _lose(self, lost: HistoryLost) -> None:
        """Read on without the places of which the broker has lost what was there."""
        gone = set(lost.params["gone"])
        self._lost |= gone
        for reader in [one for one in self._readers if not gone.isdisjoint(one.offsets)]:
            reader.fail(lost)
            self._readers.discard(reader)
        for place in gone:
            self._next.pop(place, None)
            self._since.pop(place, None)
        self._moved_places = bool(self._next)
        self._placed = False

    def _take(self, records: Sequence[Record]) -> None:
        self._asked_ids = -1.0
        self._log.append(_Fetched(self._number, records))
        self._number += 1
        self._held += len(records)
        for one in records:
            self._next[one.service, one.partition] = one.offset + 1
        while self._held > HELD and len(self._log) > 1:
            gone = self._log.popleft()
            self._held -= len(gone.records)
            self._first = gone.number + 1
            for one in gone.records:
                place = (one.service, one.partition)
                if place in self._since:  # the broker may have lost it since
                    self._since[place] = max(one.offset + 1, self._since[place])

    def _begin_anew(self, error: Exception) -> None:
        """Forget everything, and have every reader know why."""
        self._times_begun += 1
        self._log.clear()
        self._first = self._number
        self._held = 0
        self._since, self._next, self._ids, self._asked_ids = {}, {}, {}, -1.0
        self._lost.clear()
        self._moved_places = self._placed = False
        for reader in list(self._readers):
            reader.fail(error)
        self._readers.clear()


class Reader:
    """One reader's place (`shared.projection.Source`); it reads from the tap, or by itself.

    Attributes:
        offsets: the next record it wants, by place.
        joined_at: the number of the first fetch of the tap that it has not read.
        first_fetch: the number of the first fetch that was begun after it joined.
        asked_at: when it last asked for records, by `time.monotonic`.
    """

    def __init__(self, tap: Tap, services: Collection[str]) -> None:
        self.offsets: dict[Place, int] = {}
        self.joined_at = self.first_fetch = 0
        self.asked_at = time.monotonic()
        self._tap = tap
        self._services = tuple(services)
        self._ids: dict[str, str] = {}
        self._own: Consumer | None = None
        self._error: Exception | None = None

    async def topic_ids(self) -> Mapping[str, str]:
        """See `Consumer.topic_ids`."""
        ids = await self._tap.ids()
        self._ids = {name: ids[name] for name in self._services if name in ids}
        return self._ids

    async def assign(self, offsets: Mapping[Place, int]) -> None:
        """See `Consumer.assign`."""
        await self._alone()
        now = await self._tap.ids()
        if absent := {service for service, _ in offsets} - now.keys():
            raise Unavailable(part=", ".join(map(topic_of, sorted(absent))))
        told = self._ids or now
        if any(now.get(service) != told.get(service) for service, _ in offsets):
            raise TopicRecreated(part=", ".join(map(topic_of, self._services)))
        self.offsets = dict(offsets)
        if not self._tap.join(self, lead=True):
            await self._go_on_alone()

    async def poll(self, limit: int = FETCHED, timeout: float = _POLL_S) -> Sequence[Record]:
        """See `Consumer.poll`; where nothing is known to come, it waits for a second at most.

        Nothing is returned only once the broker was asked anew and had nothing more of this
        reader's: what others' records take the place of is still to come.
        """
        self._tell_error()
        if not self.offsets:
            await asyncio.sleep(timeout)
            return []
        if not (self._own or self._tap.has(self)):
            await self.assign(self.offsets)  # something was away, and may be back
        had_all = False
        while self._own is None:
            self.asked_at = time.monotonic()
            if not self._tap.holds(self):
                await self._alone()
                await self._go_on_alone()
            elif (records := self._held(limit)) or had_all:
                return records
            else:
                had_all = await self._tap.more(self)
                self._tell_error()
        return await self._poll_alone(self._own, limit, timeout)

    async def close(self) -> None:
        """Read no more."""
        await self._alone()

    def fail(self, error: Exception) -> None:
        """Have the next poll raise an error: whoever reads begins anew."""
        self._error = error

    def _tell_error(self) -> None:
        error = self._error
        if error is None:
            return
        if not isinstance(error, TopicRecreated):  # that one stays so until it is assigned again
            self._error = None
        raise error

    def _held(self, limit: int) -> list[Record]:
        records: list[Record] = []
        for fetched in self._tap.after(self.joined_at):
            for one in fetched.records:
                if len(records) == limit:
                    return records
                if self._is_next(one):
                    records.append(one)
            self.joined_at = fetched.number + 1
        self._tap.was_read()
        return records

    def _is_next(self, one: Record) -> bool:
        place = (one.service, one.partition)
        wanted = self.offsets.get(place)
        if wanted is None or one.offset < wanted:
            return False
        self.offsets[place] = one.offset + 1
        return True

    async def _poll_alone(self, own: Consumer, limit: int, timeout: float) -> Sequence[Record]:
        records = await own.poll(limit, timeout)
        for one in records:
            self.offsets[one.service, one.partition] = one.offset + 1
        if self._tap.join(self, lead=False):
            self._own = None
            await own.close()
        return records

    async def _go_on_alone(self) -> None:
        own = self._tap.open_alone(self._services)
        self._own = own
        await own.topic_ids()
        await own.assign(self.offsets)

    async def _alone(self) -> None:
        """Be neither at the tap nor at a consumer of its own."""
        self._tap.leave(self)
        self._error = None
        own, self._own = self._own, None
        if own is not None:
            await own.close()
