"""Processes that fold, each a part of all people, from the first event up to a cut.

A process is forked before anything runs in the one that asks for it: it has all modules already,
and begins at once. What it is to do comes through a pipe, and so does how far it is; where the
other end of the pipe is gone, it ends.
"""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any

import asyncpg
import uvloop

from mshauri.replaying.installation import Installation
from mshauri.replaying.ledgers import Ledgers, opened
from services.gateway.projections import PROJECTIONS
from shared.access.facts import ACCESS
from shared.bus.delivery import Delivered
from shared.domain.errors import MshauriError
from shared.following.decoding import EventDecoder
from shared.ledger.reads import Reads
from shared.positions import partition_of
from shared.privacy.keys import KeySource
from shared.privacy.master import WrongMasterKey
from shared.projection import Projection
from shared.projection.connection import own_connection
from shared.projection.filling import Filler

_WINDOW = 40_000
"""Positions of a ledger that are read, folded and written together, by all processes."""
_NICE = 10
"""How much whoever serves goes before whoever replays, on this machine."""
_SESSION = "SET synchronous_commit = off; SET jit = off"


OF_ACCESS = {topic.split(".")[1] for topic in ACCESS.topics or ()}
"""The kinds of records that grants and places are told by."""


class FillingFailed(Exception):
    """A process that folds could not go on; the message says at what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a process is to do.

    Attributes:
        url: of the database that is filled.
        read_models: the schema of the build of the read models in it.
        access: that of the build of grants and places.
        until: the last position of each ledger that is folded.
        number: which part of all people, of how many.
    """

    installation: Installation
    url: str
    read_models: str
    access: str
    until: Mapping[str, int]
    number: int
    of: int


class Fillers:
    """Processes that wait for their task.

    Make them before anything else runs here: neither threads nor loops are forked.
    """

    def __init__(self, processes: int) -> None:
        forked = get_context("fork")
        self._pipes: list[Pipe] = []
        self._processes = []
        for _ in range(processes):
            here, there = forked.Pipe()
            process = forked.Process(target=_work, args=(there, [here, *self._pipes]), daemon=True)
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)

    def __len__(self) -> int:
        return len(self._processes)

    async def fill(self, tasks: Sequence[Task]) -> AsyncIterator[int]:
        """Have each do its task; yield, whenever one has folded more, how many events those were.

        Raises:
            FillingFailed: one could not go on.
        """
        for pipe, task in zip(self._pipes, tasks, strict=True):
            pipe.send(task)
        told: asyncio.Queue[Any] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        for pipe in self._pipes:
            loop.add_reader(pipe.fileno(), _hear, pipe, told)
        try:
            left = len(self._pipes)
            while left:
                said = await told.get()
                if said is None:
                    left -= 1
                elif isinstance(said, str):
                    raise FillingFailed(said)
                else:
                    yield said
        finally:
            for pipe in self._pipes:
                loop.remove_reader(pipe.fileno())

    def close(self) -> None:
        """Let them go; whoever is at work still, ends."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()


def _hear(pipe: Pipe, told: "asyncio.Queue[Any]") -> None:
    try:
        said = pipe.recv()
    except EOFError:
        said = "A process that folds ended of itself."
    if not isinstance(said, int):
        # It says no more, and closes its end.
        asyncio.get_running_loop().remove_reader(pipe.fileno())
    told.put_nowait(said)


def _work(pipe: Pipe, others: Sequence[Pipe]) -> None:
    """Be such a process."""
    for other in others:
        other.close()
    # Ctrl-C reaches the whole group; whoever asks ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        task: Task = pipe.recv()
    except EOFError:
        return
    os.nice(_NICE)
    # Half of the time went into looking for what refers to itself, among rows that do not.
    gc.disable()
    try:
        uvloop.run(_fill(task, pipe))
        pipe.send(None)
    except BrokenPipeError:
        return
    except (MshauriError, WrongMasterKey, OSError, asyncpg.PostgresError) as problem:
        pipe.send(str(problem) or type(problem).__name__)


async def _fill(task: Task, pipe: Pipe) -> None:
    async with (
        opened(task.installation) as ledgers,
        _filling(task.url, task.read_models, PROJECTIONS, ledgers.keys) as read_models,
        _filling(task.url, task.access, [ACCESS], {}) as access,
    ):
        async for records in _read_ahead(task, ledgers):
            await read_models(records)
            # All of a stream, or nothing of it: whether an event is missing is looked at.
            await access([one for one in records if one.entry.kind in OF_ACCESS])
            pipe.send(len(records))


@asynccontextmanager
async def _filling(
    url: str, schema: str, projections: Sequence[Projection], keys: Mapping[str, KeySource]
) -> AsyncIterator[Callable[[list[Delivered]], Awaitable[object]]]:
    """Fill a build for the length of the block; lend what applies records to it."""
    path = {"search_path": f'"{schema}"'}
    async with own_connection(url, server_settings=path) as connection:
        await connection.execute(_SESSION)
        filler = Filler(projections, EventDecoder(keys))
        await filler.begin(connection)
        yield partial(filler.apply, connection)
        await filler.end(connection)


async def _read_ahead(task: Task, ledgers: Ledgers) -> AsyncIterator[list[Delivered]]:
    """Yield what is to be folded, one window after the other; the next is read meanwhile."""
    windows = [
        (service, after, min(after + _WINDOW, until))
        for service, until in task.until.items()
        for after in range(0, until, _WINDOW)
    ]
    reading: asyncio.Task[list[Delivered]] | None = None
    for service, after, until in windows:
        following = asyncio.ensure_future(
            _read(ledgers.reads[service], service, after, until, task.number, task.of)
        )
        if reading is not None:
            yield await reading
        reading = following
    if reading is not None:
        yield await reading


async def _read(
    reads: Reads, service: str, after: int, until: int, number: int, of: int
) -> list[Delivered]:
    entries = await reads.part(after, until, number, of)
    return [
        Delivered(service=service, entry=one, partition=partition_of(one.key), offset=one.position)
        for one in entries
    ]
