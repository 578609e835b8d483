"""Certificates approved by whom they certify, or in which one person took two of the steps.

The house refuses both where it knows at the time who holds a token; whose it is may be told later,
and records may turn out to be of one person.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.projections import AUDIT_EVENT, CERTIFICATE, GRANT, HEALTH_WORKER
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

_OWN = "OWN"


def _sql(asking: Asking) -> str:
    return f"""
WITH certified AS (
  SELECT c.id, c.org_unit_id, c.programme, c.health_worker_id,
         COALESCE(w.merged_into_id, c.health_worker_id) AS person,
         (SELECT max(e.version) FROM "{AUDIT_EVENT.physical}" e
           WHERE e.stream = c.id AND e.topic = 'validation.certificate.recommended') AS began
    FROM "{CERTIFICATE.physical}" c
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = c.health_worker_id
   WHERE c.status IN ('RECOMMENDED', 'ISSUED') AND {asking.of("c.programme")}),
acts AS MATERIALIZED (
  SELECT c.*, e.event_id, e.actor, e.occurred_on, e.topic,
         COALESCE(e.details ->> 'step', '') AS step,
         (SELECT array_agg(DISTINCT COALESCE(w.merged_into_id, g.health_worker_id))
            FROM "{GRANT.physical}" g
            LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = g.health_worker_id
           WHERE g.subject = e.actor AND g.health_worker_id IS NOT NULL) AS by
    FROM certified c
    JOIN "{AUDIT_EVENT.physical}" e ON e.stream = c.id AND e.version >= c.began
     AND e.topic IN ('validation.certificate.recommended', 'validation.certificate.approved')),
found AS (
  SELECT a.id, a.org_unit_id, a.programme, a.health_worker_id, '{_OWN}' AS how, a.occurred_on,
         ARRAY[a.actor] AS actors
    FROM acts a
   WHERE a.topic = 'validation.certificate.approved' AND a.person = ANY(a.by)
   UNION ALL
  SELECT a.id, a.org_unit_id, a.programme, a.health_worker_id, 'TWICE',
         GREATEST(a.occurred_on, b.occurred_on), ARRAY[a.actor, b.actor]
    FROM acts a JOIN acts b ON b.id = a.id AND b.event_id > a.event_id
   WHERE (a.topic, a.step) <> (b.topic, b.step) AND (a.actor = b.actor OR a.by && b.by))
SELECT f.id::text AS about, max(f.occurred_on) AS day, 'HIGH' AS severity, f.org_unit_id,
       {NOTHING["beside_id"]} AS beside_id, f.programme, ARRAY[f.health_worker_id] AS people,
       array_agg(DISTINCT one ORDER BY one) AS actors, {NOTHING["sessions"]} AS sessions,
       {NOTHING["mentorship_id"]} AS mentorship_id, f.id AS certificate_id, ARRAY[f.id] AS records,
       jsonb_build_object('how', min(f.how)) AS figures
  FROM found f, unnest(f.actors) one
 GROUP BY f.id, f.org_unit_id, f.programme, f.health_worker_id
HAVING {asking.within("max(f.occurred_on)")}"""


CERTIFICATE_OF_ONES_OWN = Kind(
    kind=AuditFindingKind.CERTIFICATE_OF_ONES_OWN,
    sql=_sql,
    topics=(
        "validation.certificate.recommended",
        "validation.certificate.approved",
        "validation.certificate.issued",
    ),
    explained=lambda f: (
        Phrase("A step of the certificate was approved by whom it certifies.")
        if f["how"] == _OWN
        else Phrase(
            "Two steps of the certificate, or one and its recommendation, are one person's."
        )
    ),
    innocent=Phrase(
        "Innocent where a grant names the wrong health worker, or two people share a token: look "
        "at who was given it."
    ),
)
