"""A meeting, as it is told: on which day, how, for how long, who was there, what they did; held
against the programme's rules before it becomes a session's record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.credit import Credited
from services.sessions.aggregates.guests import Visitor, guests_of, must_be_supervised
from services.sessions.aggregates.preparation import KnownPlan, must_be_prepared
from services.sessions.aggregates.same_day import (
    Encounter,
    Meant,
    must_not_be_told_twice,
    must_not_overlap,
)
from services.sessions.aggregates.substance import must_be_sayable, must_have_been_there
from shared.contracts.definition import Definition, Mode
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.definition.visits import Initiative, Place, SessionFormat
from shared.contracts.deviation import all_count
from shared.contracts.sessions.session import Credit, PartAttendance, SessionFacts
from shared.contracts.sessions.substance import NOTHING_SAID, Debrief, Substance
from shared.domain.errors import Departure, Refusal
from shared.domain.findings import Findings


class AttendeeNotAParty(Refusal):
    """Only the mentorship's mentors and mentees attend its sessions."""

    code = "ATTENDEE_NOT_A_PARTY"
    template = "The health worker {person} was no party of this mentorship."
    remedy_template = "List those who were its mentors and mentees on that day only."


class AttendeeTwice(Refusal):
    """Nobody is there twice."""

    code = "ATTENDEE_TWICE"
    template = "The health worker {person} is listed twice."
    remedy_template = "List everybody once."


class NobodyPresent(Refusal):
    """A session needs a mentor and a mentee in it."""

    code = "NOBODY_PRESENT"
    template = "No {side} of the mentorship was present."
    remedy_template = "List at least one mentor and one mentee who were."


class PartlyNotPresent(Refusal):
    """Whoever was there for a part of it was there."""

    code = "PARTLY_NOT_PRESENT"
    template = "The health worker {person} was there for {minutes} minutes, but is not listed."
    remedy_template = "List in `partly` some of those whom `present` lists."


class PartlyTheWhole(Refusal):
    """A part is shorter than the whole."""

    code = "PARTLY_THE_WHOLE"
    template = "{part} minutes are no part of a session of {minutes} minutes."
    remedy_template = "Leave out of `partly` whoever was there from beginning to end."


class TooShort(Departure):
    """Shorter than the programme counts as a session."""

    code = "SESSION_TOO_SHORT"
    template = "{minutes} minutes; the programme counts a session from {least} minutes."
    remedy_template = "Log what lasted {least} minutes or more."


class EndsBeforeItBegins(Refusal):
    """It ends after it began."""

    code = "ENDS_BEFORE_IT_BEGINS"
    template = "It would end at {ends}, and not after it began, at {begins}."
    remedy_template = "Give a later instant in `ends`, or leave it out."


class LongerThanItsTimes(Refusal):
    """It lasts no longer than from its beginning to its end."""

    code = "LONGER_THAN_ITS_TIMES"
    template = "{minutes} minutes are more than the {most} from its beginning to its end."
    remedy_template = "Correct `minutes`, `begins` or `ends`."


class BeginsOtherDay(Refusal):
    """It begins on the day it was held, in the programme's zone."""

    code = "BEGINS_OTHER_DAY"
    template = "It begins on {day} in {zone}; it was held on {held_on}."
    remedy_template = "Give another instant in `begins`, or the day it began."


class ModeNotAllowed(Departure):
    """The programme does not meet that way."""

    code = "MODE_NOT_ALLOWED"
    template = "The programme has no sessions by {mode}."
    remedy_template = "Its modes: {modes}."


class PlaceNotAllowed(Departure):
    """The programme mentors where the mentees work."""

    code = "PLACE_NOT_ALLOWED"
    template = "The programme's sessions in person are held where its mentees worked that day."
    remedy_template = (
        "Name a unit where one of them worked, or record first with `menteeTransfer` that they do."
    )


