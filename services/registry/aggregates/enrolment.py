"""An enrolment: one health worker as mentee in one area, under one version of the rules."""

from uuid import UUID

from shared.contracts.registry.enrolment import MenteeEnrolled
from shared.domain import Aggregate, event


class Enrolment(Aggregate):
    """A mentee, as one programme's area knows them."""

    kind = "enrolment"

    health_worker_id: UUID
    cohort_id: UUID
    area: str

    @event(MenteeEnrolled)
    def _enrolled(self, event: MenteeEnrolled) -> None:
        self.health_worker_id, self.cohort_id = event.health_worker_id, event.cohort_id
        self.area = event.area

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id


def active_claim(programme: str, area: str, health_worker_id: UUID) -> str:
    """Name the claim that keeps a person to one active enrolment a programme and area."""
    return f"enrolment:{programme}:{area}:{health_worker_id}"
