"""The file of all that is held on somebody: by whom, what for, and what of it they cannot see."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.personal.events import Ledgers, events_naming
from services.gateway.projections import (
    EMPLOYMENT,
    ERASED_KEYS,
    ERASURE,
    HEALTH_WORKER,
    LICENCE,
    PERSON_IDENTIFIER,
    POSTING,
)
from services.gateway.read.loader import Database
from shared.projection import Table

FORMAT = "mshauri.personal-data.v1"

HELD_BY = {
    "registry": "who you are, where you are posted, what you are enrolled in, and who may do what: "
    "so that a programme knows whom it mentors, and by whom.",
    "sessions": "what happened in your mentorships: so that it is counted, and answered for.",
    "validation": "what you were seen to be able to do: so that you are certified by it.",
    "gateway": "the same, made ready to be read; nothing is in it that the others do not hold.",
}
"""What each part holds it for."""

_OWN: tuple[tuple[str, Table, str], ...] = (
    ("records", HEALTH_WORKER, "id"),
    ("identifiers", PERSON_IDENTIFIER, "health_worker_id"),
    ("licences", LICENCE, "health_worker_id"),
    ("postings", POSTING, "health_worker_id"),
    ("employment", EMPLOYMENT, "health_worker_id"),
    ("erasure", ERASURE, "id"),
    ("destroyedKeys", ERASED_KEYS, "health_worker_id"),
)
"""What their record says of them now."""

# A merge leads to a person at once: of any of their names, all of them.
_RECORDS = f"""
WITH stands AS (
    SELECT coalesce(merged_into_id, id) AS id FROM "{HEALTH_WORKER.physical}" WHERE id = $1
)
SELECT w.id FROM "{HEALTH_WORKER.physical}" AS w, stands
 WHERE w.id = stands.id OR w.merged_into_id = stands.id ORDER BY w.id
"""


async def personal_data(
    person: UUID, asked_by: str, database: Database, ledgers: Ledgers, *, to_themselves: bool
) -> dict[str, Any]:
    """Return the file; `person` is any record of theirs.

    Args:
        to_themselves: whether the person asks; else what is private is held back.

    Raises:
        Unavailable: a service does not answer now.
    """
    records = [row[0] for row in await database.fetch(_RECORDS, person)]
    own = {name: await _rows(table, by, records, database) for name, table, by in _OWN}
    named = await events_naming(frozenset(records), ledgers, to_themselves=to_themselves)
    return {
        "format": FORMAT,
        "made": datetime.now(UTC).isoformat(),
        "askedBy": asked_by,
        "person": [str(record) for record in records],
        "heldBy": HELD_BY,
        "now": own,
        "events": named.events,
        "withheld": {
            "why": "It is sealed with somebody else's key: they said it, or it is about several "
            "people; or it is between two people, and neither of them asks. It is held, and how "
            "often is said here; what it says is theirs to show.",
            "fields": named.withheld,
        },
        "elsewhere": "No exports are kept. Backups hold what this file says until they are "
        "destroyed; which there are, whoever runs this system says.",
    }


async def _rows(
    table: Table, by: str, records: Sequence[UUID], database: Database
) -> list[dict[str, Any]]:
    columns = ", ".join(f'"{name}"' for name in table.columns)
    order = ", ".join(f'"{name}"' for name in table.key)
    rows = await database.fetch(
        f'SELECT {columns} FROM "{table.physical}" WHERE "{by}" = ANY ($1::uuid[])'
        f" ORDER BY {order}",
        list(records),
    )
    return [
        {name: _plain(row[name]) for name in table.columns if row[name] is not None} for row in rows
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # an instant is one, too
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return msgspec.to_builtins(value, builtin_types=(date,)) if isinstance(value, list) else value
