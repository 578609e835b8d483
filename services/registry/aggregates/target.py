"""A target: how many of what a figure counts a programme means to reach, from day to day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.aggregates.dated_line import (
    DatedTwice,
    Line,
    no_longer_begun,
    said_anew,
    value_on,
    with_late,
)
from shared.contracts.registry.target import (
    OF_NO_AREA,
    TargetChanged,
    TargetCorrected,
    TargetNumber,
    TargetTold,
    TargetWithdrawn,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Refusal


class TargetOfOnePlace(Refusal):
    """A target is of a unit, of a group, or of the whole programme."""

    code = "TARGET_OF_ONE_PLACE"
    template = "An org unit and a group are named."
    remedy_template = "Name one of the two; or none, for the whole programme."


class TargetDaysUnclear(Refusal):
    """A target is for some days, told in one way."""

    code = "TARGET_DAYS_UNCLEAR"
    template = "It is not clear which days it is for."
    remedy_template = "Give a fiscal year, with a quarter if it is for one; or `starts` and `ends`."


class TargetEndsBeforeStart(Refusal):
    """Its days are the wrong way round."""

    code = "TARGET_ENDS_BEFORE_START"
    template = "It would end on {ends}, before it starts on {starts}."
    remedy_template = "Give an end on or after the start."


class NotOfAnArea(Refusal):
    """Some measures are not told apart by area."""

    code = "TARGET_NOT_OF_AN_AREA"
    template = "{measure} is not counted by area."
    remedy_template = "Leave the area out, or choose another measure."


class TargetUnchanged(Refusal):
    """What is set again changes something."""

    code = "TARGET_UNCHANGED"
    template = "The target is {number} on that day already."
    remedy_template = "Nothing is left to do."


class NoTarget(Refusal):
    """What is withdrawn stands."""

    code = "NO_TARGET"
    template = "There is no such target on {day}."
    remedy_template = "Give a day on which it stands, or correct its numbers with `targetCorrect`."


class Target(Aggregate):
    """What is meant to be reached of one measure, in one place, area and time.

    Attributes:
        numbers: how many, since when; None: it was withdrawn.
    """

    kind = "target"

    programme: str
    org_unit_id: UUID | None
    group_id: UUID | None
    numbers: Line[int | None]

    @staticmethod
    def id_of(told: TargetTold) -> UUID:
        """Return the id that a target of these days, this measure, place and area always has."""
        return derived_id(
            "target",
            told.programme,
            told.measure.value,
            told.org_unit_id or told.group_id or "all",
            told.area or "all",
            told.starts.isoformat(),
            told.ends.isoformat(),
        )

    @classmethod
    def told(cls, told: TargetTold) -> "Target":
        """Begin a target.

        Raises:
            TargetOfOnePlace, TargetEndsBeforeStart, NotOfAnArea: as they say.
        """
        must_be_a_target(told)
        return cls.begin(cls.id_of(told), told)

    @event(TargetTold)
    def _told(self, event: TargetTold) -> None:
        self.programme = event.programme
        self.org_unit_id, self.group_id = event.org_unit_id, event.group_id
        self.numbers = [(event.since, event.number)]

    def change(self, number: int, since: date) -> None:
        """Let it be another number since a day.

        Raises:
            TargetUnchanged: it is.
            DatedTwice: a number begins, or ends, on that day already.
        """
        if value_on(self.numbers, since) == number:
            raise TargetUnchanged("number", number=number)
        line = self._with(since, number)
        self.record(TargetChanged(number=number, since=since, stands=line[-1][1]))

    @event(TargetChanged)
    def _changed(self, event: TargetChanged) -> None:
        self.numbers = with_late(self.numbers, event.since, event.number)

    def withdraw(self, since: date) -> None:
        """Let it be none any more since a day.

        Raises:
            NoTarget: it is none on that day.
            DatedTwice: a number begins on that day.
        """
        if value_on(self.numbers, since) is None:
            raise NoTarget("occurredOn", day=since)
        line = self._with(since, None)
        self.record(TargetWithdrawn(since=since, stands=line[-1][1]))

    @event(TargetWithdrawn)
    def _withdrawn(self, event: TargetWithdrawn) -> None:
        self.numbers = with_late(self.numbers, event.since, None)

    def correct(self, numbers: Sequence[TargetNumber]) -> None:
        """Say anew which numbers it had.

        Raises:
            DatedTwice: two begin on one day.
            SameAsBefore: that is on record.
        """
        line = said_anew(
            [(each.since, each.number) for each in numbers], self.numbers, field="numbers"
        )
        self.record(
            TargetCorrected(
                numbers=tuple(TargetNumber(since=since, number=number) for since, number in line),
                removed=no_longer_begun(self.numbers, line),
            )
        )

    @event(TargetCorrected)
    def _corrected(self, event: TargetCorrected) -> None:
        self.numbers = [(each.since, each.number) for each in event.numbers]

    def _with(self, since: date, number: int | None) -> Line[int | None]:
        if any(begins == since for begins, _ in self.numbers):
            raise DatedTwice("occurredOn", since=since)
        return with_late(self.numbers, since, number)


def must_be_a_target(told: TargetTold) -> None:
    """Refuse what is no target.

    Raises:
        TargetOfOnePlace, TargetEndsBeforeStart, NotOfAnArea: as they say.
    """
    if told.org_unit_id is not None and told.group_id is not None:
        raise TargetOfOnePlace("groupId")
    if told.ends < told.starts:
        raise TargetEndsBeforeStart("ends", starts=told.starts, ends=told.ends)
    if told.area is not None and told.measure in OF_NO_AREA:
        raise NotOfAnArea("area", measure=told.measure.value)


def must_be_days(
    fiscal_year: int | None, quarter: int | None, start: int | None, days: Sequence[date | None]
) -> None:
    """Raise TargetDaysUnclear unless the days are told as a fiscal year, or as two days."""
    if fiscal_year is None:
        clear = None not in days and quarter is None and start is None
    else:
        clear = not any(days)
    if not clear:
        raise TargetDaysUnclear("fiscalYear")
