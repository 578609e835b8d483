"""An initiative: what a mentee chose to change, down to its root causes, and measures of the way
there and of the result.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.initiative import (
    InitiativeChosen,
    InitiativeMeasured,
    Measure,
    MeasureKind,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class MeasureKindMissing(Refusal):
    """The way and the result are both measured."""

    code = "MEASURE_KIND_MISSING"
    template = "The initiative has no {kind} measure."
    remedy_template = (
        "Name at least one LEADING measure, of the way, and one LAGGING, of the result."
    )


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


class Initiative(Aggregate):
    """A mentee's own initiative. Values come in any order: late data is data too."""

    kind = "initiative"

    mentorship_id: UUID
    mentee: UUID
    programme: str
    org_unit_id: UUID
    chosen_on: date
    measures: dict[str, Measure]

    @event(InitiativeChosen)
    def _chosen(self, event: InitiativeChosen) -> None:
        self.mentorship_id, self.mentee = event.mentorship_id, event.health_worker_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.chosen_on = event.chosen_on
        self.measures = {measure.code: measure for measure in event.measures}

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
            MentorshipOver, NotItsMentee, MeasureRepeated, MeasureKindMissing: as they say.
        """
        agreement.must_be_live()
        agreement.must_be_mentee(mentee, "healthWorkerId")
        _must_tell_way_and_result(measures)
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

    def measure(self, code: str, value: Decimal, on: date) -> None:
        """Record where one of its measures stands.

        Raises:
            MeasureUnknown, BeforeChosen: as they say.
        """
        if code not in self.measures:
            raise MeasureUnknown("measure", measure=code, measures=", ".join(self.measures))
        if on < self.chosen_on:
            raise BeforeChosen("occurredOn", day=on, chosen_on=self.chosen_on)
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


def _must_tell_way_and_result(measures: tuple[Measure, ...]) -> None:
    seen: set[str] = set()
    for measure in measures:
        if measure.code in seen:
            raise MeasureRepeated("measures", measure=measure.code)
        seen.add(measure.code)
    for kind in MeasureKind:
        if not any(measure.kind is kind for measure in measures):
            raise MeasureKindMissing("measures", kind=kind.value)
