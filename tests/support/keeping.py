"""Keepers of a small world (`tests.support.projecting`), and who reads it through the pointer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from shared.ledger import Head
from shared.positions import PARTITIONS, partition_of
from shared.projection import Projection
from shared.projection.builds import Build, builds_of
from shared.projection.keeper import Keeper
from shared.projection.live import LivePool
from shared.projection.memory import MemorySource, MemoryTopics
from shared.projection.schema import built_of
from shared.projection.targets import AskHead, Targets
from tests.support.projecting import SERVICES, History, JsonDecoder, projections

GROUP = "world"


def head_of(history: History, epoch: int = 1) -> Head:
    """Return where a history's ledger stands."""
    reached = [0] * PARTITIONS
    for entry in history.entries:
        reached[partition_of(entry.key)] = entry.position
    position = history.entries[-1].position if history.entries else 0
    return Head(position=position, epoch=epoch, hash=bytes(32), reached=tuple(reached))


def telling(histories: Sequence[History], epoch: int = 1) -> dict[str, AskHead]:
    """Return what answers how far the ledgers are."""

    def answering(history: History) -> AskHead:
        async def ask() -> Head | None:
            return head_of(history, epoch)

        return ask

    return {history.service: answering(history) for history in histories}


def a_keeper(
    database: str,
    topics: MemoryTopics,
    heads: dict[str, AskHead],
    *,
    folds: Sequence[Projection] | None = None,
    **options: Any,
) -> Keeper:
    """Make a keeper that reads topics in memory."""
    return Keeper(
        database,
        GROUP,
        folds or projections(),
        SERVICES,
        source=lambda: MemorySource(topics),
        decoder=JsonDecoder,
        targets=Targets(heads, patience=0.2),
        options={"poll_timeout": 0.02, "tick": 0.05} | options,
    )


@asynccontextmanager
async def keeping(keeper: Keeper) -> AsyncIterator[Keeper]:
    """Run a keeper; what ends it is raised at the end."""
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        await keeper.stop()
        await task


async def killed(keeper: Keeper, task: "asyncio.Task[None]") -> None:
    """End a keeper as a power cut would: nothing is finished, connections break."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    for kept in keeper._kept.values():
        kept.task.cancel()
        with suppress(asyncio.CancelledError):
            await kept.task
        await kept.stack.aclose()


@asynccontextmanager
async def reading(
    database: str, folds: Sequence[Projection] | None = None
) -> AsyncIterator[LivePool]:
    """Read through the pointer."""
    built = built_of(folds or projections())
    async with LivePool(database, GROUP, built, most=4) as pool:
        yield pool


async def builds(database: str, folds: Sequence[Projection] | None = None) -> list[Build]:
    """Return the builds that are not retired, the newest first."""
    connection = await asyncpg.connect(database)
    try:
        return await builds_of(connection, GROUP, built_of(folds or projections()))
    except asyncpg.UndefinedTableError:
        return []
    finally:
        await connection.close()
