"""What attempts prove, by their days: a pure function of the facts, in whatever order they came."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts.definition import Validation
from shared.contracts.definition.assessment import FailedRetest
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviation, DeviationValue, all_count


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt at a competency, as it is said to have been now.

    Attributes:
        number: in the order in which attempts were told.
        assessor_id: None: it was proved in another enrolment, and recognised.
        reached: None where the programme only looks.
        until: the last day of the validation that it gives, if it reached the rule.
        failed_retest: what follows if they were validated, where it did not reach the rule.
        unsigned: it proves nothing until the assessor has signed it.
        formative: it was made to learn by: it is no attempt.
        groundless: it was recognised, and is not proved any more where it was.
        proved_on: since when it was proved there.
        added_from: the enrolment under the person's other name in which it was; None: it was
            recognised by somebody.
        org_unit_id: where the mentee worked; None: where does not matter.
        asked: the rules that it is held against by what is known of the days before it, each with
            whether it counts in spite of it.
        deviations: all that it departs from, as it was told last.
        coached_on: when a coaching plan was set after it.
    """

    number: int
    on: date
    assessor_id: UUID | None
    framework: tuple[str, int]
    name: str
    raw: int
    max: int
    technique: bool
    reached: bool | None
    until: date | None = None
    failed_retest: FailedRetest | None = None
    unsigned: bool = False
    formative: bool = False
    voided: bool = False
    groundless: bool = False
    proved_on: date | None = None
    added_from: UUID | None = None
    org_unit_id: UUID | None = None
    asked: tuple[Deviation, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    coached_on: date | None = None

    @property
    def stands(self) -> bool:
        """Whether it was made, as far as is known, and not only to learn by."""
        return not (self.formative or self.voided or self.groundless)

    @property
    def place(self) -> tuple[date, int]:
        """Where it stands among the others: by its day, then as it was told."""
        return self.on, self.number


class Revocation(Struct, frozen=True, kw_only=True):
    """Somebody took a validation back on a day, when so many attempts had been told."""

    on: date
    after: int


class Turned(StrEnum):
    """How a validation turned."""

    PROVED = "PROVED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    LAPSED = "LAPSED"


class Mark(Struct, frozen=True, kw_only=True):
    """A score that proved it, and its day."""

    on: date
    raw: int
    max: int


class Proof(Struct, frozen=True, kw_only=True):
    """A validation that counts: since when, up to and with which day, and its best score.

    Attributes:
        marks: every score it was proved by without a break, by their days.
    """

    on: date
    until: date | None
    raw: int
    max: int
    marks: tuple[Mark, ...] = ()

    def holds(self, day: date) -> bool:
        """Say whether its last day has not passed yet."""
        return self.until is None or day <= self.until

    def first_with(self, percent: int) -> date | None:
        """Return since when its score is at least so high, exactly; None: it is not."""
        marks = self.marks or (Mark(on=self.on, raw=self.raw, max=self.max),)
        return min(
            (mark.on for mark in marks if mark.raw * 100 >= percent * mark.max), default=None
        )

    def renewed(self, until: date | None, mark: Mark) -> "Proof":
        """Return it with one more score: the best of them is its own."""
        best = self if self.raw * mark.max >= mark.raw * self.max else mark
        return Proof(on=self.on, until=until, raw=best.raw, max=best.max, marks=(*self.marks, mark))


class Turn(Struct, frozen=True, kw_only=True):
    """A day on which a validation began, was renewed, or ended.

    Attributes:
        since: where it was proved: since when it holds without a break.
        until: and its last day; None: it has none.
        attempt: and by which attempt, of `raw` out of `max` points.
    """

    turned: Turned
    on: date
    since: date | None = None
    until: date | None = None
    attempt: int = 0
    raw: int = 0
    max: int = 0

    def added_to(self, held: Proof | None) -> Proof | None:
        """Return what is proved once it has turned; None: nothing is."""
        if self.turned is not Turned.PROVED:
            return None
        mark = Mark(on=self.on, raw=self.raw, max=self.max)
        if held is not None:
            return held.renewed(self.until, mark)
        return Proof(on=self.on, until=self.until, raw=self.raw, max=self.max, marks=(mark,))


Fact: TypeAlias = Attempt | Revocation


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What is to come before an assessment, and when it did.

    Attributes:
        baseline_on: when the pre-test was taken; None: it was not.
        looked_on: when each facility was first looked at, as far as that is another than what its
            attempts were told by; None: it was not.
    """

    baseline_on: date | None
    looked_on: Mapping[UUID, date | None]

    def lacks(self, rule: ConductRule, one: Attempt) -> bool:
        """Say whether it had not come by an attempt's day."""
        on = self.baseline_on
        if rule is ConductRule.FACILITY_BASELINE_MISSING:
            if one.org_unit_id is None or one.org_unit_id not in self.looked_on:
                return rule in {each.rule for each in one.deviations}
            on = self.looked_on[one.org_unit_id]
        return on is None or on > one.on


class Course:
    """How a competency's validation went, and what each attempt at it departs from.

    Attributes:
        turns: every turn, in the order of the days.
        deviations: of every attempt, by its number.
        owing: the last attempt, if it failed and a coaching plan is to come before the next.
    """

    def __init__(
        self,
        attempts: Iterable[Attempt],
        revocations: Iterable[Revocation],
        *,
        competency: str,
        ground: Groundwork,
        seen: date,
    ) -> None:
        """Go through the facts by their days; those of one day stand as they were told.

        Args:
            attempts: those that stand.
            ground: what is to come before an assessment.
            seen: the latest day of which something is known: what had its last day before then
                has lapsed.
        """
        self.turns: list[Turn] = []
        self.deviations: dict[int, tuple[Deviation, ...]] = {}
        self.owing: Attempt | None = None
        self._competency = competency
        self._ground = ground
        self._held: Turn | None = None
        placed: list[tuple[date, int, int, Fact]] = [
            *((one.on, one.number, 0, one) for one in attempts),
            *((one.on, one.after, 1, one) for one in revocations),
        ]
        for day, _, _, fact in sorted(placed, key=lambda place: place[:3]):
            self._let_lapse(day)
            if isinstance(fact, Attempt):
                self._attempted(fact)
            else:
                self._end(Turned.REVOKED, day)
        self._let_lapse(seen)

    def _let_lapse(self, day: date) -> None:
        until = None if self._held is None else self._held.until
        if until is not None and until < day:
            self._end(Turned.LAPSED, until + timedelta(days=1))

    def _end(self, turned: Turned, on: date) -> None:
        if self._held is not None:
            self.turns.append(Turn(turned=turned, on=on))
            self._held = None

    def _attempted(self, one: Attempt) -> None:
        known = {each.rule: each for each in one.deviations}
        asked = {each.rule for each in one.asked}
        self.deviations[one.number] = (
            *(each for each in one.deviations if each.rule not in asked),
            *(
                known.get(each.rule, self._told(one, each))
                for each in one.asked
                if self._breaks(one, each.rule)
            ),
        )
        counts = all_count(self.deviations[one.number]) and not one.unsigned
        failed = one.reached is False and counts
        retest = failed and self._held is not None
        let_be = retest and one.failed_retest is FailedRetest.RECORDS
        self.owing = one if failed and not let_be else None
        if one.reached and counts:
            self._prove(one)
        elif retest and one.failed_retest is FailedRetest.SUSPENDS:
            self._end(Turned.SUSPENDED, one.on)

    def _breaks(self, one: Attempt, rule: ConductRule) -> bool:
        if rule is ConductRule.COACHING_PLAN_MISSING:
            return not self.is_coached_by(one.on)
        return self._ground.lacks(rule, one)

    def _told(self, one: Attempt, asked: Deviation) -> Deviation:
        """Return what comes late with the values of its sentence, as if it had come in order."""
        values: dict[str, str | int] = {"day": str(one.on)}
        if asked.rule is ConductRule.FACILITY_BASELINE_MISSING:
            values = {"facility": str(one.org_unit_id), **values}
        if asked.rule is ConductRule.COACHING_PLAN_MISSING and self.owing is not None:
            values = {"competency": self._competency, "attempt": self.owing.number}
        params = tuple(DeviationValue(name=name, value=value) for name, value in values.items())
        return replace(asked, params=params)

    def is_coached_by(self, day: date) -> bool:
        """Say whether what comes before the next attempt has happened by a day."""
        owing = self.owing
        return owing is None or (owing.coached_on is not None and owing.coached_on <= day)

    def _prove(self, by: Attempt) -> None:
        """Have an attempt give a validation, or renew it: no earlier last day comes of that."""
        held, until = self._held, by.until
        if held is not None and (held.until is None or (until is not None and until < held.until)):
            until = held.until
        since = by.on if held is None else held.since
        self._held = Turn(
            turned=Turned.PROVED,
            on=by.on,
            since=since,
            until=until,
            attempt=by.number,
            raw=by.raw,
            max=by.max,
        )
        self.turns.append(self._held)


def proved_by(turns: Iterable[Turn], day: date) -> Proof | None:
    """Return what held on a day, by all that is told of a validation.

    What was taken back holds for no day before either; what ended later held until then.
    """
    held: Proof | None = None
    for turn in turns:
        if turn.turned is Turned.REVOKED:
            held = None
        elif turn.on <= day:
            held = turn.added_to(held)
    return held if held is not None and held.holds(day) else None


def last_day(validated_on: date, rule: Validation) -> date | None:
    """Return the last day a validation holds: the one before the same day, `valid_months` later.

    Where that month is too short for such a day, its own last day stands for it.
    """
    if rule.valid_months is None:
        return None
    months = validated_on.month - 1 + rule.valid_months
    year, month = validated_on.year + months // 12, months % 12 + 1
    day = min(validated_on.day, monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)
