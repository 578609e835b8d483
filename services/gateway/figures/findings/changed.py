"""Figures of a quarter that changed after it was closed.

A quarter of the programme's fiscal year counts as reported once it is over and the days of grace
are. What had been recorded of a unit's sessions by then is what was reported. It is changed by
`sessions.session.held` of a day in it that is recorded after, and by `…corrected`, `…voided` and
`…reinstated` after, if what figures count of it is another: its day, its unit, how and for how long
they met, who was there, whether it counts. Of a unit that had reported nothing, nothing changed: so
a country's history may be brought in at any time.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.projections import AUDIT_EVENT, PROGRAMME_VERSION, SESSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase

_FACTS = "('sessions.session.held', 'sessions.session.corrected')"
_ALL = """('sessions.session.held', 'sessions.session.corrected', 'sessions.session.voided',
           'sessions.session.reinstated')"""


def _counted(details: str) -> str:
    """Return what figures count of a session, as one value."""
    of = ("heldOn", "orgUnitId", "mode", "minutes", "mentors", "mentees", "partly", "counts")
    values = ", ".join(f"{details} -> '{name}'" for name in of)
    return f"jsonb_build_array({values})"


def _sql(asking: Asking) -> str:
    grace = asking.limit(asking.wanted.thresholds.grace_days)
    percent = asking.limit(asking.wanted.thresholds.changed_percent)
    return f"""
WITH calendar AS (
  SELECT DISTINCT ON (v.programme) v.programme,
         COALESCE(v.definition -> 'calendar' ->> 'zone', 'UTC') AS zone,
         split_part(COALESCE(v.definition -> 'calendar' ->> 'fiscalYearStart', '01-01'), '-', 1)
           ::integer AS month,
         split_part(COALESCE(v.definition -> 'calendar' ->> 'fiscalYearStart', '01-01'), '-', 2)
           ::integer - 1 AS shift
    FROM "{PROGRAMME_VERSION.physical}" v ORDER BY v.programme, v.version DESC),
told AS MATERIALIZED (
  SELECT e.stream, e.event_id, e.version, e.topic, e.details, x.programme, k.zone, k.month, k.shift,
         (e.recorded AT TIME ZONE k.zone)::date AS known_on
    FROM "{SESSION.physical}" x
    JOIN calendar k ON k.programme = x.programme
    JOIN "{AUDIT_EVENT.physical}" e ON e.stream = x.id AND e.topic IN {_ALL}
   WHERE x.held_on >= {asking.since} - 400 AND x.held_on < {asking.before} + 400
     AND {asking.of("x.programme")}),
said AS (
  SELECT t.*, b.details AS before
    FROM told t
    LEFT JOIN LATERAL (
         SELECT b.details FROM "{AUDIT_EVENT.physical}" b
          WHERE b.stream = t.stream AND b.version < t.version AND b.topic IN {_FACTS}
          ORDER BY b.version DESC LIMIT 1) b ON t.topic <> 'sessions.session.held'),
touched AS (
  SELECT s.stream, s.programme, s.known_on, s.month, s.shift, (d.of ->> 'orgUnitId')::uuid AS unit,
         (d.of ->> 'heldOn')::date AS day, s.topic IN {_FACTS} AND d.of = s.details AS tells,
         s.topic = 'sessions.session.held' OR s.topic NOT IN {_FACTS}
           OR {_counted("s.details")} IS DISTINCT FROM {_counted("s.before")} AS changes
    FROM said s
   CROSS JOIN LATERAL (
         SELECT s.details WHERE s.topic IN {_FACTS}
          UNION SELECT s.before WHERE s.before IS NOT NULL) d(of)),
placed AS (
  SELECT t.*, q.start, (q.start + interval '3 months')::date AS after
    FROM touched t
   CROSS JOIN LATERAL (
         SELECT (date_trunc('month', t.day - t.shift)
                 - make_interval(months => (extract(month FROM t.day - t.shift)::integer
                                            - t.month + 12) % 3))::date + t.shift AS start) q),
quarters AS (
  SELECT p.programme, p.unit, p.start, p.after,
         count(DISTINCT p.stream) FILTER (WHERE p.tells AND p.known_on < p.after + {grace}::integer)
           AS reported,
         array_agg(DISTINCT p.stream)
           FILTER (WHERE p.changes AND p.known_on >= p.after + {grace}::integer) AS changed
    FROM placed p GROUP BY p.programme, p.unit, p.start, p.after)
SELECT to_char(q.start, 'YYYY-MM-DD') AS about, q.after - 1 AS day, 'MEDIUM' AS severity,
       q.unit AS org_unit_id, {NOTHING["beside_id"]} AS beside_id, q.programme,
       {NOTHING["people"]} AS people, {NOTHING["actors"]} AS actors, q.changed AS sessions,
       {NOTHING["mentorship_id"]} AS mentorship_id, {NOTHING["certificate_id"]} AS certificate_id,
       q.changed AS records,
       jsonb_build_object('reported', q.reported, 'changed', cardinality(q.changed),
         'first', q.start, 'last', q.after - 1, 'closed', q.after - 1 + {grace}::integer) AS figures
  FROM quarters q
 WHERE q.reported > 0 AND 100 * cardinality(q.changed) >= {percent} * q.reported
   AND {asking.within("(q.after - 1)")}"""


FIGURES_CHANGED = Kind(
    kind=AuditFindingKind.FIGURES_CHANGED,
    sql=_sql,
    topics=(
        "sessions.session.held",
        "sessions.session.corrected",
        "sessions.session.voided",
        "sessions.session.reinstated",
    ),
    explained=lambda f: Phrase(
        "From {first} to {last}, {reported} sessions had been recorded when the quarter was closed "
        "on {closed}; {changed} were added or changed after that.",
        **f,
    ),
    innocent=Phrase(
        "Innocent where phones were without network, or errors were found and mended: see that "
        "whoever was told the figures is told the new ones."
    ),
)
