"""One statement for a figure: its rows in scope, placed, told apart, and counted with their total.

The reader's scope is that of today, by the unit that a row counts at; the unit that is asked for is
looked at as the hierarchy says, and so are groups.
"""

from collections.abc import Sequence
from typing import Any

from services.gateway.figures.frame.asked import Asked, FigureBy
from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.frame.dimensions import Dimension, dimension
from services.gateway.figures.places import units_placed
from services.gateway.projections import GROUP_MEMBER, HEALTH_WORKER, ORG_UNIT, POSTING, TABLES
from services.gateway.projections.ancestors import NAME
from services.gateway.read.declare import InUnit
from services.gateway.read.scope import Scope
from services.gateway.read.sql import Statement, covered

_COUNTED = InUnit(unit="org_unit_id", programme="programme")

# A person is the record that stands for them.
_TOLD = """
WITH RECURSIVE told AS (
  SELECT b.*, {seen_on} AS seen_on{person}
    FROM ({rows}) b{worker}
   WHERE {wanted}),"""
_WORKER = f"""
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = b.worker"""
_AT_UNITS = """
t AS (SELECT k.* FROM told k WHERE {scope}),"""
_AT_POSTINGS = f"""
posted AS (
  SELECT q.person, COALESCE(p.org_unit_id, h.org_unit_id) AS org_unit_id
    FROM (SELECT DISTINCT k.person FROM told k) q
    LEFT JOIN "{HEALTH_WORKER.physical}" h ON h.id = q.person
    LEFT JOIN LATERAL (
         SELECT p.org_unit_id FROM "{POSTING.physical}" p
          WHERE p.health_worker_id = q.person AND p.kind = 'PRIMARY' AND p.since <= {{seen_on}}
          ORDER BY p.since DESC LIMIT 1) p ON true),
t AS (
  SELECT k.* FROM (
    SELECT k.*, p.org_unit_id FROM told k JOIN posted p ON p.person = k.person) k
   WHERE {{scope}}),"""
_PLACED = """
stood AS (SELECT DISTINCT t.org_unit_id AS unit, t.seen_on AS day FROM t),{placed},{above}{groups}
x AS (
  SELECT x.* FROM (
    SELECT t.*, p.here, p.seen_on AS here_on{of_above}{of_groups}
      FROM t LEFT JOIN placed p ON p.unit = t.org_unit_id AND p.day = t.seen_on{joins}) x
   WHERE {there})"""
# Asked once for all units and days: for each by itself it would take ten times as long.
_ABOVE = f"""
above AS (
  SELECT DISTINCT ON (p.here, p.seen_on) p.here, p.seen_on, u.code, u.name
    FROM placed p
    JOIN "{NAME}" a ON a.org_unit_id = p.here AND a.since <= p.seen_on AND a.until > p.seen_on
    JOIN "{ORG_UNIT.physical}" u ON u.id = a.ancestor_id AND u.unit_kind = {{level}}
   ORDER BY p.here, p.seen_on, a.depth),"""
_UP = """
      LEFT JOIN above u ON u.here = p.here AND u.seen_on = p.seen_on"""
_OF_ABOVE = ", u.code AS above_code, u.name AS above_name"
# What a member was split up into stands in the group in its place: see `read.groups`.
_GROUPS = f"""
member AS (
  SELECT m.group_id, m.org_unit_id AS id, m.since, COALESCE(m.until, 'infinity') AS until
    FROM "{GROUP_MEMBER.physical}" m WHERE m.org_unit_id IS NOT NULL
   UNION
  SELECT m.group_id, part.id, greatest(m.since, u.ended_on), m.until
    FROM member m JOIN "{ORG_UNIT.physical}" u ON u.id = m.id AND u.ended_on IS NOT NULL
   CROSS JOIN unnest(u.successors) AS part (id)),
belonging AS (
  SELECT p.here, p.seen_on, array_agg(DISTINCT m.group_id) AS groups
    FROM (SELECT DISTINCT p.here, p.seen_on FROM placed p) p
    JOIN "{NAME}" a ON a.org_unit_id = p.here AND a.since <= p.seen_on AND a.until > p.seen_on
    JOIN member m ON m.id = a.ancestor_id AND m.since <= p.seen_on AND m.until > p.seen_on
   GROUP BY p.here, p.seen_on),"""
_GROUPED = """
      LEFT JOIN belonging b ON b.here = p.here AND b.seen_on = p.seen_on"""
_PEOPLE = f"""
people AS (
  SELECT COALESCE(w.merged_into_id, m.health_worker_id) AS person, m.group_id, m.since, m.until
    FROM "{GROUP_MEMBER.physical}" m
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = m.health_worker_id
   WHERE m.health_worker_id IS NOT NULL),"""
_BELONGING = """
      LEFT JOIN (SELECT DISTINCT h.person FROM people h) h ON h.person = t.person"""
_OF_PEOPLE = """CASE WHEN h.person IS NULL THEN b.groups ELSE ARRAY(
        SELECT unnest(b.groups) UNION
        SELECT m.group_id FROM people m
         WHERE m.person = t.person AND m.since <= p.seen_on
           AND (m.until IS NULL OR m.until > p.seen_on)) END"""
_ANYWHERE = """
x AS (SELECT t.* FROM t)"""
_UNDER = f"""EXISTS (
     SELECT FROM "{NAME}" a
      WHERE a.org_unit_id = x.here AND a.ancestor_id = {{under}}
        AND a.since <= x.here_on AND a.until > x.here_on)"""

