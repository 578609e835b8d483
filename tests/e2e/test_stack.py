"""`mshauri up` and the stack behind it: everything starts, is kept running, and goes away again."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from mshauri.stack import given
from mshauri.stack.directory import InUse, gateway_of
from mshauri.stack.minder import Mark
from mshauri.stack.ports import LOOPBACK, free_port
from mshauri.stack.process import ProcessFailed
from mshauri.stack.stack import Stack
from mshauri.stack.topology import HEALTH, PROCESSES, following
from tests.support.servers import PostgresServer, temporary_directory

REGISTRY = next(process for process in PROCESSES if process.name == "registry")
BROKEN = replace(REGISTRY, name="broken", module="services.no_such_service")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with temporary_directory() as directory:
        yield directory


class Heard:
    """Keeps what a stack reports."""

    def __init__(self) -> None:
        self.lines: list[tuple[Mark, str, str]] = []

    def __call__(self, mark: Mark, part: str, text: str) -> None:
        self.lines.append((mark, part, text))

    def parts(self, mark: Mark) -> list[str]:
        return [part for said, part, _ in self.lines if said is mark]


def running_from(directory: Path) -> list[psutil.Process]:
    """Return the processes that work on a data directory, whoever started them."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ", "status"]):
        described = [*(process.info["cmdline"] or []), *(process.info["environ"] or {}).values()]
        if any(str(directory) in text for text in described):
            found.append(process)
    return [p for p in found if p.pid != os.getpid()]


# ── the whole of it ───────────────────────────────────────────────────────────────────────────


