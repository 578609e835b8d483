"""Deciding on enrolments: how they begin, what is learned, and how they end."""

from datetime import date
from typing import Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort
from services.registry.aggregates.ending import (
    Counted,
    NoEndRule,
    is_reached,
    must_be_reached,
)
from services.registry.aggregates.enrolment import Enrolment, Standing, active_claim
from services.registry.aggregates.enrolment_rules import (
    CompletionRestsOnGoal,
    OwnSupervisor,
    StillComplete,
    must_be_for,
)
from services.registry.aggregates.health_worker import HealthWorker
from services.registry.aggregates.programme_version import ProgrammeVersion
from services.registry.aggregates.readiness import training_of
from services.registry.commands.care import caring_for, leave_care, moves_alone, take_back
from services.registry.commands.duplicates import must_be_free
from services.registry.commands.following_employment import follow, follow_team
from services.registry.commands.handlers import handlers
from services.registry.commands.told import words_for
from services.registry.commands.within import must_be_of_cohort
from services.registry.commands.workshops import train_by_workshops
from services.registry.views.enrolments import ENROLMENT
from services.registry.views.progress import (
    ENROLMENT_PROGRESS,
    days_of_progress,
    sessions_attended,
    validated_by,
)
from shared.contracts.definition.assessment import End
from shared.contracts.registry.enrolment import (
    MenteeChangeNeeds,
    MenteeComplete,
    MenteeCorrectGoal,
    MenteeCorrectNeeds,
    MenteeCorrectSelfAssessment,
    MenteeEnrol,
    MenteeEnrolled,
    MenteeEvaluateGoal,
    MenteeMoveToVersion,
    MenteeReachGoal,
    MenteeReadmit,
    MenteeReinstateGoal,
    MenteeReopen,
    MenteeSelfAssess,
    MenteeSetGoal,
    MenteeTrain,
    MenteeTrainingCorrect,
    MenteeTrainingReinstate,
    MenteeTrainingVoid,
    MenteeTransfer,
    MenteeVoidGoal,
    MenteeVoidSelfAssessment,
    MenteeWithdraw,
)
from shared.contracts.registry.mentorship import MenteeLeaving
from shared.deciding.work import Work
from shared.domain.errors import Consequence, OccurredInFuture
from shared.domain.phrases import Phrase
from shared.programmes.calendar import fiscal_year


class TrainingFalls(Consequence):
    """Who is mentored was trained before, and was not after all; the mentorship goes on."""

    code = "TRAINING_FALLS"
    template = (
        "The mentee is mentored, with {days} days of training left; the programme asks for {asked}."
    )
    remedy_template = "Record what they took, or take them out with `mentorshipRemoveMentee`."


@handlers.decides(MenteeEnrol)
async def enrol(command: MenteeEnrol, work: Work[MenteeEnrol]) -> Enrolment:
    """Enrol a person where they were posted that day, under the cohort's version of the rules."""
    worker = await work.get(HealthWorker, command.health_worker_id, field="healthWorkerId")
    cohort = await work.get(Cohort, command.cohort_id, field="cohortId")
    version = await work.get(ProgrammeVersion, cohort.programme_version_id, field="cohortId")
    definition = version.definition
    unit = worker.posted_on(work.day)
    await work.allow(at=unit, programme=definition.programme)
    worker.must_stand_for_itself("healthWorkerId")
    worker.must_be_in_service(work.day, "healthWorkerId")
    cohort.must_go_on()
    findings = work.findings(definition.conduct, command.waivers)
    with findings.weighing():
        cohort.must_include(work.day)
    with findings.weighing():
        await must_be_of_cohort(worker.units_on(work.day), cohort, work)
    area = version.area(command.area)
    with findings.weighing():
        cadre = worker.cadre_on(work.day)
        must_be_for(area, cadre, await words_for(cadre, unit, work) if area.cadres else ())
    await must_be_free(worker, definition.programme, area.code, work)
    await _must_be_somebody_else(command.supervisor_id, worker.id, work)
    enrolment = Enrolment.begin(
        work.new_id(command.id, "enrolment"),
        MenteeEnrolled(
            health_worker_id=worker.id,
            cohort_id=cohort.id,
            programme_version_id=version.id,
            programme=definition.programme,
            area=area.code,
            association=area.association,
            technical_area=area.technical_area,
            org_unit_id=unit,
            since=work.day,
            fiscal_year=fiscal_year(definition, work.day),
            needs=command.needs,
            languages=command.languages,
            supervisor_id=command.supervisor_id,
            deviations=findings.must_be_recorded(),
        ),
    )
    _claim(enrolment, work, field="healthWorkerId")
    await train_by_workshops(enrolment, worker, work)
    work.add(enrolment)
    await follow(worker, work, enrolments=[enrolment])
    return enrolment


