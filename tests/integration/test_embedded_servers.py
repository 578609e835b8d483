"""The embedded PostgreSQL and broker behave as the real ones that are taken away and come back."""

import asyncio
import signal
import sys
from pathlib import Path
from uuid import UUID

import asyncpg
import psutil
import pytest
from kafka.admin import KafkaAdminClient, NewTopic

from mshauri.stack.broker import EmbeddedBroker
from mshauri.stack.ports import accepts
from mshauri.stack.postgres import EmbeddedPostgres
from mshauri.stack.process import NeverReady, OwnedProcess, ProcessFailed, end_survivors, gone
from tests.conftest import OwnBroker, OwnPostgres
from tests.support.servers import temporary_directory


async def test_what_postgres_committed_survives_its_being_killed(own_postgres: OwnPostgres) -> None:
    server = await own_postgres()
    port = server.port
    connection = await asyncpg.connect(server.url())
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")

    await server.kill()
    assert not accepts(port or 0)
    await server.start()

    assert server.port == port
    connection = await asyncpg.connect(server.url())
    assert await connection.fetchval("SELECT n FROM kept") == 7
    await connection.close()


async def test_postgres_asks_for_its_password(own_postgres: OwnPostgres) -> None:
    server = await own_postgres()

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url().replace(":", ":wrong", 2).replace("wrong//", "//", 1))


async def test_postgres_commits_to_disk_and_sorts_the_same_everywhere(
    own_postgres: OwnPostgres,
) -> None:
    server = await own_postgres()
    connection = await asyncpg.connect(server.url())

    assert await connection.fetchval("SHOW fsync") == "on"
    assert await connection.fetchval("SHOW server_version_num") >= "180000"
    assert await connection.fetchval("SELECT 'Z' < 'a' AND 'z' < 'é'")
    await connection.close()


async def test_a_postgres_that_was_left_behind_is_ended_first(own_postgres: OwnPostgres) -> None:
    left = await own_postgres()
    assert left.process is not None
    survivor = psutil.Process(left.process.pid)

    server = EmbeddedPostgres(left.data_dir)
    await server.start()

    assert await gone([survivor], timeout=0.0)
    await server.stop()


async def test_a_postgres_that_cannot_start_says_why() -> None:
    with temporary_directory() as directory:
        server = EmbeddedPostgres(directory, settings={"shared_buffers": "lots"})

        with pytest.raises(ProcessFailed, match='invalid value for parameter "shared_buffers"'):
            await server.start()


async def test_a_broker_comes_back_on_its_port_empty_with_a_new_topic_id(
    own_broker: OwnBroker,
) -> None:
    broker = await own_broker()
    address, before = broker.address, make_topic(broker, "news")

    await broker.stop()
    await broker.start()

    assert broker.address == address
    assert make_topic(broker, "news") != before


def make_topic(broker: EmbeddedBroker, name: str) -> UUID:
    admin = KafkaAdminClient(bootstrap_servers=broker.address)
    try:
        assert name not in admin.list_topics()
        admin.create_topics([NewTopic(name, 1, 1)])
        return UUID(str(admin.describe_topics([name])[0]["topic_id"]))
    finally:
        admin.close()


# ── processes ─────────────────────────────────────────────────────────────────────────────────

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


async def test_a_process_that_does_not_end_when_asked_is_killed(tmp_path: Path) -> None:
    process = OwnedProcess("x", [sys.executable, "-c", STUBBORN], log=tmp_path / "x.log")
    process.start()
    await asyncio.sleep(0.3)

    await process.stop(timeout=0.2)

    assert process.exit_code == -signal.SIGKILL


async def test_a_process_that_outlived_its_owner_is_ended_by_the_next(tmp_path: Path) -> None:
    process = OwnedProcess("x", [sys.executable, "-c", "input()"], log=tmp_path / "x.log")
    sleeper = OwnedProcess(
        "y", [sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "y.log"
    )
    process.start()
    sleeper.start()
    await process.ended(5.0)  # and its number may be anybody's now

    await end_survivors(tmp_path)

    assert await sleeper.ended(1.0)
    assert not list(tmp_path.glob("*.pid"))


async def test_a_number_that_is_somebody_elses_by_now_is_left_alone(tmp_path: Path) -> None:
    process = OwnedProcess(
        "x", [sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "x.log"
    )
    process.start()
    (tmp_path / "old.pid").write_text(f"{process.pid} 15 1.0")
    (tmp_path / "x.pid").unlink()

    await end_survivors(tmp_path)

    assert process.alive
    await process.kill()


def test_a_failure_tells_what_the_log_said_last(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text("\n".join(str(n) for n in range(100)))
    process = OwnedProcess("the x", ["x"], log=tmp_path / "x.log")

    failure = process.failure("ended with 1", NeverReady)

    assert isinstance(failure, NeverReady)
    assert failure.what == "ended with 1"
    assert str(failure).startswith("the x ended with 1; ")
    assert str(failure).splitlines()[-20:] == [str(n) for n in range(80, 100)]
