"""Which org unit a row of a figure stands for: as the units were on a day, or as they are.

All of it is SQL: a figure over a country is worked out where its rows are, and what comes back are
the units that are shown.
"""

from datetime import date

from services.gateway.projections import ORG_UNIT, ORG_UNIT_FACILITY
from services.gateway.projections.ancestors import NAME
from services.gateway.read.sql import Statement

_AS_WAS = """
placed AS (SELECT s.unit, s.day, s.unit AS here, s.day AS seen_on FROM stood s)"""

# A merged unit is followed to the one that is left, and never in a circle.
_AS_IS = """
merged AS (
  SELECT u.id, u.into_id, ARRAY[u.id, u.into_id] AS seen FROM "{unit}" u
   WHERE u.into_id IS NOT NULL AND u.into_id <> u.id
   UNION ALL
  SELECT m.id, u.into_id, m.seen || u.into_id FROM merged m
    JOIN "{unit}" u ON u.id = m.into_id AND u.into_id <> ALL (m.seen)),
survivor AS (
  SELECT DISTINCT ON (m.id) m.id, m.into_id FROM merged m ORDER BY m.id, cardinality(m.seen) DESC),
placed AS (
  SELECT s.unit, s.day, COALESCE(v.into_id, s.unit) AS here, {today} AS seen_on
    FROM stood s LEFT JOIN survivor v ON v.id = s.unit)"""

_ITSELF = """
  LEFT JOIN "{unit}" u ON u.id = p.here"""

_ABOVE = """
  LEFT JOIN LATERAL (
       SELECT u.code, u.name FROM "{ancestor}" a JOIN "{unit}" u ON u.id = a.ancestor_id
        WHERE a.org_unit_id = p.here AND a.since <= p.seen_on AND a.until > p.seen_on
          AND u.unit_kind = {level}
        ORDER BY a.depth LIMIT 1) u ON true"""

# Once for each day of each unit, and not for each row that is shown by it.
_ROWS = """,
shown AS MATERIALIZED (SELECT p.unit, p.day, u.code AS key, u.name AS label FROM placed p{named})"""


def facility_on(unit: str, day: str, name: str = "held") -> str:
    """Return the SQL that joins what the master facility list said of a unit on a day, under
    `name`: its `type`, `level`, `ownership`, `beds`, `operational` and `services`, or nulls.

    Args:
        unit: SQL, the unit's id.
        day: SQL, the day.
    """
    return (
        f'LEFT JOIN LATERAL (SELECT f.* FROM "{ORG_UNIT_FACILITY.physical}" f'
        f" WHERE f.org_unit_id = {unit} AND f.since <= {day}"
        f" ORDER BY f.since DESC LIMIT 1) {name} ON true"
    )


def units_shown(s: Statement, *, as_is: bool, level: str | None, today: date) -> str:
    """Return the SQL that makes of `stood` (`unit`, `day`: where and when facts were) the table
    `shown`: the same, with the code and name of the unit that each stands for, or neither.

    Args:
        as_is: a merged unit counts as the one it became part of, under today's parents. A unit
            that was split up stays itself, under its last parent. Otherwise the parents of the
            fact's day count.
        level: the kind of the unit above, the nearest one, that it counts for; None: itself.
    """
    named = _ITSELF.format(unit=ORG_UNIT.physical)
    if level is not None:
        named = _ABOVE.format(unit=ORG_UNIT.physical, ancestor=NAME, level=s.bind(level, "text"))
    return units_placed(s, as_is=as_is, today=today) + _ROWS.format(named=named)


def units_placed(s: Statement, *, as_is: bool, today: date) -> str:
    """Return the SQL that makes of `stood` (`unit`, `day`) the table `placed`: the same, with the
    unit that each counts at (`here`) and the day on which that is looked at (`seen_on`).

    Args:
        as_is: see `units_shown`.
    """
    return _AS_IS.format(unit=ORG_UNIT.physical, today=s.bind(today, "date")) if as_is else _AS_WAS
