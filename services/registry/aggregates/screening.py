"""A screening of the register: how far it is, until it is through."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from shared.contracts.registry.screening import (
    PossiblePair,
    ScreeningAdvanced,
    ScreeningBegun,
    ScreeningEnded,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal

RUNNING = "screening:running"
"""The claim that keeps a register to one screening at a time."""


class ScreeningOver(Refusal):
    """What has ended does not go on."""

    code = "SCREENING_OVER"
    template = "The screening ended on {ended_on}."
    remedy_template = "Begin another one with `screeningBegin`."


class Screening(Aggregate):
    """One screening.

    Attributes:
        org_unit_id: by whose nicknames names are compared; None: by those of everywhere.
        up_to: the last key whose block was screened; None: none was yet.
        looked, found: places in blocks looked at, and pairs come upon, since it began.
    """

    kind = "screening"

    org_unit_id: UUID | None
    up_to: int | None
    looked: int
    found: int
    ended_on: date | None

    @classmethod
    def begun(cls, id: UUID, org_unit_id: UUID | None, since: date) -> Self:
        """Begin one."""
        return cls.begin(id, ScreeningBegun(org_unit_id=org_unit_id, since=since))

    @event(ScreeningBegun)
    def _begun(self, event: ScreeningBegun) -> None:
        self.org_unit_id, self.up_to, self.ended_on = event.org_unit_id, None, None
        self.looked, self.found = 0, 0

    def must_run(self) -> None:
        """Raise ScreeningOver if it does not go on."""
        if self.ended_on is not None:
            raise ScreeningOver("screeningId", ended_on=self.ended_on)

    def advance(self, up_to: int, done: int, looked: int, pairs: Sequence[PossiblePair]) -> None:
        """Record that all blocks until a key are screened, with so many places in them.

        Raises:
            ScreeningOver: it does not go on.
        """
        self.must_run()
        self.record(
            ScreeningAdvanced(
                up_to=str(up_to),
                done=done,
                looked=self.looked + looked,
                found=self.found + len(pairs),
                pairs=tuple(pairs),
            )
        )

    @event(ScreeningAdvanced)
    def _advanced(self, event: ScreeningAdvanced) -> None:
        self.up_to, self.looked, self.found = int(event.up_to), event.looked, event.found

    def end(self, on: date, *, stopped: bool = False) -> None:
        """End it: it is through, or is stopped.

        Raises:
            ScreeningOver: it did before.
        """
        self.must_run()
        self.record(ScreeningEnded(ended_on=on, stopped=stopped))

    @event(ScreeningEnded)
    def _ended(self, event: ScreeningEnded) -> None:
        self.ended_on = event.ended_on
