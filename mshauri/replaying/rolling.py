"""Read models that stand at a cut, taken on from there event by event."""

import heapq
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

from mshauri.replaying.building import GROUPS
from mshauri.replaying.cut import Cut
from mshauri.replaying.filling import OF_ACCESS
from mshauri.replaying.ledgers import Ledgers
from services.gateway.projections.group import READ_MODELS
from shared.access.facts import GROUP
from shared.bus.delivery import Delivered
from shared.following.decoding import EventDecoder
from shared.ledger.reads import Reads
from shared.positions import PARTITIONS, partition_of
from shared.projection import builds, progress
from shared.projection.applying import Applier
from shared.projection.breaker import Breaker
from shared.projection.connection import Connection, own_connection
from shared.projection.filling import LEDGER
from shared.projection.reading import Folds
from shared.projection.schema import built_of

_SLICE = 2_000


class Rolling:
    """A build of each group, and what applies to it."""

    def __init__(self, appliers: Mapping[str, tuple[Applier, Connection]]) -> None:
        self._appliers = appliers

    async def apply(self, events: Sequence[Delivered]) -> None:
        """Take them on by these events."""
        for start in range(0, len(events), _SLICE):
            some = events[start : start + _SLICE]
            for name, (applier, connection) in self._appliers.items():
                theirs = [one for one in some if name != GROUP or one.entry.kind in OF_ACCESS]
                if theirs:
                    await applier.apply(connection, theirs)

    @property
    def connections(self) -> Mapping[str, Connection]:
        """One to each group's build."""
        return {name: connection for name, (_, connection) in self._appliers.items()}


@asynccontextmanager
async def rolling(url: str, ledgers: Ledgers) -> AsyncIterator[Rolling]:
    """Open what `building.build` made, to be taken on."""
    async with AsyncExitStack() as stack:
        yield Rolling(
            {name: await _taken_up(url, name, ledgers, stack) for name in (READ_MODELS, GROUP)}
        )


async def _taken_up(
    url: str, name: str, ledgers: Ledgers, stack: AsyncExitStack
) -> tuple[Applier, Connection]:
    projections = GROUPS[name]
    connection = await stack.enter_async_context(own_connection(url))
    await connection.execute("SET synchronous_commit = off")
    build = await builds.live(connection, name, built_of(projections))
    assert build is not None, "it was not made"
    await connection.execute("SELECT set_config('search_path', $1, false)", build.schema)
    decoder = EventDecoder(ledgers.keys)
    applier = Applier(
        Folds(projections, decoder), Breaker(20), built_of(projections), awaited=False
    )
    partitions = range(PARTITIONS)
    marks = await progress.marks(connection, partitions)
    ids = {service: LEDGER.format(service) for service in ledgers.reads}
    await applier.take_up(connection, partitions, ids, marks)
    return applier, connection


async def between(
    earlier: Cut, later: Cut, ledgers: Mapping[str, Reads]
) -> AsyncIterator[Delivered]:
    """Yield what was recorded after one cut and up to another, as it was recorded: of each ledger
    in its order, and of all by their time.
    """
    feeds = []
    for service, reads in ledgers.items():
        stood, stands = earlier.stood.get(service), later.stood.get(service)
        if stands is not None:
            feeds.append(_feed(service, reads, stood.position if stood else 0, stands.position))
    waiting: list[tuple[datetime, str, int, Delivered, Any]] = []
    for feed in feeds:
        await _push(waiting, datetime.min, feed)
    while waiting:
        _, _, _, one, feed = heapq.heappop(waiting)
        yield one
        await _push(waiting, one.entry.recorded, feed)


async def _push(waiting: list[Any], before: datetime, feed: AsyncIterator[Delivered]) -> None:
    async for one in feed:
        # A clock that was set right makes no entry earlier than the one before it.
        recorded = one.entry.recorded
        at = recorded if before is datetime.min else max(before, recorded)
        heapq.heappush(waiting, (at, one.service, one.offset, one, feed))
        return


async def _feed(service: str, reads: Reads, after: int, until: int) -> AsyncIterator[Delivered]:
    while after < until:
        entries = await reads.feed(after, min(_SLICE, until - after))
        if not entries:
            return
        for one in entries:
            yield Delivered(
                service=service, entry=one, partition=partition_of(one.key), offset=one.position
            )
        after = entries[-1].position
