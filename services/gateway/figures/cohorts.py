"""The cohort report: counted in one statement, and once more by why mentees left."""

from typing import Any
from uuid import UUID

from services.gateway.figures.scoped import counted
from services.gateway.figures.small_cells import Measure, hide
from services.gateway.graphql.types.cohort_report import CohortReport, WithdrawnByCause
from services.gateway.projections import (
    CERTIFICATE,
    DISENGAGEMENT,
    MENTEE,
    MENTORSHIP,
    SESSION,
)
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement
from shared.contracts.registry.enrolment import WithdrawalCause

_IN_COHORT = """t.cohort_id = {cohort} AND t.since IS NOT NULL
     AND t.status IS DISTINCT FROM 'SET_ASIDE' AND t.counts IS NOT FALSE AND {of_mentees}"""
_CAUSES = """
SELECT t.withdrawal_cause AS cause, count(*)::integer AS mentees FROM "{mentee}" t
 WHERE t.status = 'WITHDRAWN' AND {in_cohort}
 GROUP BY 1 ORDER BY 2 DESC, 1
"""
_COUNTS = """
WITH mentees AS (
  SELECT t.id, t.status FROM "{mentee}" t WHERE {in_cohort}),
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


_MEASURES = (
    Measure("enrolled"),
    Measure("completed", within=("enrolled",)),
    Measure("withdrawn", within=("enrolled",)),
    Measure("certificates_issued", within=("completed", "enrolled")),
    Measure("mentorships_agreed"),
    Measure("disengagements"),
    Measure("sessions_held"),
    Measure("sessions_counted", within=("sessions_held",)),
)


async def cohort_report(reader: Reader, cohort: UUID, least: int) -> CohortReport:
    """Count what is in the reader's scope.

    Args:
        least: the lowest count that is shown.
    """
    s = Statement()
    in_cohort = _in_cohort(reader, cohort, s)
    text = _COUNTS.format(
        cohort=s.bind(cohort, "uuid"),
        in_cohort=in_cohort,
        mentee=MENTEE.physical,
        mentorship=MENTORSHIP.physical,
        disengagement=DISENGAGEMENT.physical,
        session=SESSION.physical,
        certificate=CERTIFICATE.physical,
        of_mentorships=counted("Mentorship", reader, s, "m"),
        of_sessions=counted("Session", reader, s, "s"),
        of_certificates=counted("Certificate", reader, s, "c"),
    )
    (row,) = await reader.fetch(text, *s.binds)
    report = dict(row)
    _part(report, least)
    hide(least, _MEASURES, None, [report])
    causes = await _by_cause(reader, cohort)
    hide(least, (Measure("mentees"),), {"mentees": report["withdrawn"]}, causes)
    return CohortReport(
        **report, withdrawn_by_cause=[WithdrawnByCause(**cause) for cause in causes]
    )


def _part(report: dict[str, Any], least: int) -> None:
    """Hide how many completed or withdrew, where those who do neither yet would be few, too."""
    ends = [{"people": report[name]} for name in ("completed", "withdrawn")]
    hide(least, (Measure("people"),), {"people": report["enrolled"]}, ends)
    report["completed"], report["withdrawn"] = (end["people"] for end in ends)


async def _by_cause(reader: Reader, cohort: UUID) -> list[dict[str, Any]]:
    s = Statement()
    text = _CAUSES.format(in_cohort=_in_cohort(reader, cohort, s), mentee=MENTEE.physical)
    return [
        {
            "cause": WithdrawalCause(row["cause"]) if row["cause"] else None,
            "mentees": row["mentees"],
        }
        for row in await reader.fetch(text, *s.binds)
    ]


def _in_cohort(reader: Reader, cohort: UUID, s: Statement) -> str:
    return _IN_COHORT.format(
        cohort=s.bind(cohort, "uuid"), of_mentees=counted("Mentee", reader, s, "t")
    )
