"""Sessions of more mentees than a group has.

Where the version that a session was under lets one team care for more (`ratio.mentees`), a group of
so many is as the programme means it.
"""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import present
from services.gateway.projections import PROGRAMME_VERSION
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    most = asking.limit(asking.wanted.thresholds.group_most)
    return f"""
WITH there AS ({present(asking)}),
allowed AS (
  SELECT v.id, CASE jsonb_typeof(m.of) WHEN 'array' THEN (m.of ->> -1) ELSE m.of #>> '{{}}' END
               ::integer AS most
    FROM "{PROGRAMME_VERSION.physical}" v
   CROSS JOIN LATERAL (SELECT v.definition -> 'ratio' -> 'mentees' AS of) m)
SELECT p.id::text AS about, p.held_on AS day, 'LOW' AS severity, p.org_unit_id,
       {NOTHING["beside_id"]} AS beside_id, p.programme,
       array_remove(array_agg(DISTINCT CASE WHEN p.side = 'MENTOR' THEN p.who END), NULL) AS people,
       {NOTHING["actors"]} AS actors, ARRAY[p.id] AS sessions, p.mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id, ARRAY[p.id] AS records,
       jsonb_build_object(
           'mentees', count(DISTINCT p.person) FILTER (WHERE p.side = 'MENTEE'),
           'most', GREATEST({most}, v.most)) AS figures
  FROM there p
  LEFT JOIN allowed v ON v.id = p.programme_version_id
 GROUP BY p.id, p.held_on, p.org_unit_id, p.programme, p.mentorship_id, v.most
HAVING count(DISTINCT p.person) FILTER (WHERE p.side = 'MENTEE') > GREATEST({most}, v.most)"""


GROUP_ABOVE_NINE = Kind(
    kind=AuditFindingKind.GROUP_ABOVE_NINE,
    sql=_sql,
    topics=("sessions.session.held", "sessions.session.corrected"),
    explained=lambda f: Phrase(
        "{mentees} mentees were at one session; a group has at most {most}.", **f
    ),
    innocent=Phrase(
        "Innocent where several groups were brought together for a day: ask who else mentored."
    ),
)
