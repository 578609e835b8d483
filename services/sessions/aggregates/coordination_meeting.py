"""A coordination meeting: those responsible for a unit met."""

from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.oversight import can_arise
from shared.contracts.sessions.oversight import (
    CoordinationMeetingCorrected,
    CoordinationMeetingHeld,
    CoordinationMeetingReinstated,
    CoordinationMeetingVoided,
)
from shared.domain import event
from shared.domain.errors import Refusal
from shared.domain.told import Told


class MoreNamedThanCame(Refusal):
    """Whoever is named took part, and is counted."""

    code = "MORE_NAMED_THAN_CAME"
    template = "{named} people are named, and {participants} took part."
    remedy_template = "Give as `participants` all who came, the named ones among them."


class CoordinationMeeting(Told):
    """A meeting that was held."""

    kind = "coordination_meeting"
    fold_version = 2
    voids, reinstates = CoordinationMeetingVoided, CoordinationMeetingReinstated

    programme: str
    org_unit_id: UUID
    held_on: date
    decisions: int
    """How many were told."""
    named: int
    """How many of those who came."""
    voided_on: date | None

    @classmethod
    def told(cls, id: UUID, held: CoordinationMeetingHeld) -> "CoordinationMeeting":
        """Tell of a meeting.

        Raises:
            MoreNamedThanCame: as it says.
        """
        _must_have_come(len(held.attendees), held.participants)
        return cls.begin(id, held)

    @event(CoordinationMeetingHeld)
    def _held(self, event: CoordinationMeetingHeld) -> None:
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.held_on, self.voided_on = event.held_on, None
        self.decisions, self.named = event.told, len(event.attendees)

    def correct(self, *, held_on: date, participants: int) -> None:
        """Say when it was held, and by how many, after all.

        Raises:
            RecordVoided: it was not held.
            MoreNamedThanCame: as it says.
        """
        self.must_stand("coordinationMeetingId")
        _must_have_come(self.named, participants)
        self.record(
            CoordinationMeetingCorrected(**self.about(), held_on=held_on, participants=participants)
        )

    @event(CoordinationMeetingCorrected)
    def _corrected(self, event: CoordinationMeetingCorrected) -> None:
        self.held_on = event.held_on

    def must_give_rise(self, decision: int | None, on: date) -> None:
        """Refuse an action that cannot arise from this meeting.

        Raises:
            RecordVoided: it was not held.
            BeforeItWasHeld, NothingTold: as they say.
        """
        self.must_stand("coordinationMeetingId")
        can_arise(
            held_on=self.held_on, told=self.decisions, place=decision, field="decision", on=on
        )

    def about(self) -> dict[str, Any]:
        """Return the programme, and the unit whose meeting it was."""
        return {"programme": self.programme, "org_unit_id": self.org_unit_id}


def _must_have_come(named: int, participants: int) -> None:
    if named > participants:
        raise MoreNamedThanCame("participants", named=named, participants=participants)
