"""An initiative: what a mentee chose to change, down to its root causes, measures of the way there
and of the result, what happened on the way, and its end.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.initiative import (
    InitiativeChosen,
    InitiativeEnded,
    InitiativeEnding,
    InitiativeMeasureAdded,
    InitiativeMeasured,
    InitiativeNoted,
    Measure,
    NoteKind,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class MeasureRepeated(Refusal):
    """Each measure has a code of its own."""

    code = "MEASURE_REPEATED"
    template = "The measure {measure} is named twice."
    remedy_template = "Give each measure its own code."


class MeasureUnknown(Refusal):
    """The initiative is not measured by that."""

    code = "MEASURE_UNKNOWN"
    template = "The initiative has no measure {measure!r}."
    remedy_template = "Its measures: {measures}."


class BeforeChosen(Refusal):
    """What is measured before the initiative began is its baseline."""

    code = "BEFORE_CHOSEN"
    template = "{day} is before {chosen_on}, when the initiative was chosen."
    remedy_template = "Give a day on or after {chosen_on}; what was before is a measure's baseline."


class InitiativeIsOver(Refusal):
    """Nothing happens in it after its end."""

    code = "INITIATIVE_OVER"
    template = "The initiative ended on {ended_on}."
    remedy_template = "Give a day until {ended_on}, or choose another initiative."


class Initiative(Aggregate):
    """A mentee's own initiative. Values come in any order: late data is data too."""

    kind = "initiative"
    fold_version = 2

    mentorship_id: UUID
    mentee: UUID
    programme: str
    org_unit_id: UUID
    chosen_on: date
    measures: dict[str, Measure]
    ended_on: date | None

    @event(InitiativeChosen)
    def _chosen(self, event: InitiativeChosen) -> None:
        self.mentorship_id, self.mentee = event.mentorship_id, event.health_worker_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.chosen_on = event.chosen_on
        self.measures = {measure.code: measure for measure in event.measures}
        self.ended_on = None

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def chosen(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        mentee: UUID,
        title: str,
        root_causes: tuple[str, ...],
        measures: tuple[Measure, ...],
        chosen_on: date,
    ) -> "Initiative":
        """Begin an initiative that a mentee of the mentorship chose.

        Raises:
            MentorshipOver, NotItsMentee, MeasureRepeated: as they say.
        """
        agreement.must_be_live()
        agreement.must_be_mentee(mentee, "healthWorkerId")
        _must_differ(measures)
        return cls.begin(
            id,
            InitiativeChosen(
                mentorship_id=agreement.mentorship_id,
                health_worker_id=mentee,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                title=title,
                root_causes=root_causes,
                measures=measures,
                chosen_on=chosen_on,
            ),
        )

    def add_measure(self, measure: Measure, on: date) -> None:
        """Have it measured by something else too.

        Raises:
            MeasureRepeated, BeforeChosen, InitiativeIsOver: as they say.
        """
        self._must_be_on(on)
        _must_differ((*self.measures.values(), measure))
        self.record(
            InitiativeMeasureAdded(measure=measure, place=len(self.measures) + 1, added_on=on)
        )

    @event(InitiativeMeasureAdded)
    def _measure_added(self, event: InitiativeMeasureAdded) -> None:
        self.measures[event.measure.code] = event.measure

    def note(self, kind: NoteKind, text: str, on: date) -> None:
        """Note what happened on the way.

        Raises:
            BeforeChosen, InitiativeIsOver: as they say.
        """
        self._must_be_on(on)
        self.record(
            InitiativeNoted(
                health_worker_id=self.mentee,
                mentorship_id=self.mentorship_id,
                programme=self.programme,
                org_unit_id=self.org_unit_id,
                note_kind=kind,
                text=text,
                noted_on=on,
            )
        )

    @event(InitiativeNoted)
    def _noted(self, _event: InitiativeNoted) -> None:
        """Nothing to remember: no rule looks at notes."""

    def end(self, ending: InitiativeEnding, result: str | None, on: date) -> None:
        """Close it, or give it up.

        Raises:
            BeforeChosen, InitiativeIsOver: as they say.
        """
        if self.ended_on is not None:
            raise InitiativeIsOver("initiativeId", ended_on=self.ended_on)
        self._must_be_on(on)
        self.record(
            InitiativeEnded(health_worker_id=self.mentee, ending=ending, result=result, ended_on=on)
        )

    @event(InitiativeEnded)
    def _ended(self, event: InitiativeEnded) -> None:
        self.ended_on = event.ended_on

    def _must_be_on(self, day: date) -> None:
        """Refuse what would lie before its beginning or after its end; late data is data too."""
        if day < self.chosen_on:
            raise BeforeChosen("occurredOn", day=day, chosen_on=self.chosen_on)
        if self.ended_on is not None and day > self.ended_on:
            raise InitiativeIsOver("initiativeId", ended_on=self.ended_on)

    def measure(self, code: str, value: Decimal, on: date) -> None:
        """Record where one of its measures stands.

        Raises:
            MeasureUnknown, BeforeChosen, InitiativeIsOver: as they say.
        """
        if code not in self.measures:
            raise MeasureUnknown("measure", measure=code, measures=", ".join(self.measures))
        self._must_be_on(on)
        measure = self.measures[code]
        self.record(
            InitiativeMeasured(
                measure=code,
                kind=measure.kind,
                value=value,
                target=measure.target,
                measured_on=on,
            )
        )

    @event(InitiativeMeasured)
    def _measured(self, _event: InitiativeMeasured) -> None:
        """Nothing to remember: no rule looks at the values."""


def _must_differ(measures: Iterable[Measure]) -> None:
    seen: set[str] = set()
    for measure in measures:
        if measure.code in seen:
            raise MeasureRepeated("measures", measure=measure.code)
        seen.add(measure.code)
