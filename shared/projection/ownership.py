"""Who reads which partition: one engine at a time, by a lock that ends with its connection.

The same partition number of every topic belongs together, because a person is in the same one on
all of them. The lock is a PostgreSQL advisory lock of the connection that writes the rows, so that
an engine that lost it can write no more; a second engine that waits takes the partitions over as
soon as the first one's connection is gone.
"""

from shared.positions import PARTITIONS
from shared.projection.connection import Connection

# Apart from other uses of advisory locks, and of one build's engines from another's.
_CLAIM = """
SELECT p, pg_try_advisory_lock(hashtext('projection of ' || current_schema()), p)
  FROM unnest($1::integer[]) AS p
"""


def parse_partitions(spec: str) -> tuple[int, ...]:
    """Return the partitions that `0-11,20` means.

    Raises:
        ValueError: it is not written like that, or names one that is not there.
    """
    found: set[int] = set()
    for part in spec.split(","):
        first, _, last = part.strip().partition("-")
        try:
            found.update(range(int(first), int(last or first) + 1))
        except ValueError:
            msg = f"{spec!r} is not a list of partitions such as 0-{PARTITIONS - 1} or 0-11,20"
            raise ValueError(msg) from None
    if not found or not found <= set(range(PARTITIONS)):
        msg = f"{spec!r}: partitions are 0 to {PARTITIONS - 1}"
        raise ValueError(msg)
    return tuple(sorted(found))


class Ownership:
    """The partitions one engine owns, of those it wants."""

    def __init__(self, wanted: tuple[int, ...]) -> None:
        self._wanted = wanted
        self._owned: set[int] = set()

    @property
    def owned(self) -> tuple[int, ...]:
        """The partitions that are ours now."""
        return tuple(sorted(self._owned))

    async def claim(self, connection: Connection) -> tuple[int, ...]:
        """Take the wanted partitions that are free, and return those that were taken now."""
        missing = [partition for partition in self._wanted if partition not in self._owned]
        if not missing:
            return ()
        rows = await connection.fetch(_CLAIM, missing)
        new = tuple(row[0] for row in rows if row[1])
        self._owned.update(new)
        return new

    def lose(self) -> None:
        """Forget them: the connection that held the locks is gone."""
        self._owned.clear()
