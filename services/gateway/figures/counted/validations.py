"""Validations: of the mentees who enrolled, how many were validated, as the table of them has it.

An enrolment is of the day and the unit at which they enrolled. Whoever is mentored in two areas is
two mentees.
"""

from decimal import Decimal
from typing import Any

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


def _ratio(root: Any) -> Decimal | None:
    if not root.mentees or root.validated is None:
        return None
    return Decimal(root.validated) / Decimal(root.mentees)


@strawberry.type(description="How many enrolled, and how many of them were validated.")
class ValidatedCounts(Suppressible):
    """Counts of some mentees."""

    mentees: int | None = strawberry.field(description="Enrolments.")
    validated: int | None = strawberry.field(
        description="Of them, those validated in at least one competency on the day asked for."
    )
    fully_validated: int | None = strawberry.field(
        description="Of them, those validated in every competency on that day."
    )
    ratio: Decimal | None = strawberry.field(
        resolver=_ratio,
        description="validated / mentees, to 28 digits, never rounded for show; null where there "
        "are no mentees, or too few to tell.",
    )


_MENTEES = """
      SELECT t.programme, t.since AS day, t.org_unit_id, t.health_worker_id AS worker, t.area,
             t.association, t.technical_area, {proved}
        FROM "{{mentee}}" t{facts}
       WHERE t.since IS NOT NULL AND t.status IS DISTINCT FROM 'SET_ASIDE'
         AND t.counts IS NOT FALSE"""
_NOW = """t.first_validated_on IS NOT NULL AS validated,
             t.fully_validated_on IS NOT NULL AS fully"""
_THEN = """v.validated > 0 AS validated,
             COALESCE(v.validated >= t.competencies, false) AS fully"""
# A validation holds up to the next fact about it; what came before the last afresh was an error.
_FACTS = """
       CROSS JOIN LATERAL (
             SELECT count(DISTINCT held.competency) AS validated FROM (
               SELECT f.competency, f.counts, f.day AS since, f.record_version,
                      lead(f.day) OVER (PARTITION BY f.competency ORDER BY f.record_version)
                        AS until,
                      max(f.record_version) FILTER (WHERE f.afresh)
                        OVER (PARTITION BY f.competency) AS afresh
                 FROM "{{validation_fact}}" f WHERE f.mentee_id = t.id) held
              WHERE held.counts AND held.record_version >= COALESCE(held.afresh, 0)
                AND held.since <= {{as_of}} AND (held.until IS NULL OR held.until > {{as_of}})) v"""

VALIDATIONS = Figure(
    name="validation_figure",
    counts=frozenset({Counted.MENTEES}),
    rows=_MENTEES.format(proved=_THEN, facts=_FACTS.format()),
    rows_now=_MENTEES.format(proved=_NOW, facts=""),
    has=frozenset({"worker", "area", "association", "technical_area"}),
    values={
        "mentees": "count(*)::integer",
        "validated": "(count(*) FILTER (WHERE x.validated))::integer",
        "fully_validated": "(count(*) FILTER (WHERE x.fully))::integer",
    },
    measures=(
        Measure("mentees"),
        Measure("validated", within=("mentees",)),
        Measure("fully_validated", within=("validated", "mentees")),
    ),
    shape=ValidatedCounts,
)
