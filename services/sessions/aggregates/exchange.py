"""An exchange: an offer or a request to the others of a mentorship, until one takes it up."""

from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.exchange import (
    ExchangeKind,
    ExchangePosted,
    ExchangeReinstated,
    ExchangeTakenUp,
    ExchangeWithdrawn,
)
from shared.domain import event
from shared.domain.errors import Refusal
from shared.domain.told import Told


class OwnExchange(Refusal):
    """It takes two."""

    code = "OWN_EXCHANGE"
    template = "The health worker {person} posted it."
    remedy_template = "Name somebody else of the mentorship."


class AlreadyTakenUp(Refusal):
    """It is taken up once."""

    code = "ALREADY_TAKEN_UP"
    template = "It was taken up on {taken_up_on}."
    remedy_template = "Post another."


class BeforePosted(Refusal):
    """Nobody takes up what was not posted yet."""

    code = "BEFORE_POSTED"
    template = "{day} is before {posted_on}, when it was posted."
    remedy_template = "Give a day on or after {posted_on}."


class Exchange(Told):
    """Something that one party of a mentorship can give to another, until it is withdrawn."""

    kind = "exchange"
    fold_version = 2
    voids, reinstates = ExchangeWithdrawn, ExchangeReinstated

    mentorship_id: UUID
    programme: str
    org_unit_id: UUID
    posted_by: UUID
    posted_on: date
    taken_up_on: date | None
    voided_on: date | None

    @event(ExchangePosted)
    def _posted(self, event: ExchangePosted) -> None:
        self.mentorship_id = event.mentorship_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.posted_by, self.posted_on = event.health_worker_id, event.posted_on
        self.taken_up_on = self.voided_on = None

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def posted(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        person: UUID,
        exchange_kind: ExchangeKind,
        text: str,
        posted_on: date,
    ) -> "Exchange":
        """Begin what a party of the mentorship offers or asks for.

        Raises:
            MentorshipOver, NotOfThisMentorship: as they say.
        """
        agreement.must_be_live()
        agreement.must_be_party(person, "healthWorkerId")
        return cls.begin(
            id,
            ExchangePosted(
                mentorship_id=agreement.mentorship_id,
                health_worker_id=person,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                exchange_kind=exchange_kind,
                text=text,
                posted_on=posted_on,
            ),
        )

    def take_up(self, agreement: Agreement, person: UUID, on: date) -> None:
        """Record that another party takes the offer, or grants the request.

        Raises:
            RecordVoided, MentorshipOver, NotOfThisMentorship, OwnExchange, AlreadyTakenUp,
            BeforePosted: as they say.
        """
        self.must_stand("exchangeId")
        agreement.must_be_live()
        agreement.must_be_party(person, "healthWorkerId")
        if person == self.posted_by:
            raise OwnExchange("healthWorkerId", person=person)
        if self.taken_up_on is not None:
            raise AlreadyTakenUp("exchangeId", taken_up_on=self.taken_up_on)
        if on < self.posted_on:
            raise BeforePosted("occurredOn", day=on, posted_on=self.posted_on)
        self.record(ExchangeTakenUp(health_worker_id=person, taken_up_on=on))

    @event(ExchangeTakenUp)
    def _taken_up(self, event: ExchangeTakenUp) -> None:
        self.taken_up_on = event.taken_up_on

    def about(self) -> dict[str, Any]:
        """Return the mentorship, and who posted it."""
        return {"mentorship_id": self.mentorship_id, "health_worker_id": self.posted_by}
