"""The validation table, counted: all of it by one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.gateway.figures.places import units_shown
from services.gateway.figures.scoped import counted
from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.types.validation_table import (
    HierarchyView,
    ValidationCount,
    ValidationRow,
    ValidationTable,
    ValidationTableBy,
)
from services.gateway.projections import (
    MENTEE,
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_MENTOR,
    MENTORSHIP_PARTY,
    PROGRAMME_VERSION,
    VALIDATION_FACT,
)
from services.gateway.read.lists import cut_at
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read

MOST_ROWS = 10_000
"""Rows of a table by unit; the total counts what is beyond them, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What table is asked for.

    Attributes:
        fiscal_year: None: every year.
        as_of: what was so on that day; None: what is so now, by all that is recorded.
        level: the kind of org unit that rows are rolled up to; None: the unit itself.
    """

    programme: str
    by: ValidationTableBy
    fiscal_year: int | None = None
    as_of: date | None = None
    hierarchy: HierarchyView = HierarchyView.AS_WAS
    level: str | None = None


_MENTEES = """
mentees AS MATERIALIZED (
SELECT t.id, t.area, {cell} AS cell, t.since AS day,
       {validated} AS validated, {fully} AS fully_validated
  FROM "{mentee}" t{proved}
 WHERE t.programme = {programme} AND t.since IS NOT NULL
   AND t.status IS DISTINCT FROM 'SET_ASIDE' AND t.counts IS NOT FALSE{narrowed} AND {scope})"""

_PROVED = """
 CROSS JOIN LATERAL (
   SELECT count(DISTINCT held.competency) AS validated FROM (
     SELECT f.competency, f.counts, f.day AS since, f.record_version,
            lead(f.day) OVER (PARTITION BY f.competency ORDER BY f.record_version) AS until,
            max(f.record_version) FILTER (WHERE f.afresh) OVER (PARTITION BY f.competency) AS afresh
       FROM "{fact}" f WHERE f.mentee_id = t.id) held
    WHERE held.counts AND held.record_version >= COALESCE(held.afresh, 0)
      AND held.since <= {as_of}
      AND (held.until IS NULL OR held.until > {as_of})) v
"""

_KEYED = """,
keyed AS (SELECT m.*, m.cell AS key, NULL::text AS label FROM mentees m)"""

# Where a unit stood is asked once for each day of each unit; nothing else depends on the day.
_PLACED = """,
stood AS (SELECT DISTINCT m.cell AS unit, m.day FROM mentees m),{shown},
keyed AS (
  SELECT m.*, w.key, w.label FROM mentees m JOIN shown w ON w.unit = m.cell AND w.day = m.day)"""

_TABLE = """
WITH RECURSIVE {keyed},
care AS MATERIALIZED (
  SELECT DISTINCT k.key, k.label, k.area, c.mentorship_id
    FROM keyed k JOIN "{care}" c ON c.mentee_id = k.id),
mentors AS (
  SELECT DISTINCT c.key, c.label, p.health_worker_id AS mentor
    FROM care c
    JOIN "{mentorship}" s ON s.id = c.mentorship_id AND s.agreed_on IS NOT NULL
    JOIN "{post}" w ON w.mentorship_id = s.id
    JOIN "{party}" p ON p.mentorship_id = s.id AND p.health_worker_id = w.health_worker_id
     AND (p.signed_on <= {until} OR NOT s.letters AND s.agreed_on <= {until})
    JOIN "{mentor}" r ON r.id = w.mentor_id AND r.area = c.area AND r.certified_on <= {until}),
told AS (
  SELECT key, label, 1 AS mentee, validated, fully_validated, NULL::uuid AS mentor FROM keyed
   UNION ALL
  SELECT key, label, 0, false, false, mentor FROM mentors)
SELECT GROUPING(key, label) <> 0 AS all, key, label,
       COALESCE(sum(mentee), 0)::integer AS mentees,
       (count(*) FILTER (WHERE validated))::integer AS validated,
       (count(*) FILTER (WHERE fully_validated))::integer AS fully_validated,
       count(DISTINCT mentor)::integer AS mentors
  FROM told GROUP BY GROUPING SETS ((key, label), ())
 ORDER BY 1 DESC, key COLLATE "C" NULLS LAST, label COLLATE "C" LIMIT {most}