async def _must_be_somebody_else(
    supervisor_id: UUID | None, worker_id: UUID, work: Work[Any]
) -> None:
    if supervisor_id is None:
        return
    await work.get(HealthWorker, supervisor_id, field="supervisorId")
    if supervisor_id == worker_id:
        raise OwnSupervisor("supervisorId", person=worker_id)


@handlers.decides(MenteeChangeNeeds)
async def change_needs(command: MenteeChangeNeeds, work: Work[MenteeChangeNeeds]) -> Enrolment:
    """Say what they want to learn from a day on, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    enrolment.change_needs(command.needs, work.day)
    return enrolment


@handlers.decides(MenteeCorrectNeeds)
async def correct_needs(command: MenteeCorrectNeeds, work: Work[MenteeCorrectNeeds]) -> Enrolment:
    """Say the needs anew."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    for place, one in enumerate(command.needs):
        work.must_have_come(one.since, f"needs[{place}].since")
    enrolment.correct_needs(command.needs)
    return enrolment


@handlers.decides(MenteeTrain)
async def train(command: MenteeTrain, work: Work[MenteeTrain]) -> Enrolment:
    """Record the training."""
    enrolment = await _enrolment(command.enrolment_id, work)
    enrolment.train(command.training, command.days, work.day, command.course)
    return enrolment


@handlers.decides(MenteeTrainingCorrect)
async def correct_training(
    command: MenteeTrainingCorrect, work: Work[MenteeTrainingCorrect]
) -> Enrolment:
    """Say anew which training they took, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    if command.completed_on > work.day:
        raise OccurredInFuture("completedOn", occurred=command.completed_on, today=work.day)
    enrolment.correct_training(
        command.facts_version,
        training=command.training,
        days=command.days,
        completed_on=command.completed_on,
        course=command.course,
    )
    await _tell_what_falls(enrolment, work)
    return enrolment


@handlers.decides(MenteeTrainingVoid)
async def void_training(command: MenteeTrainingVoid, work: Work[MenteeTrainingVoid]) -> Enrolment:
    """Void a training, for a reason; who was put into a mentorship by it stays there."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    enrolment.void_training(command.facts_version)
    await _tell_what_falls(enrolment, work)
    return enrolment


async def _tell_what_falls(enrolment: Enrolment, work: Work[Any]) -> None:
    """Tell whether somebody who is mentored already would not come through the gate any more."""
    version = await work.get(ProgrammeVersion, enrolment.programme_version_id, field="enrolmentId")
    days, asked = training_of(enrolment, version.definition, work.day)
    if days >= asked:
        return
    async for mentorship in caring_for(enrolment, work):
        if mentorship.live and mentorship.cares_for(enrolment.id):
            work.tell(TrainingFalls("enrolmentId", days=days, asked=asked))
            return


@handlers.decides(MenteeTrainingReinstate)
async def reinstate_training(
    command: MenteeTrainingReinstate, work: Work[MenteeTrainingReinstate]
) -> Enrolment:
    """Let a training stand again, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    enrolment.reinstate_training(command.facts_version)
    return enrolment


@handlers.decides(MenteeSetGoal)
async def set_goal(command: MenteeSetGoal, work: Work[MenteeSetGoal]) -> Enrolment:
    """Set a goal: the mentee's own, or with the mentor."""
    enrolment = await _enrolment(command.enrolment_id, work)
    grace = await _grace(enrolment, work)
    enrolment.set_goal(command.goal, command.text, command.due, work.day, grace_days=grace)
    return enrolment


@handlers.decides(MenteeReachGoal)
async def reach_goal(command: MenteeReachGoal, work: Work[MenteeReachGoal]) -> Enrolment:
    """Record that a goal was reached."""
    enrolment = await _enrolment(command.enrolment_id, work)
    grace = await _grace(enrolment, work)
    enrolment.reach_goal(command.goal, work.day, grace_days=grace)
    return enrolment


