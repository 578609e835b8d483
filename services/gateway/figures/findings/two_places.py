"""A mentor at two sessions in person at one time, in two places.

Both say when they began and ended. One place within the other is one place; and whoever was at both
for no longer than they lasted together may have gone from one to the other. The finding is at the
place of the one that began first.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import present
from services.gateway.projections.ancestors import NAME as ANCESTORS
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

APART = f"""NOT EXISTS (
       SELECT FROM "{ANCESTORS}" n
        WHERE (n.org_unit_id = x.org_unit_id AND n.ancestor_id = y.org_unit_id)
           OR (n.org_unit_id = y.org_unit_id AND n.ancestor_id = x.org_unit_id))"""
"""The condition that two sessions, `x` and `y`, are in two places."""


def _sql(asking: Asking) -> str:
    timed = (
        "x.mode = 'IN_PERSON' AND a.side = 'MENTOR' AND x.begins IS NOT NULL AND x.ends IS NOT NULL"
    )
    return f"""
WITH there AS MATERIALIZED ({present(asking, timed)})
SELECT x.id || '/' || y.id AS about, GREATEST(x.held_on, y.held_on) AS day, 'HIGH' AS severity,
       x.org_unit_id, y.org_unit_id AS beside_id, x.programme,
       (SELECT array_agg(DISTINCT one ORDER BY one)
          FROM unnest(ARRAY[x.who, y.who]) one) AS people,
       {NOTHING["actors"]} AS actors, ARRAY[x.id, y.id] AS sessions,
       {NOTHING["mentorship_id"]} AS mentorship_id, {NOTHING["certificate_id"]} AS certificate_id,
       ARRAY[x.id, y.id] AS records,
       jsonb_build_object('first', x.there, 'second', y.there, 'together', span.minutes) AS figures
  FROM there x
  JOIN there y ON y.person = x.person AND (y.begins, y.id) > (x.begins, x.id)
              AND y.begins < x.ends AND x.begins < y.ends AND y.org_unit_id <> x.org_unit_id
 CROSS JOIN LATERAL (
       SELECT round(extract(epoch FROM GREATEST(x.ends, y.ends) - LEAST(x.begins, y.begins)) / 60)
              AS minutes) span
 WHERE x.there + y.there > span.minutes AND {APART}"""


TWO_PLACES_AT_ONCE = Kind(
    kind=AuditFindingKind.TWO_PLACES_AT_ONCE,
    sql=_sql,
    topics=("sessions.session.held", "sessions.session.corrected"),
    explained=lambda f: Phrase(
        "A mentor was at one session in person for {first} minutes and at another, in another "
        "place, for {second}; from the beginning of the first to the end of the last there were "
        "{together}.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where a clock was wrong, one of the two was by phone, or somebody else was there "
        "in their place: ask for the paper, and have it corrected."
    ),
)