"""

_ASSOCIATIONS = """
SELECT area ->> 'association' AS code, area ->> 'associationName' AS name
  FROM "{version}" v, jsonb_array_elements(v.definition -> 'areas') area
 WHERE v.programme = $1
 ORDER BY v.version
"""


_MEASURES = (
    Measure("mentees"),
    Measure("validated", within=("mentees",)),
    Measure("fully_validated", within=("validated", "mentees")),
    Measure("mentors"),
)


async def validation_table(
    reader: Reader, asked: Asked, today: date, least: int
) -> ValidationTable:
    """Count the mentees in the reader's scope.

    Args:
        least: the lowest count that is shown.
    """
    s = Statement()
    text = _TABLE.format(
        keyed=_keyed(reader, asked, today, s),
        care=MENTORSHIP_MENTEE.physical,
        mentorship=MENTORSHIP.physical,
        post=MENTORSHIP_MENTOR.physical,
        party=MENTORSHIP_PARTY.physical,
        mentor=MENTOR.physical,
        until=s.bind(asked.as_of or today, "date"),
        most=MOST_ROWS + 2,
    )
    total, *rows = [dict(row) for row in await reader.fetch(text, *s.binds)]
    hide(least, _MEASURES, total, rows[:MOST_ROWS])
    names: dict[str, str] = {}
    if asked.by is ValidationTableBy.ASSOCIATION and reader.scopes[Read.CATALOGUE].parts:
        names = await _association_names(reader, asked.programme)
    return ValidationTable(
        rows=cut_at(
            [
                ValidationRow(
                    key=row["key"], label=row["label"] or names.get(row["key"]), **_counts(row)
                )
                for row in rows
            ],
            MOST_ROWS,
        ),
        total=ValidationCount(**_counts(total)),
    )


def _counts(row: Any) -> dict[str, Any]:
    counts = {measure.name: row[measure.name] for measure in _MEASURES}
    return {**counts, "suppressed": row.get("suppressed", False)}


def _keyed(reader: Reader, asked: Asked, today: date, s: Statement) -> str:
    """Return the SQL of `keyed`: the mentees, each with the key and label of its row."""
    mentees = _mentees(reader, asked, s)
    if asked.by is not ValidationTableBy.ORG_UNIT:
        return mentees + _KEYED
    as_is = asked.hierarchy is HierarchyView.AS_IS
    shown = units_shown(s, as_is=as_is, level=asked.level, today=today)
    return mentees + _PLACED.format(shown=shown)


def _mentees(reader: Reader, asked: Asked, s: Statement) -> str:
    narrowed, proved = "", ""
    validated, fully = "t.first_validated_on IS NOT NULL", "t.fully_validated_on IS NOT NULL"
    if asked.fiscal_year is not None:
        narrowed += f" AND t.fiscal_year = {s.bind(asked.fiscal_year, 'integer')}"
    if asked.as_of is not None:
        as_of = s.bind(asked.as_of, "date")
        narrowed += f" AND t.since <= {as_of}"
        proved = _PROVED.format(fact=VALIDATION_FACT.physical, as_of=as_of)
        validated, fully = "v.validated > 0", "COALESCE(v.validated >= t.competencies, false)"
    by_unit = asked.by is ValidationTableBy.ORG_UNIT
    return _MENTEES.format(
        cell=f"t.{asked.by.value}" if by_unit else f"t.{asked.by.value}::text",
        validated=validated,
        fully=fully,
        mentee=MENTEE.physical,
        proved=proved,
        programme=s.bind(asked.programme, "text"),
        narrowed=narrowed,
        scope=counted("Mentee", reader, s, "t"),
    )


async def _association_names(reader: Reader, programme: str) -> dict[str, str]:
    text = _ASSOCIATIONS.format(version=PROGRAMME_VERSION.physical)
    # Later versions overwrite the names of earlier ones.
    return {row["code"]: row["name"] for row in await reader.fetch(text, programme) if row["name"]}