@handlers.decides(MenteeEvaluateGoal)
async def evaluate_goal(command: MenteeEvaluateGoal, work: Work[MenteeEvaluateGoal]) -> Enrolment:
    """Record how far they came with a goal."""
    enrolment = await _enrolment(command.enrolment_id, work)
    grace = await _grace(enrolment, work)
    enrolment.evaluate_goal(
        command.goal, command.how_far, command.comment, work.day, grace_days=grace
    )
    return enrolment


@handlers.decides(MenteeCorrectGoal)
async def correct_goal(command: MenteeCorrectGoal, work: Work[MenteeCorrectGoal]) -> Enrolment:
    """Say a goal anew, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    if command.reached_on is not None:
        work.must_have_come(command.reached_on, "reachedOn")
    enrolment.correct_goal(
        command.goal,
        text=command.text,
        due=command.due,
        reached_on=command.reached_on,
        grace_days=await _grace(enrolment, work),
    )
    _tell_of_completion(enrolment, work)
    return enrolment


@handlers.decides(MenteeVoidGoal)
async def void_goal(command: MenteeVoidGoal, work: Work[MenteeVoidGoal]) -> Enrolment:
    """Void a goal, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    enrolment.void_goal(command.goal, work.day)
    return enrolment


@handlers.decides(MenteeReinstateGoal)
async def reinstate_goal(
    command: MenteeReinstateGoal, work: Work[MenteeReinstateGoal]
) -> Enrolment:
    """Let a goal stand again, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    enrolment.reinstate_goal(command.goal, work.day)
    _tell_of_completion(enrolment, work)
    return enrolment


def _tell_of_completion(enrolment: Enrolment, work: Work[Any]) -> None:
    if enrolment.standing is Standing.COMPLETED and enrolment.open_goals:
        work.tell(
            CompletionRestsOnGoal(
                "goal", completed_on=enrolment.ended_on, open=enrolment.open_goals
            )
        )


@handlers.decides(MenteeSelfAssess)
async def assess_self(command: MenteeSelfAssess, work: Work[MenteeSelfAssess]) -> Enrolment:
    """Record the mentee's own view."""
    enrolment = await _enrolment(command.enrolment_id, work)
    grace = await _grace(enrolment, work)
    enrolment.assess_self(command.ratings, work.day, grace_days=grace)
    return enrolment


@handlers.decides(MenteeCorrectSelfAssessment)
async def correct_self_assessment(
    command: MenteeCorrectSelfAssessment, work: Work[MenteeCorrectSelfAssessment]
) -> Enrolment:
    """Say the mentee's own view anew, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    work.must_have_come(command.assessed_on, "assessedOn")
    grace = await _grace(enrolment, work)
    enrolment.correct_self_assessment(
        command.instead_of, command.ratings, command.assessed_on, grace_days=grace
    )
    return enrolment


@handlers.decides(MenteeVoidSelfAssessment)
async def void_self_assessment(
    command: MenteeVoidSelfAssessment, work: Work[MenteeVoidSelfAssessment]
) -> Enrolment:
    """Void the mentee's own view of a day, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    grace = await _grace(enrolment, work)
    enrolment.correct_self_assessment(
        command.assessed_on, (), command.assessed_on, grace_days=grace
    )
    return enrolment


@handlers.decides(MenteeTransfer)
async def transfer(command: MenteeTransfer, work: Work[MenteeTransfer]) -> Enrolment:
    """Let the enrolment follow the person; the mentorship that it is in stays as it is."""
    enrolment = await _enrolment(command.enrolment_id, work)
    worker = await work.get(HealthWorker, enrolment.health_worker_id, field="enrolmentId")
    if worker.merged_into is not None:
        # Under another name now: where that one is posted is where they are.
        worker = await work.get(HealthWorker, worker.merged_into, field="enrolmentId")
    enrolment.transfer(worker.posted_on(work.day), work.day)
    return enrolment


