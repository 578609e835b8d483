"""A mentorship: a team of mentors and the mentees in its care, from proposal to conclusion."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.registry.aggregates.mentorship_rules import (
    AlreadyAccepted,
    AlreadyInTeam,
    AlreadySigned,
    DayOutOfOrder,
    ExcludedPair,
    MentorIsMentee,
    MentorshipEnded,
    NoPhases,
    NotAccepted,
    NotAParty,
    NotInTeam,
    OtherArea,
    PhaseNotLater,
    PhaseUnknown,
    PlaceNotVacant,
    RoleNotNamed,
    SignedBefore,
)
from shared.contracts.definition.people import Disengagement
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeParty,
    MentorDisengaged,
    MentorParty,
    MentorReassigned,
    MentorshipAccepted,
    MentorshipAgreed,
    MentorshipConcluded,
    MentorshipDeclined,
    MentorshipPhaseChanged,
    MentorshipProposed,
    Notified,
    Side,
)
from shared.domain import Aggregate, event
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
        team: the mentors who are in it now, by their ids.
        vacant: the places of those who left, until somebody takes them.
        left: every health worker who ever left it as mentor.
        latest: the last day that anything of it happened on.
    """

    kind = "mentorship"

    cohort_id: UUID
    programme_version_id: UUID
    programme: str
    org_unit_id: UUID
    standing: Standing
    team: dict[UUID, MentorParty]
    mentees: list[MenteeParty]
    signatures: dict[UUID, date]
    phase: str | None
    phase_since: date | None
    vacant: dict[UUID, tuple[MentorParty, date]]
    left: list[UUID]
    latest: date | None

    @event(MentorshipProposed)
    def _proposed(self, event: MentorshipProposed) -> None:
        self.cohort_id, self.programme_version_id = event.cohort_id, event.programme_version_id
        self.programme, self.org_unit_id = event.programme, event.org_unit_id
        self.standing = Standing.PROPOSED if event.matched else Standing.ACCEPTED
        self.team = {party.mentor_id: party for party in event.mentors}
        self.mentees = list(event.mentees)
        self.signatures = {}
        self.phase, self.phase_since = event.phase, None
        self.vacant = {}
        self.left = []
        self.latest = None

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
        """How many of those who are in it now have not signed."""
        return sum(party not in self.signatures for party in self.sides)

    @property
    def live(self) -> bool:
        """Whether it was taken up and is not over."""
        return self.standing is Standing.ACCEPTED

    def agreed(self, least: int) -> bool:
        """Say whether all have signed, and the team has the `least` mentors of the ratio."""
        return self.live and not self.awaited and len(self.team) >= least

    def accept(self) -> None:
        """Take up what the matching proposed.

        Raises:
            AlreadyAccepted, MentorshipEnded: there is nothing to take up.
        """
        self._must_not_be_over()
        if self.standing is Standing.ACCEPTED:
            raise AlreadyAccepted("mentorshipId")
        self.record(MentorshipAccepted())

    @event(MentorshipAccepted)
    def _accepted(self, _event: MentorshipAccepted) -> None:
        self.standing = Standing.ACCEPTED

    def decline(self) -> None:
        """Turn down what nobody has signed.

        Raises:
            MentorshipEnded, SignedBefore: it is over, or somebody relies on it.
        """
        self._must_not_be_over()
        if self.signatures:
            raise SignedBefore("mentorshipId", signed=len(self.signatures))
        self.record(MentorshipDeclined())

    @event(MentorshipDeclined)
    def _declined(self, _event: MentorshipDeclined) -> None:
        self.standing = Standing.DECLINED

    def sign(self, party: UUID, on: date, least: int) -> None:
        """Record one party's signature on the acceptance letter; the last one makes it agreed.

        Args:
            least: how many mentors the ratio asks for.

        Raises:
            MentorshipEnded, NotAccepted: nobody signs it, or not yet.
            NotAParty: `party` is neither mentor nor mentee here.
            AlreadySigned: they signed before.
        """
        self._must_be_live()
        sides = self.sides
        if party not in sides:
            raise NotAParty("healthWorkerId", person=party)
        if party in self.signatures:
            raise AlreadySigned("healthWorkerId", person=party, signed_on=self.signatures[party])
        self.record(
            AgreementSigned(
                health_worker_id=party,
                side=sides[party],
                signed_on=on,
                awaited=self.awaited - 1,
            )
        )
        if self.agreed(least):
            self.record(MentorshipAgreed(agreed_on=max(self.signatures.values())))

    @event(AgreementSigned)
    def _signed(self, event: AgreementSigned) -> None:
        self.signatures[event.health_worker_id] = event.signed_on
        self._happened(event.signed_on)

    @event(MentorshipAgreed)
    def _agreed(self, _event: MentorshipAgreed) -> None:
        """Nothing more to remember: every side is among the signatures."""

    def change_phase(self, phase: str, since: date, phases: Sequence[str]) -> None:
        """Take it to a later one of the programme's `phases`, which stand in their order.

        Raises:
            MentorshipEnded, NotAccepted, NoPhases, PhaseUnknown, PhaseNotLater, DayOutOfOrder:
                as they say.
        """
        self._must_be_live()
        if self.phase is None:
            raise NoPhases("phase")
        in_order = ", ".join(phases)
        if phase not in phases:
            raise PhaseUnknown("phase", phase=phase, phases=in_order)
        if phases.index(phase) <= phases.index(self.phase):
            raise PhaseNotLater("phase", phase=phase, present=self.phase, phases=in_order)
        self._must_follow(self.phase_since, since)
        self.record(MentorshipPhaseChanged(from_phase=self.phase, phase=phase, since=since))

    @event(MentorshipPhaseChanged)
    def _phase_changed(self, event: MentorshipPhaseChanged) -> None:
        self.phase, self.phase_since = event.phase, event.since
        self._happened(event.since)

    def disengage(
        self,
        mentor_id: UUID,
        on: date,
        *,
        notified: tuple[Notified, ...],
        asked: Disengagement | None,
        least: int,
    ) -> None:
        """Let a mentor leave formally, and say who was told and who is still to be.

        Args:
            asked: who must be told, by the programme; None: it names nobody.
            least: how many mentors the ratio asks for.

        Raises:
            MentorshipEnded, NotAccepted, NotInTeam, RoleNotNamed: as they say.
        """
        self._must_be_live()
        if mentor_id not in self.team:
            raise NotInTeam("mentorId", mentor=mentor_id, team=_listed(self.team))
        due, due_on = _due(notified, asked, on)
        leaver = self.team[mentor_id].health_worker_id
        awaited = self.awaited
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
                team=len(self.team) - 1,
                awaited=awaited - (leaver not in self.signatures),
            )
        )
        if awaited and self.agreed(least):  # only the leaver's signature was missing
            self.record(MentorshipAgreed(agreed_on=on))

    @event(MentorDisengaged)
    def _disengaged(self, event: MentorDisengaged) -> None:
        self.vacant[event.mentor_id] = (self.team.pop(event.mentor_id), event.left_on)
        self.left.append(event.health_worker_id)
        self.signatures.pop(event.health_worker_id, None)
        self._happened(event.left_on)

    def reassign(self, replaces: UUID, mentor: MentorParty, since: date) -> None:
        """Put a mentor into the place of one who left; they have to sign too.

        Raises:
            MentorshipEnded, NotAccepted, PlaceNotVacant, AlreadyInTeam, MentorIsMentee, OtherArea,
            ExcludedPair, DayOutOfOrder: as they say.
        """
        self._must_be_live()
        if replaces not in self.vacant:
            raise PlaceNotVacant("replacesId", mentor=replaces, vacant=_listed(self.vacant))
        person = mentor.health_worker_id
        side = self.sides.get(person)
        if side is Side.MENTOR:
            raise AlreadyInTeam("mentorId", person=person)
        if side is Side.MENTEE:
            raise MentorIsMentee("mentorId", person=person)
        place, left_on = self.vacant[replaces]
        if mentor.area != place.area:
            raise OtherArea(
                "mentorId", mentor=mentor.mentor_id, theirs=mentor.area, area=place.area
            )
        if person in self.left:
            raise ExcludedPair(
                "mentorId",
                mentor=mentor.mentor_id,
                mentee=self.mentees[0].enrolment_id,
                why=Phrase("they disengaged from them before"),
            )
        self._must_follow(left_on, since)
        self.record(
            MentorReassigned(
                mentor=mentor, replaces_id=replaces, since=since, awaited=self.awaited + 1
            )
        )

    @event(MentorReassigned)
    def _reassigned(self, event: MentorReassigned) -> None:
        del self.vacant[event.replaces_id]
        self.team[event.mentor.mentor_id] = event.mentor
        self._happened(event.since)

    def conclude(self, on: date) -> None:
        """End it; nothing more is held under it.

        Raises:
            MentorshipEnded, NotAccepted, DayOutOfOrder: as they say.
        """
        self._must_be_live()
        self._must_follow(self.latest, on)
        self.record(MentorshipConcluded(concluded_on=on))

    @event(MentorshipConcluded)
    def _concluded(self, _event: MentorshipConcluded) -> None:
        self.standing = Standing.CONCLUDED

    def _must_not_be_over(self) -> None:
        if self.standing in (Standing.DECLINED, Standing.CONCLUDED):
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


def _listed(mentors: dict[UUID, MentorParty] | dict[UUID, tuple[MentorParty, date]]) -> str:
    return ", ".join(map(str, mentors)) or "none"
