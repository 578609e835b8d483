"""A mentor: chosen for an area, oriented, certified if good enough, and never too busy."""

from datetime import date
from uuid import UUID

from services.registry.aggregates.mentor_rules import (
    AlreadyCertified,
    AlreadySuspended,
    AvailabilityBackwards,
    BeforeSuspension,
    LaterDeclared,
    LoadReached,
    MentorSuspendedNow,
    NotAvailable,
    NotCarried,
    NotCertified,
    NotOriented,
    NotSuspended,
    OrientationTooLow,
    PlacesAboveLoad,
    ScoresMissing,
    ScoresNotAsked,
)
from shared.contracts.definition import Orientation
from shared.contracts.registry.mentor import (
    MentorAssigned,
    MentorAvailabilityDeclared,
    MentorCertified,
    MentorNominated,
    MentorOriented,
    MentorReinstated,
    MentorReleased,
    MentorSuspended,
)
from shared.domain import Aggregate, derived_id, event


class Mentor(Aggregate):
    """A health worker as mentor in one area of one programme."""

    kind = "mentor"

    health_worker_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    org_unit_id: UUID
    earned_in: UUID | None
    orientation: tuple[int, int] | None
    certified: bool
    suspended: date | None
    places: int | None
    available: tuple[date, date | None] | None
    mentorships: list[UUID]

    @event(MentorNominated)
    def _nominated(self, event: MentorNominated) -> None:
        self.health_worker_id, self.org_unit_id = event.health_worker_id, event.org_unit_id
        self.programme_version_id = event.programme_version_id
        self.programme, self.area = event.programme, event.area
        self.earned_in = event.earned_in
        self.orientation = None
        self.certified = False
        self.suspended = None
        self.places = self.available = None
        self.mentorships = []

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    def orient(self, least: Orientation | None, theory: int | None, practical: int | None) -> None:
        """Record the orientation; a later one replaces an earlier.

        Args:
            least: what the programme asks of its two evaluations; None: it has none.
            theory: out of 100, likewise `practical`.

        Raises:
            AlreadyCertified: nothing hangs on it any more.
            ScoresMissing, ScoresNotAsked: it is scored just where the programme scores it.
        """
        if self.certified:
            raise AlreadyCertified("mentorId")
        if least is None and (theory is not None or practical is not None):
            raise ScoresNotAsked("practical" if theory is None else "theory")
        if least is not None and (theory is None or practical is None):
            raise ScoresMissing("theory" if theory is None else "practical")
        self.record(
            MentorOriented(
                health_worker_id=self.health_worker_id, theory=theory, practical=practical
            )
        )

    @event(MentorOriented)
    def _oriented(self, event: MentorOriented) -> None:
        if event.theory is not None and event.practical is not None:
            self.orientation = (event.theory, event.practical)

    def certify(self, least: Orientation | None) -> None:
        """Certify the mentor, if both evaluations reach `least`, where the programme has them.

        Raises:
            AlreadyCertified, MentorSuspendedNow, NotOriented, OrientationTooLow: as they say.
        """
        if self.certified:
            raise AlreadyCertified("mentorId")
        self._must_not_be_suspended("mentorId")
        if least is not None:
            self._must_reach(least)
        self.record(
            MentorCertified(
                health_worker_id=self.health_worker_id, programme=self.programme, area=self.area
            )
        )

    def _must_reach(self, least: Orientation) -> None:
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

    @event(MentorCertified)
    def _certified(self, _event: MentorCertified) -> None:
        self.certified = True

    def declare_availability(
        self,
        *,
        skills: tuple[str, ...],
        languages: tuple[str, ...],
        places: int,
        since: date,
        until: date | None,
        load: int,
    ) -> None:
        """Say what they offer, and how many mentorships they would carry; `load` is the most.

        Raises:
            PlacesAboveLoad, AvailabilityBackwards, LaterDeclared: as they say.
        """
        if places > load:
            raise PlacesAboveLoad("places", places=places, load=load)
        if until is not None and until < since:
            raise AvailabilityBackwards("until", until=until, since=since)
        if self.available is not None and since < self.available[0]:
            raise LaterDeclared("occurredOn", day=since, since=self.available[0])
        self.record(
            MentorAvailabilityDeclared(
                health_worker_id=self.health_worker_id,
                skills=skills,
                languages=languages,
                places=places,
                since=since,
                until=until,
            )
        )

    @event(MentorAvailabilityDeclared)
    def _availability_declared(self, event: MentorAvailabilityDeclared) -> None:
        self.places = event.places
        self.available = (event.since, event.until)

    def suspend(self, since: date) -> None:
        """Let them mentor no more; mentorships they are in go on.

        Raises:
            AlreadySuspended: they are.
        """
        if self.suspended is not None:
            raise AlreadySuspended("mentorId", since=self.suspended)
        self.record(
            MentorSuspended(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                since=since,
            )
        )

    @event(MentorSuspended)
    def _suspended(self, event: MentorSuspended) -> None:
        self.suspended = event.since

    def reinstate(self, since: date) -> None:
        """Let them mentor again.

        Raises:
            NotSuspended, BeforeSuspension: as they say.
        """
        if self.suspended is None:
            raise NotSuspended("mentorId")
        if since < self.suspended:
            raise BeforeSuspension("occurredOn", day=since, since=self.suspended)
        self.record(
            MentorReinstated(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                since=since,
            )
        )

    @event(MentorReinstated)
    def _reinstated(self, _event: MentorReinstated) -> None:
        self.suspended = None

    def must_be_able(self, field: str = "mentorIds") -> None:
        """Raise NotCertified or MentorSuspendedNow unless they may mentor."""
        if not self.certified:
            raise NotCertified(field, mentor=self.id)
        self._must_not_be_suspended(field)

    def _must_not_be_suspended(self, field: str) -> None:
        if self.suspended is not None:
            raise MentorSuspendedNow(field, mentor=self.id, since=self.suspended)

    def limit(self, load: int) -> int:
        """Return the mentorships they carry at the most: what the programme and they allow."""
        return load if self.places is None else min(load, self.places)

    def available_on(self, day: date) -> bool:
        """Say whether the day lies in the period they declared; without one, they always are."""
        if self.available is None:
            return True
        since, until = self.available
        return since <= day and (until is None or day <= until)

    def assign(
        self, mentorship_id: UUID, *, load: int, day: date, field: str = "mentorIds"
    ) -> None:
        """Take on a mentorship on a day, with at most `load` at a time by the programme.

        Raises:
            NotCertified, MentorSuspendedNow, NotAvailable, LoadReached: as they say.
        """
        self.must_be_able(field)
        if not self.available_on(day):
            raise NotAvailable(field, mentor=self.id, day=day)
        if len(self.mentorships) >= self.limit(load):
            raise LoadReached(field, mentor=self.id, load=len(self.mentorships))
        self.record(
            MentorAssigned(health_worker_id=self.health_worker_id, mentorship_id=mentorship_id)
        )

    @event(MentorAssigned)
    def _assigned(self, event: MentorAssigned) -> None:
        self.mentorships.append(event.mentorship_id)

    def release(self, mentorship_id: UUID) -> None:
        """Give a mentorship back: it counts towards their load no more.

        Raises:
            NotCarried: it does not count.
        """
        if mentorship_id not in self.mentorships:
            raise NotCarried("mentorId", mentor=self.id)
        self.record(
            MentorReleased(health_worker_id=self.health_worker_id, mentorship_id=mentorship_id)
        )

    @event(MentorReleased)
    def _released(self, event: MentorReleased) -> None:
        self.mentorships.remove(event.mentorship_id)


def mentor_claim(programme: str, area: str, health_worker_id: UUID) -> str:
    """Name the claim that keeps a person to one nomination a programme and area."""
    return f"mentor:{programme}:{area}:{health_worker_id}"


def cascade_mentor_id(programme: str, area: str, health_worker_id: UUID) -> UUID:
    """Return the id of the mentor whom the cascade puts forward: one for ever, whoever asks."""
    return derived_id("mentor", programme, area, health_worker_id)