@handlers.decides(MenteeMoveToVersion)
async def move_to_version(
    command: MenteeMoveToVersion, work: Work[MenteeMoveToVersion]
) -> Enrolment:
    """Put a mentee under a newer version that has their area, for a reason."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    version = await work.get(
        ProgrammeVersion, command.programme_version_id, field="programmeVersionId"
    )
    present = await work.get(ProgrammeVersion, enrolment.programme_version_id, field="enrolmentId")
    version.must_follow(present.definition)
    version.area(enrolment.area)
    enrolment.move_to(version.id, work.day)
    await moves_alone(enrolment, version, work)
    return enrolment


@handlers.decides(MenteeWithdraw)
async def withdraw(command: MenteeWithdraw, work: Work[MenteeWithdraw]) -> Enrolment:
    """Withdraw a mentee for a reason, so that they may be enrolled anew, or readmitted."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    enrolment.withdraw(work.day, command.cause)
    _give_back(enrolment, work)
    await leave_care(enrolment, work.day, MenteeLeaving.WITHDRAWN, work)
    return enrolment


@handlers.decides(MenteeReadmit)
async def readmit(command: MenteeReadmit, work: Work[MenteeReadmit]) -> Enrolment:
    """Undo a withdrawal for a reason: she goes on where she stood, with those who mentored her."""
    enrolment = await _enrolment(command.enrolment_id, work)
    work.reason()
    cohort = await work.get(Cohort, enrolment.cohort_id, field="enrolmentId")
    cohort.must_go_on()
    enrolment.readmit(work.day)
    await _go_on(enrolment, work.day, work)
    return enrolment


@handlers.decides(MenteeReopen)
async def reopen(command: MenteeReopen, work: Work[MenteeReopen]) -> Enrolment:
    """Reopen a completion for a reason; a policy does so when its end is not reached any more."""
    enrolment = await _in_which_they_go_on(command.enrolment_id, work)
    work.reason()
    completed_on = enrolment.ended_on or work.day
    if work.actor.policy:
        # A correction may be dated before the end that it takes the ground from.
        enrolment.reopen(max(work.day, completed_on), fell=True)
        await _must_be_undone(enrolment, completed_on, work)
    else:
        enrolment.reopen(work.day)
    # As if the end had never been: what happened since belongs to it.
    await _go_on(enrolment, completed_on, work)
    return enrolment


async def _must_be_undone(enrolment: Enrolment, completed_on: date, work: Work[Any]) -> None:
    """Raise StillComplete where the end is reached by now, or was by the day of the completion:
    what came to its last day since takes nothing back.
    """
    version = await work.get(ProgrammeVersion, enrolment.programme_version_id, field="enrolmentId")
    end = version.definition.end
    if end is None:
        raise StillComplete("enrolmentId")
    for by in (None, completed_on):
        if is_reached(end, await _counted(enrolment, work, by)):
            raise StillComplete("enrolmentId")


async def _go_on(enrolment: Enrolment, since: date, work: Work[Any]) -> None:
    worker = await work.get(HealthWorker, enrolment.health_worker_id, field="enrolmentId")
    worker.must_stand_for_itself("enrolmentId")
    worker.must_be_in_service(since, "enrolmentId")
    await must_be_free(worker, enrolment.programme, enrolment.area, work)
    _claim(enrolment, work, field="enrolmentId")
    await take_back(enrolment, since, work)
    async for mentorship in caring_for(enrolment, work):
        if mentorship.live:
            await follow_team(mentorship, work)


def _claim(enrolment: Enrolment, work: Work[Any], *, field: str) -> None:
    person, area = enrolment.health_worker_id, enrolment.area
    work.claim(
        active_claim(enrolment.programme, area, person),
        field=field,
        what=Phrase("The active enrolment of {person} in {area}", person=person, area=area),
    )


@handlers.decides(MenteeComplete)
async def complete(command: MenteeComplete, work: Work[MenteeComplete]) -> Enrolment:
    """Complete by the end rule; where there is none, because a coordinator says so."""
    enrolment = await _in_which_they_go_on(command.enrolment_id, work)
    enrolment.must_be_active()
    version = await work.get(ProgrammeVersion, enrolment.programme_version_id, field="enrolmentId")
    end = version.definition.end
    if end is None and work.actor.policy:
        raise NoEndRule("enrolmentId", programme=enrolment.programme)
    on, counted = work.day, await _counted(enrolment, work)
    if end is not None and work.actor.policy:
        on, counted = await _came_to(end, enrolment, work)
    if end is not None:
        must_be_reached(end, counted)
    enrolment.complete(on, sessions=counted.sessions, validated=counted.validated)
    _give_back(enrolment, work)
    await leave_care(enrolment, on, MenteeLeaving.COMPLETED, work)
    return enrolment


