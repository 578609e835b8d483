"""A cohort: who starts together keeps the rules they started under."""

from datetime import date
from uuid import UUID

from shared.contracts.registry.cohort import CohortOpened
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class EndsBeforeStart(Refusal):
    """The period is the wrong way round."""

    code = "ENDS_BEFORE_START"
    template = "The cohort would end on {ends}, before it starts on {starts}."
    remedy_template = "Give an end on or after the start."


class OutsideCohort(Refusal):
    """The day lies outside the cohort's period."""

    code = "OUTSIDE_COHORT"
    template = "{day} lies outside the cohort, which runs from {starts} to {ends}."
    remedy_template = "Choose the cohort of that day, or a day within it."


class Cohort(Aggregate):
    """A period of a programme version over an org unit, that mentees enrol in."""

    kind = "cohort"

    programme_version_id: UUID
    starts: date
    ends: date

    @event(CohortOpened)
    def _opened(self, event: CohortOpened) -> None:
        self.programme_version_id = event.programme_version_id
        self.starts, self.ends = event.starts, event.ends

    @staticmethod
    def must_be_a_period(starts: date, ends: date) -> None:
        """Raise EndsBeforeStart unless the days are in order."""
        if ends < starts:
            raise EndsBeforeStart("ends", starts=starts, ends=ends)

    def must_include(self, day: date) -> None:
        """Raise OutsideCohort unless the cohort runs on that day."""
        if not self.starts <= day <= self.ends:
            raise OutsideCohort("occurredOn", day=day, starts=self.starts, ends=self.ends)
