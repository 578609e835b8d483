"""Gains: from where a mentee began to where they were last, in per cent of what could be reached.

Three questions of one shape: of a competency, from its pre-test to the last attempt that stands; of
an area, from its pre-test to the last written test after an attempt; of an indicator, from the
baseline to the last follow-up. What was measured last is what was by the end of what is asked, and
it is counted on its day; what was measured before the first was is no gain. Mentees are counted at
the unit where they enrolled.
"""

from decimal import Decimal

import strawberry

from services.gateway.figures.frame.declared import Figure
from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.type(description="How far some mentees came, in per cent of the most.")
class GainCounts(Suppressible):
    """Means over those who were measured before and after."""

    mentees: int | None = strawberry.field(
        description="People who were measured before and after, each once."
    )
    measured: int | None = strawberry.field(
        description="How often: in so many competencies, areas or indicators of theirs."
    )
    before: Decimal | None = strawberry.field(description="The mean of the first, 0 to 100.")
    after: Decimal | None = strawberry.field(description="The mean of the last, 0 to 100.")
    gain: Decimal | None = strawberry.field(
        description="The mean of what each gained, in percentage points; negative for a loss."
    )
    improved: int | None = strawberry.field(
        description="People who were better at the last than at the first, in one of theirs at "
        "least."
    )


_PAIR = """
      SELECT t.programme, l.day, t.org_unit_id, t.health_worker_id AS worker, t.area,
             t.association, t.technical_area, {what},
             100.0 * {raw} / {most} AS before, 100.0 * l.raw / l.most AS after
        FROM {first}
       CROSS JOIN LATERAL ({last} LIMIT 1) l
       WHERE t.since IS NOT NULL AND t.status IS DISTINCT FROM 'SET_ASIDE'
         AND t.counts IS NOT FALSE AND {stands} AND {most} > 0"""

_ATTEMPT = """
             SELECT {raw} AS raw, {most} AS most, a.assessed_on AS day FROM "{{assessment}}" a
              WHERE a.mentee_id = t.id AND a.voided_on IS NULL AND a.counts AND NOT a.unsigned
                AND NOT a.formative AND a.assessed_on <= {{seen_on}} AND {wanted}
              ORDER BY a.assessed_on DESC, a.attempt DESC, a.competency"""

_OF_COMPETENCIES = _PAIR.format(
    what="b.competency",
    raw="b.raw",
    most="b.max",
    first='"{competency_baseline}" b JOIN "{mentee}" t ON t.id = b.mentee_id',
    last=_ATTEMPT.format(
        raw="a.raw",
        most="a.max",
        wanted="a.competency = b.competency AND a.assessed_on >= b.assessed_on",
    ),
    stands="b.counts",
)
_OF_TESTS = _PAIR.format(
    what="NULL AS competency",
    raw="t.baseline_raw",
    most="t.baseline_max",
    first='"{mentee}" t',
    last=_ATTEMPT.format(
        raw="a.post_test_raw",
        most="a.post_test_max",
        wanted="a.post_test_max > 0 AND a.assessed_on >= t.baseline_on",
    ),
    stands="t.baseline_on IS NOT NULL",
)
_OF_INDICATORS = _PAIR.format(
    what="b.indicator",
    raw="b.score",
    most="b.most",
    first='"{indicator_score}" b JOIN "{mentee}" t ON t.id = b.mentee_id',
    last="""
             SELECT s.score AS raw, s.most, s.scored_on AS day FROM "{indicator_score}" s
              WHERE s.mentee_id = b.mentee_id AND s.indicator = b.indicator
                AND s.occasion = 'FOLLOW_UP' AND s.voided_on IS NULL AND s.most > 0
                AND s.scored_on <= {seen_on} AND s.scored_on >= b.scored_on
              ORDER BY s.scored_on DESC, s.round DESC""",
    stands="b.occasion = 'BASELINE' AND b.voided_on IS NULL",
)


def _gain(name: str, rows: str, *has: str) -> Figure:
    return Figure(
        name=name,
        counts=frozenset({Counted.MENTEES}),
        rows=rows,
        has=frozenset({"worker", "area", "association", "technical_area", *has}),
        values={
            "mentees": "count(DISTINCT x.person)::integer",
            "measured": "count(*)::integer",
            "before": "avg(x.before)",
            "after": "avg(x.after)",
            "gain": "avg(x.after - x.before)",
            "improved": "(count(DISTINCT x.person) FILTER (WHERE x.after > x.before))::integer",
        },
        measures=(
            Measure("mentees", shows=("measured", "before", "after", "gain")),
            Measure("improved", within=("mentees",)),
        ),
        shape=GainCounts,
    )


COMPETENCY_GAINS = _gain("competency_gain_figure", _OF_COMPETENCIES, "competency")
TEST_GAINS = _gain("test_gain_figure", _OF_TESTS)
INDICATOR_GAINS = _gain("indicator_gain_figure", _OF_INDICATORS, "indicator")
