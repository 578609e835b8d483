"""What we need of a Kafka, asked of the embedded broker and of Apache Kafka itself."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from functools import partial
from uuid import uuid4

import pytest
import pytest_asyncio
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from msgspec.structs import replace

from shared.bus.admin import Topics
from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered, Record, Unreadable
from shared.bus.errors import TopicRecreated, WrongPartitions
from shared.bus.producer import BATCH_BYTES, Producer
from shared.bus.tap import Reader, Tap
from shared.bus.topics import topic_of
from shared.domain.errors import Unavailable
from shared.positions import PARTITIONS, partition_of
from tests.support.buses import (
    BROKERS,
    a_server,
    a_service,
    delete_topic,
    everywhere,
    in_ledger_order,
    read,
    read_out,
    without_gap,
)
from tests.support.entries import a_history
from tests.support.rubbish import PARTITION, rubbish_for


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=BROKERS)
async def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    async with a_server(request.param, tmp_path_factory.mktemp(request.param)) as server:
        yield server.address


@pytest.fixture
def service() -> str:
    return a_service()


@pytest.fixture
def topics(address: str) -> Iterator[Topics]:
    topics = Topics(address)
    yield topics
    topics.close()


@pytest.fixture
async def producer(address: str) -> AsyncIterator[Producer]:
    producer = Producer(address)
    yield producer
    await producer.close()


def a_consumer(address: str, services: Collection[str]) -> Consumer:
    return Consumer(address, services, fetch_max_wait_ms=20)


@pytest.fixture(params=["alone", "at the tap"])
async def consumer(
    request: pytest.FixtureRequest, address: str, service: str
) -> AsyncIterator[Consumer | Reader]:
    if request.param == "alone":
        alone = a_consumer(address, [service])
        yield alone
        await alone.close()
        return
    tap = Tap(partial(a_consumer, address), [service, a_service()])
    reader = tap.reader([service])
    yield reader
    await reader.close()
    await tap.close()


# ── topics ────────────────────────────────────────────────────────────────────────────────────


def test_a_topic_is_made_with_24_partitions(topics: Topics, service: str) -> None:
    made = topics.ensure(service)
    assert topics.describe([service]) == {service: (made, PARTITIONS)}


def test_a_topic_that_is_there_is_left_alone(topics: Topics, service: str) -> None:
    assert topics.ensure(service) == topics.ensure(service)


def test_a_topic_that_is_not_there_is_left_out(topics: Topics, service: str) -> None:
    assert topics.describe([service]) == {}


def test_a_topic_forgets_nothing(
    request: pytest.FixtureRequest, topics: Topics, address: str, service: str
) -> None:
    if "apache" not in request.node.callspec.id:
        pytest.skip("the embedded broker takes the settings and tells none")
    topics.ensure(service)
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        asked = ConfigResource(ConfigResourceType.TOPIC, topic_of(service))
        [settings] = admin.describe_configs([asked], config_filter="all")["topic"].values()
    finally:
        admin.close()
    told = {name: setting["value"] for name, setting in settings.items()}
    assert told["cleanup.policy"] == "delete"
    assert told["retention.ms"] == told["retention.bytes"] == "-1"


def test_a_topic_made_anew_has_another_id(topics: Topics, address: str, service: str) -> None:
    before = topics.ensure(service)
    delete_topic(address, topic_of(service))
    assert topics.ensure(service) != before


def test_a_strangers_topic_is_refused(topics: Topics, address: str, service: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=address)
    strange = {topic_of(service): {"num_partitions": 4, "replication_factor": 1}}
    admin.create_topics(strange, wait_for_metadata=True)
    admin.close()
    with pytest.raises(WrongPartitions, match="has 4 partitions, not 24"):
        topics.ensure(service)


async def test_a_reader_never_makes_the_topic_it_misses(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, address: str, service: str
) -> None:
    topics.ensure(service)
    await producer.publish(service, a_history(1))
    await consumer.topic_ids()
    await consumer.assign(everywhere(service))
    await read(consumer, 1)
    delete_topic(address, topic_of(service))
    with pytest.raises(TopicRecreated):
        await read(consumer, 2)
    assert topics.describe([service]) == {}


# ── records ───────────────────────────────────────────────────────────────────────────────────


async def test_entries_come_back_equal_and_in_order(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    history = a_history(500)
    topics.ensure(service)
    await producer.publish(service, history)
    await consumer.assign(everywhere(service))
    delivered = await read(consumer, 500)
    assert in_ledger_order(delivered) == history
    assert without_gap(delivered, history)
    assert all(one.partition == partition_of(one.entry.key) for one in delivered)
    assert {one.service for one in delivered} == {service}


async def test_publishing_tells_each_partitions_last_position(
    topics: Topics, producer: Producer, service: str
) -> None:
    history = a_history(100)
    topics.ensure(service)
    reached = await producer.publish(service, history)
    assert reached == {partition_of(entry.key): entry.position for entry in history}


async def test_offsets_count_from_zero_without_a_gap(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    topics.ensure(service)
    await producer.publish(service, a_history(300))
    await consumer.assign(everywhere(service))
    offsets: dict[int, list[int]] = {}
    for one in await read(consumer, 300):
        offsets.setdefault(one.partition, []).append(one.offset)
    assert all(found == list(range(len(found))) for found in offsets.values())


async def test_bytes_of_every_kind_survive(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    [entry] = a_history(1)
    strange = [
        replace(entry, position=1, payload=b"", meta=b""),
        replace(entry, position=2, payload=bytes(range(256)), meta=bytes(range(256))),
        replace(entry, position=3, kind="a/b", topic="tests.\u00e9t\u00e9"),
        replace(entry, position=4, payload=b"x" * 3_000_000),
    ]
    topics.ensure(service)
    await producer.publish(service, strange)
    await consumer.assign(everywhere(service))
    assert in_ledger_order(await read(consumer, 4)) == strange


async def test_five_thousand_entries_of_one_person_keep_their_order(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    history = [replace(e, payload=b"%6d" % e.position * 60) for e in a_history(5_000, people=1)]
    assert sum(len(entry.payload) for entry in history) > 3 * BATCH_BYTES
    topics.ensure(service)
    await producer.publish(service, history)
    await consumer.assign(everywhere(service))
    assert [one.entry for one in await read(consumer, 5_000)] == history


async def test_what_is_published_twice_comes_twice(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    history = a_history(50)
    topics.ensure(service)
    await producer.publish(service, history)
    await producer.publish(service, history)
    await consumer.assign(everywhere(service))
    delivered = await read_out(consumer, 50)
    assert Counter(one.entry.position for one in delivered) == dict.fromkeys(range(1, 51), 2)
    assert without_gap(delivered, history)


async def test_a_strangers_record_is_delivered_as_what_it_is_and_stops_nobody(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, address: str, service: str
) -> None:
    topics.ensure(service)
    stranger = KafkaProducer(bootstrap_servers=address)
    stranger.send(topic_of(service), b"{}", partition=7).get(10)
    stranger.close()
    history = a_history(20)
    await producer.publish(service, history)
    await consumer.assign(everywhere(service))
    records: list[Record] = []
    async with asyncio.timeout(20):
        while len(records) < 21:
            records += await consumer.poll(100, 0.2)
    (stranger_s,) = [one for one in records if isinstance(one, Unreadable)]
    assert (stranger_s.partition, stranger_s.offset, stranger_s.value) == (7, 0, b"{}")
    assert stranger_s.field == "ce_specversion"
    assert f"{topic_of(service)}/7@0" in stranger_s.problem
    assert len([one for one in records if isinstance(one, Delivered)]) == 20


async def test_no_kind_of_rubbish_ends_a_reader(
    topics: Topics, consumer: Consumer | Reader, address: str, service: str
) -> None:
    kinds = rubbish_for(service)
    topics.ensure(service)
    stranger = KafkaProducer(bootstrap_servers=address)
    for _, value, headers in kinds:
        sent = stranger.send(
            topic_of(service), value, key=b"k", headers=headers, partition=PARTITION
        )
        sent.get(10)
    stranger.close()
    await consumer.assign(everywhere(service))
    records: list[Record] = []
    async with asyncio.timeout(30):
        while len(records) < len(kinds):
            records += await consumer.poll(100, 0.2)
    for (name, value, headers), one in zip(kinds, records, strict=True):
        assert isinstance(one, Unreadable), name
        assert (one.value or b"", one.headers) == (value or b"", tuple(headers)), name


# ── reading on ────────────────────────────────────────────────────────────────────────────────


async def test_a_reader_goes_on_at_its_offsets(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, address: str, service: str
) -> None:
    history = a_history(600)
    topics.ensure(service)
    await producer.publish(service, history[:300])
    await consumer.assign(everywhere(service))
    offsets = everywhere(service)
    for one in await read(consumer, 300):
        offsets[service, one.partition] = one.offset + 1
    await producer.publish(service, history[300:])
    successor = Consumer(address, [service], fetch_max_wait_ms=20)
    await successor.assign(offsets)
    assert in_ledger_order(await read(successor, 300)) == history[300:]
    await successor.close()


async def test_a_reader_reads_its_own_partitions_only(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    history = a_history(400)
    mine = [entry for entry in history if partition_of(entry.key) < 12]
    topics.ensure(service)
    await producer.publish(service, history)
    await consumer.assign({(service, partition): 0 for partition in range(12)})
    assert in_ledger_order(await read(consumer, len(mine))) == mine
    assert await consumer.poll(timeout=0.2) == []


async def test_a_poll_returns_no_more_than_its_limit(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    topics.ensure(service)
    await producer.publish(service, a_history(100))
    await consumer.assign(everywhere(service))
    seen = 0
    while seen < 100:
        delivered = await consumer.poll(limit=7)
        assert len(delivered) <= 7
        seen += len(delivered)


async def test_a_cancelled_poll_loses_nothing(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    history = a_history(40)
    topics.ensure(service)
    await consumer.assign(everywhere(service))
    polling = asyncio.ensure_future(consumer.poll(timeout=5))
    await asyncio.sleep(0.1)
    polling.cancel()
    await producer.publish(service, history)
    await asyncio.sleep(0.5)
    assert in_ledger_order(await read(consumer, 40)) == history


async def test_a_record_is_seen_soon_after_it_is_acknowledged(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, service: str
) -> None:
    topics.ensure(service)
    await consumer.assign(everywhere(service))
    polling = asyncio.ensure_future(read(consumer, 1))
    await asyncio.sleep(0.3)
    await producer.publish(service, a_history(1))
    await asyncio.wait_for(polling, timeout=2)


async def test_a_topic_that_is_not_there_cannot_be_assigned(
    consumer: Consumer | Reader, service: str
) -> None:
    assert await consumer.topic_ids() == {}
    with pytest.raises(Unavailable, match=topic_of(service)):
        await consumer.assign(everywhere(service))


async def test_nothing_assigned_is_nothing_delivered(consumer: Consumer | Reader) -> None:
    assert await consumer.poll(timeout=0.01) == []


# ── topics made anew ──────────────────────────────────────────────────────────────────────────


async def test_a_reader_is_told_that_its_topic_was_made_anew(
    topics: Topics, producer: Producer, consumer: Consumer | Reader, address: str, service: str
) -> None:
    history = a_history(200)
    topics.ensure(service)
    before = await consumer.topic_ids()
    await producer.publish(service, history)
    await consumer.assign(everywhere(service))
    await read(consumer, 200)
    delete_topic(address, topic_of(service))
    made = topics.ensure(service)
    successor = Producer(address)
    await successor.publish(service, history)
    await successor.close()
    with pytest.raises(TopicRecreated):
        await read(consumer, 1)
    with pytest.raises(TopicRecreated):
        await consumer.poll()
    assert await consumer.topic_ids() == {service: str(made)} != before
    await consumer.assign(everywhere(service))
    assert in_ledger_order(await read(consumer, 200)) == history


async def test_no_record_of_a_new_topic_passes_for_one_of_the_old(
    topics: Topics,
    producer: Producer,
    consumer: Consumer | Reader,
    address: str,
    service: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The new topic holds records at the very offset where the reader waits in the old one."""
    monkeypatch.setattr("shared.bus.consumer._CHECK_S", 1e9)  # what is fetched is checked even so
    topics.ensure(service)
    await producer.publish(service, a_history(100))
    await consumer.topic_ids()
    await consumer.assign(everywhere(service, offset=1))
    delete_topic(address, topic_of(service))
    topics.ensure(service)
    successor = Producer(address)
    await successor.publish(service, a_history(300, seed=2))
    await successor.close()
    with pytest.raises(TopicRecreated):
        await read(consumer, 1)


async def test_a_topic_that_was_deleted_while_nothing_came_is_noticed(
    topics: Topics, consumer: Consumer | Reader, address: str, service: str
) -> None:
    topics.ensure(service)
    await consumer.assign(everywhere(service))
    assert await consumer.poll(timeout=0.1) == []
    delete_topic(address, topic_of(service))
    with pytest.raises(TopicRecreated):
        await read(consumer, 1, timeout=10)


async def test_publishing_into_no_topic_fails_and_makes_none(
    topics: Topics, producer: Producer, service: str
) -> None:
    publishing = asyncio.ensure_future(producer.publish(service, a_history(1)))
    await asyncio.sleep(0.5)
    producer.abandon()
    with pytest.raises(Unavailable):
        await publishing
    assert topics.describe([service]) == {}


async def test_nobody_listens_where_no_broker_is() -> None:
    consumer = Consumer("127.0.0.1:1", [f"nobody{uuid4().hex}"])
    with pytest.raises(Unavailable, match="the broker"):
        await consumer.topic_ids()
    await consumer.close()
