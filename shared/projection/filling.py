"""Fills a build that nobody reads, with all that was recorded up to a cut, as fast as may be.

It folds as the engine does, by the engine's own applier: hashes are verified, a person whose event
fails waits, rows are checked. What is spared is what serves who reads meanwhile, or who may have
to go on in its place: how far it came is written once, at the end.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from shared.bus.delivery import Delivered, Record
from shared.positions import PARTITIONS
from shared.projection import lost, parking, skipped
from shared.projection.applying import Applier, Refused
from shared.projection.breaker import Breaker
from shared.projection.connection import Connection, is_refusal
from shared.projection.copying import Copier
from shared.projection.fold import Projection
from shared.projection.reading import Folds, Reading
from shared.projection.schema import built_of
from shared.projection.source import Decoder

_CURSOR = ("service", "stream", "version", "hash", "epoch", "position")
_MARK = ("service", "partition", "topic_id", "next_offset", "position", "built", "epoch")

LEDGER = "ledger of {}"
"""What stands for a topic's id where a ledger itself is read: see `FeedSource`."""


class Filler(Applier):
    """Applies what some people's events come to, all of them from the first: nobody else applies
    theirs to this build, and nobody goes on in its place.

    It remembers where every stream stands: some 200 bytes each.
    """

    def __init__(self, projections: Iterable[Projection], decoder: Decoder) -> None:
        projections = tuple(projections)
        super().__init__(
            Folds(projections, decoder), Breaker(20), built_of(projections), awaited=False
        )
        self._copier = Copier()

    async def begin(self, connection: Connection) -> None:
        """Know what is passed over."""
        self._folds.skipped = await skipped.load(connection)

    async def end(self, connection: Connection) -> None:
        """Write where every stream stands."""
        await connection.copy_records_to_table(
            "stream_cursor",
            records=((*stream, *cursor) for stream, cursor in self._cursors.items()),
            columns=_CURSOR,
        )

    async def _reading(self, _connection: Connection, records: Iterable[Record]) -> Reading:
        streams = {(one.service, one.entry.stream) for one in records if isinstance(one, Delivered)}
        found = {stream: self._cursors[stream] for stream in streams if stream in self._cursors}
        return Reading(self._folds, self._breaker, found, self.waiting, self.epochs)

    async def _write(self, connection: Connection, reading: Reading) -> None:
        # Not one transaction: a build that is not filled to its end is read by nobody.
        try:
            await self._copier.write(connection, reading.batch.work())
        except Exception as error:
            if is_refusal(error):
                # Event by event over what is written already comes to the same rows.
                raise Refused from error
            raise
        self._remember(reading, await self._keep(connection, reading, ()))

    async def _keep(
        self, connection: Connection, reading: Reading, _changed: Iterable[str]
    ) -> dict[UUID, int]:
        if reading.lost:
            await lost.note(connection, reading.lost)
        return await parking.park(connection, reading.parked)

    async def _put_off(self, _connection: Connection, _reading: Reading) -> None:
        """A poll that changes nothing leaves nothing."""

    def _remember(self, reading: Reading, queued: Mapping[UUID, int]) -> None:
        self._cursors |= reading.moved
        self.waiting |= queued

    async def drain(self, connection: Connection, key: UUID) -> int:
        """Nothing comes twice: whoever waits, waits."""
        return 0


async def mark(
    connection: Connection, projections: Iterable[Projection], stood: Mapping[str, tuple[int, int]]
) -> None:
    """Note how far a build is: every place up to where its ledger (position, epoch) stood."""
    built = built_of(projections)
    await connection.copy_records_to_table(
        "applied",
        records=[
            (service, partition, LEDGER.format(service), position + 1, position, built, epoch)
            for service, (position, epoch) in stood.items()
            for partition in range(PARTITIONS)
        ],
        columns=_MARK,
    )
