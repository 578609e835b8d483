"""From the ledger into the bus: one relay a service leads, the others stand by.

The ledger outlives the broker. So the relay remembers in the ledger's own database which topic, by
its id, holds everything up to which position; a topic with another id holds nothing, whatever
became of the old one, and is filled from the beginning by the same steps as any other day's work.

    win the lock → read the checkpoint → ┌ make sure of the topic; another id: begin at zero
                                         │ read the ledger → publish → all acknowledged → checkpoint
                                         └ at least once a second, even when nothing is written

It may die between any two of these. What it then publishes again is a duplicate, which every reader
passes over; a gap cannot be. The same holds for a relay that has lost the lock and does not know
it yet: it moves the checkpoint only where the checkpoint is still its own.
"""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol
from uuid import UUID

import structlog

from shared.bus.admin import Topic, Topics
from shared.bus.ages import ComeTo, ignore
from shared.bus.checkpoint import (
    COMPONENT,
    SCHEMA,
    Checkpoint,
    Connection,
    epochs_begun,
    move_checkpoint,
    read_checkpoint,
    try_to_lead,
)
from shared.bus.errors import LeadLost, WrongPartitions
from shared.bus.producer import Producer
from shared.bus.topics import CHECKPOINTS, topic_of
from shared.bus.worker import Worker
from shared.database.connecting import connect
from shared.database.migrations import migrate
from shared.domain.errors import MshauriError, Unavailable
from shared.domain.pausing import go_on_unless_cancelled
from shared.ledger import Entry
from shared.ledger.away import unavailable_if_away
from shared.positions import PARTITIONS

ROUND: Final = 4_000
"""Entries read, published and checkpointed at once."""

_CHECK_S: Final = 1.0
_STAND_BY_S: Final = 0.5
_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 2.0

# A leader whose machine vanished without a word holds the lock until PostgreSQL misses it. What a
# crash of the database takes back of a checkpoint is published again: no round waits for the disk.
_SESSION: Final = {
    "synchronous_commit": "off",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}

_log = structlog.stdlib.get_logger(__name__)


