"""A mentor: nominated for an area, oriented, certified if good enough, never too busy."""

from uuid import UUID

from shared.contracts.definition import Orientation
from shared.contracts.registry.mentor import (
    MentorAssigned,
    MentorCertified,
    MentorNominated,
    MentorOriented,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class AlreadyCertified(Refusal):
    """The mentor is certified; what comes before that is over."""

    code = "ALREADY_CERTIFIED"
    template = "The mentor is certified already."
    remedy_template = "Nothing is left to do; mentorships can be proposed."


class NotOriented(Refusal):
    """A mentor is certified on the evaluations of an orientation, and there was none."""

    code = "NOT_ORIENTED"
    template = "The mentor has not taken the orientation."
    remedy_template = "Record the orientation with `mentorOrient` first."


class OrientationTooLow(Refusal):
    """The evaluations do not reach what the programme asks of its mentors."""

    code = "ORIENTATION_TOO_LOW"
    template = (
        "The evaluations are {theory} % in theory and {practical} % in practice; the programme "
        "asks {least_theory} % and {least_practical} %."
    )
    remedy_template = "Record a new orientation that reaches both, or nominate someone else."


class NotCertified(Refusal):
    """Only certified mentors mentor."""

    code = "MENTOR_NOT_CERTIFIED"
    template = "The mentor {mentor} is not certified."
    remedy_template = "Certify them with `mentorCertify`, or choose a certified mentor."


class LoadReached(Refusal):
    """The mentor carries as many mentorships as the programme allows."""

    code = "MENTOR_LOAD_REACHED"
    template = "The mentor {mentor} carries {load} mentorships, the most that the programme allows."
    remedy_template = "Choose another mentor, or conclude one of theirs first."


class Mentor(Aggregate):
    """A health worker as mentor in one area of one programme."""

    kind = "mentor"

    health_worker_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    org_unit_id: UUID
    orientation: tuple[int, int] | None
    certified: bool
    mentorships: list[UUID]

    @event(MentorNominated)
    def _nominated(self, event: MentorNominated) -> None:
        self.health_worker_id, self.org_unit_id = event.health_worker_id, event.org_unit_id
        self.programme_version_id = event.programme_version_id
        self.programme, self.area = event.programme, event.area
        self.orientation = None
        self.certified = False
        self.mentorships = []

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    def orient(self, theory: int, practical: int) -> None:
        """Record the orientation's two evaluations, out of 100; a later one replaces an earlier.

        Raises:
            AlreadyCertified: nothing hangs on it any more.
        """
        if self.certified:
            raise AlreadyCertified("mentorId")
        self.record(
            MentorOriented(
                health_worker_id=self.health_worker_id, theory=theory, practical=practical
            )
        )

    @event(MentorOriented)
    def _oriented(self, event: MentorOriented) -> None:
        self.orientation = (event.theory, event.practical)

    def certify(self, least: Orientation) -> None:
        """Certify the mentor, if both evaluations reach `least`.

        Raises:
            AlreadyCertified, NotOriented, OrientationTooLow: as they say.
        """
        if self.certified:
            raise AlreadyCertified("mentorId")
        if self.orientation is None:
            raise NotOriented("mentorId")
        theory, practical = self.orientation
        if theory < least.theory or practical < least.practical:
            raise OrientationTooLow(
                "mentorId",
                theory=theory,
                practical=practical,
                least_theory=least.theory,
                least_practical=least.practical,
            )
        self.record(
            MentorCertified(
                health_worker_id=self.health_worker_id, programme=self.programme, area=self.area
            )
        )

    @event(MentorCertified)
    def _certified(self, _event: MentorCertified) -> None:
        self.certified = True

    def assign(self, mentorship_id: UUID, load: int) -> None:
        """Take on a mentorship, with at most `load` at a time.

        Raises:
            NotCertified: they may not mentor.
            LoadReached: they carry `load` mentorships already.
        """
        if not self.certified:
            raise NotCertified("mentorIds", mentor=self.id)
        if len(self.mentorships) >= load:
            raise LoadReached("mentorIds", mentor=self.id, load=load)
        self.record(
            MentorAssigned(health_worker_id=self.health_worker_id, mentorship_id=mentorship_id)
        )

    @event(MentorAssigned)
    def _assigned(self, event: MentorAssigned) -> None:
        self.mentorships.append(event.mentorship_id)
