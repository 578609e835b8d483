"""More minutes of sessions than a person's day has.

Where all sessions of a day say when they were, the hours that are covered count, and two at a time
count once. Else those of one mentorship are added up, for the same people were at all of them; of
several mentorships that met in one place the longest counts, for a visit is often told once for
each team that was in it; and what was in several places is added up. A session longer than a day
lasted several (the contract lets it last three): it is no part of one.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import present
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    most = asking.limit(asking.wanted.thresholds.minutes_per_day)
    return f"""
WITH there AS ({present(asking, "x.minutes <= 1440")}),
once AS (
  SELECT person, id, held_on, org_unit_id, mentorship_id, programme, begins, ends,
         max(there) AS there, array_agg(who) AS who
    FROM there
   GROUP BY person, id, held_on, org_unit_id, mentorship_id, programme, begins, ends),
full_days AS (
  SELECT person, held_on, sum(minutes) AS said
    FROM (SELECT person, held_on, org_unit_id, max(minutes) AS minutes
            FROM (SELECT person, held_on, org_unit_id, mentorship_id, sum(there) AS minutes
                    FROM once GROUP BY person, held_on, org_unit_id, mentorship_id) team
           GROUP BY person, held_on, org_unit_id) place
   GROUP BY person, held_on HAVING sum(minutes) > {most})
SELECT to_char(d.held_on, 'YYYY-MM-DD') AS about, d.held_on AS day,
       CASE WHEN t.minutes > 1440 THEN 'HIGH' ELSE 'MEDIUM' END AS severity,
       t.units[1] AS org_unit_id, t.units[cardinality(t.units)] AS beside_id, t.programme, t.people,
       {NOTHING["actors"]} AS actors, t.sessions, {NOTHING["mentorship_id"]} AS mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id, t.sessions AS records,
       jsonb_build_object('minutes', t.minutes, 'sessions', cardinality(t.sessions),
                          'most', {most}) AS figures
  FROM full_days d
 CROSS JOIN LATERAL (
       SELECT array_agg(o.id ORDER BY o.id) AS sessions, min(o.programme) AS programme,
              array_agg(DISTINCT o.org_unit_id) AS units,
              (SELECT array_agg(DISTINCT n ORDER BY n) FROM once p, unnest(p.who) n
                WHERE p.person = d.person AND p.held_on = d.held_on) AS people,
              CASE WHEN bool_and(o.begins IS NOT NULL AND o.ends > o.begins) THEN LEAST(
                   d.said,
                   (SELECT round(sum(extract(epoch FROM upper(r) - lower(r))) / 60)
                      FROM unnest(range_agg(tstzrange(o.begins, o.ends))) r))
                   ELSE d.said END AS minutes
         FROM once o WHERE o.person = d.person AND o.held_on = d.held_on) t
 WHERE t.minutes > {most}"""


DAY_TOO_FULL = Kind(
    kind=AuditFindingKind.DAY_TOO_FULL,
    sql=_sql,
    topics=("sessions.session.held", "sessions.session.corrected"),
    explained=lambda f: Phrase(
        "Somebody was at {sessions} sessions for {minutes} minutes in one day; more than {most} "
        "are not credible.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where the sessions of several days were told under one: ask which days they were."
    ),
)
