"""The deviation report: how often a programme's rules were departed from, where, and by whom.

A record that departs from several rules is counted once under each; what was voided, under none.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import one
from services.gateway.graphql.types.figure import within
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.projections import DEVIATION
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.access.grants import Read
from shared.contracts.definition.conduct import ConductRule

graphql_enum(ConductRule)

Rows = list[dict[str, Any]]
MOST = 1_000
"""Rows of a grouping: the most frequent ones."""


@strawberry.type(description="How often a rule was departed from.")
class Deviations(Suppressible):
    """Counts of one rule."""

    rule: ConductRule = strawberry.field(description="The rule.")
    deviations: int | None = strawberry.field(description="Records that depart from it.")
    counted: int | None = strawberry.field(
        description="Of them, those that it lets count all the same."
    )


@strawberry.type(description="How often a rule was departed from at one org unit.")
class DeviationsAtUnit(Deviations):
    """Counts of one rule at one unit."""

    c_org_unit_id: strawberry.Private[UUID]
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="The unit.")


@strawberry.type(description="How often a rule was departed from by one mentor.")
class DeviationsOfMentor(Deviations):
    """Counts of one rule in what one health worker mentored."""

    c_mentor: strawberry.Private[UUID]
    mentor: HealthWorker | None = one(
        "HealthWorker", by="mentor", description="Who mentored, if in your scope."
    )


@strawberry.type(description="How often a programme's rules were departed from.")
class DeviationReport:
    """All, and by unit and mentor, the most frequent first."""

    by_rule: list[Deviations] = strawberry.field(description="Rule by rule.")
    by_org_unit: list[DeviationsAtUnit] = strawberry.field(
        description=f"By the unit where it happened; the first {MOST}."
    )
    by_mentor: list[DeviationsOfMentor] = strawberry.field(
        description=f"By who mentored; the first {MOST}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the report is asked for: a programme, under a unit, from a day to before another."""

    programme: str
    under: UUID | None
    since: date | None
    before: date | None


_COUNTS = """
SELECT {group} t.rule, count(*)::integer AS deviations,
       (count(*) FILTER (WHERE t.counts))::integer AS counted
  FROM "{deviation}" t {mentors}
 WHERE t.stands AND t.programme = {programme} AND {scope}
   AND ({since} IS NULL OR t.day >= {since}) AND ({before} IS NULL OR t.day < {before})
 GROUP BY {group} t.rule
 ORDER BY count(*) DESC, {group} t.rule
 LIMIT {most:d}
"""


_MEASURES = (Measure("deviations"), Measure("counted", within=("deviations",)))


async def deviation_report(reader: Reader, asked: Asked, least: int) -> DeviationReport:
    """Count what stands in the reader's scope.

    Args:
        least: the lowest count that is shown.
    """

    async def counted(group: str = "", mentors: str = "", scope: Read = Read.FIGURES) -> Rows:
        s = Statement()
        text = _COUNTS.format(
            deviation=DEVIATION.physical,
            group=group,
            mentors=mentors,
            programme=s.bind(asked.programme, "text"),
            scope=within(asked.under, reader.scopes[scope], s, "t"),
            since=s.bind(asked.since, "date"),
            before=s.bind(asked.before, "date"),
            most=MOST,
        )
        rows = await reader.fetch(text, *s.binds)
        return [{**row, "rule": ConductRule(row["rule"])} for row in rows]

    by_mentor = await counted(
        "m.mentor,", "CROSS JOIN unnest(t.mentors) AS m(mentor)", Read.RECORDS
    )
    by_rule, by_unit = await counted(), await counted("t.org_unit_id,")
    for total in by_rule:
        groupings = (
            [row for row in rows if row["rule"] is total["rule"]] for rows in (by_unit, by_mentor)
        )
        hide(least, _MEASURES, total, *groupings)
    return DeviationReport(
        by_rule=[Deviations(**row) for row in by_rule],
        by_org_unit=[
            DeviationsAtUnit(c_org_unit_id=row.pop("org_unit_id"), **row) for row in by_unit
        ],
        by_mentor=[DeviationsOfMentor(c_mentor=row.pop("mentor"), **row) for row in by_mentor],
    )
