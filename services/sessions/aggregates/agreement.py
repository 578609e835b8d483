"""An agreement: a mentorship as it stood on a day, and the rules it runs under. Whatever happens
in a mentorship is held against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shared.contracts.definition import Definition
from shared.contracts.registry.mentorship import Side
from shared.domain.errors import Refusal


class MentorshipOver(Refusal):
    """It was concluded, or declined: nothing more happens in it."""

    code = "MENTORSHIP_OVER"
    template = "The mentorship {mentorship} was over by then."
    remedy_template = "Choose the mentorship that goes on, or a day before this one ended."


class NotSigned(Refusal):
    """No session before every party has signed."""

    code = "MENTORSHIP_NOT_SIGNED"
    template = "The mentorship's letter still lacks {awaited} signatures."
    remedy_template = "Record the missing signatures with `mentorshipSign` first."


class MentorMissing(Refusal):
    """A mentor left, and nobody has taken their place."""

    code = "MENTOR_MISSING"
    template = "The mentorship had {mentors} mentors; the programme asks for {least} at least."
    remedy_template = "Put another mentor into the place of who left, with `mentorshipReassign`."


class BeforeAgreement(Refusal):
    """It would lie before the last signature."""

    code = "BEFORE_AGREEMENT"
    template = "{held_on} is before {agreed_on}, when the last party signed."
    remedy_template = "Give a day on or after {agreed_on}."


class NotOfThisMentorship(Refusal):
    """Only its parties take part in what happens in a mentorship."""

    code = "NOT_OF_THIS_MENTORSHIP"
    template = "The health worker {person} was no party of this mentorship."
    remedy_template = "Name one of its mentors or mentees on that day."


class NotItsMentee(Refusal):
    """It is about a mentee of the mentorship."""

    code = "NOT_ITS_MENTEE"
    template = "The health worker {person} was no mentee of this mentorship."
    remedy_template = "Name one of its mentees."


class NotItsMentor(Refusal):
    """It is for a mentor of the mentorship to do."""

    code = "NOT_ITS_MENTOR"
    template = "The health worker {person} was no mentor of this mentorship."
    remedy_template = "Name one of its mentors on that day."


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A mentorship on a day.

    Attributes:
        programme_version_id: the mentorship's own, whatever version its mentees moved to.
        mentors: who mentored on that day: neither those who had left nor those still to come.
        enrolments: a mentee's enrolments that brought them here.
        areas: what a mentor answers for, or a mentee is mentored in.
        phase: it was in on that day, as is known now; none: its programme has none.
        awaited: the parties whose signature has not come.
        agreed_on: the day of the last signature; None while any is awaited.
        live: neither concluded nor declined by that day.
        declined: nothing ever came of it.
        called: how refusals call those who were named and are no party: by their number.
    """

    mentorship_id: UUID
    programme_version_id: UUID
    rules: Definition
    org_unit_id: UUID
    mentors: frozenset[UUID]
    mentees: frozenset[UUID]
    enrolments: Mapping[UUID, tuple[UUID, ...]]
    areas: Mapping[UUID, tuple[str, ...]]
    phase: str | None
    awaited: int
    agreed_on: date | None
    live: bool
    declined: bool = False
    called: dict[UUID, str] = field(default_factory=dict)

    @property
    def people(self) -> frozenset[UUID]:
        """Its parties, of both sides."""
        return self.mentors | self.mentees

    def side(self, person: UUID) -> Side:
        """Return which side one of its parties stands on."""
        return Side.MENTOR if person in self.mentors else Side.MENTEE

    def name(self, person: UUID) -> UUID | str:
        """Return how a refusal is to call somebody."""
        return self.called.get(person, person)

    def must_be_live(self, field: str = "mentorshipId") -> None:
        """Refuse what would happen after its end.

        Raises:
            MentorshipOver: it was concluded, or declined.
        """
        if not self.live:
            raise MentorshipOver(field, mentorship=self.mentorship_id)

    def must_bind(self, day: date, *, field: str = "mentorshipId", day_field: str) -> None:
        """Refuse what needs a whole team and every signature on that day.

        Raises:
            MentorshipOver, MentorMissing, NotSigned, BeforeAgreement: as they say.
        """
        self.must_be_live(field)
        least, _ = self.rules.ratio.team
        if len(self.mentors) < least:
            raise MentorMissing(field, mentors=len(self.mentors), least=least)
        if self.agreed_on is None:
            raise NotSigned(field, awaited=self.awaited)
        if day < self.agreed_on:
            raise BeforeAgreement(day_field, held_on=day, agreed_on=self.agreed_on)

    def must_not_be_declined(self, field: str = "mentorshipId") -> None:
        """Refuse what can be done after its end, but not if it never began.

        Raises:
            MentorshipOver: it was declined.
        """
        if self.declined:
            raise MentorshipOver(field, mentorship=self.mentorship_id)

    def must_be_party(self, person: UUID, field: str) -> None:
        """Refuse whoever stands on neither side.

        Raises:
            NotOfThisMentorship: as it says.
        """
        if person not in self.people:
            raise NotOfThisMentorship(field, person=self.name(person))

    def must_be_mentee(self, person: UUID, field: str) -> None:
        """Refuse whoever is no mentee of it.

        Raises:
            NotItsMentee: as it says.
        """
        if person not in self.mentees:
            raise NotItsMentee(field, person=self.name(person))

    def must_be_mentor(self, person: UUID, field: str) -> None:
        """Refuse whoever is no mentor of it.

        Raises:
            NotItsMentor: as it says.
        """
        if person not in self.mentors:
            raise NotItsMentor(field, person=self.name(person))
