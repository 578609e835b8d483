"""The cohort report, counted in one statement."""

from uuid import UUID

from services.gateway.figures.scoped import counted
from services.gateway.graphql.types.cohort_report import CohortReport
from services.gateway.projections import (
    CERTIFICATE,
    DISENGAGEMENT,
    MENTEE,
    MENTORSHIP,
    SESSION,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement

_COUNTS = """
WITH mentees AS (
  SELECT t.id, t.status FROM "{mentee}" t
   WHERE t.cohort_id = {cohort} AND t.since IS NOT NULL
     AND t.status IS DISTINCT FROM 'SET_ASIDE' AND t.counts IS NOT FALSE AND {of_mentees}),
mentorships AS (
  SELECT m.id, m.agreed_on FROM "{mentorship}" m
   WHERE m.cohort_id = {cohort} AND {of_mentorships})
SELECT (SELECT count(*) FROM mentees)::integer AS enrolled,
       (SELECT count(*) FROM mentees WHERE status = 'COMPLETED')::integer AS completed,
       (SELECT count(*) FROM mentees WHERE status = 'WITHDRAWN')::integer AS withdrawn,
       (SELECT count(agreed_on) FROM mentorships)::integer AS mentorships_agreed,
       (SELECT count(*) FROM "{disengagement}" d JOIN mentorships m ON m.id = d.mentorship_id
       )::integer AS disengagements,
       (SELECT count(*) FROM "{session}" s JOIN mentorships m ON m.id = s.mentorship_id
         WHERE s.status = 'HELD' AND {of_sessions})::integer AS sessions_held,
       (SELECT count(*) FROM "{session}" s JOIN mentorships m ON m.id = s.mentorship_id
         WHERE s.status = 'HELD' AND s.counts AND {of_sessions})::integer AS sessions_counted,
       (SELECT count(*) FROM "{certificate}" c JOIN mentees t ON t.id = c.mentee_id
         WHERE c.status = 'ISSUED' AND {of_certificates})::integer AS certificates_issued
"""


async def cohort_report(reader: Reader, cohort: UUID) -> CohortReport:
    """Count what is in the reader's scope."""
    s = Statement()
    text = _COUNTS.format(
        cohort=s.bind(cohort, "uuid"),
        mentee=MENTEE.physical,
        mentorship=MENTORSHIP.physical,
        disengagement=DISENGAGEMENT.physical,
        session=SESSION.physical,
        certificate=CERTIFICATE.physical,
        of_mentees=counted("Mentee", reader, s, "t"),
        of_mentorships=counted("Mentorship", reader, s, "m"),
        of_sessions=counted("Session", reader, s, "s"),
        of_certificates=counted("Certificate", reader, s, "c"),
    )
    (row,) = await reader.fetch(text, *s.binds)
    return CohortReport(**dict(row))
