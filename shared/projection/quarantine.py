"""What waits in a database, whichever build it waits in: for operators, and for tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.positions import position_token
from shared.projection import skipped
from shared.projection.connection import Connection

_SCHEMAS = """
SELECT table_schema FROM information_schema.tables
 WHERE table_name = 'parked' ORDER BY table_schema
"""

_PARKED = """
SELECT parked.*, behind.events AS behind
  FROM "{schema}".parked AS parked
  LEFT JOIN LATERAL (
       SELECT count(*) AS events FROM "{schema}".parked AS other
        WHERE other.key = parked.key AND other.code IS NULL) AS behind ON true
 WHERE parked.code IS NOT NULL
 ORDER BY parked.code, parked.topic, parked.seq
"""


@dataclass(frozen=True, slots=True)
class Held:
    """An event that waits for what is wrong with it.

    Attributes:
        schema: the build it waits in: `views_3`.
        seq: its number there.
        place: its position token: `registry.7.1234`.
        topic: what it tells of.
        record: the kind and id of the record it is of.
        code: what is wrong, for programs; `error` for people: it may quote the event.
        behind: how many of the same person's later events wait behind it.
        attempts: how often it was tried.
    """

    schema: str
    seq: int
    place: str
    topic: str
    record: str
    stream: UUID
    key: UUID
    code: str
    error: str
    behind: int
    attempts: int
    parked_at: datetime
    recorded: datetime
    meta: bytes
    payload: bytes


async def held(connection: Connection) -> list[Held]:
    """Return every event that waits for what is wrong with it, alike ones together."""
    found: list[Held] = []
    for (schema,) in await connection.fetch(_SCHEMAS):
        for row in await connection.fetch(_PARKED.format(schema=schema)):
            found.append(
                Held(
                    schema=schema,
                    seq=row["seq"],
                    place=position_token(
                        row["service"], row["partition"], row["position"], row["epoch"]
                    ),
                    topic=row["topic"],
                    record=row["kind"],
                    stream=row["stream"],
                    key=row["key"],
                    code=row["code"],
                    error=row["error"] or "",
                    behind=row["behind"],
                    attempts=row["attempts"],
                    parked_at=row["parked_at"],
                    recorded=row["recorded"],
                    meta=row["meta"],
                    payload=row["payload"],
                )
            )
    return found


async def try_again(connection: Connection, chosen: Sequence[Held]) -> None:
    """Ask whoever keeps these builds to try the people of these events again."""
    for schema, seqs in _by_schema(chosen):
        await connection.execute(
            f'UPDATE "{schema}".parked SET again = true WHERE seq = ANY($1::bigint[])', seqs
        )


async def skip(connection: Connection, chosen: Sequence[Held], *, reason: str, actor: str) -> None:
    """Have these events passed over for good, and their people tried again."""
    async with connection.transaction():
        for schema, seqs in _by_schema(chosen):
            await skipped.note(connection, schema, seqs, reason=reason, actor=actor)
        await try_again(connection, chosen)


def _by_schema(chosen: Sequence[Held]) -> Iterator[tuple[str, list[int]]]:
    for schema in sorted({one.schema for one in chosen}):
        yield schema, [one.seq for one in chosen if one.schema == schema]
