"""What mentees set out to learn: needs, goals, training, their own view of themselves, and the
versions of the rules they were under.
"""

from collections.abc import Iterator

from services.gateway.projections.columns import BOOLEAN, DATE, ID, INTEGER, TEXT, TEXTS, maybe
from services.gateway.projections.taken_back import VOIDED
from shared.contracts.registry.enrolment import (
    GoalCorrected,
    GoalEvaluated,
    GoalReached,
    GoalReinstated,
    GoalSet,
    GoalVoided,
    MenteeEnrolled,
    MenteeMovedToVersion,
    MenteeNeedsTold,
    MenteeSelfAssessed,
    MenteeTrained,
    SelfAssessmentCorrected,
    TrainingCorrected,
    TrainingFacts,
    TrainingReinstated,
    TrainingVoided,
)
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

MENTEE_GOAL = Table(
    name="mentee_goal",
    version=2,
    key=("mentee_id", "goal"),
    columns={
        "mentee_id": ID,
        "goal": TEXT,
        "text": TEXT,
        "set_on": DATE,
        "due": maybe(DATE),
        "reached_on": maybe(DATE),
        "how_far": maybe(TEXT),
        "evaluated_on": maybe(DATE),
        "comment": maybe(TEXT),
        **VOIDED,
    },
)
"""`how_far` is PARTLY or NOT_REACHED: how far they had come on the day they were asked last."""

MENTEE_TRAINING = Table(
    name="mentee_training",
    version=3,
    key=("mentee_id", "facts_version"),
    columns={
        "mentee_id": ID,
        "facts_version": INTEGER,
        "health_worker_id": ID,
        "completed_on": DATE,
        "training": TEXT,
        "days": INTEGER,
        "course": maybe(TEXT),
        "workshop_id": maybe(ID),
        "voided": BOOLEAN,
    },
    indexes=(("course", "completed_on"),),
)
"""`facts_version` is the version of the mentee's record that told of it first."""

SELF_RATING = Table(
    name="self_rating",
    version=2,
    key=("mentee_id", "assessed_on", "skill"),
    columns={
        "mentee_id": ID,
        "assessed_on": DATE,
        "skill": TEXT,
        "level": INTEGER,
        "health_worker_id": ID,
        "recorded_by": TEXT,
    },
)
"""`level` is from 1, not yet, to 5, could teach it."""

MENTEE_VERSION = Table(
    name="mentee_version",
    version=1,
    key=("mentee_id", "since", "programme_version_id"),
    columns={"mentee_id": ID, "since": DATE, "programme_version_id": ID, "reason": maybe(TEXT)},
)
"""Each version of the rules a mentee was under, from that day until the day of the next row."""

MENTEE_NEEDS = Table(
    name="mentee_needs",
    version=1,
    key=("mentee_id", "since"),
    columns={"mentee_id": ID, "since": DATE, "needs": TEXTS},
)
"""What a mentee wants to learn, from that day until the day of the next row."""

LEARNING = Projection(
    "learning", MENTEE_NEEDS, MENTEE_GOAL, MENTEE_TRAINING, SELF_RATING, MENTEE_VERSION
)


@LEARNING.on(GoalSet)
def goal_set(event: GoalSet, happening: Happening) -> Iterator[Change]:
    """Show what they mean to reach."""
    yield Upsert(
        MENTEE_GOAL,
        (happening.stream, event.goal),
        {"text": event.text, "set_on": happening.meta.occurred_on, "due": event.due},
    )


@LEARNING.on(GoalReached)
def goal_reached(event: GoalReached, happening: Happening) -> Iterator[Change]:
    """Show that they reached it."""
    yield Patch(MENTEE_GOAL, (happening.stream, event.goal), {"reached_on": event.reached_on})


@LEARNING.on(GoalEvaluated)
def goal_evaluated(event: GoalEvaluated, happening: Happening) -> Iterator[Change]:
    """Show how far they came with it."""
    yield Patch(
        MENTEE_GOAL,
        (happening.stream, event.goal),
        {
            "how_far": event.how_far.value,
            "evaluated_on": event.evaluated_on,
            "comment": event.comment,
        },
    )


