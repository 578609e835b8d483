"""The mentee that something is proved of: their enrolment, as it stood on the day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.validation.aggregates.refusals import BaselineMissing, FacilityBaselineMissing
from shared.contracts.definition import CascadeStep, Conduct, Gate, Validation
from shared.contracts.definition.assessment import End
from shared.contracts.definition.conduct import Judgement
from shared.domain.errors import Refusal

STRICT = Conduct(otherwise=Judgement.REFUSE)
"""Every departure is refused: where nobody says otherwise."""


class BeforeEnrolment(Refusal):
    """What is recorded lies before the mentee was enrolled."""

    code = "ASSESSED_BEFORE_ENROLMENT"
    template = "{day} is before {enrolled_on}, when the mentee was enrolled."
    remedy_template = "Give a day on or after {enrolled_on}."


class EnrolmentOver(Refusal):
    """Who has left is assessed no more; what happened before they left may still arrive."""

    code = "ENROLMENT_OVER"
    template = "The enrolment had ended by {day}: the mentee withdrew, or it was set aside."
    remedy_template = "Use the person's active enrolment, or enrol them anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee:
    """What a record must know of the enrolment it is kept for, and of the rules it runs under.

    Attributes:
        withdrawn_on: they have left since that day.
        set_aside: the enrolment rests, since another one of the same person goes on.
        goes_on_in: that one; None: it does not rest, or it was not kept in which.
        rule: how a competency is validated; None: this programme only looks.
        facility_baseline_on: when their facility was first looked at; None: never, or the
            programme does not ask.
        conduct: what becomes of what departs from the programme's rules.
    """

    enrolment_id: UUID
    health_worker_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    org_unit_id: UUID
    enrolled_on: date
    completed_on: date | None = None
    withdrawn_on: date | None = None
    set_aside: bool = False
    goes_on_in: UUID | None = None
    gates: tuple[Gate, ...] = ()
    rule: Validation | None = None
    cascade: tuple[CascadeStep, ...] = ()
    end: End | None = None
    facility_baseline_on: date | None = None
    conduct: Conduct = STRICT

    def circumstances(self) -> dict[str, Any]:
        """Return the fields that every event about the mentee begins with."""
        return {
            "health_worker_id": self.health_worker_id,
            "enrolment_id": self.enrolment_id,
            "programme_version_id": self.programme_version_id,
            "programme": self.programme,
            "area": self.area,
            "org_unit_id": self.org_unit_id,
        }

    def ends_with(self, validated: int, competencies: int) -> bool:
        """Say whether the end rule counts validations, and so many are as many as it asks."""
        asked = None if self.end is None else self.end.validated
        return asked is not None and validated >= (competencies if asked == "all" else asked)

    def must_be_enrolled(self, day: date) -> None:
        """Refuse a day on which nothing is recorded of them; who has completed is still assessed.

        Raises:
            BeforeEnrolment, EnrolmentOver: as they say.
        """
        if day < self.enrolled_on:
            raise BeforeEnrolment("occurredOn", day=day, enrolled_on=self.enrolled_on)
        left = self.withdrawn_on is not None and day >= self.withdrawn_on
        if left or self.set_aside:
            raise EnrolmentOver("enrolmentId", day=day)

    def must_have_taken_the_pre_test(self, baseline_on: date | None, day: date) -> None:
        """Raise BaselineMissing for a day before the pre-test; None: it was never taken."""
        if baseline_on is None or baseline_on > day:
            raise BaselineMissing("enrolmentId", day=day)

    def must_work_where_was_looked(self, day: date) -> None:
        """Raise FacilityBaselineMissing for a day before their facility's baseline, where there is
        to be one.
        """
        looked_on = self.facility_baseline_on
        if Gate.FACILITY_BASELINE in self.gates and (looked_on is None or looked_on > day):
            raise FacilityBaselineMissing("enrolmentId", facility=self.org_unit_id, day=day)
