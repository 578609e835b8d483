"""A mentorship: a team of mentors and the mentees in its care, from proposal to conclusion."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.registry.aggregates.mentorship_rules import (
    AgreedBefore,
    AlreadyAccepted,
    AlreadyInCare,
    AlreadyInTeam,
    AlreadySigned,
    DayOutOfOrder,
    ExcludedPair,
    HasNotSigned,
    InPhaseAlready,
    MentorIsMentee,
    MentorshipEnded,
    MentorshipThere,
    NoPhases,
    NotAccepted,
    NotAParty,
    NothingToWaive,
    NotInCare,
    NotInTeam,
    OtherArea,
    PhaseUnknown,
    PlaceNotVacant,
    RoleNotNamed,
    SignedBefore,
)
from services.registry.aggregates.pauses import AlreadyPaused, NotPaused
from shared.contracts.definition import Definition, Gate
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.definition.people import Disengagement
from shared.contracts.deviation import Deviation
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeJoined,
    MenteeLeaving,
    MenteeLeft,
    MenteeParty,
    MenteePhaseChanged,
    MentorDisengaged,
    MentorLeaving,
    MentorParty,
    MentorReassigned,
    MentorshipAccepted,
    MentorshipAgreed,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipLeavingVoided,
    MentorshipMoved,
    MentorshipMovedToVersion,
    MentorshipPaused,
    MentorshipPhaseChanged,
    MentorshipProposed,
    MentorshipReopened,
    MentorshipResumed,
    MentorshipWaived,
    Notified,
    Side,
    SignatureCorrected,
    SignatureVoided,
)
from shared.contracts.registry.pause import PauseCause
from shared.domain import Aggregate, event
from shared.domain.findings import Findings
from shared.domain.phrases import Phrase


class Standing(StrEnum):
    """How a mentorship stands."""

    PROPOSED = "PROPOSED"
    """By the matching, for a coordinator to accept or decline."""
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CONCLUDED = "CONCLUDED"


class Mentorship(Aggregate):
    """A mentor, or a team, and the mentees in their care.

    Attributes:
        letters: everybody in it is to sign a letter.
        bound: there is an agreement that nobody's leaving or coming undid; `agreed_on` is its day.
        team: the mentors who are in it now, by their ids.
        mentees: in its care now, and since when those are who joined later; `gone` are the others,
            until when, and why.
        phase: it is in since `phase_since`; of some mentees, since a later day, another.
        vacant: the places of those who left, until somebody takes them.
        left_on: every health worker who ever left it as mentor, and on which day the last time;
            `parted`, those who left for good; `came`, since when those are in it who took a place
            later; `signed_before`, who had signed before they left.
        departs: the rules it does not keep, so that it does not count: as it was proposed, and
            since a mentor or mentee came, by the id of whom; `departed` are those of who left.
        paused: since when it pauses; and the day it went on the last time.
        latest: the last day that anything of it happened on, but for signatures and leavings.
        ended_on: the day it ended with the last of its mentees.
        formal: somebody concluded it: nobody brings it back.
    """

    kind = "mentorship"
    fold_version = 4

    cohort_id: UUID
    programme_version_id: UUID
    programme: str
    org_unit_id: UUID
    there_since: date | None
    standing: Standing
    team: dict[UUID, MentorParty]
    letters: bool
    bound: bool
    agreed_on: date | None
    mentees: list[MenteeParty]
    joined: dict[UUID, date]
    gone: dict[UUID, tuple[MenteeParty, date, MenteeLeaving]]
    signatures: dict[UUID, date]
    phase: str | None
    phase_since: date | None
    mentee_phases: dict[UUID, tuple[str, date]]
    vacant: dict[UUID, tuple[MentorParty, date]]
    left_on: dict[UUID, date]
    came: dict[UUID, date]
    signed_before: dict[UUID, date]
    parted: list[UUID]
    departs: dict[UUID, list[ConductRule]]
    departed: dict[UUID, list[ConductRule]]
    waived: list[ConductRule]
    paused: date | None
    resumed: date | None
    latest: date | None
    ended_on: date | None
    formal: bool

    @event(MentorshipProposed)
    def _proposed(self, event: MentorshipProposed) -> None:
        self.cohort_id, self.programme_version_id = event.cohort_id, event.programme_version_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.there_since = None
        self.standing = Standing.PROPOSED if event.matched else Standing.ACCEPTED
        self.team = {party.mentor_id: party for party in event.mentors}
        self.mentees = list(event.mentees)
        self.letters, self.bound, self.agreed_on = event.letters, False, None
        self.joined, self.gone = {}, {}
        self.signatures = {}
        self.phase, self.phase_since = event.phase, None
        self.mentee_phases = {}
        self.vacant = {}
        self.parted = []
        self.left_on, self.came, self.signed_before = {}, {}, {}
        self.departs, self.departed, self.waived = {}, {}, []
        self._departed(self.id, event.deviations)
        self.paused = self.resumed = None
        self.latest = self.ended_on = None
        self.formal = False

    def _said(self) -> dict[str, Any]:
        """Return what an event that may depart from rules says of the mentorship it is of."""
        return {
            "programme_version_id": self.programme_version_id,
            "programme": self.programme,
            "org_unit_id": self.org_unit_id,
        }

    def _departed(self, source: UUID, deviations: tuple[Deviation, ...]) -> None:
        rules = [each.rule for each in deviations if not each.counts]
        if rules:
            self.departs[source] = rules

    @property
    def sides(self) -> dict[UUID, Side]:
        """Who is in it now, by the health worker, and on which side."""
        mentors = {party.health_worker_id: Side.MENTOR for party in self.team.values()}
        return mentors | {party.health_worker_id: Side.MENTEE for party in self.mentees}

    @property
    def mentors(self) -> frozenset[UUID]:
        """The health workers who mentor in it now."""
        return frozenset(party.health_worker_id for party in self.team.values())

    @property
    def awaited(self) -> int:
        """How many of those who are in it now have not signed, where there are letters."""
        return sum(party not in self.signatures for party in self.sides) if self.letters else 0

    @property
    def counting(self) -> bool:
        """Whether it departs from no rule, but for those that were waived, or count anyway."""
        return not self._open_rules()

    def _open_rules(self) -> set[ConductRule]:
        return {rule for rules in self.departs.values() for rule in rules} - set(self.waived)

    @property
    def live(self) -> bool:
        """Whether it was taken up and is not over."""
        return self.standing is Standing.ACCEPTED

    @property
    def over(self) -> bool:
        """Whether it was declined or concluded."""
        return self.standing in (Standing.DECLINED, Standing.CONCLUDED)

    def cares_for(self, enrolment_id: UUID) -> bool:
        """Say whether a mentee is in its care now."""
        return any(party.enrolment_id == enrolment_id for party in self.mentees)

    def agreed(self, least: int) -> bool:
        """Say whether nobody's letter is missing, and the team has `least` mentors."""
        return self.live and not self.awaited and len(self.mentors) >= least

    def agree(self, least: int, on: date) -> None:
        """Record that it is agreed by that day, if it is, and was not."""
        if not self.bound and self.agreed(least):
            self.record(MentorshipAgreed(agreed_on=on))

    def must_be_proposed(self) -> None:
        """Refuse to take up what nobody proposed.

        Raises:
            AlreadyAccepted, MentorshipEnded: there is nothing to take up.
        """
        self._must_not_be_over()
        if self.standing is Standing.ACCEPTED:
            raise AlreadyAccepted("mentorshipId")

    def accept(self, findings: Findings) -> None:
        """Take up what the matching proposed, with what is found of that.

        Raises:
            AlreadyAccepted, MentorshipEnded: there is nothing to take up; and what the programme
                refuses.
        """
        self.must_be_proposed()
        self.record(MentorshipAccepted(**self._said(), deviations=findings.must_be_recorded()))

    @event(MentorshipAccepted)
    def _accepted(self, event: MentorshipAccepted) -> None:
        self.standing = Standing.ACCEPTED
        self._departed(self.id, event.deviations)

    def decline(self) -> None:
        """Turn down what nobody has signed.

        Raises:
            MentorshipEnded, SignedBefore, AgreedBefore: it is over, or somebody relies on it.
        """
        self._must_not_be_over()
        if self.signatures:
            raise SignedBefore("mentorshipId", signed=len(self.signatures))
        if self.bound:
            raise AgreedBefore("mentorshipId")
        self.record(MentorshipDeclined())

    @event(MentorshipDeclined)
    def _declined(self, _event: MentorshipDeclined) -> None:
        self.standing = Standing.DECLINED

    def sign(self, party: UUID, on: date, least: int) -> None:
        """Record one party's signature on the acceptance letter; the last one makes it agreed.

        Args:
            least: how many mentors it takes.

        Raises:
            MentorshipEnded, NotAccepted: nobody signs it, or not yet.
            NotAParty: `party` is neither mentor nor mentee here.
            AlreadySigned: they signed before.
        """
        self._must_be_live()
        side = self.sides.get(party)
        if self._signs_for_before(party, on):
            # A letter that is found: it is of when they were in it, and nobody waited for it.
            self._sign(party, self.once[party], on, self.awaited)
            return
        if side is None:
            raise NotAParty("healthWorkerId", person=party)
        if party in self.signatures:
            raise AlreadySigned("healthWorkerId", person=party, signed_on=self.signatures[party])
        self._sign(party, side, on, max(self.awaited - 1, 0))
        self.agree(least, max(self.signatures.values()))

    def _signs_for_before(self, party: UUID, on: date) -> bool:
        """Say whether a letter of that day is of a time that they were in it before."""
        if party in self.signatures or party in self.signed_before:
            return False
        days = [left_on for one, left_on, _ in self.gone.values() if one.health_worker_id == party]
        until = max(days, default=self.left_on.get(party))
        if until is None or on > until:
            return False
        return party not in self.sides or on < self.came.get(party, on)

    def _sign(self, party: UUID, side: Side, on: date, awaited: int) -> None:
        self.record(
            AgreementSigned(health_worker_id=party, side=side, signed_on=on, awaited=awaited)
        )

    @property
    def once(self) -> dict[UUID, Side]:
        """Who left it, and on which side they had been."""
        mentees = {party.health_worker_id: Side.MENTEE for party, _, _ in self.gone.values()}
        return mentees | dict.fromkeys(self.left_on, Side.MENTOR)

    @event(AgreementSigned)
    def _signed(self, event: AgreementSigned) -> None:
        person, on = event.health_worker_id, event.signed_on
        if event.side is Side.MENTOR and self._signs_for_before(person, on):
            self.signed_before[person] = on  # they sign again where they come back
        else:
            self.signatures[person] = on

    def correct_signature(self, party: UUID, on: date) -> None:
        """Say on which day somebody signed after all; the agreement is of its day.

        Raises:
            MentorshipEnded: it was declined.
            HasNotSigned, AlreadySigned: there is nothing to correct.
        """
        said = self._must_have_signed(party)
        if said == on:
            raise AlreadySigned("signedOn", person=party, signed_on=said)
        self.record(
            SignatureCorrected(
                health_worker_id=party,
                side=self._side_of(party),
                signed_on=on,
                instead_of=said,
                agreed_on=self._agreed_with(self.signatures | {party: on}),
            )
        )

    def _agreed_with(self, signatures: dict[UUID, date]) -> date | None:
        """Return the day it was agreed on by other days of its letters; None: the day stays."""
        if not (self.bound and self.letters) or self.agreed_on is None:
            return None
        last = max(signatures.values())
        by_letters = self.agreed_on == max(self.signatures.values())
        return last if last > self.agreed_on or (by_letters and last < self.agreed_on) else None

    @event(SignatureCorrected)
    def _signature_corrected(self, event: SignatureCorrected) -> None:
        self.signatures[event.health_worker_id] = event.signed_on
        self.agreed_on = event.agreed_on or self.agreed_on

    def void_signature(self, party: UUID, on: date) -> None:
        """Take a signature back: it is agreed no more, where it was by this.

        Raises:
            MentorshipEnded, NotAccepted, HasNotSigned: as they say.
        """
        self._must_be_live()
        self._must_have_signed(party)
        asked = self.letters and party in self.sides
        self.record(
            SignatureVoided(
                health_worker_id=party,
                side=self._side_of(party),
                voided_on=on,
                awaited=self.awaited + asked,
                unbinds=asked and self.bound and not self.vacant,
            )
        )

    @event(SignatureVoided)
    def _signature_voided(self, event: SignatureVoided) -> None:
        del self.signatures[event.health_worker_id]
        self.bound = self.bound and not (self.letters and event.health_worker_id in self.sides)

    def _must_have_signed(self, party: UUID) -> date:
        if self.standing is Standing.DECLINED:
            raise MentorshipEnded("mentorshipId", standing=self.standing.value)
        if party not in self.signatures:
            raise HasNotSigned("healthWorkerId", person=party)
        return self.signatures[party]

    def _side_of(self, party: UUID) -> Side:
        """Return the side of somebody who is in it, or was as mentee: their signature stays."""
        return self.sides.get(party, Side.MENTEE)

    @property
    def last_day(self) -> date | None:
        """The last day that anything of it happened on."""
        gone = [left_on for _, left_on, _ in self.gone.values()]
        left = [*gone, *self.left_on.values(), *self.signatures.values()]
        return max([*left, *([self.latest] if self.latest else [])], default=None)

    @event(MentorshipAgreed)
    def _agreed(self, event: MentorshipAgreed) -> None:
        self.bound, self.agreed_on = True, event.agreed_on

    def change_phase(self, phase: str, since: date, phases: Sequence[str]) -> None:
        """Take it, and all of its mentees, to another of the programme's `phases`.

        Raises:
            MentorshipEnded, NotAccepted, NoPhases, PhaseUnknown, InPhaseAlready, DayOutOfOrder:
                as they say.
        """
        present = self._must_have_phase(phase, phases)
        if phase == present and not self.mentee_phases:
            raise InPhaseAlready("phase", phase=phase)
        self._must_follow(self.phase_since, since)
        self.record(MentorshipPhaseChanged(from_phase=present, phase=phase, since=since))

    @event(MentorshipPhaseChanged)
    def _phase_changed(self, event: MentorshipPhaseChanged) -> None:
        self.phase, self.phase_since = event.phase, event.since
        self.mentee_phases = {}
        self._happened(event.since)

    def change_mentee_phase(
        self, enrolment_id: UUID, phase: str, since: date, phases: Sequence[str]
    ) -> None:
        """Take one mentee to another of the programme's `phases`, and leave the others.

        Raises:
            MentorshipEnded, NotAccepted, NoPhases, PhaseUnknown, NotInCare, InPhaseAlready,
            DayOutOfOrder: as they say.
        """
        general = self._must_have_phase(phase, phases)
        party = self._in_care(enrolment_id)
        present, began = self.mentee_phases.get(enrolment_id, (general, self.phase_since))
        if phase == present:
            raise InPhaseAlready("phase", phase=phase)
        self._must_follow(began, since)
        self.record(
            MenteePhaseChanged(
                enrolment_id=enrolment_id,
                health_worker_id=party.health_worker_id,
                from_phase=present,
                phase=phase,
                since=since,
            )
        )

    @event(MenteePhaseChanged)
    def _mentee_phase_changed(self, event: MenteePhaseChanged) -> None:
        self.mentee_phases[event.enrolment_id] = (event.phase, event.since)
        self._happened(event.since)

    def _must_have_phase(self, phase: str, phases: Sequence[str]) -> str:
        self._must_be_live()
        if self.phase is None:
            raise NoPhases("phase")
        if phase not in phases:
            raise PhaseUnknown("phase", phase=phase, phases=", ".join(phases))
        return self.phase

    def move_to(self, version_id: UUID, rules: Definition, since: date) -> None:
        """Put it under another version, whose `rules` hold from that day on.

        Raises:
            MentorshipEnded, NotAccepted, DayOutOfOrder: as they say.
        """
        self._must_be_live()
        self._must_follow(self.phase_since, since)
        phases = [phase.code for phase in rules.phases]
        phase = self.phase if self.phase in phases else next(iter(phases), None)
        self.record(
            MentorshipMovedToVersion(
                from_programme_version_id=self.programme_version_id,
                programme_version_id=version_id,
                since=since,
                letters=Gate.SIGNATURES in rules.gates,
                phase=phase,
            )
        )
        self.agree(rules.least_team, since)

    @event(MentorshipMovedToVersion)
    def _moved(self, event: MentorshipMovedToVersion) -> None:
        self.programme_version_id, self.letters = event.programme_version_id, event.letters
        if event.phase != self.phase:
            self.phase, self.phase_since = event.phase, event.since
            self.mentee_phases = {}
        self._happened(event.since)

    def take_to(self, unit: UUID, since: date) -> None:
        """Be of another unit since a day.

        Raises:
            MentorshipEnded, NotAccepted, MentorshipThere, DayOutOfOrder: as they say.
        """
        self._must_be_live()
        if unit == self.org_unit_id:
            raise MentorshipThere("orgUnitId")
        self._must_follow(self.there_since, since)
        self.record(MentorshipMoved(org_unit_id=unit, since=since))

    @event(MentorshipMoved)
    def _taken_to(self, event: MentorshipMoved) -> None:
        self.org_unit_id, self.there_since = event.org_unit_id, event.since

    def add_mentee(self, mentee: MenteeParty, since: date, findings: Findings) -> None:
        """Take a mentee into its care, with what is found of that.

        Raises:
            MentorshipEnded, NotAccepted, AlreadyInCare, MentorIsMentee, DayOutOfOrder: as they
                say; and what the programme refuses.
        """
        self._must_be_live()
        if self.cares_for(mentee.enrolment_id):
            raise AlreadyInCare("enrolmentId", mentee=mentee.enrolment_id)
        if mentee.health_worker_id in self.mentors:
            raise MentorIsMentee("enrolmentId", person=mentee.health_worker_id)
        if mentee.enrolment_id in self.gone:
            self._must_follow(self.gone[mentee.enrolment_id][1], since)
        self._join(mentee, since, findings.must_be_recorded())

    def take_back(self, enrolment_id: UUID, since: date) -> bool:
        """Take a mentee who had withdrawn or completed into its care again, and go on with them.

        Say whether it does: not if it was ended otherwise, or somebody took them out.
        """
        if enrolment_id not in self.gone or self.formal or self.standing is Standing.DECLINED:
            return False
        party, left_on, cause = self.gone[enrolment_id]
        if cause is MenteeLeaving.REMOVED:
            return False
        since = max(since, left_on)
        if self.ended_on is not None:
            self.record(MentorshipReopened(since=since))
        self._join(party, since, ())
        return True

    def _join(self, mentee: MenteeParty, since: date, deviations: tuple[Deviation, ...]) -> None:
        new = self.letters and mentee.health_worker_id not in {*self.sides, *self.signatures}
        self.record(
            MenteeJoined(
                **self._said(),
                cohort_id=self.cohort_id,
                mentee=mentee,
                since=since,
                awaited=self.awaited + new,
                deviations=deviations,
            )
        )

    @event(MenteeJoined)
    def _mentee_joined(self, event: MenteeJoined) -> None:
        self.mentees.append(event.mentee)
        self.joined[event.mentee.enrolment_id] = event.since
        self.departed.pop(event.mentee.enrolment_id, None)
        self.gone.pop(event.mentee.enrolment_id, None)
        self._departed(event.mentee.enrolment_id, event.deviations)
        self._happened(event.since)

    @event(MentorshipReopened)
    def _reopened(self, _event: MentorshipReopened) -> None:
        self.standing, self.ended_on = Standing.ACCEPTED, None

    def remove_mentee(
        self,
        enrolment_id: UUID,
        on: date,
        cause: MenteeLeaving,
        least: int,
        asked: Disengagement | None = None,
    ) -> None:
        """Let a mentee leave its care after that day; it ends with the last of them.

        Args:
            least: how many mentors it takes.
            asked: who must be told of one who withdraws, by the programme; None: it names nobody.

        Raises:
            MentorshipEnded, NotInCare, DayOutOfOrder: as they say.
        """
        self._must_not_be_over()
        party = self._in_care(enrolment_id)
        self._must_follow(self.joined.get(enrolment_id), on)
        others = [one for one in self.mentees if one.enrolment_id != enrolment_id]
        person = party.health_worker_id
        stays = person in {one.health_worker_id for one in others}
        released = self.letters and not stays and person not in self.signatures
        due, due_on = _due_of_mentee(cause, asked, on)
        self.record(
            MenteeLeft(
                enrolment_id=enrolment_id,
                health_worker_id=person,
                left_on=on,
                cause=cause,
                mentees=len(others),
                awaited=self.awaited - released,
                stays=stays,
                due=due,
                due_on=due_on,
            )
        )
        if others:
            self.agree(least, max([on, *self.signatures.values()]))
        elif self.standing is Standing.PROPOSED:
            self.record(MentorshipDeclined())
        else:
            last = max(on, self.last_day or on)
            self.record(MentorshipConcluded(concluded_on=last, with_last=True))

    @event(MenteeLeft)
    def _mentee_left(self, event: MenteeLeft) -> None:
        party = self._in_care(event.enrolment_id)
        self.mentees.remove(party)
        self.gone[event.enrolment_id] = (party, event.left_on, event.cause)
        self.mentee_phases.pop(event.enrolment_id, None)
        self.departed[event.enrolment_id] = self.departs.pop(event.enrolment_id, [])

    def _in_care(self, enrolment_id: UUID) -> MenteeParty:
        for party in self.mentees:
            if party.enrolment_id == enrolment_id:
                return party
        raise NotInCare("enrolmentId", mentee=enrolment_id)

    def waive(self, rule: ConductRule, approved_by: str, on: date) -> None:
        """Record that an office waived a rule it departs from.

        Raises:
            MentorshipEnded, NothingToWaive: as they say.
        """
        self._must_not_be_over()
        open_rules = self._open_rules()
        if rule not in open_rules:
            raise NothingToWaive("rule", rule=rule, rules=", ".join(sorted(open_rules)) or "none")
        self.record(
            MentorshipWaived(
                rule=rule, approved_by=approved_by, waived_on=on, counts=open_rules == {rule}
            )
        )

    @event(MentorshipWaived)
    def _waived(self, event: MentorshipWaived) -> None:
        self.waived.append(event.rule)

    def pause(self, since: date, cause: PauseCause) -> None:
        """Let nothing be due in it from a day on.

        Raises:
            MentorshipEnded, NotAccepted, AlreadyPaused, DayOutOfOrder: as they say.
        """
        self._must_be_live()
        if self.paused is not None:
            raise AlreadyPaused("mentorshipId", since=self.paused)
        self._must_follow(self.resumed, since)
        self.record(MentorshipPaused(since=since, cause=cause))

    def rest(self, since: date, until: date | None, cause: PauseCause) -> None:
        """Let nothing be due in it between two days, which may be told late; it must not pause."""
        self.record(MentorshipPaused(since=since, cause=cause))
        if until is not None:
            self.record(MentorshipResumed(paused=since, since=until))

    @event(MentorshipPaused)
    def _paused(self, event: MentorshipPaused) -> None:
        self.paused = event.since
        self._happened(event.since)

    def resume(self, since: date) -> None:
        """Let it go on from a day on.

        Raises:
            MentorshipEnded, NotAccepted, NotPaused, DayOutOfOrder: as they say.
        """
        self._must_be_live()
        if self.paused is None:
            raise NotPaused("mentorshipId")
        self._must_follow(self.paused, since)
        self.go_on(since)

    def go_on(self, since: date) -> None:
        """Let what pauses go on from a day on, though it may be over by now."""
        if self.paused is not None:
            self.record(MentorshipResumed(paused=self.paused, since=since))

    @event(MentorshipResumed)
    def _resumed(self, event: MentorshipResumed) -> None:
        self.paused, self.resumed = None, max(event.since, self.resumed or event.since)
        self._happened(event.since)

    def disengage(
        self,
        mentor_id: UUID,
        on: date,
        *,
        notified: tuple[Notified, ...],
        asked: Disengagement | None,
        least: int,
        cause: MentorLeaving | None = None,
    ) -> None:
        """Let a mentor leave formally, and say who was told and who is still to be.

        Args:
            asked: who must be told, by the programme; None: it names nobody.
            least: how many mentors it takes.

        Raises:
            MentorshipEnded, NotAccepted, NotInTeam, RoleNotNamed: as they say.
        """
        self._must_be_live()
        if mentor_id not in self.team:
            raise NotInTeam("mentorId", mentor=mentor_id, team=_listed(self.team))
        due, due_on = _due(notified, asked, on)
        leaver = self.team[mentor_id].health_worker_id
        remaining = {party.health_worker_id for id, party in self.team.items() if id != mentor_id}
        stays = leaver in remaining
        released = self.letters and not stays and leaver not in self.signatures
        self.record(
            MentorDisengaged(
                mentor_id=mentor_id,
                health_worker_id=leaver,
                programme=self.programme,
                org_unit_id=self.org_unit_id,
                left_on=on,
                notified=notified,
                due=due,
                due_on=due_on,
                team=len(remaining),
                awaited=self.awaited - released,
                cause=cause,
                stays=stays,
            )
        )
        self.agree(least, on)  # perhaps only the leaver's signature was missing

    @event(MentorDisengaged)
    def _disengaged(self, event: MentorDisengaged) -> None:
        self.vacant[event.mentor_id] = (self.team.pop(event.mentor_id), event.left_on)
        self.left_on[event.health_worker_id] = event.left_on
        if event.cause is not None and event.cause.parts_for_good:
            self.parted.append(event.health_worker_id)
        if not event.stays:
            signed_on = self.signatures.pop(event.health_worker_id, None)
            if signed_on is not None:
                self.signed_before[event.health_worker_id] = signed_on
        self.departed[event.mentor_id] = self.departs.pop(event.mentor_id, [])

    def void_leaving(self, party_id: UUID) -> bool:
        """Let a party who left stay in it as before, for they did not leave after all.

        Say whether they do: not if the place is taken, or it ended otherwise.
        """
        if not self.could_stay(party_id):
            return False
        if party_id in self.vacant:
            place, left_on = self.vacant[party_id]
            person, side, signed = place.health_worker_id, Side.MENTOR, self.signed_before
        else:
            mentee, left_on, _ = self.gone[party_id]
            person, side, signed = mentee.health_worker_id, Side.MENTEE, self.signatures
        if self.ended_on is not None and side is Side.MENTEE:
            self.record(MentorshipReopened(since=left_on))
        unsigned = self.letters and person not in {*self.sides, *signed}
        self.record(
            MentorshipLeavingVoided(
                party_id=party_id,
                health_worker_id=person,
                side=side,
                left_on=left_on,
                awaited=self.awaited + unsigned,
                agreed=self.bound and not self.awaited + unsigned,
                over=self.over,
            )
        )
        return True

    def could_stay(self, party_id: UUID) -> bool:
        """Say whether somebody left it of themselves, and nothing but that keeps them out."""
        if self.formal or self.standing in (Standing.DECLINED, Standing.PROPOSED):
            return False
        if party_id in self.vacant:
            return True
        return party_id in self.gone and self.gone[party_id][2] is MenteeLeaving.WITHDRAWN

    @event(MentorshipLeavingVoided)
    def _leaving_voided(self, event: MentorshipLeavingVoided) -> None:
        person = event.health_worker_id
        if event.side is Side.MENTOR:
            self.team[event.party_id] = self.vacant.pop(event.party_id)[0]
            self.left_on.pop(person, None)
            if person in self.signed_before:
                self.signatures[person] = self.signed_before.pop(person)
        else:
            self.mentees.append(self.gone.pop(event.party_id)[0])
        rules = self.departed.pop(event.party_id, [])
        if rules:
            self.departs[event.party_id] = rules

    def reassign(
        self,
        replaces: UUID,
        mentor: MentorParty,
        since: date,
        findings: Findings,
        least: int,
    ) -> None:
        """Put a mentor, who may be the same, into the place of one who left; they sign too.

        Raises:
            MentorshipEnded, NotAccepted, PlaceNotVacant, AlreadyInTeam, MentorIsMentee, OtherArea,
            DayOutOfOrder: as they say; and what the programme refuses: ExcludedPair and others.
        """
        self._must_be_live()
        if replaces not in self.vacant:
            raise PlaceNotVacant("replacesId", mentor=replaces, vacant=_listed(self.vacant))
        person = mentor.health_worker_id
        if mentor.mentor_id in self.team:
            raise AlreadyInTeam("mentorId", person=person)
        side = self.sides.get(person)
        if side is Side.MENTEE:
            raise MentorIsMentee("mentorId", person=person)
        place, left_on = self.vacant[replaces]
        if mentor.area != place.area:
            raise OtherArea(
                "mentorId", mentor=mentor.mentor_id, theirs=mentor.area, area=place.area
            )
        self._must_follow(left_on, since)
        with findings.weighing():
            if person in self.parted:
                raise ExcludedPair(
                    "mentorId",
                    mentor=mentor.mentor_id,
                    mentee=self.mentees[0].enrolment_id,
                    why=Phrase("they left them for good before"),
                )
        new = self.letters and side is None and person not in self.signatures
        self.record(
            MentorReassigned(
                mentor=mentor,
                replaces_id=replaces,
                since=since,
                awaited=self.awaited + new,
                **self._said(),
                deviations=findings.must_be_recorded(),
            )
        )
        if not self.letters:
            self.agree(least, since)

    @event(MentorReassigned)
    def _reassigned(self, event: MentorReassigned) -> None:
        del self.vacant[event.replaces_id]
        self.team[event.mentor.mentor_id] = event.mentor
        self.came[event.mentor.health_worker_id] = event.since
        self.bound = False
        self._departed(event.mentor.mentor_id, event.deviations)
        self._happened(event.since)

    def conclude(self, on: date) -> None:
        """End it; nothing more is held under it. What ended by itself did so on that day already.

        Raises:
            MentorshipEnded, NotAccepted, DayOutOfOrder: as they say.
        """
        if self.ended_on is not None and not self.formal:
            self._must_follow(self.ended_on, on)
            self.record(MentorshipConcluded(concluded_on=self.ended_on, with_last=True))
            return
        self._must_be_live()
        self._must_follow(self.last_day, on)
        self.record(MentorshipConcluded(concluded_on=on))

    @event(MentorshipConcluded)
    def _concluded(self, event: MentorshipConcluded) -> None:
        self.formal = self.over or not event.with_last
        self.standing = Standing.CONCLUDED
        self.ended_on = event.concluded_on if event.with_last else None

    def _must_not_be_over(self) -> None:
        if self.over:
            raise MentorshipEnded("mentorshipId", standing=self.standing.value)

    def _must_be_live(self) -> None:
        self._must_not_be_over()
        if self.standing is Standing.PROPOSED:
            raise NotAccepted("mentorshipId")

    def _must_follow(self, last: date | None, day: date) -> None:
        if last is not None and day < last:
            raise DayOutOfOrder("occurredOn", day=day, last=last)

    def _happened(self, day: date) -> None:
        self.latest = day if self.latest is None else max(self.latest, day)


def _due(
    notified: tuple[Notified, ...], asked: Disengagement | None, on: date
) -> tuple[tuple[str, ...], date | None]:
    """Return the roles that are still to be told, and until when."""
    if asked is None:
        return (), None
    for told in notified:
        if told.role not in asked.notify:
            raise RoleNotNamed("notified", role=told.role, roles=", ".join(asked.notify))
    roles = {told.role for told in notified}
    due = tuple(role for role in asked.notify if role not in roles)
    return due, on + timedelta(days=asked.within_days) if due else None


def _due_of_mentee(
    cause: MenteeLeaving, asked: Disengagement | None, on: date
) -> tuple[tuple[str, ...], date | None]:
    """Return who is to be told of a mentee who leaves, and until when: the same roles as of a
    mentor, but for the mentee themselves.
    """
    if cause is not MenteeLeaving.WITHDRAWN or asked is None:
        return (), None
    due = tuple(role for role in asked.notify if role != Side.MENTEE)
    return due, on + timedelta(days=asked.within_days) if due else None


def _listed(mentors: dict[UUID, MentorParty] | dict[UUID, tuple[MentorParty, date]]) -> str:
    return ", ".join(map(str, mentors)) or "none"
