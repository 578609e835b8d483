"""How far a ledger is on the bus, kept beside the ledger and moved by its one leader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from shared.bus.envelope import EpochBegun
from shared.bus.errors import LeadLost
from shared.positions import PARTITIONS

COMPONENT: Final = "bus"
SCHEMA: Final = Path(__file__).parent / "schema"
"""This package's migrations (`shared.database.migrations.migrate`)."""

# One number a topic, by PostgreSQL's own hash of its name.
_TRY_TO_LEAD = "SELECT pg_try_advisory_lock(hashtextextended('relay of ' || $1, 0))"

_READ = "SELECT topic_id, position, reached, epoch FROM relay_checkpoint WHERE topic = $1"

_EPOCHS = """
SELECT epoch, after_position, began FROM ledger_epoch WHERE epoch > $1 ORDER BY epoch
"""

_BEGIN = """
INSERT INTO relay_checkpoint (topic, topic_id, position, reached, epoch)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (topic) DO NOTHING
RETURNING true
"""

_MOVE = """
UPDATE relay_checkpoint
   SET topic_id = $2, position = $3, reached = $4, epoch = $5
 WHERE topic = $1 AND topic_id = $6 AND position = $7
RETURNING true
"""


class Connection(Protocol):
    """What we use of an asyncpg connection or pool."""

    async def fetchrow(
        self, query: str, *args: object
    ) -> "tuple[UUID, int, list[int], int] | None":
        """Return the first row, or None."""
        ...

    async def fetch(self, query: str, *args: object) -> "list[tuple[int, int, datetime]]":
        """Return all rows."""
        ...

    async def fetchval(self, query: str, *args: object) -> object:
        """Return the first row's first value, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Every entry up to `position` is acknowledged in the topic with this id.

    Attributes:
        reached: the position of the last of them in each partition, or 0: what a reader of that
            partition has seen when it has seen everything.
        epoch: of the ledger; every one up to it is told of in every partition.
    """

    topic_id: UUID
    position: int = 0
    reached: tuple[int, ...] = (0,) * PARTITIONS
    epoch: int = 1

    def after(self, reached: Mapping[int, int]) -> "Checkpoint":
        """Return the checkpoint behind further entries: the last position in each partition."""
        every = (reached.get(partition, old) for partition, old in enumerate(self.reached))
        position = max(self.position, *reached.values())
        return Checkpoint(self.topic_id, position, tuple(every), self.epoch)


async def try_to_lead(connection: Connection, topic: str) -> bool:
    """Become the leader of a topic's relays until the connection closes, unless another is."""
    return bool(await connection.fetchval(_TRY_TO_LEAD, topic))


async def read_checkpoint(connection: Connection, topic: str) -> Checkpoint | None:
    """Return how far the topic's ledger is on the bus, or None if nothing ever was."""
    row = await connection.fetchrow(_READ, topic)
    if row is None:
        return None
    topic_id, position, reached, epoch = row
    return Checkpoint(topic_id, position, tuple(reached), epoch)


async def epochs_begun(
    connection: Connection, service: str, after: int
) -> list[tuple[EpochBegun, datetime]]:
    """Return the ledger's epochs above `after`, in order, and when each began."""
    rows = await connection.fetch(_EPOCHS, after)
    return [(EpochBegun(service, epoch, position), began) for epoch, position, began in rows]


async def move_checkpoint(
    connection: Connection, topic: str, before: Checkpoint | None, after: Checkpoint
) -> None:
    """Replace the checkpoint `before` by `after`.

    Raises:
        LeadLost: it is not `before` any more.
    """
    new = (topic, after.topic_id, after.position, list(after.reached), after.epoch)
    if before is None:
        moved = await connection.fetchval(_BEGIN, *new)
    else:
        moved = await connection.fetchval(_MOVE, *new, before.topic_id, before.position)
    if not moved:
        raise LeadLost(part=topic)
