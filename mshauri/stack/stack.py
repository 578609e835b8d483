"""The whole stack on one machine: PostgreSQL, the broker and every process of the house.

    async with Stack(Path(".mshauri")) as stack:
        print(stack.gateway_url)

Inside the block everything runs, and is started again if it dies; after it, nothing is left.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from mshauri.stack import given
from mshauri.stack.broker import EmbeddedBroker
from mshauri.stack.directory import DataDirectory
from mshauri.stack.follow import follow
from mshauri.stack.minder import Mark, Minder, Part, Report
from mshauri.stack.ports import LOOPBACK, accepts, free_port
from mshauri.stack.postgres import EmbeddedPostgres
from mshauri.stack.process import ProcessFailed, end_survivors
from mshauri.stack.secrets import internal_token, log_key, master_key
from mshauri.stack.service import ServiceProcess
from mshauri.stack.topology import (
    ACCESS,
    BROKER,
    POSTGRES,
    PROCESSES,
    Process,
    Surroundings,
    chosen,
    database_named,
)
from shared.access.issuer import DevelopmentIssuer

OPERATOR = "operator"
"""The subject that may do everything in an embedded stack: it gives the first grants."""


def settings_of(data_dir: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a stack's processes that do not follow from where things are."""
    settings = {
        "environment": "development",
        "log_format": "console",
        "operators": OPERATOR,
        "master_key": master_key(data_dir),
        "internal_token": internal_token(data_dir),
        "log_key": log_key(data_dir),
        "witness_dir": str((data_dir / "witness").resolve()),
        "access_spool": str((data_dir / "access-spool").resolve()),
    }
    told = chosen(environ)
    if "jwks_url" not in told:
        issuer = DevelopmentIssuer(data_dir)
        settings |= {
            "issuer": issuer.issuer,
            "jwks_url": issuer.jwks_url,
            "audience": issuer.audience,
        }
    return settings | told


def silent(_mark: Mark, _part: str, _text: str) -> None:
    """Report nothing."""


