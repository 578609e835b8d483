"""A coordination meeting: those responsible for a unit met."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.sessions.oversight import (
    CoordinationMeetingCorrected,
    CoordinationMeetingHeld,
    CoordinationMeetingReinstated,
    CoordinationMeetingVoided,
)
from shared.domain import event
from shared.domain.told import Told


class CoordinationMeeting(Told):
    """A meeting that was held."""

    kind = "coordination_meeting"
    fold_version = 2
    voids, reinstates = CoordinationMeetingVoided, CoordinationMeetingReinstated

    programme: str
    org_unit_id: UUID
    held_on: date
    voided_on: date | None

    @event(CoordinationMeetingHeld)
    def _held(self, event: CoordinationMeetingHeld) -> None:
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.held_on, self.voided_on = event.held_on, None

    def correct(self, *, held_on: date, participants: int) -> None:
        """Say when it was held, and by how many, after all.

        Raises:
            RecordVoided: it was not held.
        """
        self.must_stand("coordinationMeetingId")
        self.record(
            CoordinationMeetingCorrected(**self.about(), held_on=held_on, participants=participants)
        )

    @event(CoordinationMeetingCorrected)
    def _corrected(self, event: CoordinationMeetingCorrected) -> None:
        self.held_on = event.held_on

    def about(self) -> dict[str, Any]:
        """Return the programme, and the unit whose meeting it was."""
        return {"programme": self.programme, "org_unit_id": self.org_unit_id}
