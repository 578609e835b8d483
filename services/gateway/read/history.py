"""Somebody's history as rows: what names them, what happened to their records, by all their names.

Merges move nothing (ADR 0012): what was recorded under another name of a person is found by the
name it was recorded under, as the records stand merged today, and says so.
"""

from dataclasses import dataclass

from services.gateway.projections import (
    AUDIT_EVENT,
    AUDIT_TRAIL,
    HEALTH_WORKER,
    MENTORSHIP_PARTY,
    NAMING_NOBODY,
    PERSON_RECORD,
)
from services.gateway.projections.columns import ID, maybe
from services.gateway.read.joined import Joined
from shared.projection.table import Column

_PLACE = "event_id, recorded, service, position"

# A record of many people goes on without those who left: a mentorship is theirs until that day.
_NAMED_NOBODY = f"""
SELECT r.health_worker_id, n.{_PLACE.replace(", ", ", n.")}
  FROM "{PERSON_RECORD.physical}" r JOIN "{NAMING_NOBODY.physical}" n ON n.stream = r.stream
 WHERE NOT EXISTS (
    SELECT 1 FROM "{MENTORSHIP_PARTY.physical}" left_it
      JOIN "{AUDIT_EVENT.physical}" later ON later.event_id = n.event_id
     WHERE r.kind = 'mentorship' AND left_it.mentorship_id = r.stream
       AND left_it.health_worker_id = r.health_worker_id AND left_it.left_on < later.occurred_on)
"""
_ONES_OWN = f"""
SELECT health_worker_id, {_PLACE} FROM "{AUDIT_TRAIL.physical}"
 UNION ALL {_NAMED_NOBODY}"""
# What names a person by two of their names is theirs once, by the name that stands for them.
_BY_ANOTHER_NAME = f"""
SELECT alias.merged_into_id, alias.id, one.{_PLACE.replace(", ", ", one.")}
  FROM "{HEALTH_WORKER.physical}" alias
  JOIN ({_ONES_OWN}) one ON one.health_worker_id = alias.id
 WHERE alias.merged_into_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ({_ONES_OWN}) twice
     WHERE twice.health_worker_id = alias.merged_into_id AND twice.event_id = one.event_id)
   AND NOT EXISTS (
    SELECT 1 FROM "{HEALTH_WORKER.physical}" other
      JOIN ({_ONES_OWN}) twice ON twice.health_worker_id = other.id
     WHERE other.merged_into_id = alias.merged_into_id AND other.id < alias.id
       AND twice.event_id = one.event_id)
"""
HISTORY = f"""
SELECT health_worker_id, NULL::uuid AS recorded_under_id, {_PLACE} FROM ({_ONES_OWN}) own
 UNION ALL {_BY_ANOTHER_NAME}"""
"""Every place in somebody's history: whose, by which of their other names, and which event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Joined):
    """The events of people's histories.

    `health_worker_id` is whose it is; `recorded_under_id` the other name it was recorded under.
    """

    @property
    def columns(self) -> dict[str, Column]:
        """Every column of the events, and the two."""
        return {**self.rest.columns, **self.rows.columns, "recorded_under_id": maybe(ID)}

    @property
    def source(self) -> str:
        """The places with their events, as SQL's `FROM` takes them."""
        told = ", ".join(
            f'all_of."{name}"' for name in self.rest.columns if name not in self.rows.columns
        )
        return (
            f"(SELECT place.*, {told} FROM ({HISTORY}) place"
            f' JOIN "{self.rest.physical}" all_of ON all_of.event_id = place.event_id)'
        )


HISTORIES = History(rows=AUDIT_TRAIL, rest=AUDIT_EVENT, by="event_id")
