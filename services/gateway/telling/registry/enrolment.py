"""What is told of enrolments."""

from services.gateway.telling.words import Words, tells
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
    MenteeCompleted,
    MenteeEnrolled,
    MenteeMovedToVersion,
    MenteeNeedsTold,
    MenteeReadmitted,
    MenteeSelfAssessed,
    MenteeTrained,
    MenteeTransferred,
    MenteeWithdrawn,
    SelfAssessmentCorrected,
    TrainingCorrected,
    TrainingReinstated,
    TrainingVoided,
)

tells(
    MenteeEnrolled,
    Words(
        "{health_worker_id} was enrolled in {area} of {programme} at {org_unit_id}, since {since}."
    ),
)
tells(MenteeNeedsTold, Words("What {health_worker_id} wants to learn was told anew."))
tells(
    MenteeTrained,
    Words("{health_worker_id} completed the training {training} on {completed_on}; days: {days}."),
)
tells(
    TrainingCorrected,
    Words(
        "A training of {health_worker_id} was corrected: {training}, completed on "
        "{completed_on}; days: {days}."
    ),
)
tells(TrainingVoided, Words("A training of {health_worker_id} was voided."))
tells(TrainingReinstated, Words("A training of {health_worker_id} that was voided stands again."))
tells(
    GoalSet,
    Words("{health_worker_id} set a goal, to be reached by {due}."),
    Words("{health_worker_id} set a goal."),
)
tells(
    GoalReached,
    Words("{health_worker_id} reached a goal on {reached_on}; goals still open: {open}."),
)
tells(
    GoalEvaluated, Words("A goal of {health_worker_id} was evaluated on {evaluated_on}: {how_far}.")
)
tells(GoalCorrected, Words("A goal of {health_worker_id} was corrected."))
tells(GoalVoided, Words("A goal of {health_worker_id} was voided on {voided_on}."))
tells(
    GoalReinstated,
    Words("A goal of {health_worker_id} that was voided stands again, since {reinstated_on}."),
)
tells(
    MenteeSelfAssessed,
    Words("{health_worker_id} assessed themselves on {assessed_on}; skills: {ratings:count}."),
)
tells(
    SelfAssessmentCorrected,
    Words("What {health_worker_id} assessed themselves at on {instead_of} was corrected."),
)
tells(
    MenteeTransferred,
    Words(
        "{health_worker_id} is mentored at {org_unit_id} instead of {from_org_unit_id}, "
        "since {since}."
    ),
)
tells(
    MenteeMovedToVersion,
    Words(
        "{health_worker_id} is under the rules of {programme_version_id} instead of "
        "{from_programme_version_id}, since {since}."
    ),
)
tells(MenteeWithdrawn, Words("{health_worker_id} left before the end, on {withdrawn_on}."))
tells(
    MenteeCompleted,
    Words(
        "{health_worker_id} came to the end of {area} in {programme} on {completed_on}: "
        "sessions: {sessions}, competencies validated: {validated}."
    ),
)
tells(MenteeReadmitted, Words("{health_worker_id} goes on being mentored, since {since}."))
tells(
    CompletionReopened,
    Words(
        "{health_worker_id} had not come to the end on {completed_on} after all, and "
        "goes on since {since}."
    ),
)
tells(
    EnrolmentSetAside,
    Words("The enrolment of {health_worker_id} rests, for they were enrolled under two names."),
)
tells(EnrolmentRestored, Words("The enrolment of {health_worker_id} that rested goes on."))
