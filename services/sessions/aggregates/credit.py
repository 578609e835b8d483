"""For whom of those present a session counts, and for how long."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.same_day import (
    DayTooLong,
    Encounter,
    Meant,
    minutes_at_once,
    minutes_of_the_day,
)
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviation
from shared.domain.errors import Departure
from shared.domain.findings import Findings


class MenteeHadLeft(Departure):
    """They had withdrawn, or come to the end, before."""

    code = "MENTEE_HAD_LEFT"
    template = "The mentee {person} was not enrolled any more on {day}."
    remedy_template = "Check the day, and who was there; it counts for the others."


class MentorWasSuspended(Departure):
    """They may not mentor until they are reinstated."""

    code = "MENTOR_WAS_SUSPENDED"
    template = "The mentor {person} was suspended on {day}."
    remedy_template = "Check the day, and who was there; it counts for the others."


class Credited:
    """What was found of each of those present.

    What departs from a rule counts for less, unless the programme's version lets it count: that is
    known once everything has been weighed.
    """

    def __init__(self, findings: Findings) -> None:
        """Weigh into these findings."""
        self._findings = findings
        self._cuts: dict[ConductRule, dict[UUID, int]] = {}
        self._once: dict[UUID, int] = {}

    def count_once(
        self, meant: Meant, minutes: Mapping[UUID, int], others: Collection[Encounter]
    ) -> None:
        """Count once what somebody spends in several sessions of one visit at a time.

        That departs from nothing.
        """
        for person, theirs in minutes.items():
            shared = minutes_at_once(person, meant, others)
            if shared:
                self._once[person] = max(theirs - shared, 0)

    def weigh_standing(self, agreement: Agreement, people: Collection[UUID], day: date) -> None:
        """Weigh who is there although their enrolment had ended, or they were suspended."""
        for person in people:
            with self._findings.weighing():
                if person in agreement.ended:
                    self._cut(ConductRule.MENTEE_HAD_LEFT, person, 0)
                    raise MenteeHadLeft("present", person=agreement.name(person), day=day)
            with self._findings.weighing():
                if person in agreement.suspended:
                    self._cut(ConductRule.MENTOR_WAS_SUSPENDED, person, 0)
                    raise MentorWasSuspended("present", person=agreement.name(person), day=day)

    def weigh_day(
        self,
        agreement: Agreement,
        minutes: Mapping[UUID, int],
        day: date,
        others: Collection[Encounter],
    ) -> None:
        """Weigh how much of each one's day counts already."""
        most = agreement.rules.minutes.per_day
        if most is None:
            return
        for person, there in minutes.items():
            theirs = self._once.get(person, there)
            before = minutes_of_the_day(person, others)
            with self._findings.weighing():
                if before + theirs > most:
                    self._cut(ConductRule.DAY_TOO_LONG, person, max(most - before, 0))
                    raise DayTooLong(
                        "minutes",
                        person=agreement.name(person),
                        minutes=before + theirs,
                        day=day,
                        most=most,
                    )

    def less(self, deviations: Collection[Deviation]) -> dict[UUID, int]:
        """Return for whom it counts for less than they were there, and for how long."""
        credit: dict[UUID, int] = dict(self._once)
        for people in self._uncounted(deviations).values():
            for person, minutes in people.items():
                credit[person] = min(minutes, credit.get(person, minutes))
        return credit

    def without(self, people: Collection[UUID], deviations: Collection[Deviation]) -> list[UUID]:
        """Return those of them for whom it counts at all."""
        uncounted = self._uncounted(deviations)
        out = {
            person
            for rule in (ConductRule.MENTEE_HAD_LEFT, ConductRule.MENTOR_WAS_SUSPENDED)
            for person in uncounted.get(rule, ())
        }
        return [person for person in people if person not in out]

    def _cut(self, rule: ConductRule, person: UUID, minutes: int) -> None:
        self._cuts.setdefault(rule, {})[person] = minutes

    def _uncounted(self, deviations: Collection[Deviation]) -> dict[ConductRule, dict[UUID, int]]:
        judged = {each.rule for each in deviations if not each.counts}
        return {rule: people for rule, people in self._cuts.items() if rule in judged}
