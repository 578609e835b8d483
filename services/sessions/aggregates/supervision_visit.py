"""A supervision visit: supervisors saw a unit. It is said once; nothing follows it."""

from datetime import date
from uuid import UUID

from shared.contracts.sessions.oversight import SupervisionVisitHeld
from shared.domain import Aggregate, event


class SupervisionVisit(Aggregate):
    """A visit that was held."""

    kind = "supervision_visit"
    constant = True

    org_unit_id: UUID
    held_on: date

    @event(SupervisionVisitHeld)
    def _held(self, event: SupervisionVisitHeld) -> None:
        self.org_unit_id, self.held_on = event.org_unit_id, event.held_on
