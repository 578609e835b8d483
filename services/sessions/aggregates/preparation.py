"""What must have been planned before a session, where the programme's gates ask for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.definition import Gate, Mode
from shared.contracts.definition.visits import SessionFormat
from shared.contracts.sessions.plan import PlanKind
from shared.domain.errors import Departure
from shared.domain.findings import Findings


class PlanNotSent(Departure):
    """The programme announces its visits."""

    code = "PLAN_NOT_SENT"
    template = "No plan that covers {held_on} was sent by then."
    remedy_template = (
        "Record the plan and that it was sent, with `planAgree` and `planSend`. If that was a "
        "moment ago, pass its position as `after`."
    )


class DevelopmentPlanMissing(Departure):
    """The programme meets one to one on the ground of the mentee's own development plan."""

    code = "DEVELOPMENT_PLAN_MISSING"
    template = "The mentee {person} had no development plan with {strengths} strengths by then."
    remedy_template = (
        "Record it with `planAgree`. If that was a moment ago, pass its position as `after`."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlan:
    """What a session must know of a plan of its mentorship."""

    kind: PlanKind
    health_worker_id: UUID | None
    starts: date
    ends: date
    strengths: int
    agreed_on: date
    sent_on: date | None
    growth: tuple[tuple[date, int], ...] = ()
    """How many strengths it named since which day, in the order in which it was amended."""

    def announces(self, day: date) -> bool:
        """Say whether it told, by that day, of what is done on it."""
        sent = self.sent_on is not None and self.sent_on <= day
        return sent and self.kind is not PlanKind.DEVELOPMENT and self.starts <= day <= self.ends

    def develops(self, mentee: UUID, day: date, strengths: int) -> bool:
        """Say whether it was that mentee's development plan by that day, complete enough."""
        theirs = self.kind is PlanKind.DEVELOPMENT and self.health_worker_id == mentee
        return theirs and self.agreed_on <= day and self._strengths_on(day) >= strengths

    def _strengths_on(self, day: date) -> int:
        grown = [strengths for since, strengths in self.growth if since <= day]
        return grown[-1] if grown else self.strengths


def asks_for_plans(agreement: Agreement) -> bool:
    """Say whether any session of the programme depends on plans."""
    return not {Gate.PLAN_SENT, Gate.DEVELOPMENT_PLAN}.isdisjoint(agreement.rules.gates)


def must_be_prepared(
    agreement: Agreement,
    plans: Collection[KnownPlan],
    held_on: date,
    mode: Mode,
    met: SessionFormat,
    mentees: Collection[UUID],
    findings: Findings,
) -> None:
    """Weigh a session by the programme's gates.

    PlanNotSent: it was in person, and no plan that was sent covers the day.
    DevelopmentPlanMissing: it was one to one, by then the one before which the mentee's development
        plan is due, and there is none that is complete.
    """
    rules = agreement.rules
    with findings.weighing():
        announced = mode is not Mode.IN_PERSON or any(plan.announces(held_on) for plan in plans)
        if Gate.PLAN_SENT in rules.gates and not announced:
            raise PlanNotSent(held_on=held_on)
    if Gate.DEVELOPMENT_PLAN in rules.gates and met is SessionFormat.INDIVIDUAL:
        asked = rules.development_plan
        strengths, due_before = (asked.strengths, asked.before_session) if asked else (0, 1)
        for person in mentees:
            if agreement.one_to_one.get(person, 0) + 1 < due_before:
                continue
            with findings.weighing():
                if not any(plan.develops(person, held_on, strengths) for plan in plans):
                    raise DevelopmentPlanMissing("present", person=person, strengths=strengths)
