"""CPD points for more time than somebody was at sessions that day.

What stands of the bookings of all of a person's records is held against the sessions as they stand:
a session counts once, whatever names they were there under, and where all of a day's say when they
were, two at a time count once too.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import present
from services.gateway.projections import CPD_BOOKING, HEALTH_WORKER, SESSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    return f"""
WITH there AS ({present(asking)}),
booked AS (
  SELECT b.account_id, b.health_worker_id, b.source, b.rule, sum(b.points) AS points,
         (array_agg(b.minutes ORDER BY b.number DESC) FILTER (WHERE b.booked = 'AWARDED'))[1]
           AS minutes
    FROM "{CPD_BOOKING.physical}" b
    JOIN "{SESSION.physical}" x ON x.id = b.source AND {asking.within("x.held_on")}
   WHERE {asking.of("x.programme")}
   GROUP BY b.account_id, b.health_worker_id, b.source, b.rule HAVING sum(b.points) > 0),
of_account AS (
  SELECT k.account_id, k.health_worker_id, k.source, max(k.minutes) AS minutes,
         max(k.points) AS points
    FROM booked k
   GROUP BY k.account_id, k.health_worker_id, k.source),
of_session AS MATERIALIZED (
  SELECT COALESCE(w.merged_into_id, o.health_worker_id) AS person, o.source,
         sum(o.minutes) AS minutes, sum(o.points) AS points,
         array_agg(o.health_worker_id) AS who
    FROM of_account o
    LEFT JOIN "{HEALTH_WORKER.physical}" w ON w.id = o.health_worker_id
   GROUP BY COALESCE(w.merged_into_id, o.health_worker_id), o.source),
held AS MATERIALIZED (
  SELECT s.*, x.held_on, x.org_unit_id, x.programme, x.begins, x.ends,
         COALESCE(there.minutes, 0) AS there
    FROM of_session s
    JOIN "{SESSION.physical}" x ON x.id = s.source
    LEFT JOIN (
         SELECT p.person, p.id, max(p.there) AS minutes FROM there p GROUP BY p.person, p.id) there
      ON there.person = s.person AND there.id = s.source),
days AS MATERIALIZED (
  SELECT h.person, h.held_on, sum(h.minutes) AS earned, sum(h.there) AS there,
         bool_and(h.begins IS NOT NULL AND h.ends > h.begins AND h.there > 0) AS timed,
         range_agg(tstzrange(h.begins, h.ends)) FILTER (WHERE h.ends > h.begins) AS hours,
         array_agg(DISTINCT h.org_unit_id) AS units, min(h.programme) AS programme,
         array_agg(h.source ORDER BY h.source) AS sessions, sum(h.points) AS points,
         array_agg(h.who::text) AS who
    FROM held h GROUP BY h.person, h.held_on)
SELECT to_char(d.held_on, 'YYYY-MM-DD') AS about, d.held_on AS day, 'HIGH' AS severity,
       d.units[1] AS org_unit_id, d.units[cardinality(d.units)] AS beside_id, d.programme,
       (SELECT array_agg(DISTINCT n ORDER BY n) FROM unnest(d.who) w, unnest(w::uuid[]) n)
         AS people,
       {NOTHING["actors"]} AS actors, d.sessions, {NOTHING["mentorship_id"]} AS mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id, d.sessions AS records,
       jsonb_build_object('points', d.points, 'earned', d.earned, 'there', t.minutes) AS figures
  FROM days d
 CROSS JOIN LATERAL (
       SELECT CASE WHEN d.timed THEN LEAST(d.there, (
              SELECT round(sum(extract(epoch FROM upper(r) - lower(r))) / 60)
                FROM unnest(d.hours) r)) ELSE d.there END AS minutes) t
 WHERE d.earned > t.minutes"""


POINTS_BEYOND_HOURS = Kind(
    kind=AuditFindingKind.POINTS_BEYOND_HOURS,
    sql=_sql,
    topics=("sessions.session.held", "sessions.session.corrected", "sessions.session.voided"),
    explained=lambda f: Phrase(
        "{points} points stand for {earned} minutes of one day, in which somebody was at sessions "
        "for {there}.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where two records turned out to be one person after points were given to both: "
        "take back those of one."
    ),
)
