"""The event sourcing library's own test cases for recorders, run against our ledgers."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import AsyncExitStack

import pytest
from eventsourcing.persistence import OperationalError
from eventsourcing.tests.persistence import AggregateRecorderTestCase, ApplicationRecorderTestCase

from shared.ledger import Ledger
from shared.ledger.facade import LedgerAggregateRecorder, LedgerApplicationRecorder, LoopThread
from shared.ledger.memory import MemoryLedger
from shared.ledger.postgres import PostgresLedger


class OnMemory:
    """A test case in whose tests `ledger` lives in memory, on `loop`."""

    loop: LoopThread
    ledger: Ledger

    @pytest.fixture(autouse=True)
    def _ledger(self) -> Iterator[None]:
        self.loop = LoopThread()
        self.ledger = MemoryLedger(service="library")
        yield
        self.loop.close()


class OnPostgres:
    """A test case in whose tests `ledger` is a fresh database."""

    loop: LoopThread
    ledger: Ledger

    @pytest.fixture(autouse=True)
    def _ledger(self, database: str) -> Iterator[None]:
        self.loop = LoopThread()
        stack = AsyncExitStack()

        async def open_ledger() -> PostgresLedger:
            return await stack.enter_async_context(PostgresLedger(database, service="library"))

        self.ledger = self.loop.run(open_ledger())
        yield
        self.loop.run(stack.aclose())
        self.loop.close()


class _AggregateRecorder(AggregateRecorderTestCase):
    loop: LoopThread
    ledger: Ledger

    def create_recorder(self) -> LedgerAggregateRecorder:
        return LedgerAggregateRecorder(self.ledger, self.loop)


class _ApplicationRecorder(ApplicationRecorderTestCase[LedgerApplicationRecorder]):
    loop: LoopThread
    ledger: Ledger

    def create_recorder(self) -> LedgerApplicationRecorder:
        return LedgerApplicationRecorder(self.ledger, self.loop)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestAggregatesOnMemory(OnMemory, _AggregateRecorder):
    """The library's cases for streams, in memory."""


class TestApplicationOnMemory(OnMemory, _ApplicationRecorder):
    """The library's cases for feeds and subscriptions, in memory."""


class TestAggregatesOnPostgres(OnPostgres, _AggregateRecorder):
    """The library's cases for streams, on PostgreSQL."""


class TestApplicationOnPostgres(OnPostgres, _ApplicationRecorder):
    """The library's cases for feeds and subscriptions, on PostgreSQL."""


# What is shared is no test case itself; unittest would make one of every class it can name.
del AggregateRecorderTestCase, ApplicationRecorderTestCase, _AggregateRecorder
del _ApplicationRecorder


def test_a_thread_that_waits_for_an_answer_is_let_go_when_the_loop_closes() -> None:
    # The library's test cases leave their readers reading; one that waits for ever would keep
    # the whole process from ending.
    loop, ledger = LoopThread(), MemoryLedger(service="library")
    waiting = loop.begin(ledger.wait_beyond(0, timeout=3600.0))
    loop.close()
    with pytest.raises(CancelledError):
        waiting.result(timeout=5.0)
    with pytest.raises(OperationalError):
        LedgerApplicationRecorder(ledger, loop).max_notification_id()
