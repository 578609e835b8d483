"""Events that were acknowledged, and are gone: a restored ledger no longer has them.

The bus may still have them: whoever reads it anew after the restore meets each of them once more,
passes it over, and notes what it was. A bus that was made anew has forgotten them too; then only
who sent them can say.
"""

from collections.abc import Iterable

from msgspec import MsgspecError

from shared.bus.delivery import Delivered
from shared.contracts.envelope import decode_meta
from shared.projection.connection import Connection

DDL = """
CREATE TABLE IF NOT EXISTS public.lost_event (
    service    text        NOT NULL,
    epoch      integer     NOT NULL,
    position   bigint      NOT NULL,
    id         uuid        NOT NULL,
    kind       text        NOT NULL,
    stream     uuid        NOT NULL,
    topic      text        NOT NULL,
    command_id uuid        NOT NULL,
    recorded   timestamptz NOT NULL,
    noted_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, epoch, position, id)
);
ALTER TABLE public.lost_event ADD COLUMN IF NOT EXISTS actor text;
"""

_NOTE = """
INSERT INTO public.lost_event (service, epoch, position, id, kind, stream, topic, command_id,
                               recorded, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING
"""


async def note(connection: Connection, lost: Iterable[Delivered]) -> None:
    """Note events that are no more; nothing of their content, which may tell of people."""
    rows = [
        (
            *(one.service, one.entry.epoch, one.entry.position, one.entry.id, one.entry.kind),
            *(one.entry.stream, one.entry.topic, one.entry.command_id, one.entry.recorded),
            _actor(one),
        )
        for one in lost
    ]
    await connection.executemany(_NOTE, rows)


def _actor(lost: Delivered) -> str | None:
    """Return who asked for it, where that can be read."""
    try:
        return decode_meta(lost.entry.meta).actor
    except MsgspecError:
        return None
