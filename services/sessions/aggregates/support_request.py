"""A support request: a mentee asks, a mentor answers, either says more; how long it took stays on
record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledged,
    SupportRequestAnswered,
    SupportRequestClosed,
    SupportRequestEscalated,
    SupportRequestFollowedUp,
    SupportRequestRaised,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class WhichArea(Refusal):
    """A request is about one of the areas its mentee is mentored in here."""

    code = "WHICH_AREA"
    template = "The mentee is mentored in {areas} here; the request says {area}."
    remedy_template = "Give as `area` one of these: {areas}."


class RequestTimeOrder(Refusal):
    """What is done about a request follows what was done before."""

    code = "REQUEST_TIME_ORDER"
    template = "{at} is before {last}, the last time something was done about the request."
    remedy_template = "Give an instant from {last} on."


class AlreadyAcknowledged(Refusal):
    """A request is seen for the first time once."""

    code = "ALREADY_ACKNOWLEDGED"
    template = "The request was acknowledged at {acknowledged_at}."
    remedy_template = "Answer it with `supportRequestAnswer`."


class AlreadyAnswered(Refusal):
    """What was answered was seen."""

    code = "ALREADY_ANSWERED"
    template = "The request was answered at {answered_at}."
    remedy_template = "Add to the answer with `supportRequestFollowUp`, or close it."


class AlreadyEscalatedThere(Refusal):
    """It lies with that unit already."""

    code = "ALREADY_ESCALATED_THERE"
    template = "The request was passed on to the unit {unit} before."
    remedy_template = "Pass it on to a unit above that one, or wait for its answer."


class RequestClosed(Refusal):
    """Nothing follows the end of a request."""

    code = "REQUEST_CLOSED"
    template = "The request was closed at {closed_at}."
    remedy_template = "Raise another for what is still open."


class InConfidence(Refusal):
    """In what is between the two, nobody speaks or acts for another."""

    code = "IN_CONFIDENCE"
    template = "The request is private, and the sender is none of those whose word it takes here."
    remedy_template = (
        "Let the mentee, or the mentor who answers, send it with their own account. To pass it on "
        "to others is the mentee's alone."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where an answer was given: the session of it, and the competency practised for it."""

    session_id: UUID | None = None
    competency: str | None = None


NOWHERE = Ground()


