"""A supervision visit: supervisors saw a unit."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.sessions.oversight import (
    SupervisionVisitCorrected,
    SupervisionVisitHeld,
    SupervisionVisitReinstated,
    SupervisionVisitVoided,
)
from shared.domain import event
from shared.domain.told import Told


class SupervisionVisit(Told):
    """A visit that was held."""

    kind = "supervision_visit"
    fold_version = 2
    voids, reinstates = SupervisionVisitVoided, SupervisionVisitReinstated

    programme: str
    org_unit_id: UUID
    held_on: date
    voided_on: date | None

    @event(SupervisionVisitHeld)
    def _held(self, event: SupervisionVisitHeld) -> None:
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.held_on, self.voided_on = event.held_on, None

    def correct(self, *, held_on: date, joint: bool, supervisors: tuple[str, ...]) -> None:
        """Say when it was held, and by whom, after all.

        Raises:
            RecordVoided: it was not held.
        """
        self.must_stand("supervisionVisitId")
        self.record(
            SupervisionVisitCorrected(
                **self.about(), held_on=held_on, joint=joint, supervisors=supervisors
            )
        )

    @event(SupervisionVisitCorrected)
    def _corrected(self, event: SupervisionVisitCorrected) -> None:
        self.held_on = event.held_on

    def about(self) -> dict[str, Any]:
        """Return the programme, and the unit that was visited."""
        return {"programme": self.programme, "org_unit_id": self.org_unit_id}
