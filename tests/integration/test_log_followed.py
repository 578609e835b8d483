"""A service's follower seals what its decider records, and the decider serves it to anybody."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from kafka import KafkaConsumer, TopicPartition
from prometheus_client import generate_latest
from pydantic import SecretBytes

from services.registry.app import service as registry
from shared.following.metrics import LogMetrics
from shared.positions import PARTITIONS
from shared.proof.checkpoints import LogKey, open_checkpoint
from shared.proof.notes import Verifier
from shared.proof.statement import statement_of
from shared.proof.tiles import unbundle
from shared.runtime.metrics import exposed
from shared.transparency.witnessing import last_witnessed
from tests.conftest import OwnBroker
from tests.support.services import Asked, running

ORIGIN = "test.invalid/registry"


class Sealed:
    """A running service whose ledger is sealed."""

    def __init__(self, asked: Asked, broker: str, witness: Path) -> None:
        self.asked = asked
        self.broker = broker
        self.witness = witness

    async def establish(self, *codes: str) -> None:
        for code in codes:
            await self.asked.send(
                "orgUnitEstablish",
                code=code,
                name=code,
                unitKind="COUNTRY",
                occurredOn="2018-01-01",
            )

    async def checkpoint(self, size: int) -> bytes:
        """Wait until so many entries are sealed; return what is served."""
        async with asyncio.timeout(30):
            while True:
                answer = await self.asked.client.get("/log/checkpoint")
                if answer.status_code == 200 and int(answer.text.split("\n")[1]) >= size:
                    return answer.content
                await asyncio.sleep(0.05)


@pytest_asyncio.fixture
async def sealed(database: str, own_broker: OwnBroker, tmp_path: Path) -> AsyncIterator[Sealed]:
    broker = await own_broker()
    told: dict[str, Any] = {
        "log_key": SecretBytes(bytes(range(32))),
        "log_origin": "test.invalid",
        "witness_dir": tmp_path / "witness",
    }
    async with running(
        registry,
        database=database,
        broker=broker.address,
        directory=tmp_path,
        follows_with=told,
    ) as asked:
        yield Sealed(asked, broker.address, tmp_path / "witness")


async def test_what_is_recorded_is_sealed_and_served_within_two_seconds(sealed: Sealed) -> None:
    await sealed.establish("AA", "BB", "CC", "DD")
    await sealed.checkpoint(4)
    began = time.monotonic()
    await sealed.establish("EE")
    note = await sealed.checkpoint(5)
    # A second at most between two rounds; the rest is what a machine with other work takes.
    assert time.monotonic() - began < 10
    client, ledger = sealed.asked.client, sealed.asked.decider.served.ledger
    (log,) = (await client.get("/log/keys")).json()["logs"]
    keys = [LogKey(Verifier.of(key["vkey"])) for key in log["keys"]]
    checkpoint, _ = open_checkpoint(note, keys, origin=ORIGIN)
    answer = await client.get("/log/tile/entries/000.p/5", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert unbundle(answer.content) == [
        statement_of(entry) for entry in await ledger.feed(after=0, limit=5)
    ]
    plain = await client.get("/log/tile/entries/000.p/5", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    # Of one epoch, a log is read at its own address, or by its epoch.
    assert (await client.get("/log/1/checkpoint")).status_code == 200
    for path in (
        "/log/2/checkpoint",
        "/log/tile/0/000",
        "/log/tile/entries/000.p/6",
        "/log/tile/x",
    ):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "NO_SUCH_PART_OF_LOG"
    assert (await client.post("/log/checkpoint")).status_code == 405
    assert checkpoint.size == 5


async def test_its_health_and_metrics_say_how_far_it_is(sealed: Sealed) -> None:
    await sealed.establish("AA")
    await sealed.checkpoint(1)
    follower = sealed.asked.follower
    async with asyncio.timeout(10):
        while follower.log.sealing is None or follower.log.sealing.behind_s:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    health = (await follower.health())["log"]
    assert health.ready
    assert health.says == "1 entries are sealed"
    with exposed(LogMetrics({"registry": follower.log.sealing})):
        said = generate_latest().decode()
    assert 'mshauri_log_sealed_entries{service="registry"} 1.0' in said
    assert 'mshauri_log_behind_seconds{service="registry"} 0.0' in said
    assert 'mshauri_log_stopped{service="registry"} 0.0' in said


async def test_checkpoints_are_witnessed_and_told_on_a_topic_of_their_own(sealed: Sealed) -> None:
    await sealed.establish("AA", "BB")
    await sealed.checkpoint(2)
    async with asyncio.timeout(20):
        while (  # noqa: ASYNC110
            seen := last_witnessed(sealed.witness, "test.invalid", "registry")
        ) is None or seen.checkpoint.size < 2:
            await asyncio.sleep(0.05)
    records = await asyncio.to_thread(_read, sealed.broker, seen.checkpoint.text)
    assert {record.key for record in records} == {ORIGIN.encode()}
    told = [record.value for record in records]
    (witness,) = (await sealed.asked.client.get("/log/keys")).json()["witnesses"]
    checkpoint, note = open_checkpoint(
        told[-1], [LogKey(Verifier(ORIGIN, _public(sealed)))], origin=ORIGIN
    )
    assert checkpoint.size == 2
    assert note.by(Verifier.of(witness)) is not None


def _public(sealed: Sealed) -> bytes:
    sealing = sealed.asked.follower.log.sealing
    assert sealing is not None
    return sealing.verifier(1).key


def _read(broker: str, last: str) -> list[Any]:
    """Read the topic until a record tells of this checkpoint."""
    consumer = KafkaConsumer(bootstrap_servers=broker, auto_offset_reset="earliest")
    try:
        consumer.assign([TopicPartition("mshauri.checkpoints.v1", n) for n in range(PARTITIONS)])
        records: list[Any] = []
        until = time.monotonic() + 30
        while not any(record.value.decode().startswith(last) for record in records):
            assert time.monotonic() < until, "no checkpoint came"
            for some in consumer.poll(timeout_ms=200).values():
                records += some
        return records
    finally:
        consumer.close()


async def test_without_a_key_nothing_is_sealed_and_health_says_so(
    database: str, own_broker: OwnBroker, tmp_path: Path
) -> None:
    broker = await own_broker()
    async with running(
        registry, database=database, broker=broker.address, directory=tmp_path
    ) as asked:
        health = (await asked.follower.health())["log"]
        assert health.ready
        assert "nothing is sealed" in health.says
        assert (await asked.client.get("/log/checkpoint")).status_code == 404
