"""Carrying out what follows of somebody's employment: by the plan that is shown beforehand."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.access_grant import AccessGrant
from services.registry.aggregates.enrolment import Enrolment, Standing, active_claim
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.mentorship import Standing as MentorshipStanding
from services.registry.commands.care import leave_care
from services.registry.commands.parties import release_team, rules_under, team_of
from services.registry.commands.workshops import who_stands_for
from services.registry.views.care import IN_CARE
from services.registry.views.enrolments import ENROLMENT
from services.registry.views.grants import HOLDER
from services.registry.views.offers import OFFER
from services.registry.views.rights import has_right
from shared.contracts.registry.employment import (
    Becomes,
    Duty,
    Employment,
    Outcome,
    line_of,
)
from shared.contracts.registry.enrolment import WithdrawalCause
from shared.contracts.registry.mentor import SuspensionGround
from shared.contracts.registry.mentorship import MenteeLeaving, MentorLeaving
from shared.contracts.registry.pause import PauseCause
from shared.deciding.work import Work
from shared.domain.careers import Duties, Enrolled, Granted, Nominated, Party, plan
from shared.domain.phrases import Phrase


async def follow(
    worker: HealthWorker,
    work: Work[Any],
    *,
    enrolments: Iterable[Enrolment] = (),
    mentors: Iterable[Mentor] = (),
    grants: Iterable[AccessGrant] = (),
) -> bool:
    """Bring what a person has in programmes in line with their employment; say if anything was not.

    Args:
        enrolments, mentors, grants: of theirs, what the same command begins, and no view knows yet.
    """
    if not (worker.employment or worker.carried):
        return False
    records = (worker.id, *worker.aliases)
    found = _Found(worker, records, work)
    await found.look(enrolments, mentors, grants)
    outcomes = plan(line_of(worker.employment), worker.carried, found.duties())
    for one in outcomes:
        await found.carry_out(one)
    if outcomes:
        worker.follow(outcomes)
    return bool(outcomes)


async def must_be_in_service(
    mentors: Iterable[Mentor], work: Work[Any], *, field: str = "mentorIds"
) -> None:
    """Raise NotInService, which names `field`, if one of them had left the service by the day."""
    for mentor in mentors:
        worker = await who_stands_for(mentor.health_worker_id, work, field=field)
        worker.must_be_in_service(work.day, field)


async def follow_team(mentorship: Mentorship, work: Work[Any]) -> None:
    """Let those leave a team again who are gone since: what is recorded late, or taken up again,
    is told to its end.
    """
    for mentor in await team_of(mentorship, work):
        worker = await who_stands_for(mentor.health_worker_id, work, field="mentorshipId")
        await follow(worker, work)


class _Found:
    """All that a person has, as its records say."""

    def __init__(self, worker: HealthWorker, records: tuple[UUID, ...], work: Work[Any]) -> None:
        self.worker, self.records, self.work = worker, records, work
        self.enrolments: dict[UUID, Enrolment] = {}
        self.mentors: dict[UUID, Mentor] = {}
        self.mentorships: dict[UUID, Mentorship] = {}
        self.grants: dict[UUID, AccessGrant] = {}
        self.cares: set[tuple[UUID, UUID]] = set()
        self.places: set[tuple[UUID, UUID]] = set()
        self.entitled: dict[UUID, bool] = {}
        self.parted: set[UUID] = set()

    async def look(
        self,
        enrolments: Iterable[Enrolment],
        mentors: Iterable[Mentor],
        grants: Iterable[AccessGrant],
    ) -> None:
        """Find it."""
        facts, get = self.work.facts, self.work.get
        self.enrolments = {one.id: one for one in enrolments}
        self.mentors = {one.id: one for one in mentors}
        self.grants = {one.id: one for one in grants}
        for record in self.records:
            for row in await facts.rows(ENROLMENT, health_worker_id=record):
                found = await get(Enrolment, row["id"], field="healthWorkerId")
                self.enrolments[found.id] = found
            for row in await facts.rows(IN_CARE, health_worker_id=record):
                self.cares.add((row["mentorship_id"], row["enrolment_id"]))
            for row in await facts.rows(OFFER, health_worker_id=record):
                mentor = await get(Mentor, row["mentor_id"], field="healthWorkerId")
                self.mentors[mentor.id] = mentor
            for row in await facts.rows(HOLDER, health_worker_id=record):
                grant = await get(AccessGrant, row["grant_id"], field="healthWorkerId")
                self.grants[grant.id] = grant
        for id in [one.party_id or one.record_id for one in self.worker.carried]:
            await self._part(id)
        for mentor in self.mentors.values():
            self.places |= {(id, mentor.id) for id, _, _ in mentor.carried}
            self.entitled[mentor.id] = mentor.earned_in is None or await has_right(
                facts, self.records, mentor.programme, mentor.area
            )
        for mentorship_id in {id for id, _ in (*self.cares, *self.places)}:
            known = await self.work.find(Mentorship, mentorship_id)
            if known is not None:
                self.mentorships[mentorship_id] = known

    async def _part(self, id: UUID) -> None:
        """Find what an absence led to, if it is no more of what they have: another record was
        theirs then, and is another person's now.
        """
        if id in self.enrolments or id in self.mentors or id in self.grants:
            return
        find, facts = self.work.find, self.work.facts
        if (enrolment := await find(Enrolment, id)) is not None:
            self.enrolments[id] = enrolment
            for row in await facts.rows(IN_CARE, health_worker_id=enrolment.health_worker_id):
                if row["enrolment_id"] == id:
                    self.cares.add((row["mentorship_id"], id))
        elif (mentor := await find(Mentor, id)) is not None:
            self.mentors[id] = mentor
        elif (grant := await find(AccessGrant, id)) is not None:
            self.grants[id] = grant
        else:
            return  # a mentorship that rests
        self.parted.add(id)

    def duties(self) -> Duties:
        """Return it as it is planned on."""
        return Duties(
            enrolments=[self._enrolled(one) for one in self.enrolments.values()],
            parties=[
                self._party(self.mentorships[mentorship], party, mentors=mentors)
                for parties, mentors in ((self.places, True), (self.cares, False))
                for mentorship, party in parties
                if mentorship in self.mentorships
            ],
            nominations=[
                Nominated(
                    id=one.id,
                    certified_on=one.certified_on if one.certified else None,
                    suspended=one.suspended,
                    entitled=self.entitled[one.id],
                )
                for one in self.mentors.values()
            ],
            grants=[
                Granted(id=one.id, since=one.since, until=one.until, revoked=one.revoked)
                for one in self.grants.values()
            ],
            parted=frozenset(self.parted),
        )

    def _enrolled(self, one: Enrolment) -> Enrolled:
        free = not any(
            other.active
            and (other.programme, other.area) == (one.programme, one.area)
            and (other.id in self.parted) == (one.id in self.parted)
            for other in self.enrolments.values()
        )
        return Enrolled(
            id=one.id,
            of=(one.programme, one.area),
            since=one.since,
            active=one.active,
            restorable=one.standing is Standing.WITHDRAWN and free,
        )

    def _party(self, one: Mentorship, party_id: UUID, *, mentors: bool) -> Party:
        if mentors:
            here, people = party_id in one.team, one.mentors
            mentor = self.mentors[party_id]
            # What ended and went on is carried twice, and was never left.
            days = [since for id, since, _ in mentor.carried if id == one.id and since]
            since = one.came.get(mentor.health_worker_id) or min(days, default=None)
        else:
            here, since = one.cares_for(party_id), one.joined.get(party_id)
            people = frozenset(party.health_worker_id for party in one.mentees)
        return Party(
            mentorship_id=one.id,
            party_id=party_id,
            mentors=mentors,
            since=since,
            here=here,
            restorable=one.could_stay(party_id),
            proposed=one.standing is MentorshipStanding.PROPOSED,
            over=one.over,
            others=len(people - set(self.records)),
            paused=one.paused,
        )

    async def carry_out(self, one: Outcome) -> None:
        """Do one thing of the plan."""
        match one.duty:
            case Duty.MENTEE:
                await self._of_enrolment(self.enrolments[one.record_id], one)
            case Duty.MENTOR:
                self._of_mentor(self.mentors[one.record_id], one)
            case Duty.ACCESS_GRANT if one.undone:
                self.grants[one.record_id].restore()
            case Duty.ACCESS_GRANT:
                self.grants[one.record_id].revoke(one.on)
            case _:
                await self._of_mentorship(self.mentorships[one.record_id], one)

    async def _of_enrolment(self, enrolment: Enrolment, one: Outcome) -> None:
        claim = active_claim(enrolment.programme, enrolment.area, enrolment.health_worker_id)
        if one.undone:
            enrolment.readmit(one.on)
            what = Phrase(
                "The active enrolment of {person} in {area}",
                person=enrolment.health_worker_id,
                area=enrolment.area,
            )
            self.work.claim(claim, field="healthWorkerId", what=what)
            return
        died = one.because is Employment.DECEASED
        enrolment.withdraw(
            one.on, WithdrawalCause.DECEASED if died else WithdrawalCause.LEFT_SERVICE
        )
        self.work.release(claim)
        await leave_care(enrolment, one.on, MenteeLeaving.WITHDRAWN, self.work)

    def _of_mentor(self, mentor: Mentor, one: Outcome) -> None:
        leave = one.because is Employment.ON_LEAVE
        ground = SuspensionGround.LEAVE if leave else SuspensionGround.LEFT_SERVICE
        if one.becomes is Becomes.SUSPENDED:
            mentor.be_away(one.on, one.until, ground)
            return
        if one.undone:
            mentor.void_suspension(one.on)
        else:
            mentor.come_back(one.on)

    async def _of_mentorship(self, mentorship: Mentorship, one: Outcome) -> None:
        match one.becomes:
            case Becomes.PAUSED:
                mentorship.rest(one.on, one.until, PauseCause.LEAVE)
            case Becomes.RESUMED if mentorship.paused is None:
                mentorship.rest(one.on, one.on, PauseCause.LEAVE)
            case Becomes.RESUMED:
                mentorship.go_on(one.on)
            case Becomes.DISENGAGED:
                await self._disengage(mentorship, one)
            case Becomes.DECLINED if one.party_id in mentorship.team:
                if not mentorship.over:
                    mentorship.decline()
                    await release_team(mentorship, None, self.work)
            case Becomes.REJOINED:
                await self._rejoin(mentorship, one)
            case _:
                """They left its care with the enrolment."""

    async def _disengage(self, mentorship: Mentorship, one: Outcome) -> None:
        mentor = self.mentors[one.party_id or one.record_id]
        rules = await rules_under(mentorship, self.work)
        died = one.because is Employment.DECEASED
        mentorship.disengage(
            mentor.id,
            one.on,
            notified=(),
            asked=rules.disengagement,
            least=rules.least_team,
            cause=MentorLeaving.DECEASED if died else MentorLeaving.LEFT_SERVICE,
        )
        mentor.release(mentorship.id, one.on)

    async def _rejoin(self, mentorship: Mentorship, one: Outcome) -> None:
        party = one.party_id or one.record_id
        was_over = mentorship.over
        if not mentorship.void_leaving(party):
            return
        if party in self.mentors:
            if not mentorship.over:
                self.mentors[party].assign(mentorship.id, one.on)
        elif was_over:
            for mentor in await team_of(mentorship, self.work):
                mentor.assign(mentorship.id, one.on)
            await follow_team(mentorship, self.work)
