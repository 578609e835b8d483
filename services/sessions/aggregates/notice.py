"""A notice: somebody in a role must be told that somebody has left, by a day, and then was."""

from datetime import date
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.sessions.notice import NoticeGiven, NoticeRaised
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Conflict, Refusal
from shared.domain.phrases import Phrase


class AlreadyRaised(Conflict):
    """A role is told of a leaving once."""

    code = "ALREADY_RAISED"
    template = "The notice to {role} was raised before; it is due on {due}."
    remedy_template = "Record that it was given with `noticeGive`."


class RoleNotToldHere(Refusal):
    """The programme does not have that role told."""

    code = "ROLE_NOT_TOLD_HERE"
    template = "The programme does not have {role} told of a disengagement."
    remedy_template = "Those it has told: {roles}."


class DueBeforeRaised(Refusal):
    """Nobody can be told by a day that was over before they left."""

    code = "DUE_BEFORE_RAISED"
    template = "The notice is due on {due}, before {raised_on}, the day it is raised for."
    remedy_template = "Give a day on or after {raised_on}."


class GivenBeforeRaised(Refusal):
    """Nobody was told of a leaving before it came to that."""

    code = "GIVEN_BEFORE_RAISED"
    template = "{day} is before {raised_on}, when the notice was raised."
    remedy_template = "Give a day on or after {raised_on}."


class AlreadyGiven(Refusal):
    """A notice is given once."""

    code = "NOTICE_ALREADY_GIVEN"
    template = "The notice was given on {given_on}."
    remedy_template = "Nothing is left to do."


def notice_id(mentorship_id: UUID, mentor_id: UUID, role: str) -> UUID:
    """Return the id of the one notice to a role that a mentor has left a mentorship."""
    return derived_id("notice", mentorship_id, mentor_id, role)


def notice_of_another_leaving(first: UUID, on: date) -> UUID:
    """Return the id of the one notice to a role that a mentor left another time, on a day; `first`
    is that of the first time.
    """
    return derived_id("notice", first, on)


def notice_of_mentee_id(mentorship_id: UUID, enrolment_id: UUID, role: str, on: date) -> UUID:
    """Return the id of the one notice to a role that a mentee withdrew on a day: who was readmitted
    may withdraw again.
    """
    return derived_id("notice", mentorship_id, enrolment_id, role, on)


class Notice(Aggregate):
    """What one role is to be told, until it was."""

    kind = "notice"

    mentorship_id: UUID
    programme: str
    org_unit_id: UUID
    role: str
    raised_on: date
    due: date
    given_on: date | None

    @event(NoticeRaised)
    def _raised(self, event: NoticeRaised) -> None:
        self.mentorship_id = event.mentorship_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.role, self.raised_on, self.due = event.role, event.raised_on, event.due
        self.given_on = None

    @property
    def key(self) -> UUID:
        """The mentorship."""
        return self.mentorship_id

    @classmethod
    def raised(
        cls,
        id: UUID,
        *,
        agreement: Agreement,
        mentor_id: UUID | None = None,
        enrolment_id: UUID | None = None,
        role: str,
        raised_on: date,
        due: date,
    ) -> "Notice":
        """Begin the notice to one of the roles that the programme has told: of a mentor, or of a
        mentee by their enrolment.

        Raises:
            RoleNotToldHere: it is none of them.
            DueBeforeRaised: as it says.
        """
        rule = agreement.rules.disengagement
        roles = rule.notify if rule else ()
        if role not in roles:
            raise RoleNotToldHere("role", role=role, roles=", ".join(roles) or Phrase("nobody"))
        if due < raised_on:
            raise DueBeforeRaised("due", due=due, raised_on=raised_on)
        return cls.begin(
            id,
            NoticeRaised(
                mentorship_id=agreement.mentorship_id,
                mentor_id=mentor_id,
                enrolment_id=enrolment_id,
                programme=agreement.rules.programme,
                org_unit_id=agreement.org_unit_id,
                role=role,
                raised_on=raised_on,
                due=due,
            ),
        )

    def give(self, given_to: str, on: date) -> None:
        """Record that they were told, and whether after the day it was due.

        Raises:
            AlreadyGiven, GivenBeforeRaised: as they say.
        """
        if self.given_on is not None:
            raise AlreadyGiven("noticeId", given_on=self.given_on)
        if on < self.raised_on:
            raise GivenBeforeRaised("occurredOn", day=on, raised_on=self.raised_on)
        self.record(NoticeGiven(given_to=given_to, given_on=on, late=on > self.due))

    @event(NoticeGiven)
    def _given(self, event: NoticeGiven) -> None:
        self.given_on = event.given_on
