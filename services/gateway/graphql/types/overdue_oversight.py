"""Overdue oversight: units that their supervisors did not visit, or that did not meet, for a period
that is over.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import Asked, within
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import (
    COORDINATION_MEETING,
    MENTORSHIP,
    ORG_UNIT,
    PAUSE,
    PROGRAMME_VERSION,
    SUPERVISION_VISIT,
)
from services.gateway.projections.ancestors import NAME
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.definition.visits import Period

graphql_enum(Period)


@graphql_enum
class OversightKind(StrEnum):
    """What is owed to a unit."""

    SUPERVISION = "SUPERVISION"
    MEETING = "MEETING"


@strawberry.type(
    description="A supervision visit, or a coordination meeting, that a unit's mentorships ask for "
    "and that was not held."
)
class OverdueOversight:
    """What one unit owes, or is owed."""

    c_org_unit_id: strawberry.Private[UUID]
    kind: OversightKind = strawberry.field(description="What was not held.")
    every: Period = strawberry.field(description="How often the programme asks for it.")
    last_held: date | None = strawberry.field(description="The day of the last one, if any.")
    due: date = strawberry.field(
        description="The last day of the first period without one, since the last one."
    )
    days_overdue: int = strawberry.field(description="Days since then.")
    missed: int = strawberry.field(description="Periods without one, since the last one.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit.")


# A unit is owed a period through all of which somebody was mentored in it, without a pause of the
# mentorship or of its cohort; while nobody is, nothing is overdue. What was missed is made up for
# by the next one: from its period on, it is reckoned anew. How many periods were missed is counted
# for those rows alone that are shown.
_OVERSIGHT = """
WITH rule AS MATERIALIZED (
     SELECT v.id, asked.kind, asked.level, asked.per,
            CASE asked.per
                 WHEN 'DAY' THEN interval '1 day' WHEN 'WEEK' THEN interval '1 week'
                 WHEN 'MONTH' THEN interval '1 month' WHEN 'QUARTER' THEN interval '3 months'
            END AS step
       FROM "{version}" v
      CROSS JOIN LATERAL (VALUES
            ('SUPERVISION', v.definition -> 'oversight' ->> 'supervision', {supervision}),
            ('MEETING', v.definition -> 'oversight' ->> 'meeting', {meeting})
            ) asked(kind, per, level)
      WHERE v.programme = {programme} AND asked.per IS NOT NULL
), care AS MATERIALIZED (
     SELECT m.programme_version_id, m.org_unit_id,
            range_agg(datemultirange(daterange(m.agreed_on, m.concluded_on))
                      - COALESCE(paused.days, '{{}}')) AS days
       FROM "{mentorship}" m
       LEFT JOIN LATERAL (
            SELECT range_agg(daterange(x.since, x.until)) AS days FROM "{pause}" x
             WHERE x.record_id IN (m.id, m.cohort_id) AND (x.until IS NULL OR x.until > x.since)
            ) paused ON true
      WHERE m.programme = {programme} AND m.agreed_on <= {day}
        AND (m.concluded_on IS NULL OR m.concluded_on > m.agreed_on)
      GROUP BY m.programme_version_id, m.org_unit_id
), t AS MATERIALIZED (
     SELECT COALESCE(u.unit, c.org_unit_id) AS org_unit_id, {programme} AS programme, r.kind,
            r.per, r.step, range_agg(c.days) AS days
       FROM care c
       JOIN rule r ON r.id = c.programme_version_id
       LEFT JOIN LATERAL (
            SELECT a.ancestor_id AS unit
              FROM "{ancestor}" a JOIN "{unit}" o ON o.id = a.ancestor_id AND o.unit_kind = r.level
             WHERE a.org_unit_id = c.org_unit_id AND a.since <= {day} AND a.until > {day}
             ORDER BY a.depth LIMIT 1) u ON true
      GROUP BY 1, 3, 4, 5
     HAVING range_agg(c.days) @> {day}
), overdue AS (
     SELECT t.*, held.last, owed.due
       FROM t
      CROSS JOIN LATERAL (
            SELECT CASE t.kind
                   WHEN 'SUPERVISION' THEN (
                        SELECT max(x.held_on) FROM "{visit}" x
                          JOIN "{ancestor}" a ON a.org_unit_id = x.org_unit_id
                           AND a.ancestor_id = t.org_unit_id
                           AND a.since <= x.held_on AND a.until > x.held_on
                         WHERE x.programme = {programme} AND x.held_on <= {day}
                           AND x.voided_on IS NULL)
                   ELSE (SELECT max(x.held_on) FROM "{coordination}" x
                          WHERE x.org_unit_id = t.org_unit_id
                            AND x.programme = {programme} AND x.held_on <= {day}
                            AND x.voided_on IS NULL)
                   END AS last
            ) held
      CROSS JOIN LATERAL (SELECT min(p.ends) AS due FROM {owed}) owed
      WHERE owed.due IS NOT NULL AND {scope}
      ORDER BY owed.due, t.org_unit_id, t.kind, t.per
      {page}
)
SELECT t.org_unit_id, t.kind, t.per, t.last, t.due, {day} - t.due AS days_overdue,
       (SELECT count(*)::integer FROM {missed}) AS missed
  FROM overdue t
 ORDER BY t.due, t.org_unit_id, t.kind, t.per
"""

_PERIODS = """(
       SELECT g::date AS begins, (g + t.step)::date - 1 AS ends
         FROM generate_series(
              date_trunc(lower(t.per), GREATEST(lower(t.days), {last})::timestamp),
              {day}::timestamp - t.step, t.step) g) p
        WHERE ({last} IS NULL OR p.begins > {last})
          AND t.days @> daterange(p.begins, p.ends, '[]')"""


async def overdue_oversight(
    reader: Reader, asked: Asked, *, supervision: str, meeting: str
) -> list[OverdueOversight]:
    """List units in the reader's scope whose oversight is missing, the longest overdue first.

    A visit to a unit below counts for the one above, as the units stood on the day of the visit; a
    meeting is the unit's own.

    Args:
        supervision: the code of the kind of unit that is to be visited: the nearest one above a
            mentorship's unit, or that unit itself where there is none.
        meeting: the code of the kind of unit that is to meet, likewise.
    """
    s = Statement()
    day = s.bind(asked.day, "date")
    text = _OVERSIGHT.format(
        version=PROGRAMME_VERSION.physical,
        mentorship=MENTORSHIP.physical,
        unit=ORG_UNIT.physical,
        ancestor=NAME,
        pause=PAUSE.physical,
        visit=SUPERVISION_VISIT.physical,
        coordination=COORDINATION_MEETING.physical,
        supervision=s.bind(supervision, "text"),
        meeting=s.bind(meeting, "text"),
        day=day,
        owed=_PERIODS.format(day=day, last="held.last"),
        missed=_PERIODS.format(day=day, last="t.last"),
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.RECORDS], s, "t"),
        page=asked.page(),
    )
    return [
        OverdueOversight(
            c_org_unit_id=row["org_unit_id"],
            kind=OversightKind(row["kind"]),
            every=Period(row["per"]),
            last_held=row["last"],
            due=row["due"],
            days_overdue=row["days_overdue"],
            missed=row["missed"],
        )
        for row in await reader.fetch(text, *s.binds)
    ]
