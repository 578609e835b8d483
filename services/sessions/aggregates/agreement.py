"""An agreement: a mentorship as it stood on a day, and the rules it runs under. Whatever happens
in a mentorship is held against it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shared.contracts.definition import Definition, Gate
from shared.contracts.registry.mentorship import Side
from shared.domain.errors import Departure, Refusal
from shared.domain.findings import Findings


class MentorshipOver(Refusal):
    """It was concluded, or declined: nothing more happens in it."""

    code = "MENTORSHIP_OVER"
    template = "The mentorship {mentorship} was over by then."
    remedy_template = "Choose the mentorship that goes on, or a day before this one ended."


class NotSigned(Departure):
    """Nobody is in a session before they have signed."""

    code = "MENTORSHIP_NOT_SIGNED"
    template = "The mentorship's letter still lacks {awaited} signatures."
    remedy_template = "Record the missing signatures with `mentorshipSign` first."


class MentorMissing(Departure):
    """A mentor left, and nobody has taken their place."""

    code = "MENTOR_MISSING"
    template = "The mentorship had {mentors} mentors; the programme asks for {least} at least."
    remedy_template = "Put another mentor into the place of who left, with `mentorshipReassign`."


class BeforeAgreement(Departure):
    """It would lie before a signature."""

    code = "BEFORE_AGREEMENT"
    template = "{held_on} is before {agreed_on}, when the last party signed."
    remedy_template = "Give a day on or after {agreed_on}."


class MentorshipDeparts(Departure):
    """What is held in a mentorship that does not count, does not count."""

    code = "MENTORSHIP_DEPARTS"
    template = "The mentorship does not count: it departs from {rules}."
    remedy_template = (
        "Have the rule waived with `mentorshipWaive`, and correct the session to have it weighed "
        "again."
    )


class InPause(Departure):
    """Nothing is held while it pauses."""

    code = "SESSION_IN_PAUSE"
    template = "The mentorship, or its cohort, paused on {day}."
    remedy_template = "Give a day on which it went on, or record first that it was resumed."


class UncertifiedMentorPresent(Departure):
    """Nobody mentors before they are certified."""

    code = "UNCERTIFIED_MENTOR_PRESENT"
    template = "The mentor {person} was not certified yet on {day}."
    remedy_template = "Give a day on or after their certification."


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
        signed_on: the day each party signed the letter; None: they have not.
        live: neither concluded nor declined by that day.
        declined: nothing ever came of it.
        phases: of mentees who were in another phase than it, by the person.
        ended: mentees who had come to an end by that day: nobody expects them.
        workplaces: the units where its mentees were mentored on that day.
        departs: the rules for which it does not count.
        paused: it, or its cohort, paused on that day.
        suspended: mentors who were suspended by then, and earn nothing meanwhile.
        uncertified: mentors who were certified only later.
        one_to_one: how many one-to-one sessions each mentee had had before that day, where it is
            asked.
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
    signed_on: Mapping[UUID, date | None]
    live: bool
    declined: bool = False
    phases: Mapping[UUID, str] = field(default_factory=dict)
    ended: frozenset[UUID] = frozenset()
    workplaces: frozenset[UUID] = frozenset()
    departs: tuple[str, ...] = ()
    paused: bool = False
    suspended: frozenset[UUID] = frozenset()
    uncertified: frozenset[UUID] = frozenset()
    one_to_one: Mapping[UUID, int] = field(default_factory=dict)
    called: dict[UUID, str] = field(default_factory=dict)

    @property
    def people(self) -> frozenset[UUID]:
        """Its parties, of both sides."""
        return self.mentors | self.mentees

    @property
    def expected(self) -> frozenset[UUID]:
        """Its parties, without mentees who had come to an end."""
        return self.people - self.ended

    def phase_of(self, mentees: Collection[UUID]) -> str | None:
        """Return the phase that mentees meet in: their own, if all of them are in one."""
        theirs = {self.phases.get(person, self.phase) for person in mentees}
        return theirs.pop() if len(theirs) == 1 else self.phase

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

    def must_bind(
        self,
        present: Collection[UUID],
        day: date,
        findings: Findings,
        *,
        field: str = "mentorshipId",
        day_field: str,
    ) -> None:
        """Weigh what asks for a whole team on that day, and for the letters of who was there.

        Raises:
            MentorshipOver: as it says. MentorMissing, NotSigned and BeforeAgreement are findings.
        """
        self.must_be_live(field)
        least, _ = self.rules.ratio.team
        with findings.weighing():
            if len(self.mentors) < least:
                raise MentorMissing(field, mentors=len(self.mentors), least=least)
        with findings.weighing():
            self.must_be_signed(present, day, field=field, day_field=day_field)

    def must_be_fit(self, present: Collection[UUID], day: date, findings: Findings) -> None:
        """Weigh whether the mentorship counts and went on that day, and its mentors might mentor.

        MentorshipDeparts, InPause, UncertifiedMentorPresent: as they say.
        """
        with findings.weighing():
            if self.departs:
                raise MentorshipDeparts("mentorshipId", rules=", ".join(self.departs))
        with findings.weighing():
            if self.paused:
                raise InPause("mentorshipId", day=day)
        for person in sorted(self.uncertified.intersection(present)):
            with findings.weighing():
                raise UncertifiedMentorPresent("present", person=person, day=day)

    def must_be_signed(
        self, people: Collection[UUID], day: date, *, field: str = "mentorshipId", day_field: str
    ) -> None:
        """Ask for the letters of some of its parties, where the programme has letters.

        Raises:
            NotSigned, BeforeAgreement: as they say.
        """
        if Gate.SIGNATURES not in self.rules.gates:
            return
        signed = [self.signed_on[person] for person in people if person in self.signed_on]
        days = [on for on in signed if on is not None]
        if len(days) < len(signed):
            raise NotSigned(field, awaited=len(signed) - len(days))
        if day < max(days, default=day):
            raise BeforeAgreement(day_field, held_on=day, agreed_on=max(days))

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
