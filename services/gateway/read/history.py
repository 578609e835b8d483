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

_PLACE = "{of}.event_id, {of}.recorded, {of}.service, {of}.position"
_TABLES = {
    "trail": AUDIT_TRAIL,
    "records": PERSON_RECORD,
    "nobody": NAMING_NOBODY,
    "people": HEALTH_WORKER,
    "parties": MENTORSHIP_PARTY,
}

# A mentorship goes on without those who left it: it is theirs until that day.
_UNTIL_THEY_LEFT = """NOT EXISTS (
    SELECT 1 FROM {parties} party WHERE party.mentorship_id = r.stream
       AND party.health_worker_id = r.health_worker_id AND party.left_on < n.occurred_on)"""
# What is a person's by two of their names is theirs once, by the name that stands for them.
_ONCE = """NOT EXISTS (
    SELECT 1 FROM {rows} twice WHERE twice.health_worker_id = alias.merged_into_id
       AND twice.{by} = {of}.{by})
   AND NOT EXISTS (
    SELECT 1 FROM {people} other JOIN {rows} twice ON twice.health_worker_id = other.id
     WHERE other.merged_into_id = alias.merged_into_id AND other.id < alias.id
       AND twice.{by} = {of}.{by})"""
_HISTORY = f"""
SELECT t.health_worker_id, NULL::uuid AS recorded_under_id, {_PLACE.format(of="t")}
  FROM {{trail}} t
 UNION ALL
SELECT r.health_worker_id, NULL::uuid, {_PLACE.format(of="n")}
  FROM {{records}} r JOIN {{nobody}} n ON n.stream = r.stream WHERE {_UNTIL_THEY_LEFT}
 UNION ALL
SELECT alias.merged_into_id, alias.id, {_PLACE.format(of="t")}
  FROM {{people}} alias JOIN {{trail}} t ON t.health_worker_id = alias.id
 WHERE alias.merged_into_id IS NOT NULL
   AND {_ONCE.format(rows="{trail}", people="{people}", by="event_id", of="t")}
 UNION ALL
SELECT alias.merged_into_id, alias.id, {_PLACE.format(of="n")}
  FROM {{people}} alias JOIN {{records}} r ON r.health_worker_id = alias.id
  JOIN {{nobody}} n ON n.stream = r.stream
 WHERE alias.merged_into_id IS NOT NULL AND {_UNTIL_THEY_LEFT}
   AND {_ONCE.format(rows="{records}", people="{people}", by="stream", of="r")}"""


def history(of: str = "") -> str:
    """Return every place in somebody's history: whose, by which of their other names, and which
    event.

    Args:
        of: what the names of the tables begin with that it is read from.
    """
    return _HISTORY.format(**{name: f'"{of}{one.physical}"' for name, one in _TABLES.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Joined):
    """The events of people's histories.

    `health_worker_id` is whose it is; `recorded_under_id` the other name it was recorded under.

    Attributes:
        of: what the names of the tables begin with that the places are read from.
    """

    of: str = ""

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
            f"(SELECT place.*, {told} FROM ({history(self.of)}) place"
            f' JOIN "{self.rest.physical}" all_of ON all_of.event_id = place.event_id)'
        )


HISTORIES = History(rows=AUDIT_TRAIL, rest=AUDIT_EVENT, by="event_id")
