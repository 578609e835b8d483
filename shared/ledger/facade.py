"""The event sourcing library's recorders, spoken to our ledger.

A thin synchronous front: the library's own recorder test cases run against the ledger through
it, and a program that uses the library's `Application` may. Services use the ledger itself.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from hashlib import sha256
from itertools import groupby
from threading import Lock, Thread
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    OperationalError,
    StoredEvent,
)

from shared.domain.errors import Conflict, Unavailable
from shared.domain.ids import new_id
from shared.ledger.ledger import AsOf, Entry, Ledger, NewEvent, StreamAppend, Transaction

Answer = TypeVar("Answer")

_KIND = "stored_event"
_PAGE = 500
_BEFORE_ALL = -1
_LOOK_AGAIN = 1.0
"""Seconds after which a subscription looks whether it was stopped."""


class LoopThread:
    """An event loop on a thread of its own, for those who are not on one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="ledger loop", daemon=True)
        self._thread.start()
        self._open = True
        self._lock = Lock()

    def begin(self, work: Coroutine[Any, Any, Answer]) -> "Future[Answer]":
        """Start something on the loop.

        Raises:
            OperationalError: the loop was closed.
        """
        with self._lock:
            if self._open:
                return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        msg = "the ledger was closed"
        raise OperationalError(msg)

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Do something on the loop and wait for its answer.

        Raises:
            OperationalError: the loop was closed before there was one.
        """
        try:
            return self.begin(work).result()
        except CancelledError as closed:
            msg = "the ledger was closed"
            raise OperationalError(msg) from closed

    def close(self) -> None:
        """Cancel what is still under way, so that nobody waits for ever, and end the thread."""
        with self._lock:
            self._open = False
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _cancel_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class LedgerAggregateRecorder(AggregateRecorder):
    """Records aggregates' events; knows streams, no feed."""

    def __init__(self, ledger: Ledger, loop: LoopThread) -> None:
        self._ledger = ledger
        self._loop = loop

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Record events in one transaction.

        Raises:
            IntegrityError: a version is there already, or would leave a hole.
            OperationalError: the ledger is away or overloaded.
        """
        self._insert(stored_events)
        return None

    def _insert(self, stored_events: Sequence[StoredEvent]) -> list[int]:
        if not stored_events:
            return []
        transaction = _transaction(stored_events)
        try:
            receipt = self._loop.run(self._ledger.append(transaction))
        except Conflict as conflict:
            raise IntegrityError(conflict.message) from conflict
        except Unavailable as away:
            raise OperationalError(away.message) from away
        return list(range(receipt.first, receipt.last + 1))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return a stream's events between two versions."""
        after = _BEFORE_ALL if gt is None else gt
        entries = self._loop.run(
            self._ledger.stream(_uuid(originator_id), after=after, as_of=AsOf(version=lte))
        )
        if desc:
            entries.reverse()
        return [_stored(entry) for entry in entries[:limit]]


class LedgerApplicationRecorder(LedgerAggregateRecorder, ApplicationRecorder):
    """Records events and feeds them on, in the order of their positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Record events in one transaction and return their positions.

        Raises:
            IntegrityError: a version is there already, or would leave a hole.
            OperationalError: the ledger is away or overloaded.
        """
        return self._insert(stored_events)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return up to `limit` events of `topics` between two positions."""
        after = 0 if start is None else start - inclusive_of_start
        found: list[Notification] = []
        while len(found) < limit:
            entries = self._loop.run(self._ledger.feed(after=after, limit=_PAGE))
            for entry in entries:
                if stop is not None and entry.position > stop:
                    return found
                if not topics or entry.topic in topics:
                    found.append(_notification(entry))
                if len(found) == limit:
                    return found
            if len(entries) < _PAGE:
                break
            after = entries[-1].position
        return found

    def max_notification_id(self) -> int | None:
        """Return the newest event's position."""
        return self._loop.run(self._ledger.head()).position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LedgerSubscription":
        """Iterate over events above a position, waiting for new ones for ever."""
        return LedgerSubscription(self, gt, topics)


class LedgerSubscription(ListenNotifySubscription[LedgerApplicationRecorder]):
    """Follows the feed; woken as the ledger's own waiters are."""

    def __init__(
        self, recorder: LedgerApplicationRecorder, gt: int | None, topics: Sequence[str]
    ) -> None:
        self._waking: Future[None] | None = None  # the base's thread may stop us from the start
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._waking = recorder._loop.begin(self._wake(recorder._ledger))

    def stop(self) -> None:
        """Stop the subscription."""
        super().stop()
        if self._waking is not None:
            self._waking.cancel()

    async def _wake(self, ledger: Ledger) -> None:
        position = 0
        while not self._has_been_stopped:
            if await ledger.wait_beyond(position, _LOOK_AGAIN):
                position = (await ledger.head()).position
                self._has_been_notified.set()


def _transaction(stored_events: Sequence[StoredEvent]) -> Transaction:
    # Neighbours of one stream are one append, so that positions follow the order given.
    runs = [list(run) for _, run in groupby(stored_events, key=lambda event: event.originator_id)]
    command_id = new_id()
    return Transaction(
        command_id=command_id,
        # The library has no notion of a command that comes again: each is a new one.
        fingerprint=sha256(command_id.bytes).digest(),
        appends=tuple(_append(run) for run in runs),
    )


def _append(run: list[StoredEvent]) -> StreamAppend:
    stream, first = _uuid(run[0].originator_id), run[0].originator_version
    if [event.originator_version for event in run] != list(range(first, first + len(run))):
        msg = f"the versions for {stream} do not follow each other"
        raise IntegrityError(msg)
    return StreamAppend(
        stream=stream,
        kind=_KIND,
        key=stream,
        expected=first - 1,
        events=tuple(
            NewEvent(id=new_id(), topic=event.topic, meta=b"", payload=event.state) for event in run
        ),
    )


def _uuid(originator_id: UUID | str) -> UUID:
    return originator_id if isinstance(originator_id, UUID) else UUID(originator_id)


def _stored(entry: Entry) -> StoredEvent:
    return StoredEvent(
        originator_id=entry.stream,
        originator_version=entry.version,
        topic=entry.topic,
        state=entry.payload,
    )


def _notification(entry: Entry) -> Notification:
    return Notification(
        id=entry.position,
        originator_id=entry.stream,
        originator_version=entry.version,
        topic=entry.topic,
        state=entry.payload,
    )
