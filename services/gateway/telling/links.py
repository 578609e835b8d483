"""What an event follows from, and what follows from it.

A command records several events at once: the first is what was wished, the others follow from it.
What a policy asked for follows from the event that called for it; recorded by a release that did
not say which, from what set it all off. The links say nothing of what lies at their other end: that
is read under the reader's own scope.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from services.gateway.projections import AUDIT_EVENT
from services.gateway.read.loader import Database

MOST = 50
"""Effects that are shown of one event."""

_EVENTS = f'"{AUDIT_EVENT.physical}"'
# Whoever wished a command is its cause, and no event: it names itself.
_FIRST = f"""
SELECT f.event_id FROM {_EVENTS} f
 WHERE f.causation_id = {{of}}.causation_id AND f.command_id = {{of}}.command_id
 ORDER BY f.position LIMIT 1
"""
_BEGAN = f"""
SELECT f.event_id FROM {_EVENTS} f
 WHERE f.causation_id = {{of}}.correlation_id AND f.command_id = f.correlation_id
 ORDER BY f.position LIMIT 1
"""
_CAUSES = f"""
SELECT e.event_id AS key,
       CASE WHEN first.event_id <> e.event_id THEN first.event_id
            WHEN e.causation_id <> e.command_id THEN e.causation_id
            WHEN e.correlation_id <> e.command_id THEN ({_BEGAN.format(of="e")})
       END AS cause
  FROM {_EVENTS} e CROSS JOIN LATERAL ({_FIRST.format(of="e")}) first
 WHERE e.event_id = ANY($1)
"""
_EFFECTS = f"""
SELECT e.event_id AS key, x.event_id AS effect
  FROM {_EVENTS} e CROSS JOIN LATERAL (
    SELECT event_id, recorded, service, position FROM (
        SELECT s.* FROM {_EVENTS} s
         WHERE s.causation_id = e.causation_id AND s.command_id = e.command_id
           AND s.position > e.position AND e.event_id = ({_FIRST.format(of="e")})
         UNION ALL
        SELECT s.* FROM {_EVENTS} s
         WHERE s.causation_id = e.event_id AND s.event_id = ({_FIRST.format(of="s")})
         UNION ALL
        SELECT s.* FROM {_EVENTS} s
         WHERE s.correlation_id = e.correlation_id AND s.command_id <> s.correlation_id
           AND s.causation_id = s.command_id AND s.event_id = ({_FIRST.format(of="s")})
           AND e.event_id = ({_BEGAN.format(of="e")})
    ) either ORDER BY recorded, service, position LIMIT {MOST}
  ) x
 WHERE e.event_id = ANY($1)
 ORDER BY x.recorded, x.service, x.position
"""


async def causes(database: Database, ids: Sequence[UUID]) -> list[UUID | None]:
    """Return the event that each of these follows from; None: nobody asked for it but somebody."""
    found = {row["key"]: row["cause"] for row in await database.fetch(_CAUSES, list(ids))}
    return [found.get(id) for id in ids]


async def effects(database: Database, ids: Sequence[UUID]) -> list[list[UUID]]:
    """Return the events that follow from each of these, the first `MOST`."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for row in await database.fetch(_EFFECTS, list(ids)):
        found[row["key"]].append(row["effect"])
    return [found[id] for id in ids]
