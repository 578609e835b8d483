"""The servers that are compared, each a process on one core, over one database."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil

from mshauri.stack.ports import free_port
from services.gateway.projections import MENTEE, TABLES
from shared.access.issuer import DevelopmentIssuer
from tests.perf.reads.country import Country
from tests.support.gateway import OPERATOR

APP, DATABASE, CLIENT = 0, 1, 2
"""The cores: of the server that is measured, of PostgreSQL, and of the client, which shares that of
PostgreSQL where there are but two.
"""
CONNECTIONS = 16
"""To PostgreSQL, of each server but ours, which has its own setting."""

_PEERS = Path(__file__).parent / "peers"


def pin(process: psutil.Process, core: int) -> None:
    """Keep a process, its children and all of their threads on a core."""
    if not hasattr(os, "sched_setaffinity"):  # not Linux
        return
    last = (os.cpu_count() or 1) - 1
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, ProcessLookupError):  # it has just ended
            for thread in one.threads():
                os.sched_setaffinity(thread.id, {min(core, last)})


def spent(process: psutil.Process) -> dict[int, float]:
    """Return the seconds of CPU that a process and each of its children have taken."""
    found: dict[int, float] = {}
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found[one.pid] = sum(one.cpu_times()[:2])
    return found


def between(before: dict[int, float], after: dict[int, float]) -> float:
    """Return the seconds that passed between two looks, of those that are there still."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


class Server:
    """A process that answers at an address."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], path: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}{path}"
        self._argv = [word.format(port=port) for word in argv]
        self._environment = {
            name.format(port=port): value.format(port=port) for name, value in environment.items()
        }

    async def start(self, log: Path) -> None:
        """Start it on its core and wait until it listens."""
        with log.open("wb") as out:
            self.process = psutil.Popen(
                self._argv,
                env={**os.environ, **self._environment},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        pin(self.process, APP)
        port = int(self.url.rsplit(":", 1)[1].split("/")[0])
        for _ in range(1_200):
            assert self.process.poll() is None, log.read_text()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                pin(self.process, APP)
                return
        msg = f"{self._argv} does not listen: {log.read_text()}"
        raise TimeoutError(msg)

    async def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            await asyncio.to_thread(self.process.wait, 15)
        except psutil.TimeoutExpired:
            self.process.kill()


def ours(country: Country) -> Server:
    """The gateway as an installation runs it: tokens, scopes, cost, metrics and who looked."""
    issuer = DevelopmentIssuer(country.directory)
    nowhere = "http://127.0.0.1:9"
    return Server(
        [sys.executable, "-m", "services.gateway"],
        {
            "MSHAURI_PORT": "{port}",
            "MSHAURI_DATABASE_URL": country.url,
            "MSHAURI_ACCESS_DATABASE_URL": country.access_url,
            "MSHAURI_ACCESS_SPOOL": str(country.directory / "spool"),
            "MSHAURI_INTERNAL_TOKEN": "x" * 32,
            "MSHAURI_ISSUER": issuer.issuer,
            "MSHAURI_JWKS_URL": issuer.jwks_url,
            "MSHAURI_OPERATORS": OPERATOR,
            **{f"MSHAURI_{name}_URL": nowhere for name in ("REGISTRY", "SESSIONS", "VALIDATION")},
        },
        "/graphql",
    )


def floor(country: Country) -> Server:
    """The statement of the page on a bare route."""
    # Here, for a build of long ago has not all that it is made of.
    from tests.perf.reads.statement import page

    written = country.directory / "floor.sql"
    written.write_text(page())
    module = [sys.executable, "-m", "tests.perf.reads.floor"]
    return Server([*module, country.url, "{port}", str(written)], {}, "/graphql")


async def peers(country: Country) -> dict[str, Server]:
    """PostGraphile and Mercurius, installed by their lock file the first time."""
    # Here, for a build of long ago has no such module.
    from tests.support.node import node_program

    lock = hashlib.sha256((_PEERS / "package-lock.json").read_bytes()).hexdigest()[:12]
    here = Path(tempfile.gettempdir()) / f"mshauri-peers-{lock}"
    if not (here / "installed").exists():
        shutil.copytree(_PEERS, here, dirs_exist_ok=True)
        install = [*node_program("npm"), "ci", "--no-audit", "--no-fund"]
        await asyncio.to_thread(subprocess.run, install, cwd=here, check=True)
        (here / "installed").touch()
    connection = await asyncpg.connect(country.url)
    schema = await connection.fetchval("SELECT current_schema()")
    await connection.close()
    environment = {
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "DATABASE_URL": country.url,
        "SCHEMA": schema,
        "MENTEE": MENTEE.physical,
        "PROGRESS": TABLES["competency_progress"].physical,
        "CONNECTIONS": str(CONNECTIONS),
        "PORT": "{port}",
    }
    for name in ("postgraphile", "mercurius"):
        shutil.copy(_PEERS / f"{name}.mjs", here)
    return {
        name: Server([*node_program("node"), str(here / f"{name}.mjs")], environment, "/graphql")
        for name in ("postgraphile", "mercurius")
    }
