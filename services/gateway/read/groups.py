"""The condition that a row belongs to a group: by its unit, or by the person it is of.

A unit in a group counts with all that lies below it. What a member was split up into stands in the
group in its place, as it does under a grant; what it became part of does not, for nobody took the
other's places in.
"""

from datetime import date
from uuid import UUID

from services.gateway.projections.ancestors import NAME
from services.gateway.projections.groups import GROUP_MEMBER
from services.gateway.projections.org_units import ORG_UNIT
from services.gateway.read.below import Binds

_BELONGS = "m.group_id = {group} AND m.since <= {day} AND (m.until IS NULL OR m.until > {day})"

_BY_UNIT = """{unit} IN (
  WITH RECURSIVE member AS (
    SELECT m.org_unit_id AS id FROM "{members}" m WHERE m.org_unit_id IS NOT NULL AND {belongs}
     UNION
    SELECT part.id FROM member JOIN "{units}" u ON u.id = member.id AND u.ended_on <= {day}
     CROSS JOIN unnest(u.successors) AS part (id))
  SELECT a.org_unit_id FROM member JOIN "{ancestors}" a ON a.ancestor_id = member.id
   WHERE a.since <= {day} AND a.until > {day})"""

_BY_PERSON = """{person} IN (
  SELECT m.health_worker_id FROM "{members}" m
   WHERE m.health_worker_id IS NOT NULL AND {belongs})"""


def in_group(unit: str, group: UUID, on: date, s: Binds, *, person: str | None = None) -> str:
    """Return the condition that a unit is a member of a group, or below one, on a day.

    Args:
        unit: SQL, the column with the unit's id.
        on: the day whose members and whose hierarchy count; of a member who was in it several
            times, the last one is known.
        person: SQL, the column with a health worker who may be a member themselves; None: there is
            none to ask about.
    """
    day = s.once(on, "date")
    belongs = _BELONGS.format(group=s.once(group, "uuid"), day=day)
    known = {"members": GROUP_MEMBER.physical, "belongs": belongs, "day": day}
    by_unit = _BY_UNIT.format(unit=unit, units=ORG_UNIT.physical, ancestors=NAME, **known)
    if person is None:
        return by_unit
    return f"({by_unit} OR {_BY_PERSON.format(person=person, **known)})"