async def _came_to(end: End, enrolment: Enrolment, work: Work[Any]) -> tuple[date, Counted]:
    """Return the day on which they came to the end, and what was counted by then: it is by the days
    of sessions and validations, and not of the form that was told last.

    Goals and indicators count from the day they are told.
    """
    told = end.goals or end.indicators
    days = []
    if not told:
        added_up = [enrolment.id, *(one.id for one in await _added_up_with(enrolment, work))]
        days = await days_of_progress(work.facts, added_up)
    if told and enrolment.fell_from is not None:
        days = [enrolment.fell_from]  # perhaps what it fell with is undone
    for day in days:
        counted = await _counted(enrolment, work, day)
        if day >= (enrolment.goes_on_since or day) and is_reached(end, counted):
            return day, counted
    return work.day, await _counted(enrolment, work)


async def _grace(enrolment: Enrolment, work: Work[Any]) -> int:
    """Return how many days after a completion still belong to it, where there is one."""
    if enrolment.active:
        return 0
    version = await work.get(ProgrammeVersion, enrolment.programme_version_id, field="enrolmentId")
    return version.definition.grace_days


async def _counted(enrolment: Enrolment, work: Work[Any], by: date | None = None) -> Counted:
    """Return what is counted of an enrolment: now, or of sessions and validations `by` a day.

    What the person did in one that rests since a merge is added up with it; what they meant to do
    there is not asked of them. Validations are added up where they are proved (`AddUp`).
    """
    facts, resting = work.facts, await _added_up_with(enrolment, work)
    all_of_them = [enrolment.id, *(one.id for one in resting)]
    progress = await facts.find(ENROLMENT_PROGRESS, enrolment.id) or {}
    validated = progress.get("validated") or 0
    if by is not None:
        validated = await validated_by(facts, enrolment.id, by)
    scored = await facts.rows_among(ENROLMENT_PROGRESS, "enrolment_id", all_of_them)
    return Counted(
        sessions=await sessions_attended(facts, all_of_them, by),
        validated=validated,
        competencies=progress.get("competencies") or 0,
        goals=enrolment.set_goals + sum(one.set_goals - one.open_goals for one in resting),
        open_goals=enrolment.open_goals,
        indicators=any(row["indicators"] for row in scored),
    )


async def _added_up_with(enrolment: Enrolment, work: Work[Any]) -> list[Enrolment]:
    """Return the person's enrolments that rest since a merge, and go on in this one."""
    found = [
        await work.get(Enrolment, row["id"], field="enrolmentId")
        for row in await work.facts.rows(ENROLMENT, goes_on_in=enrolment.id)
    ]
    return [one for one in found if one.goes_on_in == enrolment.id]


async def _in_which_they_go_on(enrolment_id: UUID, work: Work[Any]) -> Enrolment:
    """Return an enrolment, or where a policy asks of one that rests, the one it goes on in."""
    enrolment = await _enrolment(enrolment_id, work)
    if work.actor.policy and enrolment.goes_on_in is not None:
        return await _enrolment(enrolment.goes_on_in, work)
    return enrolment


async def _enrolment(enrolment_id: UUID, work: Work[Any]) -> Enrolment:
    """Return an enrolment that the sender may change: their own, a mentee's, one in their reach."""
    enrolment = await work.get(Enrolment, enrolment_id, field="enrolmentId")
    await work.allow(
        at=enrolment.org_unit_id,
        programme=enrolment.programme,
        people=(enrolment.health_worker_id, *await _own_mentors(enrolment, work)),
    )
    return enrolment


async def _own_mentors(enrolment: Enrolment, work: Work[Any]) -> list[UUID]:
    """Return who mentors the mentee, where that may matter: only who says who they are mentors."""
    if not work.actor.people_on(work.today):
        return []
    return [mentor async for one in caring_for(enrolment, work) for mentor in one.mentors]


def _give_back(enrolment: Enrolment, work: Work[Any]) -> None:
    work.release(active_claim(enrolment.programme, enrolment.area, enrolment.health_worker_id))
