"""A cohort: who starts together keeps the rules they started under."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from services.registry.aggregates.mentorship_rules import DayOutOfOrder
from services.registry.aggregates.pauses import AlreadyPaused, NotPaused
from shared.contracts.definition import Gate
from shared.contracts.registry.cohort import (
    CohortApproved,
    CohortClosed,
    CohortExtended,
    CohortMatched,
    CohortMoved,
    CohortOpened,
    CohortPaused,
    CohortResumed,
    CohortStarted,
)
from shared.contracts.registry.pause import PauseCause
from shared.domain import Aggregate, event
from shared.domain.errors import Departure, Refusal


class EndsBeforeStart(Refusal):
    """The period is the wrong way round."""

    code = "ENDS_BEFORE_START"
    template = "The cohort would end on {ends}, before it starts on {starts}."
    remedy_template = "Give an end on or after the start."


class OutsideCohort(Departure):
    """The day lies outside the cohort's period."""

    code = "OUTSIDE_COHORT"
    template = "{day} lies outside the cohort, which runs from {starts} to {ends}."
    remedy_template = (
        "Choose the cohort of that day, or a day within it; or extend it with `cohortExtend`."
    )


class OutsideCohortUnit(Departure):
    """A cohort is for who works at its unit, or at one below it, or in its group."""

    code = "OUTSIDE_COHORT_UNIT"
    template = "They work neither at the cohort's unit, nor below it, nor in its group."
    remedy_template = "Choose the cohort of the place where they work."


class NotExtended(Refusal):
    """What is extended ends later than before."""

    code = "COHORT_NOT_EXTENDED"
    template = "The cohort ends on {ends}; {asked} is no later."
    remedy_template = "Give a day after {ends}."


class AlreadyApproved(Refusal):
    """The leadership agrees once."""

    code = "COHORT_ALREADY_APPROVED"
    template = "The leadership agreed on {approved}."
    remedy_template = "Nothing is left to do."


class ApprovalMissing(Refusal):
    """The programme asks for the leadership's approval before a cohort starts."""

    code = "APPROVAL_MISSING"
    template = "The leadership had not agreed by {day} that the cohort may begin."
    remedy_template = "Record the approval first, with the day it was given."


class AlreadyStarted(Refusal):
    """A cohort starts once."""

    code = "COHORT_ALREADY_STARTED"
    template = "The cohort started on {started}."
    remedy_template = "Nothing is left to do."


class NotStarted(Refusal):
    """Nobody is put into a mentorship before the cohort starts."""

    code = "COHORT_NOT_STARTED"
    template = "The cohort has not started yet."
    remedy_template = "Start the cohort, once its gates are passed."


class CohortOver(Refusal):
    """Nothing new happens in a cohort that was closed."""

    code = "COHORT_CLOSED"
    template = "The cohort was closed on {closed}."
    remedy_template = "Open another cohort, or name one that goes on."


class StillActive(Refusal):
    """A cohort is closed when everybody in it has come to an end."""

    code = "COHORT_STILL_ACTIVE"
    template = "Somebody is active in the cohort still, by the enrolment {enrolment}."
    remedy_template = "Complete or withdraw its enrolments first."


class ClosedBeforeStart(Refusal):
    """A cohort is closed after what happened in it."""

    code = "COHORT_CLOSED_BEFORE_START"
    template = "{day} is before {last}, when the cohort began."
    remedy_template = "Give a day on or after {last}."


class CohortThere(Refusal):
    """A cohort moves to another unit."""

    code = "COHORT_THERE"
    template = "It is of that unit already."
    remedy_template = "Nothing is left to do."


