"""Validations by an assessor whose own right to assess had ended by that day.

A right ends when the validations that it rests on do (the cascade), and while its mentor is
suspended, unless for leave. What ended late, or was told late, counts as of its day.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.projections import (
    ASSESSMENT,
    AUDIT_EVENT,
    HEALTH_WORKER,
    MENTEE,
    MENTOR,
    RIGHT_TO_MENTOR,
)
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

_SUSPENDED = "registry.mentor.suspended"

_ENDS = f"""
  SELECT COALESCE(w.merged_into_id, r.health_worker_id) AS person, r.tier AS programme,
         r.tier_area AS area, r.lost_on AS since, NULL::date AS until, true AS lost
    FROM "{RIGHT_TO_MENTOR.physical}" r
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = r.health_worker_id
   WHERE r.lost_on IS NOT NULL
   UNION ALL
  SELECT COALESCE(w.merged_into_id, o.health_worker_id), o.programme, o.area, said.since,
         (SELECT min((u.details ->> 'since')::date) FROM "{AUDIT_EVENT.physical}" u
           WHERE u.stream = e.stream AND u.topic = 'registry.mentor.reinstated'
             AND u.version > e.version), false
    FROM "{AUDIT_EVENT.physical}" e
    JOIN "{MENTOR.physical}" o ON o.id = e.stream
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = o.health_worker_id
   CROSS JOIN LATERAL (SELECT (e.details ->> 'since')::date AS since) said
   WHERE e.topic = '{_SUSPENDED}' AND e.details ->> 'ground' IS DISTINCT FROM 'LEAVE'
     AND NOT EXISTS (
         SELECT FROM "{AUDIT_EVENT.physical}" u
          WHERE u.stream = e.stream AND u.topic = 'registry.mentor.suspension_voided'
            AND u.version > e.version AND (u.details ->> 'since')::date = said.since)"""

# Whoever holds the right by other validations, or was put forward by somebody, has it still.
_HELD_ELSE = f"""
  SELECT FROM "{HEALTH_WORKER.physical}" n
   WHERE (n.id = s.person OR n.merged_into_id = s.person)
     AND (EXISTS (
          SELECT FROM "{RIGHT_TO_MENTOR.physical}" o
           WHERE o.health_worker_id = n.id AND o.tier = e.programme AND o.tier_area = e.area
             AND o.earned_on <= s.assessed_on
             AND (o.lost_on IS NULL OR o.lost_on > s.assessed_on))
       OR EXISTS (
          SELECT FROM "{MENTOR.physical}" o
           WHERE o.health_worker_id = n.id AND o.programme = e.programme AND o.area = e.area
             AND o.earned_in IS NULL AND o.certified_on <= s.assessed_on))"""


def _sql(asking: Asking) -> str:
    return f"""
WITH ends AS ({_ENDS}),
proved AS (
  SELECT a.*, m.programme, m.area, COALESCE(w.merged_into_id, a.assessor_id) AS person
    FROM "{ASSESSMENT.physical}" a
    JOIN "{MENTEE.physical}" m ON m.id = a.mentee_id
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = a.assessor_id
   WHERE a.reached AND a.counts AND NOT a.unsigned AND NOT a.formative AND a.voided_on IS NULL
     AND {asking.within("a.assessed_on")} AND {asking.of("m.programme")})
SELECT s.mentee_id || '/' || s.competency || '/' || s.attempt AS about, s.assessed_on AS day,
       'HIGH' AS severity, s.org_unit_id, {NOTHING["beside_id"]} AS beside_id, s.programme,
       ARRAY[s.assessor_id] AS people, {NOTHING["actors"]} AS actors,
       {NOTHING["sessions"]} AS sessions, {NOTHING["mentorship_id"]} AS mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id, ARRAY[s.mentee_id] AS records,
       jsonb_build_object('competency', s.competency, 'day', s.assessed_on, 'ended', max(e.since))
       AS figures
  FROM proved s
  JOIN ends e ON e.person = s.person AND e.programme = s.programme AND e.area = s.area
             AND e.since <= s.assessed_on AND (e.until IS NULL OR e.until > s.assessed_on)
 WHERE NOT e.lost OR NOT EXISTS ({_HELD_ELSE})
 GROUP BY s.mentee_id, s.competency, s.attempt, s.assessed_on, s.org_unit_id, s.programme,
          s.assessor_id"""


ASSESSOR_WITHOUT_RIGHT = Kind(
    kind=AuditFindingKind.ASSESSOR_WITHOUT_RIGHT,
    sql=_sql,
    topics=(
        "validation.competency_record.assessment_recorded",
        "validation.competency_record.attempt_corrected",
        "validation.competency_record.competency_validated",
    ),
    of_competency_record=True,
    explained=lambda f: Phrase(
        "{competency} was validated on {day} by an assessor whose own right had ended on {ended}.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where the end of the right was told after that day and nobody could know: have "
        "the mentee assessed again by another."
    ),
)
