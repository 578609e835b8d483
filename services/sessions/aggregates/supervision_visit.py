"""A supervision visit: supervisors saw a unit."""

from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.oversight import can_arise
from shared.contracts.sessions.oversight import (
    SupervisionScore,
    SupervisionVisitCorrected,
    SupervisionVisitHeld,
    SupervisionVisitReinstated,
    SupervisionVisitVoided,
)
from shared.domain import event
from shared.domain.errors import Refusal
from shared.domain.told import Told


class ScoreAboveMost(Refusal):
    """Nobody gets more points than there are."""

    code = "SCORE_ABOVE_MOST"
    template = "{points} points are more than {most}, all that the checklist {checklist} gives."
    remedy_template = "Give {most} points or fewer."


class NextVisitNotAfter(Refusal):
    """The next visit comes after this one."""

    code = "NEXT_VISIT_NOT_AFTER"
    template = "The next visit is on {next}, not after {held_on}, the day of this one."
    remedy_template = "Give a day after {held_on}, or none."


class SupervisionVisit(Told):
    """A visit that was held."""

    kind = "supervision_visit"
    fold_version = 2
    voids, reinstates = SupervisionVisitVoided, SupervisionVisitReinstated

    programme: str
    org_unit_id: UUID
    held_on: date
    findings: int
    """How many were told."""
    voided_on: date | None

    @classmethod
    def told(cls, id: UUID, held: SupervisionVisitHeld) -> "SupervisionVisit":
        """Tell of a visit.

        Raises:
            ScoreAboveMost, NextVisitNotAfter: as they say.
        """
        for score in held.scores:
            _must_be_reached(score)
        if held.next_visit_on is not None and held.next_visit_on <= held.held_on:
            raise NextVisitNotAfter("nextVisitOn", next=held.next_visit_on, held_on=held.held_on)
        return cls.begin(id, held)

    @event(SupervisionVisitHeld)
    def _held(self, event: SupervisionVisitHeld) -> None:
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.held_on, self.voided_on = event.held_on, None
        self.findings = event.told

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

    def must_give_rise(self, finding: int | None, on: date) -> None:
        """Refuse an action that cannot arise from this visit.

        Raises:
            RecordVoided: it was not held.
            BeforeItWasHeld, NothingTold: as they say.
        """
        self.must_stand("supervisionVisitId")
        can_arise(held_on=self.held_on, told=self.findings, place=finding, field="finding", on=on)

    def about(self) -> dict[str, Any]:
        """Return the programme, and the unit that was visited."""
        return {"programme": self.programme, "org_unit_id": self.org_unit_id}


def _must_be_reached(score: SupervisionScore) -> None:
    if score.points > score.most:
        raise ScoreAboveMost(
            "scores", points=score.points, most=score.most, checklist=score.checklist
        )