class FormatNotInPhase(Departure):
    """The phase of the mentorship knows no such session."""

    code = "FORMAT_NOT_IN_PHASE"
    template = "The phase {phase} has no {format} sessions."
    remedy_template = "Its formats: {formats}."


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
class Meeting:
    """What is told of a meeting.

    Attributes:
        partly: those of the present who were there for less than `minutes`.
        begins, ends: the instants, where they are known; it counts on the day it begins.
        guests: who else was there.
        visit_id: the visit it was held in.
        about: what it was about, and `debriefs` what those present took away.
        settled: suspicions that a person has found to be none.
        org_unit_id: where; None: where the mentorship is.
    """

    held_on: date
    mode: Mode
    minutes: int
    present: tuple[UUID, ...]
    steps: tuple[str, ...] = ()
    partly: tuple[PartAttendance, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    guests: tuple[Visitor, ...] = ()
    visit_id: UUID | None = None
    about: Substance = NOTHING_SAID
    debriefs: tuple[Debrief, ...] = ()
    settled: tuple[ConductRule, ...] = ()
    org_unit_id: UUID | None = None
    initiative: Initiative | None = None
    consent_recorded: bool = False

    @classmethod
    def of(cls, said: SessionFacts) -> "Meeting":
        """Return a meeting as it was told, without what was said in words."""
        return cls(
            held_on=said.held_on,
            mode=said.mode,
            minutes=said.minutes,
            present=(*said.mentors, *said.mentees),
            steps=said.steps,
            partly=said.partly,
            begins=said.begins,
            ends=said.ends,
            guests=tuple(
                Visitor(role=one.role, health_worker_id=one.health_worker_id) for one in said.guests
            ),
            visit_id=said.visit_id,
            about=said.about,
            settled=said.settled,
            org_unit_id=said.org_unit_id,
            initiative=said.initiative,
            consent_recorded=said.consent_recorded,
        )

    def under(
        self,
        agreement: Agreement,
        findings: Findings,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> dict[str, Any]:
        """Return what a session's record says of it, with what it departs from.

        Args:
            others: sessions of the same day with any of those present.

        Raises:
            StepUnknown, ConsentMissing, AttendeeNotAParty, AttendeeTwice, NobodyPresent,
            PartlyNotPresent, PartlyTheWhole, EndsBeforeItBegins, LongerThanItsTimes,
            BeginsOtherDay, GuestIsAParty, GuestTwice, CompetencyNotTaught, CasesWithoutConsent,
            DebriefOfTheAbsent: as they say; and what the programme refuses.
        """
        rules = agreement.rules
        agreement.must_be_fit(self.present, self.held_on, findings)
        with findings.weighing():
            least = rules.minutes.least(self.mode)
            if self.minutes < least:
                raise TooShort("minutes", minutes=self.minutes, least=least)
        self._must_have_its_times(rules, findings)
        with findings.weighing():
            must_be_a_mode(rules, self.mode)
        with findings.weighing():
            must_be_the_place(agreement, self.mode, self.org_unit_id)
        self._must_be_allowed_steps(rules, findings)
        with findings.weighing():
            self._must_be_parts()
        mentors, mentees = self._sides(agreement, findings)
        guests = guests_of(self.guests, agreement, findings)
        with findings.weighing():
            must_be_supervised(self.guests, agreement, self.mode)
        must_be_sayable(self.about, rules, findings, consent_recorded=self.consent_recorded)
        must_have_been_there(self.debriefs, self.present, agreement, findings)
        met = format_of(mentors, mentees)
        with findings.weighing():
            _must_be_in_phase(agreement, mentees, met)
        must_be_prepared(agreement, plans, self.held_on, self.mode, met, mentees, findings)
        meant = self.meant(agreement.mentorship_id)
        self._weigh_suspicions(meant, others, findings)
        credited = Credited(findings)
        credited.count_once(meant, self._minutes(mentors, mentees), others)
        credited.weigh_standing(agreement, (*mentors, *mentees), self.held_on)
        credited.weigh_day(agreement, self._minutes(mentors, mentees), self.held_on, others)
        deviations = findings.must_be_recorded()
        # A session that counts for nobody on one side has nobody to count for on the other.
        sides = [credited.without(people, deviations) for people in (mentors, mentees)]
        counts = all_count(deviations) and all(sides)
        return {
            "mentorship_id": agreement.mentorship_id,
            "programme_version_id": agreement.programme_version_id,
            "programme": rules.programme,
            "org_unit_id": self.org_unit_id or agreement.org_unit_id,
            "held_on": self.held_on,
            "mode": self.mode,
            "minutes": self.minutes,
            "steps": self.steps,
            "mentors": mentors,
            "mentees": mentees,
            "absent": tuple(sorted(agreement.expected.difference(self.present))),
            "enrolments": tuple(id for one in sides[1] for id in agreement.enrolments[one]),
            "partly": self.partly,
            "begins": self.begins,
            "ends": self._end(),
            "credited": tuple(
                Credit(health_worker_id=person, minutes=minutes)
                for person, minutes in sorted(credited.less(deviations).items())
            ),
            "settled": self.settled,
            "guests": guests,
            "visit_id": self.visit_id,
            "about": self.about,
            "format": met,
            "phase": agreement.phase_of(mentees),
            "initiative": self.initiative,
            "counts": counts,
            "counts_to_end": counts and rules.end is not None and rules.end.sessions is not None,
            "deviations": deviations,
            "consent_recorded": self.consent_recorded,
        }

    def _end(self) -> datetime | None:
        if self.begins is None:
            return None
        return self.ends or self.begins + timedelta(minutes=self.minutes)

    def _minutes(self, *sides: tuple[UUID, ...]) -> dict[UUID, int]:
        """Return how long each of those present was there."""
        partly = {part.health_worker_id: part.minutes for part in self.partly}
        return {one: partly.get(one, self.minutes) for people in sides for one in people}

    def _must_have_its_times(self, rules: Definition, findings: Findings) -> None:
        begins, ends = self.begins, self._end()
        if begins is None or ends is None:
            return
        with findings.weighing():
            if ends <= begins:
                raise EndsBeforeItBegins("ends", ends=ends, begins=begins)
            most = -(-(ends - begins) // timedelta(minutes=1))
            if self.minutes > most:
                raise LongerThanItsTimes("minutes", minutes=self.minutes, most=most)
        with findings.weighing():
            zone = rules.calendar.zone
            day = begins.astimezone(ZoneInfo(zone)).date()
            if day != self.held_on:
                raise BeginsOtherDay("begins", day=day, zone=zone, held_on=self.held_on)

    def meant(self, mentorship_id: UUID) -> Meant:
        """Return what of it is held against the others of its day."""
        return Meant(
            mentorship_id=mentorship_id,
            visit_id=self.visit_id,
            mode=self.mode,
            minutes=self.minutes,
            begins=self.begins,
            ends=self._end(),
            present=frozenset(self.present),
        )

    def _weigh_suspicions(
        self, meant: Meant, others: Collection[Encounter], findings: Findings
    ) -> None:
        if ConductRule.SESSION_TWICE not in self.settled:
            with findings.weighing():
                must_not_be_told_twice(meant, others)
        if ConductRule.SESSION_OVERLAPS not in self.settled:
            with findings.weighing():
                must_not_overlap(meant, others)

    def _must_be_allowed_steps(self, rules: Definition, findings: Findings) -> None:
        known = {step.code: step for step in rules.visit_steps}
        for code in self.steps:
            with findings.weighing():
                if code not in known:
                    raise StepUnknown("steps", step=code, steps=", ".join(known))
                if known[code].needs_consent and not self.consent_recorded:
                    raise ConsentMissing("consentRecorded", step=code)

    def _sides(
        self, agreement: Agreement, findings: Findings
    ) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
        """Tell the mentors who were there from the mentees."""
        seen: set[UUID] = set()
        for person in self.present:
            with findings.weighing():
                if person not in agreement.people:
                    raise AttendeeNotAParty("present", person=agreement.name(person))
                if person in seen:
                    raise AttendeeTwice("present", person=person)
            seen.add(person)
        mentors = tuple(person for person in self.present if person in agreement.mentors)
        mentees = tuple(person for person in self.present if person in agreement.mentees)
        for side, people in (("mentor", mentors), ("mentee", mentees)):
            with findings.weighing():
                if not people:
                    raise NobodyPresent("present", side=side)
        return mentors, mentees

    def _must_be_parts(self) -> None:
        seen: set[UUID] = set()
        for part in self.partly:
            person = part.health_worker_id
            if person not in self.present:
                raise PartlyNotPresent("partly", person=person, minutes=part.minutes)
            if person in seen:
                raise AttendeeTwice("partly", person=person)
            if part.minutes >= self.minutes:
                raise PartlyTheWhole("partly", part=part.minutes, minutes=self.minutes)
            seen.add(person)


def format_of(mentors: Collection[UUID], mentees: Collection[UUID]) -> SessionFormat:
    """Say what kind of session it was, by who was there."""
    if len(mentors) > 1:
        return SessionFormat.TEAM
    return SessionFormat.GROUP if len(mentees) > 1 else SessionFormat.INDIVIDUAL


def must_be_a_mode(rules: Definition, mode: Mode) -> None:
    """Refuse a way to meet that the programme does not have."""
    if mode not in rules.modes:
        raise ModeNotAllowed("mode", mode=mode, modes=", ".join(rules.modes))


def must_be_the_place(agreement: Agreement, mode: Mode, where: UUID | None) -> None:
    """Refuse another place than the mentees' own, where the programme goes to them."""
    at_work = agreement.rules.place is Place.MENTEE_WORKPLACE and mode is Mode.IN_PERSON
    if at_work and where not in (None, agreement.org_unit_id, *agreement.workplaces):
        raise PlaceNotAllowed("orgUnitId")


def _must_be_in_phase(agreement: Agreement, mentees: Collection[UUID], met: SessionFormat) -> None:
    code = agreement.phase_of(mentees)
    phase = None if code is None else agreement.rules.phase(code)
    if phase is not None and met not in phase.formats:
        raise FormatNotInPhase(
            "present", phase=phase.code, format=met, formats=", ".join(phase.formats)
        )
