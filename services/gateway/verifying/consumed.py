"""What the read models in use were made of: an event's place and id, and its stream's hash.

The audit trail has a row an event; of what an event said, its stream's cursor has the hash, and a
later event's hash is over all that came before it. So nothing more need be kept with an event.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.gateway.projections import AUDIT_EVENT
from shared.ledger import Entry

_ROWS = """
SELECT event_id, service, position, epoch, stream, kind, version, topic, recorded, command_id
  FROM "{schema}".{table} WHERE event_id = ANY($1::uuid[])
"""
_CURSORS = """
SELECT stream, version, hash, position FROM "{schema}".stream_cursor
 WHERE service = $1 AND stream = ANY($2::uuid[])
"""


class Cursor(NamedTuple):
    """Where a stream stands in the read models: the last event of it that was applied."""

    stream: UUID
    version: int
    hash: bytes
    position: int


class Consumed:
    """One build of the read models."""

    def __init__(self, connection: Any, schema: str) -> None:
        self._connection = connection
        self._rows = _ROWS.format(schema=schema, table=AUDIT_EVENT.physical)
        self._cursors = _CURSORS.format(schema=schema)

    async def cursors(self, service: str, entries: Sequence[Entry]) -> dict[UUID, Cursor]:
        """Return where these entries' streams stand."""
        streams = list({entry.stream for entry in entries})
        found = await self._connection.fetch(self._cursors, service, streams)
        return {row["stream"]: Cursor(*row) for row in found}

    async def unlike(
        self, service: str, entries: Sequence[Entry], cursors: Mapping[UUID, Cursor]
    ) -> list[int]:
        """Return the positions of entries that are missing here, or others.

        Args:
            cursors: read before: what a cursor has come to, has its row by now.
        """
        found = await self._connection.fetch(self._rows, [entry.id for entry in entries])
        rows = {row[0]: tuple(row[1:]) for row in found}
        return [
            entry.position
            for entry in entries
            if rows.get(entry.id) != _as_row(service, entry)
            or ((at := cursors.get(entry.stream)) is not None and not _is_of(entry, at))
        ]


def _is_of(entry: Entry, at: Cursor) -> bool:
    """Say whether an entry may be what its stream's cursor was moved by, or is another one's."""
    return at.version != entry.version or at.hash == entry.hash


def _as_row(service: str, entry: Entry) -> tuple[Any, ...]:
    return (
        service,
        entry.position,
        entry.epoch,
        entry.stream,
        entry.kind,
        entry.version,
        entry.topic,
        entry.recorded,
        entry.command_id,
    )
