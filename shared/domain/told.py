"""A record that tells one thing of a day: it is said anew, voided and reinstated, all alike."""

from datetime import date
from typing import Any, ClassVar

from shared.contracts.taking_back import Reinstated, Voided
from shared.domain.aggregate import Aggregate
from shared.domain.errors import Refusal


class RecordVoided(Refusal):
    """What is voided says nothing any more."""

    code = "RECORD_VOIDED"
    template = "It was voided on {voided_on}."
    remedy_template = "Let it stand again with its `reinstate` command first."


class RecordStands(Refusal):
    """What is not voided need not be let stand again."""

    code = "RECORD_STANDS"
    template = "It is not voided."
    remedy_template = "Nothing is left to do."


class Told(Aggregate):
    """What was told once, and may have to be taken back.

    Subclasses name the events by which that happens, declare `voided_on`, and begin with None. How
    one is said anew is their own: the correction gives it again, whole.
    """

    voids: ClassVar[type[Voided]]
    reinstates: ClassVar[type[Reinstated]]

    voided_on: date | None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._appliers |= {cls.voids: Told._voided, cls.reinstates: Told._reinstated}

    def about(self) -> dict[str, Any]:
        """Return what those events say besides: whom or what it was told of."""
        return {}

    def must_stand(self, field: str) -> None:
        """Raise RecordVoided, which names `field`, if it is."""
        if self.voided_on is not None:
            raise RecordVoided(field, voided_on=self.voided_on)

    def void(self, on: date, field: str) -> None:
        """Say that it was not so, or counts no more.

        Raises:
            RecordVoided: it counts no more already; the error names `field`.
        """
        self.must_stand(field)
        self.record(self.voids(**self.about(), voided_on=on))

    def _voided(self, event: Voided) -> None:
        self.voided_on = event.voided_on

    def reinstate(self, on: date, field: str) -> None:
        """Let it stand again, as it was said last.

        Raises:
            RecordStands: it does; the error names `field`.
        """
        if self.voided_on is None:
            raise RecordStands(field)
        self.record(self.reinstates(**self.about(), reinstated_on=on))

    def _reinstated(self, _event: Reinstated) -> None:
        self.voided_on = None