_KEYED = """,
keyed AS (SELECT x.*{keys} FROM x{joins})"""
_TOTAL = """
SELECT true AS whole{nothing}, {values} FROM {all}"""
_APART = """
 UNION ALL
SELECT * FROM (
  SELECT false, {groups}, {values} FROM {all} GROUP BY {groups} ORDER BY {order} LIMIT {most}
) counted"""
_EACH = "(SELECT {groups}x.person, {each} FROM {all} GROUP BY {groups}x.person) x"


def statement(figure: Figure, asked: Asked, scope: Scope, most: int) -> tuple[str, list[Any]]:
    """Return the statement, and what is bound in it.

    It answers with the total, and then the rows, up to `most`, each with the `key_0` and `label_0`
    of the first dimension, and so on.
    """
    s = Statement()
    ways = [dimension(by, asked) for by in asked.by]
    text = _told(figure, asked, scope, s)
    if asked.under is None and asked.group is None and not any(one.placed for one in ways):
        text += _ANYWHERE
    else:
        text += _placed(figure, asked, s)
    return text + _counts(figure, ways, most), s.binds


def _counts(figure: Figure, ways: Sequence[Dimension], most: int) -> str:
    """Return the SQL that counts `x`: all of it, and told apart in these ways."""
    values = ", ".join(f"{sql} AS {name}" for name, sql in figure.values.items())
    names = [name for n in range(len(ways)) for name in (f"key_{n}", f"label_{n}")]
    nothing = "".join(f", NULL::text AS {name}" for name in names)
    total = _TOTAL.format(nothing=nothing, values=values, all=_of_each(figure, "x"))
    if not ways:
        return total
    keys = [sql for one in ways for sql in (one.key, one.label)]
    keyed = _KEYED.format(
        keys="".join(f", {sql} AS {name}" for sql, name in zip(keys, names, strict=True)),
        joins="".join(f"\n  {join}" for join in dict.fromkeys(one.joins for one in ways) if join),
    )
    first = [] if figure.first is None else [f"{figure.first} DESC NULLS LAST"]
    return (
        keyed
        + total
        + _APART.format(
            groups=", ".join(names),
            values=values,
            all=_of_each(figure, "keyed x", *names),
            order=", ".join([*first, *(f'{name} COLLATE "C" NULLS LAST' for name in names)]),
            most=most,
        )
    )


def _of_each(figure: Figure, all: str, *keys: str) -> str:
    """Return the SQL of what is counted: the rows, or what is counted of each person's."""
    if not figure.each:
        return all
    each = ", ".join(f"{sql} AS {name}" for name, sql in figure.each.items())
    return _EACH.format(groups="".join(f"x.{key}, " for key in keys), each=each, all=all)


def _told(figure: Figure, asked: Asked, scope: Scope, s: Statement) -> str:
    people = "worker" in figure.has
    rows = figure.rows if figure.rows_now is None or asked.dated else figure.rows_now
    days = _Days(asked, s)
    wanted = ["true"]
    if asked.since is not None:
        wanted.append(f"b.day >= {days['since']}")
    if asked.last is not None:
        wanted.append(f"b.day <= {days['last']}")
    if asked.programme is not None:
        wanted.append(f"b.programme = {s.bind(asked.programme, 'text')}")
    text = _TOLD.format(
        seen_on=days["seen_on"] if figure.posted else "b.day",
        rows=rows.format_map(days),
        person=", COALESCE(w.merged_into_id, b.worker) AS person" if people else "",
        worker=_WORKER if people else "",
        wanted=" AND ".join(wanted),
    )
    scoped = covered(_COUNTED, scope, s, "k", of_all=True)
    if figure.posted:
        return text + _AT_POSTINGS.format(scope=scoped, seen_on=days["seen_on"])
    return text + _AT_UNITS.format(scope=scoped)


class _Days(dict[str, str]):
    """What may stand in a figure's rows: tables by their names, and the days that are asked for,
    each bound once it is used.
    """

    def __init__(self, asked: Asked, s: Statement) -> None:
        super().__init__((name, table.physical) for name, table in TABLES.items())
        self._asked, self._s = asked, s

    def __missing__(self, name: str) -> str:
        self[name] = self._s.bind(getattr(self._asked, name), "date")
        return self[name]


def _placed(figure: Figure, asked: Asked, s: Statement) -> str:
    """Return the SQL that makes of `t` the rows `x` that are where, and whose, is asked for."""
    there = ["true"]
    if asked.under is not None:
        there.append(_UNDER.format(under=s.bind(asked.under, "uuid")))
    if asked.group is not None:
        there.append(f"{s.bind(asked.group, 'uuid')} = ANY (x.groups)")
    groups, of_groups, above, of_above, joins = "", "", "", "", ""
    if asked.level is not None:
        above, of_above = _ABOVE.format(level=s.bind(asked.level, "text")), _OF_ABOVE
        joins += _UP
    if asked.group is not None or FigureBy.GROUP in asked.by:
        groups, of_groups = _GROUPS, ", b.groups"
        joins += _GROUPED
        if "worker" in figure.has:
            groups += _PEOPLE
            of_groups = f", {_OF_PEOPLE} AS groups"
            joins += _BELONGING
    return _PLACED.format(
        placed=units_placed(s, as_is=asked.as_is, today=asked.today),
        groups=groups,
        of_groups=of_groups,
        above=above,
        of_above=of_above,
        joins=joins,
        there=" AND ".join(there),
    )
