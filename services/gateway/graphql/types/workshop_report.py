"""The workshop report: how many workshops of each kind, and how many people were trained in which
course.

Who was trained is counted once a course, whether a workshop tells it or it was told by itself, and
at the unit where they were posted on their last day of it. What was voided is none.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.figures.small_cells import Measure, hide, hide_overlapping
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import within
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.projections import (
    HEALTH_WORKER,
    MENTEE,
    MENTEE_TRAINING,
    POSTING,
    WORKSHOP,
    WORKSHOP_ATTENDANCE,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.sessions.workshop import WorkshopKind

graphql_enum(WorkshopKind)

MOST = 1_000
"""Units of a course: those with the most people trained."""


@strawberry.type(description="Workshops of one kind.")
class WorkshopsOfKind(Suppressible):
    """How many, and how many were there."""

    kind: WorkshopKind = strawberry.field(description="What they were for.")
    workshops: int = strawberry.field(description="How many were held.")
    attendees: int | None = strawberry.field(
        description="Attendances by record: who was at two counts twice."
    )
    others: int | None = strawberry.field(description="Attendances of people without a record.")


@strawberry.type(description="People of one cadre who were trained.")
class TrainedOfCadre(Suppressible):
    """How many."""

    cadre: str = strawberry.field(description="What they are trained as, as is known now.")
    people: int | None = strawberry.field(description="How many.")


@strawberry.type(description="People of one unit who were trained.")
class TrainedAtUnit(Suppressible):
    """How many."""

    c_org_unit_id: strawberry.Private[UUID]
    people: int | None = strawberry.field(description="How many.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where they were posted then."
    )


@strawberry.type(description="People who were trained in one course.")
class TrainedInCourse(Suppressible):
    """How many, each once."""

    course: str | None = strawberry.field(
        description="The course, by the programme's code; null: known by its name alone."
    )
    people: int | None = strawberry.field(description="How many, each once.")
    by_cadre: list[TrainedOfCadre] = strawberry.field(description="By what they are trained as.")
    by_org_unit: list[TrainedAtUnit] = strawberry.field(
        description=f"By where they were posted; the first {MOST} with the most people."
    )


@strawberry.type(description="The workshops of a programme, and who was trained.")
class WorkshopReport(Suppressible):
    """By kind, and by course."""

    by_kind: list[WorkshopsOfKind] = strawberry.field(
        description="Workshops of units in your scope, by what they were for."
    )
    people_trained: int | None = strawberry.field(
        description="People in your scope who were trained in any course, each once."
    )
    by_course: list[TrainedInCourse] = strawberry.field(
        description="People in your scope who were trained, by course."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the report is asked for: a programme, under a unit, from a day to before another."""

    programme: str
    under: UUID | None
    since: date | None
    before: date | None


_BY_KIND = """
SELECT t.workshop_kind AS kind, count(*)::integer AS workshops,
       sum(t.attendees)::integer AS attendees, sum(t.others)::integer AS others
  FROM "{workshop}" t
 WHERE t.status = 'HELD' AND t.programme = {programme} AND {scope}
   AND ({since} IS NULL OR t.ends >= {since}) AND ({before} IS NULL OR t.ends < {before})
 GROUP BY t.workshop_kind ORDER BY t.workshop_kind
"""

