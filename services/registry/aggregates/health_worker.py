"""A health worker: where they are posted since when. Who they are stays in the events, sealed."""

from datetime import date
from uuid import UUID

from shared.contracts.registry.health_worker import HealthWorkerRegistered, HealthWorkerTransferred
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class AlreadyPostedThere(Refusal):
    """The transfer would change nothing."""

    code = "ALREADY_POSTED_THERE"
    template = "They are posted there since {since}."
    remedy_template = "Name the org unit they move to."


class BeforePosting(Refusal):
    """The transfer lies before the posting it would end."""

    code = "BEFORE_POSTING"
    template = "{since} is before {posted}, when their present posting began."
    remedy_template = "Give a day after {posted}."


class HealthWorker(Aggregate):
    """A person who works in health, by the postings they held."""

    kind = "health_worker"

    postings: list[tuple[date, UUID]]

    @event(HealthWorkerRegistered)
    def _registered(self, event: HealthWorkerRegistered) -> None:
        self.postings = [(event.since, event.org_unit_id)]

    @property
    def org_unit_id(self) -> UUID:
        """Where they are posted now."""
        return self.postings[-1][1]

    def posted_on(self, day: date) -> UUID:
        """Return where they were posted on a day; before the first posting, the first."""
        return next(
            (unit for since, unit in reversed(self.postings) if since <= day), self.postings[0][1]
        )

    def transfer(self, org_unit_id: UUID, since: date) -> None:
        """Post them elsewhere since a day.

        Raises:
            AlreadyPostedThere: it is where they are.
            BeforePosting: the present posting began on that day or later.
        """
        posted, unit = self.postings[-1]
        if unit == org_unit_id:
            raise AlreadyPostedThere("orgUnitId", since=posted)
        if since <= posted:
            raise BeforePosting("occurredOn", since=since, posted=posted)
        self.record(
            HealthWorkerTransferred(
                health_worker_id=self.id,
                from_org_unit_id=unit,
                org_unit_id=org_unit_id,
                since=since,
            )
        )

    @event(HealthWorkerTransferred)
    def _transferred(self, event: HealthWorkerTransferred) -> None:
        self.postings.append((event.since, event.org_unit_id))
