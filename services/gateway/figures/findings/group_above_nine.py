"""Sessions of more mentees than a group has."""

from services.gateway.figures.findings.declared import NOTHING, Asking, Kind
from services.gateway.figures.findings.parts import present
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.phrases import Phrase


def _sql(asking: Asking) -> str:
    most = asking.limit(asking.wanted.thresholds.group_most)
    return f"""
WITH there AS ({present(asking)})
SELECT p.id::text AS about, p.held_on AS day, 'LOW' AS severity, p.org_unit_id,
       {NOTHING["beside_id"]} AS beside_id, p.programme,
       array_remove(array_agg(DISTINCT CASE WHEN p.side = 'MENTOR' THEN p.who END), NULL) AS people,
       {NOTHING["actors"]} AS actors, ARRAY[p.id] AS sessions, p.mentorship_id,
       {NOTHING["certificate_id"]} AS certificate_id, ARRAY[p.id] AS records,
       jsonb_build_object(
           'mentees', count(DISTINCT p.person) FILTER (WHERE p.side = 'MENTEE'),
           'most', {most}) AS figures
  FROM there p
 GROUP BY p.id, p.held_on, p.org_unit_id, p.programme, p.mentorship_id
HAVING count(DISTINCT p.person) FILTER (WHERE p.side = 'MENTEE') > {most}"""


GROUP_ABOVE_NINE = Kind(
    kind=AuditFindingKind.GROUP_ABOVE_NINE,
    sql=_sql,
    topics=("sessions.session.held", "sessions.session.corrected"),
    explained=lambda f: Phrase(
        "{mentees} mentees were at one session; a group has at most {most}.", **f
    ),
    innocent=Phrase(
        "Innocent where several groups were brought together for a day, and the programme means it "
        "so: its ratio says how many one team cares for."
    ),
)