class Feed(Protocol):
    """What the relay needs of a ledger."""

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries above position `after`: no gap, nothing late, ever."""
        ...

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """Wait until the head is above `position`, at most `timeout` seconds; say whether it is."""
        ...


class Relay:
    """Publishes a service's ledger; run one in every process of the service.

    Args:
        come_to: told when entries were read, `relay`, and acknowledged, `broker`.

    Attributes:
        leading: whether this one publishes, or stands by.
    """

    def __init__(
        self,
        service: str,
        ledger: Feed,
        *,
        database_url: str,
        bootstrap_servers: str,
        replication_factor: int = 1,
        come_to: ComeTo = ignore,
    ) -> None:
        self.leading = False
        self._come_to = come_to
        self._service = service
        self._topic = topic_of(service)
        self._ledger = ledger
        self._database_url = database_url
        self._topics = Topics(bootstrap_servers, replication_factor=replication_factor)
        self._topics_worker = Worker("bus-topics")
        self._producer = Producer(bootstrap_servers)
        self._checkpoint: Checkpoint | None = None
        self._topic_is_there = False
        self._checkpoints_topic_is_there = False
        self._pause = _FIRST_PAUSE_S
        self._problem = ""
        self._log = _log.bind(service=service)

    @property
    def acknowledged(self) -> int:
        """The position up to which every entry is on the bus, as far as this relay has seen.

        What a lag is measured from: brokers answer the end of a partition in ways of their own.
        """
        return self._checkpoint.position if self._checkpoint and self._topic_is_there else 0

    @property
    def reached(self) -> tuple[int, ...]:
        """The position of each partition's last entry on the bus, or 0."""
        if self._checkpoint and self._topic_is_there:
            return self._checkpoint.reached
        return (0,) * PARTITIONS

    async def publish_checkpoint(self, origin: str, note: bytes) -> None:
        """Put a signed checkpoint of a log on the topic `mshauri.checkpoints.v1`.

        Raises:
            Unavailable: the broker did not acknowledge it.
        """
        if not self._checkpoints_topic_is_there:
            await self._topics_worker.do(self._topics.ensure, CHECKPOINTS)
            self._checkpoints_topic_is_there = True
        await self._producer.say(CHECKPOINTS, origin.encode(), note)

    async def run(self) -> None:
        """Lead or stand by until cancelled; come back by itself when a part was away."""
        try:
            while True:
                try:
                    await self._lead()
                except Unavailable as error:
                    go_on_unless_cancelled()
                    await self._wait_out(error)
        finally:
            await self._producer.close()
            await self._topics_worker.close(self._topics.close)

    async def _lead(self) -> None:
        async with self._connected() as connection:
            await self._win(connection)
            try:
                await self._publish_for_ever(connection)
            finally:
                self.leading = False
                self._log.info("relay stops leading", position=self.acknowledged)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        with unavailable_if_away("the database of the relay's checkpoint"):
            connection = await connect(
                self._database_url,
                timeout=5.0,
                server_settings={**_SESSION, "application_name": f"relay {self._service}"},
            )
            try:
                await migrate(connection, COMPONENT, SCHEMA)
                yield connection
            finally:
                # Not `close`, which may wait; PostgreSQL frees the lock when the socket closes.
                connection.terminate()

    async def _win(self, connection: Connection) -> None:
        if not await try_to_lead(connection, self._topic):
            self._log.info("relay stands by; another one leads")
            # Waiting inside PostgreSQL would hold a snapshot, and keep dead rows from being freed.
            while not await try_to_lead(connection, self._topic):  # noqa: ASYNC110
                await asyncio.sleep(_STAND_BY_S)
        self._checkpoint = await read_checkpoint(connection, self._topic)
        self._topic_is_there = False  # not before the broker says that it is the same
        self.leading = True
        position = self._checkpoint.position if self._checkpoint else 0
        self._log.info("relay leads", position=position)

    async def _publish_for_ever(self, connection: Connection) -> None:
        while True:
            try:
                await self._publish_for_a_while(connection)
                self._all_is_well()
            except LeadLost:
                raise
            except (Unavailable, WrongPartitions) as error:
                await self._wait_out(error)  # and go on leading: another one fared no better

    async def _publish_for_a_while(self, connection: Connection) -> None:
        topic_id = await self._topics_worker.do(self._topics.ensure, self._service)
        if await read_checkpoint(connection, self._topic) != self._checkpoint:
            raise LeadLost(part=self._topic)
        if self._checkpoint is None or self._checkpoint.topic_id != topic_id:
            if self._checkpoint is None:
                self._log.info("topic is filled for the first time", topic_id=str(topic_id))
            else:
                self._log.warning(
                    "topic was made anew; everything is published again", topic_id=str(topic_id)
                )
            await self._move(connection, Checkpoint(topic_id))
        await self._tell_of_epochs(connection)
        self._topic_is_there = True
        await self._publish_until(connection, time.monotonic() + _CHECK_S)

    async def _tell_of_epochs(self, connection: Connection) -> None:
        """Say on every partition which epochs began since this was said last.

        Before any event of theirs: a reader must let go of what is no more before it reads on.
        """
        assert self._checkpoint is not None
        begun = await epochs_begun(connection, self._service, self._checkpoint.epoch)
        if begun:
            await self._producer.mark(self._service, begun)
            newest = begun[-1][0]
            await self._move(connection, dataclasses.replace(self._checkpoint, epoch=newest.epoch))
            self._log.warning(
                "the ledger went on from a backup; its readers are told",
                epoch=newest.epoch,
                after=newest.after_position,
            )

    async def _publish_until(self, connection: Connection, check_due: float) -> None:
        """Publish what there is and what comes, until it is time to look at the topic again."""
        entries: list[Entry] = []
        while (left := check_due - time.monotonic()) > 0 and self._checkpoint:
            position = self._checkpoint.position
            entries = entries or await self._ledger.feed(after=position, limit=ROUND)
            if not entries:
                await self._ledger.wait_beyond(position, timeout=left)
                continue
            if entries[-1].epoch > self._checkpoint.epoch:
                await self._tell_of_epochs(connection)
            following = asyncio.ensure_future(self._following(entries))
            try:
                recorded = [entry.recorded for entry in entries]
                self._come_to("relay", recorded)
                reached = await self._publish(self._checkpoint.topic_id, entries)
                self._come_to("broker", recorded)
                await self._move(connection, self._checkpoint.after(reached))
                entries = await following
            finally:
                following.cancel()

    async def _following(self, entries: list[Entry]) -> list[Entry]:
        """Read ahead while a full round is published; a round that was not full is the last."""
        if len(entries) < ROUND:
            return []
        return await self._ledger.feed(after=entries[-1].position, limit=ROUND)

    async def _publish(self, topic_id: UUID, entries: list[Entry]) -> dict[int, int]:
        """Publish a round, unless its topic goes: then give it up, and wait until that is done.

        The topic is made again only after that. A round that were still on its way would land in
        it ahead of all that comes before.
        """
        publishing = asyncio.ensure_future(self._producer.publish(self._service, entries))
        try:
            while not (await asyncio.wait([publishing], timeout=_CHECK_S))[0]:
                # While the broker is away the producer waits for it, and knows for how long.
                with suppress(Unavailable):
                    topic = (await self._describe()).get(self._service)
                    if topic is None or topic.id != topic_id:
                        self._producer.abandon()
            return await publishing
        finally:
            publishing.cancel()

    async def _describe(self) -> dict[str, Topic]:
        return await self._topics_worker.do(self._topics.describe, [self._service])

    async def _move(self, connection: Connection, to: Checkpoint) -> None:
        await move_checkpoint(connection, self._topic, self._checkpoint, to)
        self._checkpoint = to

    async def _wait_out(self, error: MshauriError) -> None:
        """Say what the relay waits for, once, and wait a little longer each time."""
        if error.message != self._problem:
            self._problem = error.message
            why = type(error.__cause__ or error).__name__
            remedy = {} if isinstance(error, Unavailable) else {"remedy": error.remedy}
            self._log.warning("relay waits", problem=error.message, why=why, **remedy)
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_S)

    def _all_is_well(self) -> None:
        self._pause = _FIRST_PAUSE_S
        if self._problem:
            self._problem = ""
            self._log.info("relay goes on", position=self.acknowledged)
