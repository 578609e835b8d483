"""Sessions of many days, recorded by one token on one device within a minute.

What was imported from a list is not meant: the ids of its commands say so (`BY_HAND`).
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import BY_HAND
from services.gateway.projections import AUDIT_EVENT, SESSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    days = asking.limit(asking.wanted.thresholds.burst_days)
    mine = "PARTITION BY actor, device"
    return f"""
WITH told AS (
  SELECT e.actor, e.device, e.recorded, e.occurred_on, e.event_id, x.id, x.org_unit_id, x.programme
    FROM "{AUDIT_EVENT.physical}" e
    JOIN "{SESSION.physical}" x ON x.id = e.stream AND x.status = 'HELD'
   WHERE e.topic = 'sessions.session.held'
     AND e.recorded >= {asking.since}::timestamp AT TIME ZONE 'UTC'
     AND e.recorded < {asking.before}::timestamp AT TIME ZONE 'UTC'
     AND {BY_HAND.format(id="e.command_id")} AND {asking.of("x.programme")}),
counted AS (
  SELECT *, count(*) OVER minute AS many, array_agg(occurred_on) OVER minute AS days FROM told
  WINDOW minute AS ({mine} ORDER BY recorded RANGE BETWEEN '60 seconds' PRECEDING AND CURRENT ROW)),
bursts AS (
  SELECT c.actor, c.device, c.recorded AS until FROM counted c
   WHERE c.many >= {days}
     AND (SELECT count(DISTINCT d) FROM unnest(c.days) d) >= {days}),
parted AS (
  SELECT *, count(*) FILTER (WHERE apart) OVER ({mine} ORDER BY until) AS burst
    FROM (SELECT b.*, until - lag(until) OVER ({mine} ORDER BY until) > interval '60 seconds'
                 AS apart FROM bursts b) b),
whole AS (
  SELECT actor, device, burst, min(until) - interval '60 seconds' AS since, max(until) AS until
    FROM parted GROUP BY actor, device, burst)
SELECT to_char(min(t.recorded) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24MISS')
         || '/' || md5(COALESCE(w.device, '')) AS about,
       (min(t.recorded) AT TIME ZONE 'UTC')::date AS day,
       CASE WHEN w.device IS NULL THEN 'MEDIUM' ELSE 'LOW' END AS severity,
       (array_agg(t.org_unit_id ORDER BY t.recorded, t.id))[1] AS org_unit_id,
       (array_agg(t.org_unit_id ORDER BY t.recorded DESC, t.id DESC))[1] AS beside_id,
       min(t.programme) AS programme, {NOTHING["people"]} AS people, ARRAY[w.actor] AS actors,
       array_agg(t.id ORDER BY t.recorded, t.id) AS sessions,
       {NOTHING["mentorship_id"]} AS mentorship_id, {NOTHING["certificate_id"]} AS certificate_id,
       array_agg(t.id ORDER BY t.recorded, t.id) AS records,
       jsonb_build_object('sessions', count(*), 'days', count(DISTINCT t.occurred_on),
         'seconds', round(extract(epoch FROM max(t.recorded) - min(t.recorded)))) AS figures
  FROM whole w
  JOIN told t ON t.actor = w.actor AND t.device IS NOT DISTINCT FROM w.device
             AND t.recorded BETWEEN w.since AND w.until
 GROUP BY w.actor, w.device, w.burst"""


RECORDED_IN_A_BURST = Kind(
    kind=AuditFindingKind.RECORDED_IN_A_BURST,
    sql=_sql,
    topics=("sessions.session.held",),
    explained=lambda f: Phrase(
        "{sessions} sessions of {days} different days were recorded within {seconds} seconds.", **f
    ),
    innocent=Phrase(
        "Innocent where a phone had no network and sent at once what it had kept: look at its "
        "other days, and whether the sessions were written on it one by one."
    ),
)
