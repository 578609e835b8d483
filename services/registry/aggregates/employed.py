"""Employment: how somebody stands to the service since when, and what was done about it."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from services.registry.aggregates.dated_line import (
    DatedTwice,
    Line,
    SameAsBefore,
    no_longer_begun,
)
from shared.contracts.registry.employment import (
    Employment,
    EmploymentSince,
    HealthWorkerEmploymentFollowed,
    HealthWorkerEmploymentTold,
    Outcome,
    line_of,
)
from shared.domain import Aggregate, event
from shared.domain.careers import carried_with
from shared.domain.errors import Refusal

AFTER_LEAVING = frozenset({Employment.ACTIVE, Employment.DECEASED, Employment.STRUCK_OFF})
"""What can still be told of somebody who left: whoever is gone goes on no leave."""


class NotInService(Refusal):
    """Whoever is not in service takes up nothing new."""

    code = "NOT_IN_SERVICE"
    template = "They are not in service on {day}: {employment} since {since}."
    remedy_template = (
        "Record `healthWorkerReturn`, if they are back; or correct their employment with "
        "`healthWorkerCorrectEmployment`."
    )


class EmploymentOrder(Refusal):
    """What is told of somebody's employment follows what was before it."""

    code = "EMPLOYMENT_ORDER"
    template = "{employment} on {since} cannot follow {before}."
    remedy_template = (
        "Record what lies between the two first, or say the whole line anew with "
        "`healthWorkerCorrectEmployment`."
    )


class ReturnBeforeLeave(Refusal):
    """Who goes on leave is expected back after it began; who does not, is not expected back."""

    code = "RETURN_BEFORE_LEAVE"
    template = "They would be expected back on {expected}, and {employment} begins on {since}."
    remedy_template = "Give a day after {since}, for a leave alone; or none."


class Employed(Aggregate):
    """A health worker's employment: in service, unless something else was told.

    Attributes:
        employment: every change, in order; none: in service all along.
        carried: what was done of it in programmes, and is not undone.
    """

    employment: list[EmploymentSince]
    carried: list[Outcome]

    def must_be_in_service(self, day: date, field: str) -> None:
        """Raise NotInService if they had left the service by a day; whoever is on leave had not."""
        known = [one for one in self.employment if one.since <= day]
        if known and known[-1].employment.gone:
            last = known[-1]
            raise NotInService(field, day=day, employment=last.employment, since=last.since)

    def change_employment(self, one: EmploymentSince) -> None:
        """Say how they stand to the service since a day, or, late, how they stood.

        Raises:
            DatedTwice, EmploymentOrder, ReturnBeforeLeave: as they say.
        """
        self._tell_employment([*self.employment, one], field="occurredOn")

    def correct_employment(self, told: Sequence[EmploymentSince]) -> None:
        """Say anew how they stood to the service since when; none: in service all along.

        Raises:
            SameAsBefore, DatedTwice, EmploymentOrder, ReturnBeforeLeave: as they say.
        """
        if _in_order(told) == self.employment:
            raise SameAsBefore("employment")
        self._tell_employment(told, field="employment")

    def _tell_employment(self, told: Sequence[EmploymentSince], *, field: str) -> None:
        line = _in_order(told)
        _must_follow(line_of(line), field)
        for one in line:
            _must_be_expected_later(one)
        self.record(
            HealthWorkerEmploymentTold(
                health_worker_id=self.id,
                employment=tuple(line),
                removed=no_longer_begun(line_of(self.employment), line_of(line)),
            )
        )

    @event(HealthWorkerEmploymentTold)
    def _employment_told(self, event: HealthWorkerEmploymentTold) -> None:
        self.employment = list(event.employment)

    def follow(self, outcomes: Sequence[Outcome]) -> None:
        """Record what was done of it in programmes."""
        self.record(
            HealthWorkerEmploymentFollowed(health_worker_id=self.id, outcomes=tuple(outcomes))
        )

    @event(HealthWorkerEmploymentFollowed)
    def _employment_followed(self, event: HealthWorkerEmploymentFollowed) -> None:
        self.carried = carried_with(self.carried, event.outcomes)


def _in_order(told: Sequence[EmploymentSince]) -> list[EmploymentSince]:
    return sorted(told, key=lambda one: one.since)


def _must_follow(line: Line[Employment], field: str) -> None:
    """Refuse a line whose states cannot follow each other: before the first, they are in service.

    Raises:
        DatedTwice, EmploymentOrder: as they say.
    """
    before = [(date.min, Employment.ACTIVE), *line]
    for (begun, state), (since, following) in pairwise(before):
        if begun == since:
            raise DatedTwice(field, since=since)
        late = state.gone and following not in AFTER_LEAVING
        if state is following or state is Employment.DECEASED or late:
            raise EmploymentOrder(field, employment=following, since=since, before=state)


def _must_be_expected_later(one: EmploymentSince) -> None:
    expected = one.expected_return
    leave = one.employment is Employment.ON_LEAVE
    if expected is not None and (expected <= one.since or not leave):
        raise ReturnBeforeLeave(
            "expectedReturn", expected=expected, employment=one.employment, since=one.since
        )
