"""Units, and people who record for several, whose sessions of a quarter are mostly recorded long
after. Lists that were imported are not meant; neither is a single session that came late.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import BY_HAND
from services.gateway.figures.findings.thresholds import LEAST
from services.gateway.projections import AUDIT_EVENT, SESSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    days = asking.limit(asking.wanted.thresholds.late_days)
    percent = asking.limit(asking.wanted.thresholds.late_percent)
    habit = f"count(*) >= {LEAST} AND 100 * count(*) FILTER (WHERE late) >= {percent} * count(*)"
    shared = """
         to_char(min(quarter), 'YYYY-"Q"Q') AS about, max(held_on) AS day, 'LOW' AS severity,
         (array_agg(org_unit_id ORDER BY held_on DESC, id))[1] AS org_unit_id,
         (array_agg(org_unit_id ORDER BY held_on, id))[1] AS beside_id, programme"""
    rest = f"""
         array_agg(id ORDER BY held_on, id) FILTER (WHERE late) AS sessions,
         {NOTHING["mentorship_id"]} AS mentorship_id, {NOTHING["certificate_id"]} AS certificate_id,
         array_agg(id ORDER BY held_on, id) FILTER (WHERE late) AS records,
         jsonb_build_object('sessions', count(*), 'late', count(*) FILTER (WHERE late),
           'days', {days}, 'median', percentile_disc(0.5) WITHIN GROUP (ORDER BY lag)) AS figures"""
    return f"""
WITH told AS MATERIALIZED (
  SELECT x.id, x.org_unit_id, x.programme, x.held_on, e.actor,
         date_trunc('quarter', x.held_on)::date AS quarter,
         (e.recorded AT TIME ZONE 'UTC')::date - e.occurred_on AS lag,
         (e.recorded AT TIME ZONE 'UTC')::date - e.occurred_on > {days} AS late
    FROM "{SESSION.physical}" x
    JOIN "{AUDIT_EVENT.physical}" e ON e.stream = x.id AND e.topic = 'sessions.session.held'
   WHERE x.status = 'HELD' AND {asking.within("x.held_on")} AND {asking.of("x.programme")}
     AND {BY_HAND.format(id="e.command_id")}),
units AS (
  SELECT programme, org_unit_id, quarter FROM told
   GROUP BY programme, org_unit_id, quarter HAVING {habit})
SELECT {shared}, {NOTHING["people"]} AS people, {NOTHING["actors"]} AS actors, {rest}
  FROM told GROUP BY programme, org_unit_id, quarter HAVING {habit}
 UNION ALL
SELECT {shared}, {NOTHING["people"]} AS people, ARRAY[actor] AS actors, {rest}
  FROM told t
 WHERE NOT EXISTS (SELECT FROM units u WHERE u.programme = t.programme
                      AND u.org_unit_id = t.org_unit_id AND u.quarter = t.quarter)
 GROUP BY programme, actor, quarter HAVING {habit} AND count(DISTINCT org_unit_id) > 1"""


RECORDED_LATE = Kind(
    kind=AuditFindingKind.RECORDED_LATE,
    sql=_sql,
    topics=("sessions.session.held",),
    explained=lambda f: Phrase(
        "Of {sessions} sessions of a quarter, {late} were recorded more than {days} days after "
        "they were held; half of all took {median} days or more.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where a unit keeps paper and has no network, or began with the system in that "
        "quarter: ask how the paper comes to whoever records it."
    ),
)
