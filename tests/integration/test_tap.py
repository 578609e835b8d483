"""All readers of a process at one tap: each reads everything once, in order, wherever it is."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from shared.bus import rest as resting
from shared.bus import tap as tapping
from shared.bus.admin import Topics
from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered
from shared.bus.errors import HistoryLost, TopicRecreated
from shared.bus.news import News
from shared.bus.producer import Producer
from shared.bus.tap import Reader, Tap
from shared.bus.topics import topic_of
from tests.conftest import OwnBroker
from tests.support.buses import a_service, delete_topic, everywhere, in_ledger_order, read
from tests.support.entries import a_history


@dataclass
class Bench:
    """A broker with a topic, and a tap that counts the consumers it opens."""

    address: str
    service: str
    producer: Producer
    topics: Topics
    opened: list[Consumer] = field(default_factory=list)

    def open(self, services: Collection[str]) -> Consumer:
        consumer = Consumer(self.address, services, fetch_max_wait_ms=20)
        self.opened.append(consumer)
        return consumer

    async def begun(self, reader: Reader, offset: int = 0) -> Reader:
        await reader.topic_ids()
        await reader.assign(dict.fromkeys(everywhere(self.service), offset))
        return reader


@pytest.fixture
async def bench(own_broker: OwnBroker) -> AsyncIterator[Bench]:
    broker = (await own_broker()).address
    service, producer, topics = a_service(), Producer(broker), Topics(broker)
    topics.ensure(service)
    yield Bench(broker, service, producer, topics)
    await producer.close()
    topics.close()


@pytest.fixture
async def tap(bench: Bench) -> AsyncIterator[Tap]:
    tap = Tap(bench.open, [bench.service])
    yield tap
    await tap.close()


async def test_two_readers_read_everything_from_one_consumer(bench: Bench, tap: Tap) -> None:
    readers = [await bench.begun(tap.reader([bench.service])) for _ in range(2)]
    history = a_history(300)
    await bench.producer.publish(bench.service, history)
    for delivered in await asyncio.gather(*(read(reader, 300) for reader in readers)):
        assert in_ledger_order(delivered) == history
        assert len(delivered) == 300
    assert len(bench.opened) == 1


async def test_one_that_is_behind_reads_alone_and_then_joins(
    bench: Bench, tap: Tap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tapping, "HELD", 100)
    history = a_history(1_200)
    first = await bench.begun(tap.reader([bench.service]))
    for begin in range(0, 1_000, 100):
        await bench.producer.publish(bench.service, history[begin : begin + 100])
        await read(first, 100)
    second = await bench.begun(tap.reader([bench.service]))
    delivered = await read(second, 1_000)
    assert len(bench.opened) == 2
    await bench.producer.publish(bench.service, history[1_000:])
    delivered += await read(second, 200)
    assert in_ledger_order(delivered) == history
    assert len(delivered) == 1_200
    assert in_ledger_order(await read(first, 200)) == history[1_000:]
    assert len(bench.opened) == 2
    assert second._own is None


async def test_one_that_stands_still_keeps_nobody_waiting_and_loses_nothing(
    bench: Bench, tap: Tap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tapping, "HELD", 100)
    quick, slow = [await bench.begun(tap.reader([bench.service])) for _ in range(2)]
    history = a_history(900)
    delivered = []
    for begin in range(0, 900, 100):
        await bench.producer.publish(bench.service, history[begin : begin + 100])
        delivered += await asyncio.wait_for(read(quick, 100), 5)
    assert in_ledger_order(delivered) == history
    assert in_ledger_order(await read(slow, 900)) == history


async def test_a_topic_made_anew_is_told_to_every_reader(bench: Bench, tap: Tap) -> None:
    readers = [await bench.begun(tap.reader([bench.service])) for _ in range(2)]
    await bench.producer.publish(bench.service, a_history(50))
    for reader in readers:
        await read(reader, 50)
    delete_topic(bench.address, topic_of(bench.service))
    bench.topics.ensure(bench.service)
    for reader in readers:
        with pytest.raises(TopicRecreated):
            await read(reader, 1)
    history = a_history(20)
    await bench.producer.publish(bench.service, history)
    for reader in readers:
        await bench.begun(reader)
        assert in_ledger_order(await read(reader, 20)) == history


class Played:
    """A consumer whose fetches are played one by one."""

    def __init__(self, *fetches: list[Delivered] | Exception) -> None:
        self.fetches = deque(fetches)
        self.assigned: list[dict[tuple[str, int], int]] = []
        self.ids = {"a": "1", "b": "1"}

    async def topic_ids(self) -> dict[str, str]:
        return dict(self.ids)

    async def assign(self, offsets: dict[tuple[str, int], int]) -> None:
        self.assigned.append(dict(offsets))

    async def poll(self, limit: int, timeout: float) -> list[Delivered]:
        await asyncio.sleep(0.001)
        fetched = self.fetches.popleft() if self.fetches else []
        if isinstance(fetched, Exception):
            raise fetched
        return fetched

    async def close(self) -> None:
        """Nothing is open."""


def lying(service: str, *offsets: int) -> list[Delivered]:
    (entry,) = a_history(1)
    return [Delivered(service=service, entry=entry, partition=0, offset=at) for at in offsets]


@asynccontextmanager
async def played(*fetches: list[Delivered] | Exception) -> AsyncIterator[tuple[Tap, Played]]:
    consumer = Played(*fetches)
    tap = Tap(lambda _: cast(Consumer, consumer), ["a", "b"])
    yield tap, consumer
    await tap.close()


async def reading(tap: Tap, service: str, offset: int = 0) -> Reader:
    reader = tap.reader([service])
    await reader.topic_ids()
    await reader.assign({(service, 0): offset})
    return reader


async def test_nothing_is_not_said_while_others_records_may_take_the_place_of_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tapping, "FETCHED", 3)
    full = lying("b", 0, 1, 2), lying("b", 3, 4, 5), lying("a", 0)
    async with played(*full) as (tap, _):
        mine, other = await reading(tap, "a"), await reading(tap, "b")
        polled = await asyncio.gather(mine.poll(10, 0.1), other.poll(10, 0.1))
        assert [one.offset for one in polled[0]] == [0]
        assert await mine.poll(10, 0.1) == []


async def test_what_one_topic_lost_is_told_to_its_readers_alone() -> None:
    lost = HistoryLost(places="b", gone=[("b", 0)])
    async with played(lying("a", 0), lost, lying("a", 1), lost) as (tap, consumer):
        mine, other = await reading(tap, "a"), await reading(tap, "b", 9)
        assert [one.offset for one in await mine.poll(10, 0.1)] == [0]
        with pytest.raises(HistoryLost):
            await other.poll(10, 0.1)
        assert [one.offset for one in await mine.poll(10, 0.1)] == [1]
        assert consumer.assigned[-1] == {("a", 0): 1}
        await other.assign({("b", 0): 9})
        assert other._own is not None
        assert await mine.poll(10, 0.1) == []


async def test_nothing_is_fetched_between_a_new_topic_and_the_readers_beginning_anew() -> None:
    async with played(lying("a", 7), lying("b", 500)) as (tap, consumer):
        mine, other = await reading(tap, "a", 7), await reading(tap, "b", 500)
        await mine.poll(10, 0.1)
        waiting = asyncio.create_task(other.poll(10, 0.1))
        await asyncio.sleep(0)
        tap._asked_ids = -1.0
        consumer.ids = {"a": "2", "b": "1"}
        await tap.ids()
        with pytest.raises(TopicRecreated):
            await waiting
        await other.topic_ids()
        consumer.fetches.clear()
        consumer.fetches.append(lying("b", 500))
        await other.assign({("b", 0): 500})
        assert [one.offset for one in await other.poll(10, 0.1)] == [500]
        assert consumer.assigned[-1] == {("b", 0): 500}


async def test_one_that_has_not_asked_for_long_is_waited_for_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tapping, "HELD", 10)
    monkeypatch.setattr(tapping, "_SLOW_S", 30.0)
    fetches = [lying("a", *range(at, at + 3)) for at in range(0, 30, 3)]
    async with played(*fetches) as (tap, _):
        absent, quick = await reading(tap, "a"), await reading(tap, "a")
        absent.asked_at -= tapping._ABSENT_S
        seen: list[int] = []
        async with asyncio.timeout(10):
            while len(seen) < 30:
                seen += [one.offset for one in await quick.poll(10, 0.1)]
        assert seen == list(range(30))


class Told:
    """A ledger that says what it is told to."""

    def __init__(self) -> None:
        self.position = 0
        self._more = asyncio.Event()

    def grow(self, position: int) -> None:
        self.position = position
        self._more.set()

    async def growth(self) -> AsyncIterator[int]:
        while True:
            yield self.position
            await self._more.wait()
            self._more.clear()


async def test_an_idle_reader_asks_once_a_second_and_hears_of_news_at_once(
    own_broker: OwnBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = (await own_broker()).address
    service, told = a_service(), Told()
    producer, topics = Producer(broker), Topics(broker)
    topics.ensure(service)
    news = News({service: told})
    hearing = asyncio.create_task(news.run())
    consumer = Consumer(broker, [service], fetch_max_wait_ms=20, news=news)
    history = a_history(2)
    await producer.publish(service, history[:1])
    told.grow(1)
    await consumer.topic_ids()
    await consumer.assign(everywhere(service))
    await read(consumer, 1)

    asked = 0
    poll = consumer._reader.poll

    def counted(limit: int, timeout: float) -> list[object]:
        nonlocal asked
        asked += 1
        return list(poll(limit, timeout))

    monkeypatch.setattr(consumer._reader, "poll", counted)
    clock = asyncio.get_running_loop().time
    until = clock() + 3
    while clock() < until:
        await consumer.poll(timeout=0.02)
    assert asked <= 6  # without a rest: some 150

    monkeypatch.setattr(resting, "REST_S", 60.0)  # so that nothing but the news can wake it
    polling = asyncio.ensure_future(consumer.poll(timeout=1))
    await asyncio.sleep(0.1)
    await producer.publish(service, history[1:])
    began = clock()
    told.grow(2)
    delivered = await read(consumer, 1) if not await polling else polling.result()
    assert len(delivered) == 1
    assert clock() - began < 20
    await consumer.close()
    hearing.cancel()
    await producer.close()
    topics.close()
