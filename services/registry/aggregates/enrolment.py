"""An enrolment: one health worker as mentee in one area, from the first day to the end."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from services.registry.aggregates.enrolment_rules import (
    AlreadyThere,
    BeforeEnrolment,
    EnrolmentEnded,
    GoalAlreadyReached,
    GoalDueBefore,
    GoalTwice,
    GoalUnknown,
    NotSetAside,
    SkillTwice,
)
from shared.contracts.registry.enrolment import (
    EnrolmentRestored,
    EnrolmentSetAside,
    GoalReached,
    GoalSet,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeMovedToVersion,
    MenteeSelfAssessed,
    MenteeTrained,
    MenteeTransferred,
    MenteeWithdrawn,
    SelfRating,
)
from shared.domain import Aggregate, event


class Standing(StrEnum):
    """How an enrolment stands."""

    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"
    COMPLETED = "COMPLETED"
    SET_ASIDE = "SET_ASIDE"


class Enrolment(Aggregate):
    """A mentee, as one programme's area knows them."""

    kind = "enrolment"

    health_worker_id: UUID
    cohort_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    org_unit_id: UUID
    since: date
    supervisor_id: UUID | None
    trained_days: int
    goals: dict[str, bool]
    standing: Standing

    @event(MenteeEnrolled)
    def _enrolled(self, event: MenteeEnrolled) -> None:
        self.health_worker_id, self.cohort_id = event.health_worker_id, event.cohort_id
        self.programme_version_id = event.programme_version_id
        self.programme, self.area = event.programme, event.area
        self.org_unit_id, self.since = event.org_unit_id, event.since
        self.supervisor_id = event.supervisor_id
        self.trained_days = 0
        self.goals = {}
        self.standing = Standing.ACTIVE

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    @property
    def active(self) -> bool:
        """Whether it goes on."""
        return self.standing is Standing.ACTIVE

    def must_be_active(self, field: str = "enrolmentId") -> None:
        """Raise EnrolmentEnded unless it goes on."""
        if not self.active:
            raise EnrolmentEnded(field, standing=self.standing.value)

    def _must_run(self, day: date) -> None:
        self.must_be_active()
        if day < self.since:
            raise BeforeEnrolment("occurredOn", day=day, since=self.since)

    def train(self, training: str, days: int, on: date) -> None:
        """Record the training that comes before mentoring; it may have come before enrolment too.

        Raises:
            EnrolmentEnded: nothing comes after it any more.
        """
        self.must_be_active()
        self.record(
            MenteeTrained(
                health_worker_id=self.health_worker_id,
                training=training,
                days=days,
                completed_on=on,
            )
        )

    @event(MenteeTrained)
    def _trained(self, event: MenteeTrained) -> None:
        # Two courses of two days are not one of four: the longest counts.
        self.trained_days = max(self.trained_days, event.days)

    def set_goal(self, goal: str, text: str, due: date | None, on: date) -> None:
        """Set a learning goal under a code that it keeps.

        Raises:
            EnrolmentEnded, BeforeEnrolment, GoalTwice, GoalDueBefore: as they say.
        """
        self._must_run(on)
        if goal in self.goals:
            raise GoalTwice("goal", goal=goal)
        if due is not None and due < on:
            raise GoalDueBefore("due", due=due, day=on)
        self.record(GoalSet(health_worker_id=self.health_worker_id, goal=goal, text=text, due=due))

    @event(GoalSet)
    def _goal_set(self, event: GoalSet) -> None:
        self.goals[event.goal] = False

    def reach_goal(self, goal: str, on: date) -> None:
        """Record that a goal was reached; the event says how many are still open.

        Raises:
            EnrolmentEnded, BeforeEnrolment, GoalUnknown, GoalAlreadyReached: as they say.
        """
        self._must_run(on)
        if goal not in self.goals:
            raise GoalUnknown("goal", goal=goal, goals=", ".join(self.goals) or "none yet")
        if self.goals[goal]:
            raise GoalAlreadyReached("goal", goal=goal)
        self.record(
            GoalReached(
                health_worker_id=self.health_worker_id,
                goal=goal,
                reached_on=on,
                open=self.open_goals - 1,
            )
        )

    @event(GoalReached)
    def _goal_reached(self, event: GoalReached) -> None:
        self.goals[event.goal] = True

    @property
    def open_goals(self) -> int:
        """How many goals are set and not reached."""
        return sum(not reached for reached in self.goals.values())

    def assess_self(self, ratings: tuple[SelfRating, ...], on: date) -> None:
        """Record how well they think they do.

        Raises:
            EnrolmentEnded, BeforeEnrolment, SkillTwice: as they say.
        """
        self._must_run(on)
        seen: set[str] = set()
        for rating in ratings:
            if rating.skill in seen:
                raise SkillTwice("ratings", skill=rating.skill)
            seen.add(rating.skill)
        self.record(
            MenteeSelfAssessed(
                health_worker_id=self.health_worker_id, ratings=ratings, assessed_on=on
            )
        )

    @event(MenteeSelfAssessed)
    def _self_assessed(self, _event: MenteeSelfAssessed) -> None:
        """No rule asks what they thought."""

    def transfer(self, org_unit_id: UUID, since: date) -> None:
        """Let it follow the person to where they are posted; their mentorship stays theirs.

        Raises:
            EnrolmentEnded, BeforeEnrolment, AlreadyThere: as they say.
        """
        self._must_run(since)
        if org_unit_id == self.org_unit_id:
            raise AlreadyThere("occurredOn", day=since)
        self.record(
            MenteeTransferred(
                health_worker_id=self.health_worker_id,
                from_org_unit_id=self.org_unit_id,
                org_unit_id=org_unit_id,
                since=since,
            )
        )

    @event(MenteeTransferred)
    def _transferred(self, event: MenteeTransferred) -> None:
        self.org_unit_id = event.org_unit_id

    def move_to(self, programme_version_id: UUID, since: date) -> None:
        """Put them under another version of the rules; the version itself says whom it can follow.

        Raises:
            EnrolmentEnded, BeforeEnrolment: as they say.
        """
        self._must_run(since)
        self.record(
            MenteeMovedToVersion(
                health_worker_id=self.health_worker_id,
                from_programme_version_id=self.programme_version_id,
                programme_version_id=programme_version_id,
                since=since,
            )
        )

    @event(MenteeMovedToVersion)
    def _moved(self, event: MenteeMovedToVersion) -> None:
        self.programme_version_id = event.programme_version_id

    def withdraw(self, on: date) -> None:
        """End it before its end.

        Raises:
            EnrolmentEnded, BeforeEnrolment: as they say.
        """
        self._must_run(on)
        self.record(MenteeWithdrawn(health_worker_id=self.health_worker_id, withdrawn_on=on))

    @event(MenteeWithdrawn)
    def _withdrawn(self, _event: MenteeWithdrawn) -> None:
        self.standing = Standing.WITHDRAWN

    def complete(self, on: date, *, sessions: int, validated: int) -> None:
        """End it at its end, whose rule the handler judged.

        Raises:
            EnrolmentEnded, BeforeEnrolment: as they say.
        """
        self._must_run(on)
        self.record(
            MenteeCompleted(
                health_worker_id=self.health_worker_id,
                programme_version_id=self.programme_version_id,
                programme=self.programme,
                area=self.area,
                org_unit_id=self.org_unit_id,
                completed_on=on,
                sessions=sessions,
                validated=validated,
            )
        )

    @event(MenteeCompleted)
    def _completed(self, _event: MenteeCompleted) -> None:
        self.standing = Standing.COMPLETED

    def set_aside(self) -> None:
        """Let it rest, while its person's record is another name for somebody else's.

        Raises:
            EnrolmentEnded: it does not go on anyway.
        """
        self.must_be_active()
        self.record(EnrolmentSetAside(health_worker_id=self.health_worker_id))

    @event(EnrolmentSetAside)
    def _set_aside(self, _event: EnrolmentSetAside) -> None:
        self.standing = Standing.SET_ASIDE

    def restore(self) -> None:
        """Let it go on as before.

        Raises:
            NotSetAside: it does not rest.
        """
        if self.standing is not Standing.SET_ASIDE:
            raise NotSetAside("enrolmentId", standing=self.standing.value)
        self.record(EnrolmentRestored(health_worker_id=self.health_worker_id))

    @event(EnrolmentRestored)
    def _restored(self, _event: EnrolmentRestored) -> None:
        self.standing = Standing.ACTIVE


def active_claim(programme: str, area: str, health_worker_id: UUID) -> str:
    """Name the claim that keeps a person to one active enrolment a programme and area."""
    return f"enrolment:{programme}:{area}:{health_worker_id}"
