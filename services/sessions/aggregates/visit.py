"""A visit: some days in a row on which mentors are at a unit; sessions are held in it."""

from datetime import date, timedelta
from uuid import UUID

from shared.contracts.sessions.visit import VisitCorrected, VisitMade
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal

LONGEST = timedelta(days=30)


class VisitEndsBeforeStart(Refusal):
    """A visit is of one day at the least."""

    code = "VISIT_ENDS_BEFORE_START"
    template = "The visit would end on {ends}, before it starts on {starts}."
    remedy_template = "Give a last day on or after {starts}."


class VisitTooLong(Refusal):
    """What takes longer is several visits."""

    code = "VISIT_TOO_LONG"
    template = "From {starts} to {ends} there are more than {most} days."
    remedy_template = "Log a visit for each time that they came."


class VisitToCome(Refusal):
    """What is logged has begun."""

    code = "VISIT_TO_COME"
    template = "The visit starts on {starts}; it is {day}."
    remedy_template = "Log it once it has begun; plan its sessions with `sessionPlan`."


class OutsideVisit(Refusal):
    """A visit's sessions are held on its days."""

    code = "OUTSIDE_VISIT"
    template = "The visit was from {starts} to {ends}; the session was held on {held_on}."
    remedy_template = "Name the visit of that day, or none; or correct its days."


class VisitOfAnotherProgramme(Refusal):
    """A visit's sessions are of its programme."""

    code = "VISIT_OF_ANOTHER_PROGRAMME"
    template = "The visit is one of the programme {programme}."
    remedy_template = "Name a visit of the mentorship's own programme, or none."


class Visit(Aggregate):
    """One visit, with its days."""

    kind = "visit"
    fold_version = 2

    programme: str
    org_unit_id: UUID
    starts: date
    ends: date
    logged_by: UUID | None

    @event(VisitMade)
    def _made(self, event: VisitMade) -> None:
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.starts, self.ends = event.starts, event.ends
        self.logged_by = event.logged_by

    @classmethod
    def made(cls, *, id: UUID, told: VisitMade, on: date) -> "Visit":
        """Begin a visit that has begun by a day.

        Raises:
            VisitEndsBeforeStart, VisitTooLong, VisitToCome: as they say.
        """
        _must_be_days(told.starts, told.ends, on)
        return cls.begin(id, told)

    def correct(self, starts: date, ends: date, on: date) -> None:
        """Say on which days it was after all.

        Raises:
            VisitEndsBeforeStart, VisitTooLong, VisitToCome: as they say.
        """
        _must_be_days(starts, ends, on)
        self.record(VisitCorrected(starts=starts, ends=ends))

    @event(VisitCorrected)
    def _corrected(self, event: VisitCorrected) -> None:
        self.starts, self.ends = event.starts, event.ends

    def must_hold(self, held_on: date, programme: str) -> None:
        """Refuse a session that cannot be one of its own.

        Raises:
            OutsideVisit, VisitOfAnotherProgramme: as they say.
        """
        if programme != self.programme:
            raise VisitOfAnotherProgramme("visitId", programme=self.programme)
        if not self.starts <= held_on <= self.ends:
            raise OutsideVisit("visitId", starts=self.starts, ends=self.ends, held_on=held_on)


def _must_be_days(starts: date, ends: date, on: date) -> None:
    if ends < starts:
        raise VisitEndsBeforeStart("ends", ends=ends, starts=starts)
    if ends - starts >= LONGEST:
        raise VisitTooLong("ends", starts=starts, ends=ends, most=LONGEST.days)
    if starts > on:
        raise VisitToCome("starts", starts=starts, day=on)
