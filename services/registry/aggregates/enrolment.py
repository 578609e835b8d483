"""An enrolment: one health worker as mentee in one area, from the first day to the end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from services.registry.aggregates.dated_line import (
    DatedTwice,
    Line,
    SameAsBefore,
    no_longer_begun,
    said_anew,
    value_on,
    with_late,
)
from services.registry.aggregates.enrolment_rules import (
    AlreadyThere,
    BeforeEnrolment,
    BeforeItsEnd,
    EnrolmentEnded,
    GoalAlreadyReached,
    GoalDueBefore,
    GoalTwice,
    GoalUnknown,
    NothingToReopen,
    NotSelfAssessed,
    NotSetAside,
    NotWithdrawn,
    SkillTwice,
)
from services.registry.aggregates.trainings import (
    Taken,
    TrainingIsVoided,
    TrainingOfWorkshop,
    TrainingStands,
    TrainingUnknown,
    days_by,
)
from shared.contracts.registry.enrolment import (
    CompletionReopened,
    EnrolmentRestored,
    EnrolmentSetAside,
    GoalCorrected,
    GoalEvaluated,
    GoalReached,
    GoalReinstated,
    GoalSet,
    GoalVoided,
    HowFar,
    MenteeCompleted,
    MenteeEnrolled,
    MenteeMovedToVersion,
    MenteeNeedsTold,
    MenteeReadmitted,
    MenteeSelfAssessed,
    MenteeTrained,
    MenteeTransferred,
    MenteeWithdrawn,
    NeedsSince,
    SelfAssessmentCorrected,
    SelfRating,
    TrainingCorrected,
    TrainingFacts,
    TrainingReinstated,
    TrainingVoided,
    WithdrawalCause,
)
from shared.domain import Aggregate, event
from shared.domain.told import RecordStands, RecordVoided


class Standing(StrEnum):
    """How an enrolment stands."""

    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"
    COMPLETED = "COMPLETED"
    SET_ASIDE = "SET_ASIDE"


class Goal(Struct, frozen=True, kw_only=True):
    """A learning goal as it is said to be now."""

    reached: bool = False
    voided_on: date | None = None


class Enrolment(Aggregate):
    """A mentee, as one programme's area knows them.

    Attributes:
        units: where they are mentored, and since when.
        needs: what they want to learn, by codes, and since when.
        trainings: courses they took, each by the version that told of it first; `untaken` are
            those that were voided.
        self_assessed: the skills that they rated themselves in, by the day.
        ended_on: the day they withdrew or completed.
        goes_on_in: the person's enrolment with which this one is added up, while it rests.
        fell_from: the day of the completion that fell with a correction, while none stands.
        goes_on_since: the day on which somebody said that a completion was none.
    """

    kind = "enrolment"
    fold_version = 4

    health_worker_id: UUID
    cohort_id: UUID
    programme_version_id: UUID
    programme: str
    area: str
    units: list[tuple[date, UUID]]
    since: date
    needs: list[tuple[date, tuple[str, ...]]]
    supervisor_id: UUID | None
    trainings: dict[int, TrainingFacts]
    untaken: list[int]
    goals: dict[str, Goal]
    self_assessed: dict[date, list[str]]
    standing: Standing
    ended_on: date | None
    goes_on_in: UUID | None
    fell_from: date | None
    goes_on_since: date | None

    @event(MenteeEnrolled)
    def _enrolled(self, event: MenteeEnrolled) -> None:
        self.health_worker_id, self.cohort_id = event.health_worker_id, event.cohort_id
        self.programme_version_id = event.programme_version_id
        self.programme, self.area = event.programme, event.area
        self.units, self.since = [(event.since, event.org_unit_id)], event.since
        self.needs = [(event.since, event.needs)]
        self.supervisor_id = event.supervisor_id
        self.trainings, self.untaken = {}, []
        self.goals, self.self_assessed = {}, {}
        self.standing, self.ended_on = Standing.ACTIVE, None
        self.fell_from = self.goes_on_since = self.goes_on_in = None

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id

    @property
    def org_unit_id(self) -> UUID:
        """Where they are mentored now."""
        return self.units[-1][1]

    def unit_on(self, day: date) -> UUID:
        """Return where they were mentored on a day."""
        return next(
            (unit for since, unit in reversed(self.units) if since <= day), self.units[0][1]
        )

    @property
    def active(self) -> bool:
        """Whether it goes on."""
        return self.standing is Standing.ACTIVE

    def must_be_active(self, field: str = "enrolmentId") -> None:
        """Raise EnrolmentEnded unless it goes on."""
        if not self.active:
            raise EnrolmentEnded(field, standing=self.standing.value)

    def must_go_on_after(self, day: date, field: str) -> None:
        """Refuse a day on which it had not begun, or that was its last.

        Raises:
            EnrolmentEnded, BeforeEnrolment: as they say.
        """
        self.must_run_on(day, field=field)
        if day == self.ended_on:
            raise EnrolmentEnded(field, standing=self.standing.value)

    def must_run_on(self, day: date, *, grace_days: int = 0, field: str = "enrolmentId") -> None:
        """Refuse a day on which it had not begun, or was over.

        Args:
            grace_days: so many days after a completion still belong to it.

        Raises:
            EnrolmentEnded, BeforeEnrolment: as they say.
        """
        if self.ended_on is None:
            self.must_be_active(field)
        elif day > self.ended_on + timedelta(
            days=grace_days if self.standing is Standing.COMPLETED else 0
        ):
            raise EnrolmentEnded(field, standing=self.standing.value)
        if day < self.since:
            raise BeforeEnrolment("occurredOn", day=day, since=self.since)

    def _must_run(self, day: date) -> None:
        self.must_be_active()
        self.must_run_on(day)

    def change_needs(self, needs: tuple[str, ...], since: date) -> None:
        """Say what they want to learn from a day on, which may lie before what was said last.

        Raises:
            EnrolmentEnded, BeforeEnrolment, SameAsBefore, DatedTwice: as they say.
        """
        if value_on(self.needs, since) == needs:
            raise SameAsBefore("needs")
        self._tell_needs(with_late(self.needs, since, needs))

    def correct_needs(self, told: Sequence[NeedsSince]) -> None:
        """Say anew what they wanted to learn since when.

        Raises:
            EnrolmentEnded, BeforeEnrolment, NothingOnTheLine, SameAsBefore, DatedTwice: as they
                say.
        """
        self._tell_needs([(one.since, one.needs) for one in told])

    def _tell_needs(self, told: Line[tuple[str, ...]]) -> None:
        for since, _ in told:
            self.must_run_on(since)
        line = said_anew(told, self.needs, field="needs")
        self.record(
            MenteeNeedsTold(
                health_worker_id=self.health_worker_id,
                needs=tuple(NeedsSince(since=since, needs=needs) for since, needs in line),
                removed=no_longer_begun(self.needs, line),
            )
        )

    @event(MenteeNeedsTold)
    def _needs_told(self, event: MenteeNeedsTold) -> None:
        self.needs = [(one.since, one.needs) for one in event.needs]

    def train(self, training: str, days: int, on: date, course: str | None = None) -> None:
        """Record a course of the training; it may have come before enrolment too.

        Raises:
            EnrolmentEnded: nothing comes after it any more.
        """
        self.must_be_active()
        self._take(training=training, days=days, completed_on=on, course=course)

    def _take(self, **facts: Any) -> None:
        self.record(
            MenteeTrained(
                health_worker_id=self.health_worker_id,
                **facts,
                trained_on=self._last_trained(facts["completed_on"]),
            )
        )

    @event(MenteeTrained)
    def _trained(self, event: MenteeTrained) -> None:
        self.trainings[self.version + 1] = event

    def correct_training(self, told: int, **facts: Any) -> None:
        """Say anew, whole, which training they took; it may be over for them by now.

        Raises:
            TrainingUnknown, TrainingOfWorkshop, TrainingIsVoided: as they say.
        """
        self._told_by_hand(told)
        if told in self.untaken:
            raise TrainingIsVoided("factsVersion")
        self._correct_training(told, **facts)

    def _correct_training(self, told: int, **facts: Any) -> None:
        self.record(
            TrainingCorrected(
                health_worker_id=self.health_worker_id,
                facts_version=told,
                **facts,
                trained_on=self._last_trained(facts["completed_on"], besides=told),
            )
        )

    @event(TrainingCorrected)
    def _training_corrected(self, event: TrainingCorrected) -> None:
        self.trainings[event.facts_version] = event

    def void_training(self, told: int) -> None:
        """Say that they did not take a training.

        Raises:
            TrainingUnknown, TrainingOfWorkshop, TrainingIsVoided: as they say.
        """
        self._told_by_hand(told)
        if told in self.untaken:
            raise TrainingIsVoided("factsVersion")
        self._void_training(told)

    def _void_training(self, told: int) -> None:
        self.record(
            TrainingVoided(
                health_worker_id=self.health_worker_id,
                facts_version=told,
                trained_on=self._last_trained(besides=told),
            )
        )

    @event(TrainingVoided)
    def _training_voided(self, event: TrainingVoided) -> None:
        self.untaken.append(event.facts_version)

    def reinstate_training(self, told: int) -> None:
        """Say that they took it after all.

        Raises:
            TrainingUnknown, TrainingOfWorkshop, TrainingStands: as they say.
        """
        self._told_by_hand(told)
        if told not in self.untaken:
            raise TrainingStands("factsVersion")
        self._reinstate_training(told)

    def _reinstate_training(self, told: int) -> None:
        completed_on = self.trainings[told].completed_on
        self.record(
            TrainingReinstated(
                health_worker_id=self.health_worker_id,
                facts_version=told,
                trained_on=self._last_trained(completed_on) or completed_on,
            )
        )

    @event(TrainingReinstated)
    def _training_reinstated(self, event: TrainingReinstated) -> None:
        self.untaken.remove(event.facts_version)

    def train_at(self, workshops: Iterable[Taken]) -> None:
        """Let it hold what they took at workshops, as those are told now, and nothing else of any.

        What was before its time is the enrolment's too; what began after its end is not.
        """
        now = {
            one.workshop_id: one
            for one in workshops
            if self.ended_on is None or one.days[0] <= self.ended_on
        }
        known = {facts.workshop_id: told for told, facts in self.trainings.items()}
        for told, facts in list(self.trainings.items()):
            gone = facts.workshop_id is not None and facts.workshop_id not in now
            if gone and told not in self.untaken:
                self._void_training(told)
        for one in now.values():
            self._train_at(one, known.get(one.workshop_id))

    def _train_at(self, taken: Taken, told: int | None) -> None:
        facts = {
            "training": taken.title,
            "days": len(taken.days),
            "completed_on": taken.days[-1],
            "course": taken.course,
            "workshop_id": taken.workshop_id,
            "taken_on": taken.days,
        }
        if told is None:
            self._take(**facts)
            return
        if told in self.untaken:
            self._reinstate_training(told)
        if any(getattr(self.trainings[told], name) != value for name, value in facts.items()):
            self._correct_training(told, **facts)

    def trained_days(self, course: str | None, day: date) -> int:
        """Return how many days of a course, or of any, they had taken by a day."""
        return days_by(self._taken(), course, day)

    def _taken(self, besides: int | None = None) -> list[TrainingFacts]:
        return [
            facts
            for told, facts in self.trainings.items()
            if told != besides and told not in self.untaken
        ]

    def _last_trained(self, *days: date, besides: int | None = None) -> date | None:
        return max((*days, *(one.completed_on for one in self._taken(besides))), default=None)

    def _told_by_hand(self, told: int) -> None:
        if told not in self.trainings:
            known = ", ".join(map(str, self.trainings)) or "none"
            raise TrainingUnknown("factsVersion", told=told, known=known)
        workshop = self.trainings[told].workshop_id
        if workshop is not None:
            raise TrainingOfWorkshop("factsVersion", workshop=workshop)

    def set_goal(
        self, goal: str, text: str, due: date | None, on: date, *, grace_days: int = 0
    ) -> None:
        """Set a learning goal under a code that it keeps.

        Raises:
            EnrolmentEnded, BeforeEnrolment, GoalTwice, GoalDueBefore: as they say.
        """
        self.must_run_on(on, grace_days=grace_days)
        if goal in self.goals:
            raise GoalTwice("goal", goal=goal)
        if due is not None and due < on:
            raise GoalDueBefore("due", due=due, day=on)
        self.record(GoalSet(health_worker_id=self.health_worker_id, goal=goal, text=text, due=due))

    @event(GoalSet)
    def _goal_set(self, event: GoalSet) -> None:
        self.goals[event.goal] = Goal()

    def reach_goal(self, goal: str, on: date, *, grace_days: int = 0) -> None:
        """Record that a goal was reached; the event says how many are still open.

        Raises:
            EnrolmentEnded, BeforeEnrolment, GoalUnknown, RecordVoided, GoalAlreadyReached: as they
                say.
        """
        self.must_run_on(on, grace_days=grace_days)
        self._must_be_open(goal)
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
        self.goals[event.goal] = Goal(reached=True)

    def evaluate_goal(
        self, goal: str, how_far: HowFar, comment: str | None, on: date, *, grace_days: int = 0
    ) -> None:
        """Record how far they came with a goal that is not reached.

        Raises:
            EnrolmentEnded, BeforeEnrolment, GoalUnknown, RecordVoided, GoalAlreadyReached: as they
                say.
        """
        self.must_run_on(on, grace_days=grace_days)
        self._must_be_open(goal)
        self.record(
            GoalEvaluated(
                health_worker_id=self.health_worker_id,
                goal=goal,
                how_far=how_far,
                comment=comment,
                evaluated_on=on,
            )
        )

    @event(GoalEvaluated)
    def _goal_evaluated(self, _event: GoalEvaluated) -> None:
        """It is open as before."""

    def correct_goal(
        self,
        goal: str,
        *,
        text: str,
        due: date | None,
        reached_on: date | None,
        grace_days: int = 0,
    ) -> None:
        """Say a goal anew, whole; without a day it was not reached. The enrolment may be over.

        Raises:
            GoalUnknown, RecordVoided, EnrolmentEnded, BeforeEnrolment: as they say.
        """
        self._must_stand(goal)
        if reached_on is not None:
            self.must_run_on(reached_on, grace_days=grace_days)
        now = Goal(reached=reached_on is not None)
        self.record(
            GoalCorrected(
                health_worker_id=self.health_worker_id,
                goal=goal,
                text=text,
                due=due,
                reached_on=reached_on,
                open=_open(self.goals | {goal: now}),
            )
        )

    @event(GoalCorrected)
    def _goal_corrected(self, event: GoalCorrected) -> None:
        self.goals[event.goal] = Goal(reached=event.reached_on is not None)

    def void_goal(self, goal: str, on: date) -> None:
        """Say that they do not mean to reach it: it is neither open nor reached.

        Raises:
            GoalUnknown, RecordVoided: as they say.
        """
        now = replace(self._must_stand(goal), voided_on=on)
        self.record(
            GoalVoided(
                health_worker_id=self.health_worker_id,
                goal=goal,
                voided_on=on,
                open=_open(self.goals | {goal: now}),
            )
        )

    @event(GoalVoided)
    def _goal_voided(self, event: GoalVoided) -> None:
        self.goals[event.goal] = replace(self.goals[event.goal], voided_on=event.voided_on)

    def reinstate_goal(self, goal: str, on: date) -> None:
        """Let a voided goal stand again.

        Raises:
            GoalUnknown, RecordStands: as they say.
        """
        known = self._known_goal(goal)
        if known.voided_on is None:
            raise RecordStands("goal")
        now = replace(known, voided_on=None)
        self.record(
            GoalReinstated(
                health_worker_id=self.health_worker_id,
                goal=goal,
                reinstated_on=on,
                open=_open(self.goals | {goal: now}),
            )
        )

    @event(GoalReinstated)
    def _goal_reinstated(self, event: GoalReinstated) -> None:
        self.goals[event.goal] = replace(self.goals[event.goal], voided_on=None)

    def _known_goal(self, goal: str) -> Goal:
        if goal not in self.goals:
            raise GoalUnknown("goal", goal=goal, goals=", ".join(self.goals) or "none yet")
        return self.goals[goal]

    def _must_stand(self, goal: str) -> Goal:
        known = self._known_goal(goal)
        if known.voided_on is not None:
            raise RecordVoided("goal", voided_on=known.voided_on)
        return known

    def _must_be_open(self, goal: str) -> None:
        if self._must_stand(goal).reached:
            raise GoalAlreadyReached("goal", goal=goal)

    @property
    def set_goals(self) -> int:
        """How many goals they mean to reach, or have reached."""
        return sum(goal.voided_on is None for goal in self.goals.values())

    @property
    def open_goals(self) -> int:
        """How many goals are set and not reached."""
        return _open(self.goals)

    def assess_self(
        self, ratings: tuple[SelfRating, ...], on: date, *, grace_days: int = 0
    ) -> None:
        """Record how well they think they do.

        Raises:
            EnrolmentEnded, BeforeEnrolment, SkillTwice: as they say.
        """
        self.must_run_on(on, grace_days=grace_days)
        _must_rate_once(ratings)
        self.record(
            MenteeSelfAssessed(
                health_worker_id=self.health_worker_id, ratings=ratings, assessed_on=on
            )
        )

    @event(MenteeSelfAssessed)
    def _self_assessed(self, event: MenteeSelfAssessed) -> None:
        self._rated(event.assessed_on, event.ratings)

    def correct_self_assessment(
        self,
        instead_of: date,
        ratings: tuple[SelfRating, ...],
        on: date,
        *,
        grace_days: int = 0,
    ) -> None:
        """Say anew what they thought of themselves, and on which day; without ratings, nothing.

        Raises:
            NotSelfAssessed, EnrolmentEnded, BeforeEnrolment, SkillTwice: as they say.
            DatedTwice: another one was told of that day.
        """
        if instead_of not in self.self_assessed:
            days = ", ".join(map(str, sorted(self.self_assessed))) or "none yet"
            raise NotSelfAssessed("insteadOf", day=instead_of, days=days)
        if on != instead_of and on in self.self_assessed:
            raise DatedTwice("assessedOn", since=on)
        self.must_run_on(on, grace_days=grace_days)
        _must_rate_once(ratings)
        self.record(
            SelfAssessmentCorrected(
                health_worker_id=self.health_worker_id,
                instead_of=instead_of,
                skills=tuple(self.self_assessed[instead_of]),
                assessed_on=on,
                ratings=ratings,
            )
        )

    @event(SelfAssessmentCorrected)
    def _self_assessment_corrected(self, event: SelfAssessmentCorrected) -> None:
        del self.self_assessed[event.instead_of]
        if event.ratings:
            self._rated(event.assessed_on, event.ratings)

    def _rated(self, day: date, ratings: tuple[SelfRating, ...]) -> None:
        known = self.self_assessed.setdefault(day, [])
        known += [rating.skill for rating in ratings if rating.skill not in known]

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
        self.units.append((event.since, event.org_unit_id))

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

    def withdraw(self, on: date, cause: WithdrawalCause | None = None) -> None:
        """End it before its end.

        Raises:
            EnrolmentEnded, BeforeEnrolment: as they say.
        """
        self._must_run(on)
        self.record(
            MenteeWithdrawn(health_worker_id=self.health_worker_id, withdrawn_on=on, cause=cause)
        )

    @event(MenteeWithdrawn)
    def _withdrawn(self, event: MenteeWithdrawn) -> None:
        self.standing, self.ended_on = Standing.WITHDRAWN, event.withdrawn_on

    def readmit(self, since: date) -> None:
        """Let somebody who withdrew go on where they stood.

        Raises:
            NotWithdrawn, BeforeItsEnd: as they say.
        """
        if self.standing is not Standing.WITHDRAWN:
            raise NotWithdrawn("enrolmentId", standing=self.standing.value)
        self._must_follow_its_end(since)
        self.record(MenteeReadmitted(health_worker_id=self.health_worker_id, since=since))

    @event(MenteeReadmitted)
    def _readmitted(self, _event: MenteeReadmitted) -> None:
        self.standing, self.ended_on = Standing.ACTIVE, None

    def _must_follow_its_end(self, day: date) -> None:
        if self.ended_on is not None and day < self.ended_on:
            raise BeforeItsEnd("occurredOn", day=day, ended_on=self.ended_on)

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
    def _completed(self, event: MenteeCompleted) -> None:
        self.standing, self.ended_on = Standing.COMPLETED, event.completed_on
        self.fell_from = None

    def reopen(self, since: date, *, fell: bool = False) -> None:
        """Take a completion back; whether it still stands, the handler judged.

        Args:
            fell: with a correction, and not because somebody says that it was none.

        Raises:
            NothingToReopen, BeforeItsEnd: as they say.
        """
        if self.standing is not Standing.COMPLETED or self.ended_on is None:
            raise NothingToReopen("enrolmentId", standing=self.standing.value)
        self._must_follow_its_end(since)
        self.record(
            CompletionReopened(
                health_worker_id=self.health_worker_id,
                programme=self.programme,
                area=self.area,
                org_unit_id=self.org_unit_id,
                completed_on=self.ended_on,
                since=since,
                fell=fell,
            )
        )

    @event(CompletionReopened)
    def _reopened(self, event: CompletionReopened) -> None:
        self.standing, self.ended_on = Standing.ACTIVE, None
        self.fell_from = event.completed_on if event.fell else None
        if not event.fell:
            self.goes_on_since = event.since

    def set_aside(self, goes_on_in: UUID) -> None:
        """Let it rest, while its person's record is another name for somebody else's.

        What was done in it is added up with what is done in `goes_on_in`.

        Raises:
            EnrolmentEnded: it does not go on anyway.
        """
        self.must_be_active()
        self.record(
            EnrolmentSetAside(health_worker_id=self.health_worker_id, goes_on_in=goes_on_in)
        )

    @event(EnrolmentSetAside)
    def _set_aside(self, event: EnrolmentSetAside) -> None:
        self.standing, self.goes_on_in = Standing.SET_ASIDE, event.goes_on_in

    def restore(self) -> None:
        """Let it go on as before.

        Raises:
            NotSetAside: it does not rest.
        """
        if self.standing is not Standing.SET_ASIDE:
            raise NotSetAside("enrolmentId", standing=self.standing.value)
        self.record(
            EnrolmentRestored(health_worker_id=self.health_worker_id, went_on_in=self.goes_on_in)
        )

    @event(EnrolmentRestored)
    def _restored(self, _event: EnrolmentRestored) -> None:
        self.standing, self.goes_on_in = Standing.ACTIVE, None


def _open(goals: Mapping[str, Goal]) -> int:
    return sum(not goal.reached and goal.voided_on is None for goal in goals.values())


def _must_rate_once(ratings: tuple[SelfRating, ...]) -> None:
    seen: set[str] = set()
    for rating in ratings:
        if rating.skill in seen:
            raise SkillTwice("ratings", skill=rating.skill)
        seen.add(rating.skill)


def active_claim(programme: str, area: str, health_worker_id: UUID) -> str:
    """Name the claim that keeps a person to one active enrolment a programme and area."""
    return f"enrolment:{programme}:{area}:{health_worker_id}"
