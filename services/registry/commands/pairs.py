"""Who must not be paired with whom, by all the mentorships of a mentee."""

from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.enrolment import Enrolment
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.mentorship_rules import ExcludedPair, MentorIsMentee
from services.registry.views.care import IN_CARE
from shared.deciding.work import Work
from shared.domain.findings import Findings
from shared.domain.phrases import Phrase


async def must_be_possible(
    mentors: Iterable[Mentor],
    mentees: Iterable[Enrolment],
    work: Work[Any],
    findings: Findings,
    *,
    supervisor_may: bool,
    field: str = "mentorIds",
) -> None:
    """Weigh whether each might be paired with each; `field` is where the mentor stands.

    A merged record and the one that stands for it are one person here.
    MentorIsMentee, ExcludedPair: as they say.

    Args:
        supervisor_may: whoever supervises a mentee may be their mentor, by the programme.
    """
    standing = {mentor.id: await _person(mentor.health_worker_id, work) for mentor in mentors}
    for mentee in mentees:
        themselves = await _person(mentee.health_worker_id, work)
        supervisor = mentee.supervisor_id and await _person(mentee.supervisor_id, work)
        left = {
            await _person(mentor, work)
            async for mentorship in _mentorships(mentee.health_worker_id, work)
            for mentor in mentorship.parted
        }
        for mentor_id, person in standing.items():
            with findings.weighing():
                if person == themselves:
                    raise MentorIsMentee(field, person=person)
                if person == supervisor and not supervisor_may:
                    why = Phrase("they are their supervisor")
                elif person in left:
                    why = Phrase("they left them for good before")
                else:
                    continue
                raise ExcludedPair(field, mentor=mentor_id, mentee=mentee.id, why=why)


async def _mentorships(health_worker_id: UUID, work: Work[Any]) -> AsyncIterator[Mentorship]:
    for row in await work.facts.rows(IN_CARE, health_worker_id=health_worker_id):
        mentorship = await work.find(Mentorship, row["mentorship_id"])
        if mentorship is not None:
            yield mentorship


async def _person(health_worker_id: UUID, work: Work[Any]) -> UUID:
    worker = await work.find(HealthWorker, health_worker_id)
    return (worker and worker.merged_into) or health_worker_id