_TRAINED = """
WITH took AS (
     SELECT a.health_worker_id, a.course, a.last_on AS day FROM "{attendance}" a
      WHERE a.programme = {programme} AND a.workshop_kind = 'TRAINING' AND a.status = 'HELD'
  UNION ALL
     SELECT r.health_worker_id, r.course, r.completed_on FROM "{training}" r
       JOIN "{mentee}" m ON m.id = r.mentee_id
      WHERE m.programme = {programme} AND r.workshop_id IS NULL AND NOT r.voided
), t AS (
     SELECT COALESCE(h.merged_into_id, h.id) AS person, k.course, h.cadre,
            COALESCE(p.org_unit_id, h.org_unit_id) AS org_unit_id, {programme} AS programme
       FROM took k
       JOIN "{worker}" h ON h.id = k.health_worker_id
       LEFT JOIN LATERAL (
            SELECT p.org_unit_id FROM "{posting}" p
             WHERE p.health_worker_id = h.id AND p.kind = 'PRIMARY' AND p.since <= k.day
             ORDER BY p.since DESC LIMIT 1) p ON true
      WHERE ({since} IS NULL OR k.day >= {since}) AND ({before} IS NULL OR k.day < {before})
)
SELECT GROUPING(t.course, t.cadre, t.org_unit_id) AS grouping,
       t.course, t.cadre, t.org_unit_id, count(DISTINCT t.person)::integer AS people
  FROM t
 WHERE {scope}
 GROUP BY GROUPING SETS ((), (t.course), (t.course, t.cadre), (t.course, t.org_unit_id))
 ORDER BY t.course, people DESC, t.cadre, t.org_unit_id
"""
_ALL, _BY_COURSE, _BY_CADRE, _BY_UNIT = 0b111, 0b011, 0b001, 0b010


_AT_WORKSHOPS = (Measure("attendees"), Measure("others"))
_PEOPLE = (Measure("people"),)


async def workshop_report(reader: Reader, asked: Asked, least: int) -> WorkshopReport:
    """Count the workshops, and the people trained, in the reader's scope.

    Args:
        least: the lowest count of people that is shown.
    """
    by_kind = await _fetch(_BY_KIND, reader, asked, workshop=WORKSHOP.physical)
    trained = await _fetch(
        _TRAINED,
        reader,
        asked,
        attendance=WORKSHOP_ATTENDANCE.physical,
        training=MENTEE_TRAINING.physical,
        mentee=MENTEE.physical,
        worker=HEALTH_WORKER.physical,
        posting=POSTING.physical,
    )
    hide(least, _AT_WORKSHOPS, None, by_kind)
    (total,) = (row for row in trained if row["grouping"] == _ALL)
    # Who took two courses is counted in both: what is hidden of them is less than it adds up to.
    by_course = [row for row in trained if row["grouping"] == _BY_COURSE]
    hide(least, _PEOPLE, total, by_course)
    hide_overlapping(least, _PEOPLE, total, by_course)
    courses = [row for row in trained if row["grouping"] != _ALL]
    return WorkshopReport(
        suppressed=total["suppressed"],
        by_kind=[WorkshopsOfKind(**row | {"kind": WorkshopKind(row["kind"])}) for row in by_kind],
        people_trained=total["people"],
        by_course=[
            _in_course(list(rows), least) for _, rows in groupby(courses, lambda r: r["course"])
        ],
    )


async def _fetch(text: str, reader: Reader, asked: Asked, **tables: str) -> list[dict[str, Any]]:
    s = Statement()
    statement = text.format(
        **tables,
        programme=s.bind(asked.programme, "text"),
        scope=within(asked.under, reader.scopes[Read.FIGURES], s, "t"),
        since=s.bind(asked.since, "date"),
        before=s.bind(asked.before, "date"),
    )
    return [dict(row) for row in await reader.fetch(statement, *s.binds)]


def _in_course(rows: list[dict[str, Any]], least: int) -> TrainedInCourse:
    def of(grouping: int) -> list[dict[str, Any]]:
        return [row for row in rows if row["grouping"] == grouping]

    (whole,) = of(_BY_COURSE)
    by_cadre, by_unit = of(_BY_CADRE), of(_BY_UNIT)[:MOST]
    hide(least, _PEOPLE, whole, by_cadre, by_unit)
    hide_overlapping(least, _PEOPLE, whole, by_unit)
    return TrainedInCourse(
        course=whole["course"],
        **_shown(whole),
        by_cadre=[TrainedOfCadre(cadre=row["cadre"], **_shown(row)) for row in by_cadre],
        by_org_unit=[
            TrainedAtUnit(c_org_unit_id=row["org_unit_id"], **_shown(row)) for row in by_unit
        ],
    )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("people", "suppressed")}