@pytest.mark.timeout(300)
async def test_everything_starts_is_started_again_when_it_dies_and_leaves_nothing(
    data_dir: Path,
) -> None:
    heard = Heard()
    async with Stack(data_dir, environ={}, report=heard) as stack:
        assert set(heard.parts(Mark.READY)) == {
            *("postgres", "broker"),
            *(process.name for process in PROCESSES),
        }
        async with httpx.AsyncClient(trust_env=False) as client:
            for process in PROCESSES:
                answer = await client.get(stack.url(process.name) + HEALTH)
                assert answer.status_code == 200, answer.text
        assert gateway_of(data_dir) == stack.gateway_url

        for part in ("registry", "broker", "postgres"):
            await stack.kill(part)
            await stack.ready(part)

        assert heard.parts(Mark.ENDED) == ["registry", "broker", "postgres"]
        assert running_from(data_dir)

    assert running_from(data_dir) == []
    assert gateway_of(data_dir) is None
    assert heard.parts(Mark.STOPPED)[0] == "gateway"
    assert set(heard.parts(Mark.STOPPED)[-2:]) == {"broker", "postgres"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("number", "exit_code"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_up_ends_with_everything_it_started(
    data_dir: Path, number: signal.Signals, exit_code: int
) -> None:
    if number is signal.SIGKILL and not sys.platform.startswith("linux"):
        pytest.skip("only Linux's kernel ends the children of a killed parent")
    port = free_port()
    command = [
        *(sys.executable, "-m", "mshauri", "up"),
        *("--data-dir", str(data_dir), "--gateway-port", str(port)),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        said = []
        for line in up.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert f"http://{LOOPBACK}:{port}/graphql" in "".join(said)
        assert sum(line.lstrip().startswith("ready") for line in said) == 2 + len(PROCESSES)

        up.send_signal(number)

        assert up.wait(30) == exit_code
    deadline = time.monotonic() + 20
    while left := running_from(data_dir):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


# ── what is kept ──────────────────────────────────────────────────────────────────────────────


async def test_data_and_secrets_are_kept_between_runs_for_their_owner_alone(data_dir: Path) -> None:
    async with Stack(data_dir, environ={}, processes=[]) as stack:
        connection = await asyncpg.connect(stack.postgres_url)
        await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
        await connection.close()
        first = {path: path.read_bytes() for path in secrets_in(data_dir)}

    async with Stack(data_dir, environ={}, processes=[]) as stack:
        connection = await asyncpg.connect(stack.postgres_url)
        assert await connection.fetchval("SELECT n FROM kept") == 7
        await connection.close()

    assert len(first) == 4  # PostgreSQL's password, master key, internal token, issuer's key
    assert {path: path.read_bytes() for path in secrets_in(data_dir)} == first
    for path in first:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def secrets_in(data_dir: Path) -> list[Path]:
    named = ("postgres/password", "secrets/master_key", "secrets/internal_token", "issuer/key.pem")
    return [data_dir / name for name in named if (data_dir / name).exists()]


# ── what is given ─────────────────────────────────────────────────────────────────────────────


async def test_addresses_in_the_environment_replace_the_embedded_parts(
    data_dir: Path, postgres: PostgresServer, broker: str
) -> None:
    environ = {given.POSTGRES_URL: postgres.address, given.BOOTSTRAP_SERVERS: broker}
    heard = Heard()

    processes = [REGISTRY, following("registry")]
    async with Stack(data_dir, environ=environ, report=heard, processes=processes) as stack:
        assert stack.database_url("registry") == postgres.url("mshauri_registry")
        told = stack.environment("followers")
        assert told["MSHAURI_BOOTSTRAP_SERVERS"] == broker
        assert told["MSHAURI_REGISTRY_DATABASE_URL"] == postgres.url("mshauri_registry")
        assert "MSHAURI_SESSIONS_DATABASE_URL" not in told
        assert "MSHAURI_FETCH_MAX_WAIT_MS" not in told

    assert set(heard.parts(Mark.STOPPED)) == {"registry", "followers"}
    assert not (data_dir / "postgres").exists()
    await postgres.drop_database("mshauri_registry")


@pytest.mark.parametrize("variable", [given.POSTGRES_URL, given.BOOTSTRAP_SERVERS])
async def test_an_address_that_leads_nowhere_is_named(data_dir: Path, variable: str) -> None:
    nobody = f"{LOOPBACK}:{free_port()}"
    value = f"postgresql://u:hush@{nobody}/x" if variable == given.POSTGRES_URL else nobody

    with pytest.raises(given.NotThere) as problem:
        async with Stack(data_dir, environ={variable: value}, processes=[]):
            pass

    assert variable in str(problem.value)
    assert nobody in str(problem.value)
    assert "hush" not in str(problem.value)
    assert running_from(data_dir) == []


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────


async def test_a_part_that_dies_three_times_stops_the_stack_with_what_it_said(
    data_dir: Path,
) -> None:
    heard = Heard()

    with pytest.raises(ProcessFailed, match=r"No module named services\.no_such_service"):
        async with Stack(data_dir, environ={}, report=heard, processes=[BROKEN]):
            pass

    assert heard.parts(Mark.ENDED) == ["broken", "broken"]
    assert running_from(data_dir) == []


async def test_a_wrong_setting_stops_the_stack_with_its_sentence(data_dir: Path) -> None:
    environ = {"MSHAURI_ZONE": "Kigali"}

    with pytest.raises(ProcessFailed, match="MSHAURI_ZONE is wrong: give the name of an IANA"):
        async with Stack(data_dir, environ=environ, processes=[REGISTRY]):
            pass


async def test_a_block_is_interrupted_when_the_stack_under_it_cannot_be_kept(
    data_dir: Path,
) -> None:
    async def lose_the_broker() -> None:
        async with Stack(data_dir, environ={}, processes=[]) as stack:
            for _ in range(3):
                await stack.ready("broker")
                await stack.kill("broker")
            await asyncio.sleep(30)

    with pytest.raises(ProcessFailed, match="broker"):
        await lose_the_broker()

    assert running_from(data_dir) == []


async def test_a_second_stack_on_the_same_data_is_refused(data_dir: Path) -> None:
    async with Stack(data_dir, environ={}, processes=[]):
        with pytest.raises(InUse, match="--data-dir"):
            async with Stack(data_dir, environ={}, processes=[]):
                pass


async def test_a_taken_port_is_named(data_dir: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ProcessFailed, match=f"port {port}, meant for the gateway, is taken"):
            async with Stack(data_dir, environ={}, gateway_port=port):
                pass
