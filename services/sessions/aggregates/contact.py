"""A contact: a mentor and a mentee were in touch, in whichever way, however briefly."""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.definition import Mode
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.contact import ContactMade, ContactVoided
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class ContactIsVoided(Refusal):
    """It is voided once."""

    code = "CONTACT_VOIDED"
    template = "The contact is voided."
    remedy_template = "Log another with `contactLog` if one was made."


class Contact(Aggregate):
    """One contact; no rule of a programme asks anything of it."""

    kind = "contact"
    fold_version = 2

    mentorship_id: UUID
    people: tuple[UUID, UUID]
    """The mentor and the mentee."""
    voided: bool

    @event(ContactMade)
    def _made(self, event: ContactMade) -> None:
        self.mentorship_id, self.voided = event.mentorship_id, False
        self.people = (event.mentor, event.health_worker_id)

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def made(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        mentor: UUID,
        mentee: UUID,
        mode: Mode,
        minutes: int | None,
        reached_by: Side,
        about: str | None,
        on: date,
    ) -> "Contact":
        """Begin a contact of a mentor and a mentee, after the mentorship's end too.

        Raises:
            MentorshipOver, NotItsMentor, NotItsMentee: as they say.
        """
        agreement.must_not_be_declined()
        agreement.must_be_mentor(mentor, "mentor")
        agreement.must_be_mentee(mentee, "mentee")
        return cls.begin(
            id,
            ContactMade(
                health_worker_id=mentee,
                mentor=mentor,
                mentorship_id=agreement.mentorship_id,
                programme_version_id=agreement.programme_version_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                mode=mode,
                made_on=on,
                minutes=minutes,
                reached_by=reached_by,
                about=about,
            ),
        )

    def void(self, on: date) -> None:
        """Say that it was not made.

        Raises:
            ContactIsVoided: as it says.
        """
        if self.voided:
            raise ContactIsVoided("contactId")
        self.record(ContactVoided(mentorship_id=self.mentorship_id, voided_on=on))

    @event(ContactVoided)
    def _voided(self, _event: ContactVoided) -> None:
        self.voided = True
