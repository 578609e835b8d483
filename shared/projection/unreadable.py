"""Records that are none of ours: kept by their place and bytes, counted, and passed over.

Only a service's relay may write to its topic. Whatever else lies there is rubbish or a fault, and
must stop nobody: it is put here, for an operator to look at, and reading goes on behind it.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from shared.bus.delivery import Unreadable
from shared.projection.connection import Connection

MOST_BYTES = 65_536
"""Of a record's value that are kept; its length and digest are those of the whole."""

DDL = """
CREATE TABLE IF NOT EXISTS public.unreadable (
    service   text        NOT NULL,
    topic_id  text        NOT NULL,
    partition integer     NOT NULL,
    "offset"  bigint      NOT NULL,
    field     text,
    problem   text        NOT NULL,
    key       bytea,
    value     bytea,
    length    integer     NOT NULL,
    digest    bytea       NOT NULL,
    headers   bytea       NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, topic_id, partition, "offset")
);
COMMENT ON COLUMN public.unreadable.value IS 'the first 65,536 bytes';
COMMENT ON COLUMN public.unreadable.digest IS 'SHA-256 of the whole value';
COMMENT ON COLUMN public.unreadable.headers IS 'name: value, a line each; a value in hexadecimal';
"""

# Several builds of a database read the same record: it is kept once.
_KEEP = """
INSERT INTO public.unreadable (service, topic_id, partition, "offset", field, problem, key, value,
                               length, digest, headers)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT DO NOTHING
"""

_COUNT = "SELECT count(*) FROM public.unreadable"


async def keep(
    connection: Connection, topic_ids: Mapping[str, str], found: Sequence[Unreadable]
) -> None:
    """Keep records that could not be read."""
    await connection.executemany(
        _KEEP, [_row(one, topic_ids.get(one.service, "")) for one in found]
    )


async def count(connection: Connection) -> int:
    """Return how many are kept."""
    counted: int = await connection.fetchval(_COUNT)
    return counted


def _row(one: Unreadable, topic_id: str) -> tuple[object, ...]:
    value = one.value or b""
    headers = b"\n".join(
        name.encode("utf-8", "replace") + b": " + (held or b"").hex().encode()
        for name, held in one.headers
    )
    return (
        *(one.service, topic_id, one.partition, one.offset, one.field),
        one.problem.replace("\x00", "\\0"),
        *(one.key, None if one.value is None else value[:MOST_BYTES], len(value)),
        *(sha256(value).digest(), headers[:MOST_BYTES]),
    )
