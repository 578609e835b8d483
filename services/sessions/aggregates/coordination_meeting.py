"""A coordination meeting: those responsible for a unit met. It is said once; nothing follows it."""

from datetime import date
from uuid import UUID

from shared.contracts.sessions.oversight import CoordinationMeetingHeld
from shared.domain import Aggregate, event


class CoordinationMeeting(Aggregate):
    """A meeting that was held."""

    kind = "coordination_meeting"
    constant = True

    org_unit_id: UUID
    held_on: date

    @event(CoordinationMeetingHeld)
    def _held(self, event: CoordinationMeetingHeld) -> None:
        self.org_unit_id, self.held_on = event.org_unit_id, event.held_on
