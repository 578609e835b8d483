"""A mentor: chosen for an area, oriented, certified if good enough, and never too busy."""

from collections.abc import Collection
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
    NothingCertified,
    NotOriented,
    NotSuspended,
    OrientationOfWorkshop,
    OrientationTooLow,
    PlacesAboveLoad,
    ScoresMissing,
    ScoresNotAsked,
)
from services.registry.aggregates.trainings import Taken
from shared.contracts.definition import Orientation
from shared.contracts.registry.mentor import (
    MentorAssigned,
    MentorAvailabilityDeclared,
    MentorCertificationCorrected,
    MentorCertificationVoided,
    MentorCertified,
    MentorNominated,
    MentorOrientationVoided,
    MentorOriented,
    MentorReinstated,
    MentorReleased,
    MentorSuspended,
    MentorSuspensionVoided,
    SuspensionGround,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.findings import Findings


class Mentor(Aggregate):
    """A health worker as mentor in one area of one programme, as of any day.

    Attributes:
        orientations: those that stand, each by the version that told of it.
        certified_on: none: not, or since before events told the day.
        suspensions: from which day until which, as they were told; the last one may go on.
        declared: from which day, until which, and how many mentorships they would carry.
        carried: each mentorship that counts or counted towards their load, and when.
    """

    kind = "mentor"
    fold_version = 4

    health_worker_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    org_unit_id: UUID
    earned_in: UUID | None
    orientations: dict[int, MentorOriented]
    certified: bool
    certified_on: date | None
    suspensions: list[tuple[date, date | None]]
    right_fell: bool
    """They are suspended since the right that put them forward fell."""
    declared: list[tuple[date, date | None, int]]
    carried: list[tuple[UUID, date | None, date | None]]

    @event(MentorNominated)
    def _nominated(self, event: MentorNominated) -> None:
        self.health_worker_id, self.org_unit_id = event.health_worker_id, event.org_unit_id
        self.programme_version_id = event.programme_version_id
        self.programme, self.area = event.programme, event.area
        self.earned_in = event.earned_in
        self.orientations = {}
        self.certified, self.certified_on = False, None
        self.suspensions, self.declared, self.carried = [], [], []
        self.right_fell = False

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    @property
    def suspended(self) -> date | None:
        """Since when they are suspended now; None: they are not."""
        since, until = self.suspensions[-1] if self.suspensions else (None, None)
        return since if until is None else None

    def suspended_on(self, day: date) -> date | None:
        """Since when they were suspended on a day; None: they were not."""
        return next(
            (
                since
                for since, until in self.suspensions
                if since <= day and (until is None or day < until)
            ),
            None,
        )

    @property
    def mentorships(self) -> list[UUID]:
        """What counts towards their load now."""
        return [id for id, _, until in self.carried if until is None]

    def carried_on(self, day: date) -> frozenset[UUID]:
        """Return the mentorships that counted towards their load on a day."""
        return frozenset(
            id
            for id, since, until in self.carried
            if (since is None or since <= day) and (until is None or day < until)
        )

    @property
    def orientation(self) -> tuple[int, int] | None:
        """What they scored in theory and in practice, out of 100, at the last that was scored."""
        for one in reversed(self.orientations.values()):
            if one.theory is not None and one.practical is not None:
                return one.theory, one.practical
        return None

    def orient(
        self, least: Orientation | None, theory: int | None, practical: int | None, on: date
    ) -> None:
        """Record the orientation; one that is told later replaces an earlier.

        Args:
            least: what the programme asks of its two evaluations; None: it has none.
            theory: out of 100, likewise `practical`.
            on: the day of it.

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
                health_worker_id=self.health_worker_id,
                theory=theory,
                practical=practical,
                oriented_on=on,
                suspended=self.suspended is not None,
            )
        )

    @event(MentorOriented)
    def _oriented(self, event: MentorOriented) -> None:
        self.orientations[self.version + 1] = event

    def void_orientation(self) -> None:
        """Say that they did not take the orientation that was told last by itself.

        Raises:
            AlreadyCertified, NotOriented, OrientationOfWorkshop: as they say.
        """
        if self.certified:
            raise AlreadyCertified("mentorId")
        by_hand = [told for told, one in self.orientations.items() if one.workshop_id is None]
        if by_hand:
            self._void_orientation(by_hand[-1])
            return
        for one in self.orientations.values():
            raise OrientationOfWorkshop("mentorId", workshop=one.workshop_id)
        raise NotOriented("mentorId")

    def _void_orientation(self, told: int) -> None:
        others = [one for version, one in self.orientations.items() if version != told]
        last = others[-1] if others else None
        self.record(
            MentorOrientationVoided(
                health_worker_id=self.health_worker_id,
                facts_version=told,
                oriented=last is not None,
                theory=None if last is None else last.theory,
                practical=None if last is None else last.practical,
                oriented_on=None if last is None else last.oriented_on,
                suspended=self.suspended is not None,
            )
        )

    @event(MentorOrientationVoided)
    def _orientation_voided(self, event: MentorOrientationVoided) -> None:
        del self.orientations[event.facts_version]

    def orient_at(self, workshops: Collection[Taken]) -> None:
        """Let the first of these workshops orient them, as those are told now, and no other.

        What was told by hand goes before; once they are certified, nothing hangs on it any more.
        """
        if self.certified:
            return
        first = min(workshops, key=lambda one: (one.days[-1], one.workshop_id), default=None)
        if any(one.workshop_id is None for one in self.orientations.values()):
            first = None
        wanted = None if first is None else (first.workshop_id, first.days[-1])
        for told, one in list(self.orientations.items()):
            if one.workshop_id is None:
                continue
            if (one.workshop_id, one.oriented_on) == wanted:
                wanted = None
            else:
                self._void_orientation(told)
        if wanted is not None:
            workshop_id, on = wanted
            self.record(
                MentorOriented(
                    health_worker_id=self.health_worker_id,
                    oriented_on=on,
                    workshop_id=workshop_id,
                    suspended=self.suspended is not None,
                )
            )

    def certify(self, least: Orientation | None, on: date) -> None:
        """Certify the mentor, if both evaluations reach `least`, where the programme has them.

        Raises:
            AlreadyCertified, MentorSuspendedNow, NotOriented, OrientationTooLow: as they say.
        """
        if self.certified:
            raise AlreadyCertified("mentorId")
        if self.suspended is not None:
            raise MentorSuspendedNow("mentorId", mentor=self.id, since=self.suspended)
        if least is not None:
            self._must_reach(least)
        self.record(
            MentorCertified(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                certified_on=on,
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
    def _certified(self, event: MentorCertified) -> None:
        self.certified, self.certified_on = True, event.certified_on

    def correct_certification(self, on: date) -> None:
        """Say since which day they are certified after all.

        Raises:
            NothingCertified, AlreadyCertified: there is nothing to correct.
            MentorSuspendedNow: they were suspended on that day.
        """
        if not self.certified:
            raise NothingCertified("mentorId")
        if self.certified_on == on:
            raise AlreadyCertified("certifiedOn")
        suspended = self.suspended_on(on)
        if suspended is not None:
            raise MentorSuspendedNow("certifiedOn", mentor=self.id, since=suspended)
        self.record(
            MentorCertificationCorrected(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                certified_on=on,
                instead_of=self.certified_on,
            )
        )

    @event(MentorCertificationCorrected)
    def _certification_corrected(self, event: MentorCertificationCorrected) -> None:
        self.certified_on = event.certified_on

    def void_certification(self, on: date) -> None:
        """Take back that they are certified.

        Raises:
            NothingCertified: they are not.
        """
        if not self.certified:
            raise NothingCertified("mentorId")
        self.record(
            MentorCertificationVoided(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                certified_on=self.certified_on,
                voided_on=on,
                oriented=self.orientation is not None,
                suspended=self.suspended is not None,
            )
        )

    @event(MentorCertificationVoided)
    def _certification_voided(self, _event: MentorCertificationVoided) -> None:
        self.certified, self.certified_on = False, None

    def mentored_uncertified(self) -> int:
        """Return in how many mentorships they mentored before they were certified."""
        return sum(
            not self.certified or (since is not None and since < (self.certified_on or since))
            for _, since, _ in self.carried
        )

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
        if self.declared and since < self.declared[-1][0]:
            raise LaterDeclared("occurredOn", day=since, since=self.declared[-1][0])
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
        self.declared.append((event.since, event.until, event.places))

    def suspend(self, since: date, ground: SuspensionGround | None = None) -> None:
        """Let them take on no mentorship; what becomes of theirs, the ground decides.

        Raises:
            AlreadySuspended: they are.
        """
        if self.suspended is not None:
            raise AlreadySuspended("mentorId", since=self.suspended)
        self._suspend(since, ground)

    def be_away(self, since: date, until: date | None, ground: SuspensionGround) -> None:
        """Be suspended for an absence, which may be over by now, and be told late."""
        self._suspend(since, ground)
        if until is not None:
            self.come_back(until)

    def _suspend(self, since: date, ground: SuspensionGround | None) -> None:
        self.record(
            MentorSuspended(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                since=since,
                ground=ground,
            )
        )

    @event(MentorSuspended)
    def _suspended(self, event: MentorSuspended) -> None:
        self.suspensions.append((event.since, None))
        self.right_fell = event.ground is SuspensionGround.RIGHT_FELL

    def reinstate(self, since: date) -> None:
        """Let them mentor again.

        Raises:
            NotSuspended, BeforeSuspension: as they say.
        """
        if self.suspended is None:
            raise NotSuspended("mentorId")
        if since < self.suspended:
            raise BeforeSuspension("occurredOn", day=since, since=self.suspended)
        self.come_back(since)

    def come_back(self, since: date) -> None:
        """Be suspended no more from a day on."""
        self.record(
            MentorReinstated(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                since=since,
                oriented=bool(self.orientations),
                certified=self.certified,
            )
        )

    @event(MentorReinstated)
    def _reinstated(self, event: MentorReinstated) -> None:
        since, _ = self.suspensions.pop()
        self.suspensions.append((since, event.since))
        self.right_fell = False

    def void_suspension(self, since: date) -> None:
        """Say that they were not suspended on that day after all, nor were on any until they came
        back from it.
        """
        until = next(until for begun, until in reversed(self.suspensions) if begun == since)
        self.record(
            MentorSuspensionVoided(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                since=since,
                until=until,
                oriented=bool(self.orientations),
                certified=self.certified,
                certified_on=self.certified_on,
            )
        )

    @event(MentorSuspensionVoided)
    def _suspension_voided(self, event: MentorSuspensionVoided) -> None:
        self.suspensions.remove((event.since, event.until))

    def able_on(self, day: date) -> bool:
        """Say whether they might mentor on a day: certified by then, and not suspended."""
        certified = self.certified and (self.certified_on or day) <= day
        return certified and self.suspended_on(day) is None

    def must_be_able(self, day: date, findings: Findings, *, field: str = "mentorIds") -> None:
        """Weigh whether they might mentor on a day: NotCertified, MentorSuspendedNow."""
        with findings.weighing():
            certified_on = self.certified_on or day
            if not self.certified or day < certified_on:
                raise NotCertified(field, mentor=self.id, day=day)
        with findings.weighing():
            since = self.suspended_on(day)
            if since is not None:
                raise MentorSuspendedNow(field, mentor=self.id, since=since)

    def limit(self, load: int, day: date) -> int:
        """Return the mentorships they carry at the most: what the programme and they allow."""
        declared = self._declared_on(day)
        return load if declared is None else min(load, declared[2])

    def available_on(self, day: date) -> bool:
        """Say whether the day lies in the period they had declared; without one, it does."""
        declared = self._declared_on(day)
        return declared is None or declared[1] is None or day <= declared[1]

    def _declared_on(self, day: date) -> tuple[date, date | None, int] | None:
        return next((one for one in reversed(self.declared) if one[0] <= day), None)

    def must_be_free(
        self,
        load: int,
        day: date,
        findings: Findings,
        *,
        besides: frozenset[UUID] = frozenset(),
        field: str = "mentorIds",
    ) -> None:
        """Weigh whether they could take on a mentorship on a day, with `load` as the most.

        `besides` is what they carry in other areas, where that counts too.
        NotCertified, MentorSuspendedNow, NotAvailable, LoadReached: as they say.
        """
        self.must_be_able(day, findings, field=field)
        with findings.weighing():
            if not self.available_on(day):
                raise NotAvailable(field, mentor=self.id, day=day)
        with findings.weighing():
            carried = len(self.carried_on(day) | besides)
            if carried >= self.limit(load, day):
                raise LoadReached(field, mentor=self.id, load=carried, day=day)

    def assign(self, mentorship_id: UUID, since: date) -> None:
        """Take on a mentorship on a day."""
        self.record(
            MentorAssigned(
                health_worker_id=self.health_worker_id, mentorship_id=mentorship_id, since=since
            )
        )

    @event(MentorAssigned)
    def _assigned(self, event: MentorAssigned) -> None:
        self.carried.append((event.mentorship_id, event.since, None))

    def release(self, mentorship_id: UUID, since: date | None) -> None:
        """Give a mentorship back: it counts towards their load no more from a day on; None: it
        never did.

        Raises:
            NotCarried: it does not count.
        """
        if mentorship_id not in self.mentorships:
            raise NotCarried("mentorId", mentor=self.id)
        self.record(
            MentorReleased(
                health_worker_id=self.health_worker_id, mentorship_id=mentorship_id, since=since
            )
        )

    @event(MentorReleased)
    def _released(self, event: MentorReleased) -> None:
        place = next(
            place
            for place, (id, _, until) in enumerate(self.carried)
            if id == event.mentorship_id and until is None
        )
        _, since, _ = self.carried.pop(place)
        if event.since is not None:
            self.carried.append((event.mentorship_id, since, event.since))


def mentor_claim(programme: str, area: str, health_worker_id: UUID) -> str:
    """Name the claim that keeps a person to one nomination a programme and area."""
    return f"mentor:{programme}:{area}:{health_worker_id}"


def cascade_mentor_id(programme: str, area: str, health_worker_id: UUID) -> UUID:
    """Return the id of the mentor whom the cascade puts forward: one for ever, whoever asks."""
    return derived_id("mentor", programme, area, health_worker_id)
