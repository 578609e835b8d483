"""Events that an operator had passed over: they change nothing, in this build and all later ones.

They stay in the ledger and in the audit of what was recorded; what was shown of their person goes
on behind them. Why, and by whom, is kept (`mshauri quarantine skip`).
"""

from collections.abc import Sequence

from shared.bus.delivery import Delivered
from shared.projection.connection import Connection

DDL = """
CREATE TABLE IF NOT EXISTS public.skipped_event (
    service    text        NOT NULL,
    epoch      integer     NOT NULL,
    position   bigint      NOT NULL,
    topic      text        NOT NULL,
    kind       text        NOT NULL,
    stream     uuid        NOT NULL,
    code       text,
    reason     text        NOT NULL,
    actor      text        NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, epoch, position)
);
"""

_ALL = "SELECT service, epoch, position FROM public.skipped_event"

Skipped = frozenset[tuple[str, int, int]]
NONE: Skipped = frozenset()


async def load(connection: Connection) -> Skipped:
    """Return which events are passed over: service, epoch, position."""
    return frozenset(tuple(row) for row in await connection.fetch(_ALL))


def event_place(one: Delivered) -> tuple[str, int, int]:
    """Return how an event is named there."""
    return one.service, one.entry.epoch, one.entry.position


async def note(
    connection: Connection, schema: str, seqs: Sequence[int], *, reason: str, actor: str
) -> None:
    """Note that events which are parked in a build are to be passed over."""
    await connection.execute(
        f"""INSERT INTO public.skipped_event
                   (service, epoch, position, topic, kind, stream, code, reason, actor)
            SELECT service, epoch, position, topic, kind, stream, code, $2, $3
              FROM "{schema}".parked WHERE seq = ANY($1::bigint[])
            ON CONFLICT DO NOTHING""",
        list(seqs),
        reason,
        actor,
    )
