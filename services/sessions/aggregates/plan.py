"""A plan: of a mentorship, a visit, or a mentee's own development; agreed on once, amended as it
grows, and sent once.
"""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.plan import (
    PlanAgree,
    PlanAgreed,
    PlanAmend,
    PlanAmended,
    PlanKind,
    PlanSent,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Conflict, Refusal


class PlanEndsBeforeStart(Refusal):
    """A plan is for one day at the least."""

    code = "PLAN_ENDS_BEFORE_START"
    template = "The plan would end on {ends}, before it starts on {starts}."
    remedy_template = "Give a last day on or after {starts}."


class PlanForThePast(Refusal):
    """A plan is agreed on before it is over."""

    code = "PLAN_FOR_THE_PAST"
    template = "The plan's last day, {ends}, was over when it was agreed on, on {agreed_on}."
    remedy_template = "Give the day it was agreed on as `occurredOn`, or a later last day."


class PlanOfWhom(Refusal):
    """A development plan is somebody's own."""

    code = "PLAN_OF_WHOM"
    template = "It is not said whose development plan it is."
    remedy_template = "Name the mentee in `healthWorkerId`."


class PlanOfNobody(Refusal):
    """The plan of a visit, or of a whole mentorship, is no one mentee's."""

    code = "PLAN_OF_NOBODY"
    template = "A plan of the kind {plan_kind} is no one mentee's own."
    remedy_template = "Leave `healthWorkerId` out, or record a DEVELOPMENT plan."


class StrengthsOfNobody(Refusal):
    """Strengths are a mentee's own."""

    code = "STRENGTHS_OF_NOBODY"
    template = "A plan of the kind {plan_kind} is no one mentee's own, and names no strengths."
    remedy_template = "Leave `strengths` out, or amend the mentee's DEVELOPMENT plan."


class AmendedBeforeAgreed(Refusal):
    """What was agreed on is amended after it."""

    code = "AMENDED_BEFORE_AGREED"
    template = "{amended_on} is before {last}, when the plan was last agreed on."
    remedy_template = "Give a day on or after {last}."


class PlanSentAlready(Conflict):
    """It is sent once."""

    code = "PLAN_SENT_ALREADY"
    template = "The plan was sent on {sent_on}."
    remedy_template = "Agree on another plan if this one no longer holds."


class SentBeforeAgreed(Refusal):
    """Only what is agreed on is sent."""

    code = "SENT_BEFORE_AGREED"
    template = "{sent_on} is before {agreed_on}, when both sides agreed on the plan."
    remedy_template = "Give a day on or after {agreed_on}."


class Plan(Aggregate):
    """What a mentorship, a visit, or a person's development is to bring."""

    kind = "plan"
    fold_version = 2

    mentorship_id: UUID
    plan_kind: PlanKind
    mentee: UUID | None
    agreed_on: date
    last_on: date
    """The day it was last agreed on: first, or as it was amended."""
    sent_on: date | None

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def agreed(cls, *, id: UUID, agreement: Agreement, asked: PlanAgree, on: date) -> "Plan":
        """Begin a plan that both sides agreed on.

        Raises:
            MentorshipOver, PlanEndsBeforeStart, PlanForThePast, PlanOfWhom, PlanOfNobody,
            NotItsMentee: as they say.
        """
        agreement.must_be_live()
        if asked.ends < asked.starts:
            raise PlanEndsBeforeStart("ends", ends=asked.ends, starts=asked.starts)
        if asked.ends < on:
            raise PlanForThePast("ends", ends=asked.ends, agreed_on=on)
        _must_be_somebodys(asked, agreement)
        return cls.begin(
            id,
            PlanAgreed(
                mentorship_id=agreement.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                plan_kind=asked.plan_kind,
                health_worker_id=asked.health_worker_id,
                starts=asked.starts,
                ends=asked.ends,
                objectives=asked.objectives,
                strengths=asked.strengths,
                named=len(asked.strengths),
                agreed_on=on,
            ),
        )

    @event(PlanAgreed)
    def _agreed(self, event: PlanAgreed) -> None:
        self.mentorship_id, self.agreed_on = event.mentorship_id, event.agreed_on
        self.plan_kind, self.mentee = event.plan_kind, event.health_worker_id
        self.last_on = event.agreed_on
        self.sent_on = None

    def amend(self, asked: PlanAmend, on: date) -> None:
        """Have it say something else from now on, as both sides agreed.

        Raises:
            PlanEndsBeforeStart, StrengthsOfNobody, AmendedBeforeAgreed: as they say.
        """
        if asked.ends < asked.starts:
            raise PlanEndsBeforeStart("ends", ends=asked.ends, starts=asked.starts)
        if asked.strengths and self.mentee is None:
            raise StrengthsOfNobody("strengths", plan_kind=self.plan_kind)
        if on < self.last_on:
            raise AmendedBeforeAgreed("occurredOn", amended_on=on, last=self.last_on)
        self.record(
            PlanAmended(
                health_worker_id=self.mentee,
                mentorship_id=self.mentorship_id,
                starts=asked.starts,
                ends=asked.ends,
                objectives=asked.objectives,
                strengths=asked.strengths,
                named=len(asked.strengths),
                amended_on=on,
            )
        )

    @event(PlanAmended)
    def _amended(self, event: PlanAmended) -> None:
        self.last_on = event.amended_on

    def send(self, sent_to: str, on: date) -> None:
        """Record that it was sent.

        Raises:
            PlanSentAlready, SentBeforeAgreed: as they say.
        """
        if self.sent_on is not None:
            raise PlanSentAlready("planId", sent_on=self.sent_on)
        if on < self.agreed_on:
            raise SentBeforeAgreed("occurredOn", sent_on=on, agreed_on=self.agreed_on)
        self.record(PlanSent(mentorship_id=self.mentorship_id, sent_to=sent_to, sent_on=on))

    @event(PlanSent)
    def _sent(self, event: PlanSent) -> None:
        self.sent_on = event.sent_on


def _must_be_somebodys(asked: PlanAgree, agreement: Agreement) -> None:
    """Refuse a development plan of nobody, and another plan of one mentee."""
    if asked.plan_kind is not PlanKind.DEVELOPMENT:
        if asked.health_worker_id is not None:
            raise PlanOfNobody("healthWorkerId", plan_kind=asked.plan_kind)
    elif asked.health_worker_id is None:
        raise PlanOfWhom("healthWorkerId")
    else:
        agreement.must_be_mentee(asked.health_worker_id, "healthWorkerId")
