"""The queue before the ledger: one task a process turns what waits into batches.

There is no linger: while one batch is on its way to the disk, the next one gathers by itself.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from shared.domain.errors import Malformed, Overloaded, Unavailable
from shared.ledger.away import is_away
from shared.ledger.ledger import Receipt, Transaction

log = logging.getLogger(__name__)

Commit = Callable[[Sequence[Transaction]], Awaitable[list[Receipt | Exception]]]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the writer takes on.

    Attributes:
        waiting: commands in the queue; at 8,000 a second, the last of them waits about a second.
        batch: commands in one transaction; beyond a few hundred, the cost of a commit is spread
            so thin that more only makes the first ones wait.
        patience: seconds to try again while the store is away, before those who wait are told.
        commit: seconds one transaction may take before its connection is given up for dead.
    """

    waiting: int = 10_000
    batch: int = 500
    patience: float = 1.0
    commit: float = 10.0


@dataclass(slots=True)
class Counters:
    """What the writer has done since it was started.

    Attributes:
        batches: transactions committed or found to hold nothing new.
        commands: commands in them, refused ones too.
        largest: commands in the largest of them.
        retries: batches tried again because the store was away.
    """

    batches: int = 0
    commands: int = 0
    largest: int = 0
    retries: int = 0


class _Waiting:
    """A command in the queue, and the caller who waits for its answer."""

    __slots__ = ("answer", "transaction")

    def __init__(self, transaction: Transaction, answer: "asyncio.Future[Receipt]") -> None:
        self.transaction = transaction
        self.answer = answer

    def resolve(self, outcome: Receipt | Exception) -> None:
        if self.answer.done():  # its caller has gone away
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class Writer:
    """Answers each command once it is durable, in the order of arrival.

    Attributes:
        counters: what it has done.
    """

    def __init__(self, commit: Commit, *, part: str, limits: Limits) -> None:
        """Prepare to write.

        Args:
            commit: records a batch, or raises; the same batch may be given to it again.
            part: what to call the ledger in errors.
            limits: what to take on.
        """
        self.counters = Counters()
        self._commit = commit
        self._part = part
        self._limits = limits
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many commands wait in the queue."""
        return len(self._queue)

    def start(self) -> None:
        """Begin to write what comes."""
        self._task = asyncio.create_task(self._run(), name=f"writer of {self._part}")

    async def close(self) -> None:
        """Take no more, and end once everything that waits has its answer."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await self._task

    async def append(self, transaction: Transaction) -> Receipt:
        """Queue a transaction and wait for its answer: see `Ledger.append`."""
        if self._closing or self._task is None:
            raise Unavailable(part=self._part)
        if len(self._queue) >= self._limits.waiting:
            raise Overloaded(part=self._part, waiting=len(self._queue))
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(transaction, answer))
        self._arrived.set()
        return await answer

    async def _run(self) -> None:
        while self._queue or not self._closing:
            await self._arrived.wait()
            if batch := self._next_batch():
                await self._record(batch)
            elif not self._closing:
                self._arrived.clear()

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._queue and len(batch) < self._limits.batch:
            waiting = self._queue.popleft()
            # One whose caller has gone before it was begun is dropped: nobody was promised it.
            if not waiting.answer.done():
                batch.append(waiting)
        return batch

    async def _record(self, batch: list[_Waiting]) -> None:
        """Get every command of a batch its answer, through outages and bad neighbours."""
        try:
            outcomes = await self._patiently([waiting.transaction for waiting in batch])
        except Exception as error:
            if is_away(error):
                log.warning("%s is away, %d commands refused: %r", self._part, len(batch), error)
                self._refuse_all(batch, error)
            elif len(batch) == 1:
                log.error("%s refused a command's values: %r", self._part, error)
                batch[0].resolve(_refusal(error))
            else:
                # Somebody's value broke the batch for all: halve it until they stand alone.
                middle = len(batch) // 2
                await self._record(batch[:middle])
                await self._record(batch[middle:])
            return
        self.counters.batches += 1
        self.counters.commands += len(batch)
        self.counters.largest = max(self.counters.largest, len(batch))
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.resolve(outcome)

    async def _patiently(self, transactions: list[Transaction]) -> list[Receipt | Exception]:
        clock = asyncio.get_running_loop().time
        give_up = clock() + self._limits.patience
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._commit(transactions)
            except Exception as error:
                if not is_away(error) or clock() + pause > give_up:
                    raise
            self.counters.retries += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _refuse_all(self, batch: list[_Waiting], error: Exception) -> None:
        """Refuse a batch, and those who gathered behind it while it was tried again and again."""
        batch = [*batch, *self._queue]
        self._queue.clear()
        for waiting in batch:
            refusal = Unavailable(part=self._part)
            refusal.__cause__ = error
            waiting.resolve(refusal)


def _refusal(error: Exception) -> Exception:
    """Return what the sender of one bad command is told."""
    if isinstance(error, asyncpg.DataError | asyncpg.ProgramLimitExceededError):
        malformed = Malformed(
            problem=f"it holds a value that cannot be stored ({error})", expected="the command"
        )
        malformed.__cause__ = error
        return malformed
    return error