class Cohort(Aggregate):
    """A period of a programme version over an org unit, that mentees enrol in."""

    kind = "cohort"
    fold_version = 3

    programme_version_id: UUID
    programme: str
    org_unit_id: UUID
    there_since: date | None
    group_id: UUID | None
    starts: date
    ends: date
    approved: date | None
    started: date | None
    closed: date | None
    matched: list[UUID]
    paused: date | None
    resumed: date | None

    @event(CohortOpened)
    def _opened(self, event: CohortOpened) -> None:
        self.programme_version_id, self.programme = event.programme_version_id, event.programme
        self.org_unit_id, self.group_id = event.org_unit_id, event.group_id
        self.starts, self.ends = event.starts, event.ends
        self.approved = self.started = self.closed = self.there_since = None
        self.matched = []
        self.paused = self.resumed = None

    @staticmethod
    def must_be_a_period(starts: date, ends: date) -> None:
        """Raise EndsBeforeStart unless the days are in order."""
        if ends < starts:
            raise EndsBeforeStart("ends", starts=starts, ends=ends)

    def must_include(self, day: date) -> None:
        """Raise OutsideCohort unless the cohort runs on that day."""
        if not self.starts <= day <= self.ends:
            raise OutsideCohort("occurredOn", day=day, starts=self.starts, ends=self.ends)

    def must_go_on(self) -> None:
        """Raise CohortOver once it is closed: nobody is enrolled in it any more."""
        if self.closed is not None:
            raise CohortOver("cohortId", closed=self.closed)

    def must_be_started(self, day: date) -> None:
        """Raise CohortOver or NotStarted unless mentorships could be put together in it by then."""
        if self.closed is not None and day >= self.closed:
            raise CohortOver("cohortId", closed=self.closed)
        if self.started is None:
            raise NotStarted("cohortId")

    def approve(self, approved_by: str, on: date) -> None:
        """Record that the leadership agreed on a day.

        Raises:
            CohortOver, AlreadyStarted, AlreadyApproved: it comes too late, or twice.
        """
        self.must_go_on()
        if self.started is not None:
            raise AlreadyStarted("cohortId", started=self.started)
        if self.approved is not None:
            raise AlreadyApproved("cohortId", approved=self.approved)
        self.record(CohortApproved(approved_by=approved_by, approved_on=on))

    @event(CohortApproved)
    def _approved(self, event: CohortApproved) -> None:
        self.approved = event.approved_on

    def start(self, gates: Collection[Gate], on: date) -> None:
        """Let mentorships be put together from a day on.

        Raises:
            CohortOver, AlreadyStarted: it was closed, or started before.
            OutsideCohort: the day is none of the cohort's.
            ApprovalMissing: `gates` ask for the leadership's approval, and it was not there.
        """
        self.must_go_on()
        if self.started is not None:
            raise AlreadyStarted("cohortId", started=self.started)
        self.must_include(on)
        if Gate.LEADERSHIP_APPROVAL in gates and (self.approved is None or on < self.approved):
            raise ApprovalMissing("cohortId", day=on)
        self.record(CohortStarted(started_on=on))

    @event(CohortStarted)
    def _started(self, event: CohortStarted) -> None:
        self.started = event.started_on

    @event(CohortMatched)
    def _matched(self, event: CohortMatched) -> None:
        self.matched = list(event.mentorships)

    def extend(self, ends: date) -> None:
        """Let it end later.

        Raises:
            CohortOver, NotExtended: as they say.
        """
        self.must_go_on()
        if ends <= self.ends:
            raise NotExtended("ends", ends=self.ends, asked=ends)
        self.record(CohortExtended(ends=ends))

    @event(CohortExtended)
    def _extended(self, event: CohortExtended) -> None:
        self.ends = event.ends

    def take_to(self, unit: UUID, since: date) -> None:
        """Be of another unit since a day.

        Raises:
            CohortOver, CohortThere, DayOutOfOrder: as they say.
        """
        self.must_go_on()
        if unit == self.org_unit_id:
            raise CohortThere("orgUnitId")
        self._must_follow(self.there_since, since)
        self.record(CohortMoved(org_unit_id=unit, since=since))

    @event(CohortMoved)
    def _taken_to(self, event: CohortMoved) -> None:
        self.org_unit_id, self.there_since = event.org_unit_id, event.since

    def pause(self, since: date, cause: PauseCause) -> None:
        """Let all of its mentorships pause from a day on.

        Raises:
            CohortOver, AlreadyPaused, DayOutOfOrder: as they say.
        """
        self.must_go_on()
        if self.paused is not None:
            raise AlreadyPaused("cohortId", since=self.paused)
        self._must_follow(self.resumed, since)
        self.record(CohortPaused(since=since, cause=cause))

    @event(CohortPaused)
    def _paused(self, event: CohortPaused) -> None:
        self.paused = event.since

    def resume(self, since: date) -> None:
        """Let them go on from a day on.

        Raises:
            CohortOver, NotPaused, DayOutOfOrder: as they say.
        """
        self.must_go_on()
        if self.paused is None:
            raise NotPaused("cohortId")
        self._must_follow(self.paused, since)
        self.record(CohortResumed(paused=self.paused, since=since))

    @event(CohortResumed)
    def _resumed(self, event: CohortResumed) -> None:
        self.paused, self.resumed = None, event.since

    @staticmethod
    def _must_follow(last: date | None, day: date) -> None:
        if last is not None and day < last:
            raise DayOutOfOrder("occurredOn", day=day, last=last)

    def close(self, active: UUID | None, on: date) -> None:
        """End it on a day; `active` is an enrolment that goes on in it, if there is one.

        Raises:
            CohortOver: it was closed before.
            StillActive: somebody is active in it.
            ClosedBeforeStart: it began later than that.
        """
        self.must_go_on()
        last = self.started or self.starts
        if on < last:
            raise ClosedBeforeStart("occurredOn", day=on, last=last)
        if active is not None:
            raise StillActive("cohortId", enrolment=active)
        self.record(CohortClosed(closed_on=on))

    @event(CohortClosed)
    def _closed(self, event: CohortClosed) -> None:
        self.closed = event.closed_on
