"""Scores, and pre-tests, that were changed after they had led to a validation.

A correction that is itself what validates is none of these, nor is one that came before; nor one by
which the validation fell: whoever corrects to their own loss hides nothing.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.projections import AUDIT_EVENT
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

_RECORD = "validation.competency_record"
_CHANGES = f"('{_RECORD}.attempt_corrected', '{_RECORD}.baseline_corrected')"


def _sql(asking: Asking) -> str:
    return f"""
SELECT e.event_id::text AS about, (e.recorded AT TIME ZONE 'UTC')::date AS day,
       'MEDIUM' AS severity, e.org_unit_id, {NOTHING["beside_id"]} AS beside_id,
       e.details ->> 'programme' AS programme,
       ARRAY[(e.details ->> 'assessorId')::uuid] AS people, ARRAY[e.actor] AS actors,
       {NOTHING["sessions"]} AS sessions, {NOTHING["mentorship_id"]} AS mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id,
       ARRAY[(e.details ->> 'enrolmentId')::uuid] AS records,
       jsonb_build_object(
         'competency', COALESCE(e.details ->> 'competency', v.details ->> 'competency'),
         'validated', v.details ->> 'validatedOn', 'was', COALESCE(b.details -> 'raw', '0'),
         'is', COALESCE(e.details -> 'raw', '0'), 'max', COALESCE(e.details -> 'max', '0'))
       AS figures
  FROM "{AUDIT_EVENT.physical}" e
 CROSS JOIN LATERAL (
       SELECT v.details FROM "{AUDIT_EVENT.physical}" v
        WHERE v.stream = e.stream AND v.topic = '{_RECORD}.competency_validated'
          AND v.version < e.version
          AND (e.details -> 'competency' IS NULL
               OR v.details -> 'competency' = e.details -> 'competency')
          AND (e.details -> 'attempt' IS NULL OR v.details -> 'attempt' = e.details -> 'attempt')
        ORDER BY v.version LIMIT 1) v
  LEFT JOIN LATERAL (
       SELECT b.details FROM "{AUDIT_EVENT.physical}" b
        WHERE b.stream = e.stream AND b.version < e.version
          AND b.topic IN ('{_RECORD}.assessment_recorded', '{_RECORD}.baseline_assessed',
                          '{_RECORD}.attempt_corrected', '{_RECORD}.baseline_corrected')
          AND b.details -> 'attempt' IS NOT DISTINCT FROM e.details -> 'attempt'
          AND b.details -> 'competency' IS NOT DISTINCT FROM e.details -> 'competency'
        ORDER BY b.version DESC LIMIT 1) b ON true
 WHERE e.topic IN {_CHANGES}
   AND NOT EXISTS (
       SELECT FROM "{AUDIT_EVENT.physical}" f
        WHERE f.stream = e.stream AND f.topic = '{_RECORD}.revoked'
          AND f.command_id = e.command_id AND f.details -> 'competency' = v.details -> 'competency'
          AND NOT EXISTS (
              SELECT FROM "{AUDIT_EVENT.physical}" g
               WHERE g.stream = e.stream AND g.topic = '{_RECORD}.competency_validated'
                 AND g.command_id = e.command_id AND g.version > f.version
                 AND g.details -> 'competency' = f.details -> 'competency'))
   AND e.recorded >= {asking.since} - 1 AND e.recorded < {asking.before} + 1
   AND {asking.within("(e.recorded AT TIME ZONE 'UTC')::date")}
   AND {asking.of("(e.details ->> 'programme')")}"""


CORRECTED_AFTER_VALIDATION = Kind(
    kind=AuditFindingKind.CORRECTED_AFTER_VALIDATION,
    sql=_sql,
    topics=(
        f"{_RECORD}.assessment_recorded",
        f"{_RECORD}.baseline_assessed",
        f"{_RECORD}.attempt_corrected",
        f"{_RECORD}.baseline_corrected",
        f"{_RECORD}.competency_validated",
    ),
    of_competency_record=True,
    explained=lambda f: Phrase(
        "{competency} was validated on {validated}; its points were changed after that, from {was} "
        "to {is} of {max}.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where the paper had been read wrongly: hold what is said now against the paper, "
        "and look at who corrected it, and why."
    ),
)
