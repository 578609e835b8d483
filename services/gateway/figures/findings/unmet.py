"""Mentorships that were agreed long ago, and never met. Days of a pause count for nothing."""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.projections import MENTORSHIP, MENTORSHIP_MENTOR, PAUSE, SESSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    days = asking.limit(asking.wanted.thresholds.days_without_session)
    return f"""
SELECT m.id::text AS about, until.day, 'MEDIUM' AS severity, m.org_unit_id,
       {NOTHING["beside_id"]} AS beside_id, m.programme,
       COALESCE((SELECT array_agg(DISTINCT p.health_worker_id ORDER BY p.health_worker_id)
                   FROM "{MENTORSHIP_MENTOR.physical}" p WHERE p.mentorship_id = m.id),
                {NOTHING["people"]}) AS people,
       {NOTHING["actors"]} AS actors, {NOTHING["sessions"]} AS sessions, m.id AS mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id, ARRAY[m.id] AS records,
       jsonb_build_object('agreed', m.agreed_on, 'days', until.day - m.agreed_on - paused.days)
       AS figures
  FROM "{MENTORSHIP.physical}" m
 CROSS JOIN LATERAL (SELECT LEAST(m.concluded_on, {asking.before} - 1) AS day) until
 CROSS JOIN LATERAL (
       SELECT COALESCE(sum(upper(d) - lower(d)), 0) AS days
         FROM (SELECT unnest(range_agg(daterange(
                      GREATEST(p.since, m.agreed_on),
                      LEAST(COALESCE(p.until, until.day), until.day)))) AS d
                 FROM "{PAUSE.physical}" p
                WHERE p.record_id IN (m.id, m.cohort_id) AND p.since < until.day
                  AND COALESCE(p.until, until.day) > m.agreed_on) one) paused
 WHERE m.agreed_on IS NOT NULL AND m.declined_on IS NULL AND {asking.of("m.programme")}
   AND {asking.within("until.day")} AND until.day - m.agreed_on - paused.days > {days}
   AND NOT EXISTS (SELECT FROM "{SESSION.physical}" x
                    WHERE x.mentorship_id = m.id AND x.held_on IS NOT NULL AND x.status = 'HELD')"""


MENTORSHIP_WITHOUT_SESSIONS = Kind(
    kind=AuditFindingKind.MENTORSHIP_WITHOUT_SESSIONS,
    sql=_sql,
    topics=("registry.mentorship.agreed", "registry.mentorship.proposed"),
    explained=lambda f: Phrase(
        "The mentorship was agreed on {agreed}; in {days} days since, without its pauses, nobody "
        "met.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where they met and nobody has recorded it yet, or they write and call alone: "
        "look at its contacts."
    ),
)
