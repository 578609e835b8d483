"""A session: who met, how, for how long, and what they did; held only under a signed agreement."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.definition import Definition, Mode
from shared.contracts.sessions.session import SessionHeld
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class NotSigned(Refusal):
    """No session before every party has signed."""

    code = "MENTORSHIP_NOT_SIGNED"
    template = "The mentorship's letter still lacks {awaited} signatures."
    remedy_template = "Record the missing signatures with `mentorshipSign` first."


class BeforeAgreement(Refusal):
    """The session would lie before the last signature."""

    code = "BEFORE_AGREEMENT"
    template = "{held_on} is before {agreed_on}, when the last party signed."
    remedy_template = "Give a day on or after {agreed_on}."


class AttendeeNotAParty(Refusal):
    """Only the mentorship's mentors and mentees attend its sessions."""

    code = "ATTENDEE_NOT_A_PARTY"
    template = "The health worker {person} is no party of this mentorship."
    remedy_template = "List its mentors and mentees only."


class NobodyPresent(Refusal):
    """A session needs a mentor and a mentee in it."""

    code = "NOBODY_PRESENT"
    template = "No {side} of the mentorship was present."
    remedy_template = "List at least one mentor and one mentee who were."


class TooShort(Refusal):
    """Shorter than the programme counts as a session."""

    code = "SESSION_TOO_SHORT"
    template = "{minutes} minutes; the programme counts a session from {least} minutes."
    remedy_template = "Log what lasted {least} minutes or more."


class ModeNotAllowed(Refusal):
    """The programme does not meet that way."""

    code = "MODE_NOT_ALLOWED"
    template = "The programme has no sessions by {mode}."
    remedy_template = "Its modes: {modes}."


class StepUnknown(Refusal):
    """The programme's visits have no such step."""

    code = "STEP_UNKNOWN"
    template = "The programme's visits have no step {step!r}."
    remedy_template = "Its steps: {steps}."


class ConsentMissing(Refusal):
    """No patient is observed without having agreed."""

    code = "CONSENT_MISSING"
    template = "The step {step!r} observes patients, and no consent is recorded."
    remedy_template = "Record the consent, or leave the step out if it was not done."


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a session must know of its mentorship, and of the rules it runs under."""

    mentorship_id: UUID
    programme_version_id: UUID
    org_unit_id: UUID
    mentors: frozenset[UUID]
    mentees: frozenset[UUID]
    awaited: int
    agreed_on: date | None
    rules: Definition


class Session(Aggregate):
    """One meeting of a mentorship."""

    kind = "session"

    mentorship_id: UUID
    held_on: date

    @event(SessionHeld)
    def _held(self, event: SessionHeld) -> None:
        self.mentorship_id, self.held_on = event.mentorship_id, event.held_on

    @property
    def key(self) -> UUID:
        """The mentorship: its sessions stay in order with each other."""
        return self.mentorship_id

    @classmethod
    def held(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        held_on: date,
        mode: Mode,
        minutes: int,
        steps: tuple[str, ...],
        present: tuple[UUID, ...],
        consent_recorded: bool,
    ) -> "Session":
        """Begin a session as it was held, if the agreement and the rules allow it.

        Raises:
            NotSigned, BeforeAgreement, AttendeeNotAParty, NobodyPresent, TooShort, ModeNotAllowed,
            StepUnknown, ConsentMissing: as they say.
        """
        _must_be_agreed(agreement, held_on)
        rules = agreement.rules
        if minutes < rules.minutes.min:
            raise TooShort("minutes", minutes=minutes, least=rules.minutes.min)
        if mode not in rules.modes:
            raise ModeNotAllowed("mode", mode=mode, modes=", ".join(rules.modes))
        _must_be_allowed_steps(rules, steps, consent_recorded)
        for person in present:
            if person not in agreement.mentors | agreement.mentees:
                raise AttendeeNotAParty("present", person=person)
        mentors = tuple(person for person in present if person in agreement.mentors)
        mentees = tuple(person for person in present if person in agreement.mentees)
        for side, people in (("mentor", mentors), ("mentee", mentees)):
            if not people:
                raise NobodyPresent("present", side=side)
        return cls.begin(
            id,
            SessionHeld(
                mentorship_id=agreement.mentorship_id,
                programme_version_id=agreement.programme_version_id,
                programme=rules.programme,
                org_unit_id=agreement.org_unit_id,
                held_on=held_on,
                mode=mode,
                minutes=minutes,
                steps=steps,
                mentors=mentors,
                mentees=mentees,
                consent_recorded=consent_recorded,
            ),
        )


def _must_be_agreed(agreement: Agreement, held_on: date) -> None:
    if agreement.agreed_on is None:
        raise NotSigned("mentorshipId", awaited=agreement.awaited)
    if held_on < agreement.agreed_on:
        raise BeforeAgreement("occurredOn", held_on=held_on, agreed_on=agreement.agreed_on)


def _must_be_allowed_steps(rules: Definition, steps: tuple[str, ...], consent: bool) -> None:
    known = {step.code: step for step in rules.visit_steps}
    for code in steps:
        if code not in known:
            raise StepUnknown("steps", step=code, steps=", ".join(known))
        if known[code].needs_consent and not consent:
            raise ConsentMissing("consentRecorded", step=code)