class SupportRequest(Aggregate):
    """One question of a mentee, until it is closed.

    It is raised, and stays open whatever happens, until it is closed:
    acknowledged at most once, answered for the first time once, escalated once to each unit above.
    What is private is between its mentee and the mentors, until the mentee passes it on.
    """

    kind = "support_request"
    fold_version = 2

    mentorship_id: UUID
    mentee: UUID
    private: bool
    programme: str
    org_unit_id: UUID
    raised_at: datetime
    last_at: datetime
    acknowledged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    escalated_to: list[UUID]

    @event(SupportRequestRaised)
    def _raised(self, event: SupportRequestRaised) -> None:
        self.mentorship_id, self.mentee = event.mentorship_id, event.health_worker_id
        self.private = event.private
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.raised_at = self.last_at = event.raised_at
        self.acknowledged_at = self.answered_at = self.closed_at = None
        self.escalated_to = []

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def raised(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        mentee: UUID,
        area: str | None,
        topic: str,
        question: str,
        at: datetime,
        said_at: datetime | None = None,
        private: bool = False,
    ) -> "SupportRequest":
        """Begin a request of one of the mentorship's mentees, in the area they are mentored in.

        A call for help is taken in every phase, and in every programme.

        Args:
            said_at: what the phone called `at`, where its clock was ahead; here as below.

        Raises:
            MentorshipOver, NotItsMentee, WhichArea: as they say.
        """
        agreement.must_be_live()
        agreement.must_be_mentee(mentee, "healthWorkerId")
        rules = agreement.rules
        return cls.begin(
            id,
            SupportRequestRaised(
                mentorship_id=agreement.mentorship_id,
                health_worker_id=mentee,
                programme=rules.programme,
                org_unit_id=agreement.org_unit_id,
                area=_area_of(agreement.areas[mentee], area),
                phase=agreement.phase,
                about=topic,
                question=question,
                raised_at=at,
                said_at=said_at,
                private=private,
                acknowledge_hours=rules.support.acknowledge_hours if rules.support else None,
                answer_hours=rules.support.answer_hours if rules.support else None,
            ),
        )

    def acknowledge(
        self, agreement: Agreement, mentor: UUID, at: datetime, said_at: datetime | None = None
    ) -> None:
        """Record that a mentor has seen it.

        Raises:
            NotItsMentor, RequestClosed, RequestTimeOrder, AlreadyAnswered, AlreadyAcknowledged:
                as they say.
        """
        agreement.must_be_mentor(mentor, "healthWorkerId")
        self._must_be_open()
        self._must_not_be_answered()
        if self.acknowledged_at is not None:
            raise AlreadyAcknowledged("supportRequestId", acknowledged_at=self.acknowledged_at)
        self._must_follow(at)
        self._acknowledge(mentor, at, said_at)

    def answer(
        self,
        agreement: Agreement,
        mentor: UUID,
        answer: str,
        at: datetime,
        said_at: datetime | None = None,
        ground: Ground = NOWHERE,
    ) -> None:
        """Record a mentor's answer: the first, by which a request is seen too, or more of it.

        Raises:
            NotItsMentor, RequestClosed, RequestTimeOrder: as they say.
        """
        agreement.must_be_mentor(mentor, "healthWorkerId")
        self.follow_up(agreement, mentor, answer, at, said_at, ground)

    def follow_up(
        self,
        agreement: Agreement,
        person: UUID,
        text: str,
        at: datetime,
        said_at: datetime | None = None,
        ground: Ground = NOWHERE,
    ) -> None:
        """Record what either side says more; the first word of a mentor is the answer.

        Raises:
            NotOfThisMentorship, RequestClosed, RequestTimeOrder: as they say.
        """
        agreement.must_be_party(person, "healthWorkerId")
        self._must_be_open()
        self._must_follow(at)
        side = agreement.side(person)
        if side is Side.MENTOR and self.answered_at is None:
            self._answer(person, text, at, said_at, ground)
            return
        self.record(
            SupportRequestFollowedUp(
                health_worker_id=person,
                side=side,
                mentorship_id=self.mentorship_id,
                programme=self.programme,
                org_unit_id=self.org_unit_id,
                private=self.private,
                text=text,
                followed_up_at=at,
                said_at=said_at,
                session_id=ground.session_id,
                competency=ground.competency,
            )
        )

    def _answer(
        self, mentor: UUID, answer: str, at: datetime, said_at: datetime | None, ground: Ground
    ) -> None:
        if self.acknowledged_at is None:
            self._acknowledge(mentor, at, said_at)
        self.record(
            SupportRequestAnswered(
                health_worker_id=mentor,
                private=self.private,
                answer=answer,
                answered_at=at,
                after=self._seconds(at),
                said_at=said_at,
                session_id=ground.session_id,
                competency=ground.competency,
            )
        )

    def escalate(self, to_org_unit_id: UUID, at: datetime, said_at: datetime | None = None) -> None:
        """Pass it on to a unit above; what was private is so no more.

        Raises:
            RequestClosed, RequestTimeOrder, AlreadyEscalatedThere: as they say.
        """
        self._must_be_open()
        if to_org_unit_id in self.escalated_to:
            raise AlreadyEscalatedThere("toOrgUnitId", unit=to_org_unit_id)
        self._must_follow(at)
        self.record(
            SupportRequestEscalated(
                private=self.private,
                to_org_unit_id=to_org_unit_id,
                escalated_at=at,
                said_at=said_at,
            )
        )

    def close(self, at: datetime, said_at: datetime | None = None) -> None:
        """End it, answered or not.

        Raises:
            RequestClosed, RequestTimeOrder: as they say.
        """
        self._must_be_open()
        self._must_follow(at)
        answered = self.answered_at is not None
        self.record(
            SupportRequestClosed(
                private=self.private, closed_at=at, answered=answered, said_at=said_at
            )
        )

    def _acknowledge(self, mentor: UUID, at: datetime, said_at: datetime | None) -> None:
        self.record(
            SupportRequestAcknowledged(
                health_worker_id=mentor,
                private=self.private,
                acknowledged_at=at,
                after=self._seconds(at),
                said_at=said_at,
            )
        )

    def must_be_of(self, senders: Collection[UUID], allowed: Collection[UUID]) -> None:
        """Refuse whoever sends, of what is private, a word or an act that is not their own.

        Args:
            senders: the health workers that the sender is.
            allowed: those whose word it is.

        Raises:
            InConfidence: as it says.
        """
        if self.private and not set(allowed) & set(senders):
            raise InConfidence("supportRequestId")

    def _seconds(self, at: datetime) -> int:
        return int((at - self.raised_at).total_seconds())

    def _must_be_open(self) -> None:
        if self.closed_at is not None:
            raise RequestClosed("supportRequestId", closed_at=self.closed_at)

    def _must_not_be_answered(self) -> None:
        if self.answered_at is not None:
            raise AlreadyAnswered("supportRequestId", answered_at=self.answered_at)

    def _must_follow(self, at: datetime) -> None:
        if at < self.last_at:
            raise RequestTimeOrder("at", at=at, last=self.last_at)

    @event(SupportRequestAcknowledged)
    def _acknowledged(self, event: SupportRequestAcknowledged) -> None:
        self.acknowledged_at = self.last_at = event.acknowledged_at

    @event(SupportRequestAnswered)
    def _answered(self, event: SupportRequestAnswered) -> None:
        self.answered_at = self.last_at = event.answered_at

    @event(SupportRequestFollowedUp)
    def _followed_up(self, event: SupportRequestFollowedUp) -> None:
        self.last_at = event.followed_up_at

    @event(SupportRequestEscalated)
    def _escalated(self, event: SupportRequestEscalated) -> None:
        self.private = False
        self.escalated_to.append(event.to_org_unit_id)
        self.last_at = event.escalated_at

    @event(SupportRequestClosed)
    def _closed(self, event: SupportRequestClosed) -> None:
        self.closed_at = self.last_at = event.closed_at


def _area_of(areas: tuple[str, ...], named: str | None) -> str:
    if named in areas:
        return named
    if named is None and len(areas) == 1:
        return areas[0]
    raise WhichArea("area", areas=", ".join(areas), area=named or "none")