class Stack:
    """Starts, minds and stops every part.

    Attributes:
        data_dir: keeps everything between runs.
        environ: the variables it was told: `MSHAURI_POSTGRES_URL` and
            `MSHAURI_BOOTSTRAP_SERVERS` replace a part, settings of the processes reach them.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        gateway_port: int | None = None,
        environ: Mapping[str, str] | None = None,
        report: Report = silent,
        processes: Sequence[Process] = PROCESSES,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.environ = dict(os.environ if environ is None else environ)
        self._directory = DataDirectory(data_dir)
        self._report = report
        self._processes = processes
        self._ports = {p.name: free_port() for p in (*PROCESSES, *processes)}
        if gateway_port is not None:
            self._ports["gateway"] = gateway_port
        self._minders: dict[str, Minder] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._owner: asyncio.Task[object] | None = None
        self._failure: ProcessFailed | None = None
        self._surroundings: Surroundings | None = None

    @property
    def gateway_url(self) -> str:
        """Where the public API answers."""
        return self.url("gateway")

    def url(self, name: str) -> str:
        """Return where a process answers."""
        return f"http://{LOOPBACK}:{self._ports[name]}"

    def database_url(self, name: str) -> str:
        """Return the address of the database that process `name` uses; of `access`, its own."""
        assert self._surroundings is not None, "the stack was not started"
        return self._surroundings.database_url(
            database_named(ACCESS) if name == ACCESS else self._process(name).database
        )

    @property
    def postgres_url(self) -> str:
        """The address of PostgreSQL's maintenance database, password and all."""
        assert self._surroundings is not None, "the stack was not started"
        return self._surroundings.database_url("postgres")

    @property
    def bootstrap_servers(self) -> str:
        """Where the broker answers."""
        assert self._surroundings is not None, "the stack was not started"
        return self._surroundings.bootstrap_servers

    def environment(self, name: str) -> dict[str, str]:
        """Return the settings process `name` runs with, as environment variables."""
        assert self._surroundings is not None, "the stack was not started"
        return self._surroundings.environment(self._process(name))

    async def __aenter__(self) -> Self:
        """Start everything and wait until all of it is ready.

        Raises:
            ProcessFailed: a part does not start; the message has its log's last lines.
            NotThere: an address in the environment leads to nothing.
            InUse: another stack runs on the data directory.
        """
        self._directory.take()
        try:
            await self._start()
        except BaseException:
            await self._stop()
            if self._failure:
                raise self._failure from None
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything, the last started first.

        Raises:
            ProcessFailed: a part could not be kept running, and the block was cancelled for it.
        """
        await self._stop()
        if self._failure and isinstance(error, asyncio.CancelledError):
            assert self._owner is not None
            self._owner.uncancel()
            raise self._failure from None

    async def kill(self, name: str) -> None:
        """End a part as a power cut would; the stack starts it again. See `ready`."""
        await self._minders[name].kill()

    async def stop(self, name: str) -> None:
        """End a part in good order and leave it ended until `start`."""
        await self._minders[name].stop()

    async def start(self, name: str) -> None:
        """Start a part that was stopped, and wait until it is ready."""
        await self._minders[name].start()

    async def restart(self, name: str) -> None:
        """End a part in good order, start it again, and wait until it is ready."""
        await self.stop(name)
        await self.start(name)

    async def ready(self, name: str, timeout: float = 60.0) -> None:
        """Wait until a part is ready (again)."""
        async with asyncio.timeout(timeout):
            await self._minders[name].ready.wait()

    async def _start(self) -> None:
        self._owner = asyncio.current_task()
        for process in self._processes:
            if accepts(port := self._ports[process.name]):
                msg = f"port {port}, meant for the {process.name}, is taken by another program"
                raise ProcessFailed(msg)
        await end_survivors(self._directory.logs)
        self._directory.begin_logs()
        self._tasks.append(asyncio.create_task(follow(self._directory.logs, self._report)))
        database_url, bootstrap_servers = await asyncio.gather(self._postgres(), self._broker())
        self._surroundings = Surroundings(
            database_url=database_url,
            bootstrap_servers=bootstrap_servers,
            address=lambda name: (LOOPBACK, self._ports[name]),
            listen=lambda name: (LOOPBACK, self._ports[name]),
            others=settings_of(self.data_dir, self.environ),
            broker_ticks=given.BOOTSTRAP_SERVERS not in self.environ,
        )
        for process in self._processes:
            log = self._directory.logs / f"{process.name}.log"
            self._add(
                ServiceProcess(process, self.environment(process.name), self.url(process.name), log)
            )
        async with asyncio.TaskGroup() as group:
            for process in self._processes:
                group.create_task(self._start_after(process.needs, process.name))
        self._directory.publish(
            {BROKER: bootstrap_servers, **{p.name: self.url(p.name) for p in self._processes}}
        )

    async def _postgres(self) -> Callable[[str], str]:
        """Start PostgreSQL, or find the given one; return how a database's address is made."""
        databases = tuple(dict.fromkeys(d for p in self._processes for d in p.databases.values()))
        if server := self.environ.get(given.POSTGRES_URL):
            where = await given.prepare_postgres(server, databases)
            self._report(Mark.READY, POSTGRES, f"{where}  (given)")
            return lambda name: given.database_at(server, name)
        part = EmbeddedPostgres(
            self._directory.postgres, log_dir=self._directory.logs, databases=databases
        )
        self._add(part)
        await self._mind(POSTGRES)
        return part.url

    async def _broker(self) -> str:
        """Start the broker, or find the given one; return its bootstrap servers."""
        if servers := self.environ.get(given.BOOTSTRAP_SERVERS):
            where = await given.find_broker(servers)
            self._report(Mark.READY, BROKER, f"{where}  (given)")
            return servers
        part = EmbeddedBroker(self._directory.logs)
        self._add(part)
        await self._mind(BROKER)
        return part.address

    def _add(self, part: Part) -> None:
        self._minders[part.name] = Minder(part, self._report)

    async def _start_after(self, needs: Sequence[str], name: str) -> None:
        """Start a part once what it needs is ready; what somebody else runs was asked before."""
        for needed in needs:
            if needed in self._minders:
                await self._minders[needed].ready.wait()
        await self._mind(name)

    async def _mind(self, name: str) -> None:
        """Let a part's minder begin, and wait until the part is ready."""
        minder = self._minders[name]
        task = asyncio.create_task(minder.run(), name=f"minding {name}")
        task.add_done_callback(self._minded)
        self._tasks.append(task)
        await minder.ready.wait()

    def _minded(self, task: asyncio.Task[None]) -> None:
        """Stop everything when a part cannot be kept running: cancel whoever owns the stack."""
        if task.cancelled() or self._failure:
            return
        failure = task.exception()
        if isinstance(failure, ProcessFailed):
            self._failure = failure
        assert self._owner is not None
        self._owner.cancel()

    async def _stop(self) -> None:
        """Stop the processes, then what they stand on; nothing is left running."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        servers = {POSTGRES, BROKER} & set(self._minders)
        # The gateway first: it lets its clients finish while the services still answer.
        fronts = [name for name in ("gateway",) if name in self._minders]
        others = [name for name in self._minders if name not in {*servers, *fronts}]
        for together in (fronts, others, sorted(servers)):
            await asyncio.gather(*(self._stop_part(name) for name in together))
        self._minders.clear()
        self._directory.release()

    async def _stop_part(self, name: str) -> None:
        with contextlib.suppress(ProcessLookupError):
            await self._minders[name].part.stop()
        self._report(Mark.STOPPED, name, "")

    def _process(self, name: str) -> Process:
        return next(process for process in self._processes if process.name == name)