@LEARNING.on(GoalCorrected)
def goal_corrected(event: GoalCorrected, happening: Happening) -> Iterator[Change]:
    """Show what they mean to reach, and whether they have, after all."""
    yield Patch(
        MENTEE_GOAL,
        (happening.stream, event.goal),
        {"text": event.text, "due": event.due, "reached_on": event.reached_on},
    )


@LEARNING.on(GoalVoided)
def goal_voided(event: GoalVoided, happening: Happening) -> Iterator[Change]:
    """Show that nobody waits for it."""
    yield Patch(MENTEE_GOAL, (happening.stream, event.goal), {"voided_on": event.voided_on})


@LEARNING.on(GoalReinstated)
def goal_reinstated(event: GoalReinstated, happening: Happening) -> Iterator[Change]:
    """Show that it stands."""
    yield Patch(MENTEE_GOAL, (happening.stream, event.goal), {"voided_on": None})


@LEARNING.on(MenteeTrained)
def trained(event: MenteeTrained, happening: Happening) -> Iterator[Change]:
    """Show a training they took."""
    yield _training(event, happening, happening.version)


@LEARNING.on(TrainingCorrected)
def training_corrected(event: TrainingCorrected, happening: Happening) -> Iterator[Change]:
    """Show which training it was after all."""
    yield _training(event, happening, event.facts_version)


@LEARNING.on(TrainingVoided)
def training_voided(event: TrainingVoided, happening: Happening) -> Iterator[Change]:
    """Show that they did not take it."""
    yield Patch(MENTEE_TRAINING, (happening.stream, event.facts_version), {"voided": True})


@LEARNING.on(TrainingReinstated)
def training_reinstated(event: TrainingReinstated, happening: Happening) -> Iterator[Change]:
    """Show that they took it after all."""
    yield Patch(MENTEE_TRAINING, (happening.stream, event.facts_version), {"voided": False})


@LEARNING.on(MenteeSelfAssessed)
def self_assessed(event: MenteeSelfAssessed, happening: Happening) -> Iterator[Change]:
    """Keep what they said of themselves."""
    yield from _rated(event, happening)


@LEARNING.on(SelfAssessmentCorrected)
def self_assessment_corrected(
    event: SelfAssessmentCorrected, happening: Happening
) -> Iterator[Change]:
    """Keep what they said of themselves after all."""
    for skill in event.skills:
        yield Delete(SELF_RATING, (happening.stream, event.instead_of, skill))
    yield from _rated(event, happening)


def _rated(
    event: MenteeSelfAssessed | SelfAssessmentCorrected, happening: Happening
) -> Iterator[Upsert]:
    for each in event.ratings:
        yield Upsert(
            SELF_RATING,
            (happening.stream, event.assessed_on, each.skill),
            {
                "level": each.level,
                "health_worker_id": event.health_worker_id,
                "recorded_by": happening.meta.actor,
            },
        )


@LEARNING.on(MenteeEnrolled)
def enrolled(event: MenteeEnrolled, happening: Happening) -> Iterator[Change]:
    """Keep the rules they started under, and what they wanted to learn."""
    yield Upsert(MENTEE_NEEDS, (happening.stream, event.since), {"needs": event.needs})
    yield Upsert(MENTEE_VERSION, (happening.stream, event.since, event.programme_version_id), {})


@LEARNING.on(MenteeNeedsTold)
def needs_told(event: MenteeNeedsTold, happening: Happening) -> Iterator[Change]:
    """Keep what they want to learn since when, as it is said now."""
    for since in event.removed:
        yield Delete(MENTEE_NEEDS, (happening.stream, since))
    for one in event.needs:
        yield Upsert(MENTEE_NEEDS, (happening.stream, one.since), {"needs": one.needs})


@LEARNING.on(MenteeMovedToVersion)
def moved_to_version(event: MenteeMovedToVersion, happening: Happening) -> Iterator[Change]:
    """Keep the rules they came under, and why."""
    yield Upsert(
        MENTEE_VERSION,
        (happening.stream, event.since, event.programme_version_id),
        {"reason": happening.meta.reason},
    )


def _training(event: TrainingFacts, happening: Happening, told: int) -> Upsert:
    return Upsert(
        MENTEE_TRAINING,
        (happening.stream, told),
        {
            "health_worker_id": event.health_worker_id,
            "completed_on": event.completed_on,
            "training": event.training,
            "days": event.days,
            "course": event.course,
            "workshop_id": event.workshop_id,
            "voided": False,
        },
    )
