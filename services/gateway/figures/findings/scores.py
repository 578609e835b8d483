"""Scores of an assessor that are not as those of others are, by two tests.

Never varying: all of an assessor's scores are one share of the points. Others give that share with
a frequency p (Laplace's estimate); n scores of theirs would all be it by chance p^n.

Just above: the caliper test of Gerber and Malhotra (2008, "Do statistical reporting standards
affect what is published?"). Of scores within a narrow band around the threshold, as many lie above
as below, if nobody minds it; here as many more as among other assessors, for mentees are assessed
when they are ready. The chance of so many above is the binomial's upper tail, worked out exactly.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.thresholds import (
    CALIPER_LEAST,
    CHANCE,
    LEAST,
    PEERS_LEAST,
)
from services.gateway.projections import ASSESSMENT, HEALTH_WORKER, MENTEE, PROGRAMME_VERSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

_LEAST_MENTEES = 3
_BAND = 0.05
"""Of the points, on each side of the threshold; at the least one point."""


def _scored(asking: Asking) -> str:
    """Return SQL of attempts that stand, with who gave the points."""
    return f"""
  SELECT COALESCE(w.merged_into_id, s.assessor_id) AS assessor, s.assessor_id, s.mentee_id,
         s.competency, m.programme, s.org_unit_id, s.assessed_on, s.raw, s.max,
         s.raw * 1000 / s.max AS share,
         m.programme_version_id
    FROM "{ASSESSMENT.physical}" s
    JOIN "{MENTEE.physical}" m ON m.id = s.mentee_id
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = s.assessor_id
   WHERE NOT s.formative AND s.voided_on IS NULL AND s.max > 0
     AND s.assessor_id <> m.health_worker_id
     AND {asking.within("s.assessed_on")} AND {asking.of("m.programme")}"""


def _row(about: str, figures: str) -> str:
    """Return the columns of a finding about an assessor `g`."""
    return f"""
SELECT {about} AS about, g.day, 'MEDIUM' AS severity, g.org_unit_id, g.beside_id, g.programme,
       g.people, {NOTHING["actors"]} AS actors, {NOTHING["sessions"]} AS sessions,
       {NOTHING["mentorship_id"]} AS mentorship_id, {NOTHING["certificate_id"]} AS certificate_id,
       g.records, {figures} AS figures"""


_ABOUT_ASSESSOR = """
         max(assessed_on) AS day, array_agg(DISTINCT assessor_id ORDER BY assessor_id) AS people,
         (array_agg(org_unit_id ORDER BY assessed_on DESC, org_unit_id))[1] AS org_unit_id,
         (array_agg(org_unit_id ORDER BY assessed_on, org_unit_id))[1] AS beside_id,
         array_agg(DISTINCT mentee_id) AS records"""


def _never_vary(asking: Asking) -> str:
    return f"""
WITH scored AS MATERIALIZED ({_scored(asking)}),
usual AS (SELECT programme, share, count(*) AS many FROM scored GROUP BY programme, share),
whole AS (SELECT programme, count(*) AS many FROM scored GROUP BY programme),
g AS (
  SELECT assessor, programme, min(share) AS share, count(*) AS n,
         count(DISTINCT mentee_id) AS mentees, {_ABOUT_ASSESSOR}
    FROM scored GROUP BY assessor, programme
  HAVING min(share) = max(share) AND count(*) >= {LEAST}
     AND count(DISTINCT mentee_id) >= {_LEAST_MENTEES})
{
        _row(
            "'never-vary'",
            '''jsonb_build_object('attempts', g.n, 'mentees', g.mentees,
         'percent', round(g.share / 10.0), 'others', round(100 * peers.p))''',
        )
    }
  FROM g
  JOIN usual u ON u.programme = g.programme AND u.share = g.share
  JOIN whole a ON a.programme = g.programme
 CROSS JOIN LATERAL (
       SELECT (u.many - g.n + 1)::numeric / (a.many - g.n + 2) AS p) peers
 WHERE a.many - g.n >= {PEERS_LEAST} AND g.n * ln(peers.p) < ln({CHANCE}::numeric)"""


def _just_above(asking: Asking) -> str:
    return f"""
WITH scored AS ({_scored(asking)}),
held AS MATERIALIZED (
  SELECT s.*, CASE WHEN v.definition -> 'validation' ->> 'operator' = 'ABOVE'
                   THEN floor(s.max * limit_.percent / 100) + 1
                   ELSE ceil(s.max * limit_.percent / 100) END AS least,
         GREATEST(1, round(s.max * {_BAND})) AS band
    FROM scored s
    JOIN "{PROGRAMME_VERSION.physical}" v ON v.id = s.programme_version_id
   CROSS JOIN LATERAL (
         SELECT (v.definition -> 'validation' ->> 'threshold')::numeric AS percent) limit_
   WHERE limit_.percent IS NOT NULL),
near AS MATERIALIZED (
  SELECT *, raw >= least AS above FROM held WHERE raw >= least - band AND raw < least + band),
whole AS (
  SELECT programme, count(*) AS many, count(*) FILTER (WHERE above) AS above
    FROM near GROUP BY programme),
g AS (
  SELECT assessor, programme, count(*) AS n, count(*) FILTER (WHERE above) AS above,
         {_ABOUT_ASSESSOR}
    FROM near GROUP BY assessor, programme HAVING count(*) >= {CALIPER_LEAST})
{
        _row(
            "'just-above'",
            '''jsonb_build_object('above', g.above, 'near', g.n,
         'others', round(100 * peers.p::numeric))''',
        )
    }
  FROM g
  JOIN whole a ON a.programme = g.programme AND a.many - g.n >= {PEERS_LEAST}
 CROSS JOIN LATERAL (
       SELECT GREATEST(0.5, (a.above - g.above + 1)::float8 / (a.many - g.n + 2)) AS p) peers
 CROSS JOIN LATERAL (
       SELECT sum(exp(lgamma(g.n + 1) - lgamma(k + 1) - lgamma(g.n - k + 1)
                      + k * ln(peers.p) + (g.n - k) * ln(1 - peers.p))) AS tail
         FROM generate_series(g.above, g.n) k) chance
 WHERE g.above > g.n * peers.p AND chance.tail < {CHANCE}"""


_EVIDENCE = (
    "validation.competency_record.assessment_recorded",
    "validation.competency_record.attempt_corrected",
)

SCORES_NEVER_VARY = Kind(
    kind=AuditFindingKind.SCORES_NEVER_VARY,
    sql=_never_vary,
    topics=_EVIDENCE,
    of_competency_record=True,
    explained=lambda f: Phrase(
        "An assessor gave {percent} % of the points in each of {attempts} attempts of {mentees} "
        "mentees; other assessors give that in {others} % of theirs.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where they assess one easy competency that everybody has mastered: look at the "
        "items, and have some attempts observed."
    ),
)
SCORES_JUST_ABOVE = Kind(
    kind=AuditFindingKind.SCORES_JUST_ABOVE,
    sql=_just_above,
    topics=_EVIDENCE,
    of_competency_record=True,
    explained=lambda f: Phrase(
        "Of an assessor's {near} scores close to the threshold, {above} lie just above it; of "
        "other assessors' {others} % do.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where they stop an assessment that will fail and coach instead of recording it: "
        "ask how many they began."
    ),
)
