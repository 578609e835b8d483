"""A mentorship: a team of mentors and the mentees in its care, agreed when all have signed."""

from datetime import date
from uuid import UUID

from shared.contracts.definition import Ratio
from shared.contracts.registry.mentorship import (
    AgreementSigned,
    MenteeParty,
    MentorParty,
    MentorshipAgreed,
    MentorshipProposed,
    Side,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class TeamSize(Refusal):
    """The team is not what the programme's ratio asks for."""

    code = "TEAM_SIZE"
    template = "The team has {mentors} mentors; the programme asks for {asked}."
    remedy_template = "Name {asked} different mentors."


class OneOfEachArea(Refusal):
    """The team must have one mentor of each area."""

    code = "ONE_OF_EACH_AREA"
    template = "The team's areas are {areas}; the programme asks for one mentor of each: {asked}."
    remedy_template = "Name one mentor of each area."


class MenteeCount(Refusal):
    """More or fewer mentees than one team cares for."""

    code = "MENTEE_COUNT"
    template = "{mentees} mentees; one team cares for {least} to {most}."
    remedy_template = "Split the mentees over more teams, or add to them."


class MentorIsMentee(Refusal):
    """Nobody mentors themselves."""

    code = "MENTOR_IS_MENTEE"
    template = "The health worker {person} is on both sides."
    remedy_template = "Take them out of one side."


class NotAParty(Refusal):
    """Only the mentors and the mentees of a mentorship sign its letter."""

    code = "NOT_A_PARTY"
    template = "The health worker {person} is no party of this mentorship."
    remedy_template = "Sign for one of its mentors or mentees."


class AlreadySigned(Refusal):
    """A signature is given once."""

    code = "ALREADY_SIGNED"
    template = "The health worker {person} signed on {signed_on}."
    remedy_template = "Nothing is left to do for them."


class Mentorship(Aggregate):
    """A mentor, or a team, and the mentees in their care: from proposal to agreement."""

    kind = "mentorship"

    org_unit_id: UUID
    programme: str
    sides: dict[UUID, Side]
    signatures: dict[UUID, date]

    @event(MentorshipProposed)
    def _proposed(self, event: MentorshipProposed) -> None:
        self.org_unit_id, self.programme = event.org_unit_id, event.programme
        self.sides = {party.health_worker_id: Side.MENTOR for party in event.mentors}
        self.sides |= {party.health_worker_id: Side.MENTEE for party in event.mentees}
        self.signatures = {}

    @staticmethod
    def must_fit(
        ratio: Ratio,
        areas: tuple[str, ...],
        mentors: tuple[MentorParty, ...],
        mentees: tuple[MenteeParty, ...],
    ) -> None:
        """Refuse a team and mentees that the programme's ratio does not allow.

        Raises:
            TeamSize, OneOfEachArea, MenteeCount, MentorIsMentee: as they say.
        """
        people = {party.health_worker_id for party in mentors}
        if len(mentors) != ratio.mentors or len(people) != ratio.mentors:
            raise TeamSize("mentorIds", mentors=len(people), asked=ratio.mentors)
        team_areas = sorted(party.area for party in mentors)
        if ratio.one_of_each_area and team_areas != sorted(areas):
            raise OneOfEachArea(
                "mentorIds", areas=", ".join(team_areas), asked=", ".join(sorted(areas))
            )
        least, most = ratio.mentees
        if not least <= len(mentees) <= most:
            raise MenteeCount("enrolmentIds", mentees=len(mentees), least=least, most=most)
        for party in mentees:
            if party.health_worker_id in people:
                raise MentorIsMentee("enrolmentIds", person=party.health_worker_id)

    def sign(self, party: UUID, on: date) -> None:
        """Record one party's signature on the acceptance letter; the last one makes it agreed.

        Raises:
            NotAParty: `party` is neither mentor nor mentee here.
            AlreadySigned: they signed before.
        """
        if party not in self.sides:
            raise NotAParty("healthWorkerId", person=party)
        if party in self.signatures:
            raise AlreadySigned("healthWorkerId", person=party, signed_on=self.signatures[party])
        awaited = len(self.sides) - len(self.signatures) - 1
        self.record(
            AgreementSigned(
                health_worker_id=party, side=self.sides[party], signed_on=on, awaited=awaited
            )
        )
        if not awaited:
            self.record(MentorshipAgreed(agreed_on=max(self.signatures.values())))

    @event(AgreementSigned)
    def _signed(self, event: AgreementSigned) -> None:
        self.signatures[event.health_worker_id] = event.signed_on

    @event(MentorshipAgreed)
    def _agreed(self, _event: MentorshipAgreed) -> None:
        """Nothing more to remember: every side is among the signatures."""
