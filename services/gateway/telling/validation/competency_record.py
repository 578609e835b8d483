"""What is told of competency records."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    AttemptJudged,
    AttemptsWeighed,
    BaselineAssessed,
    CoachingPlanSet,
    CompetencyLapsed,
    CompetencyRecordOpened,
    CompetencyRevoked,
    CompetencyValidated,
    MenteeFullyValidated,
    RightToMentorEarned,
    RightToMentorLost,
)

tells(
    CompetencyRecordOpened,
    Words(
        "The competency record of {health_worker_id} in {area} was opened; competencies: "
        "{competencies}."
    ),
)
tells(
    BaselineAssessed,
    Words(
        "{health_worker_id} was pre-tested in {competency} by {assessor_id} on "
        "{assessed_on}: {raw} of {max}."
    ),
    Words(
        "{health_worker_id} was pre-tested in {area} by {assessor_id} on {assessed_on}: "
        "{raw} of {max}."
    ),
)
tells(
    AssessmentRecorded,
    Words(
        "{health_worker_id} was assessed in {competency_name} by {assessor_id} on "
        "{assessed_on}, to learn by it: {raw} of {max}.",
        when={"formative": True},
    ),
    Words(
        "{health_worker_id} was assessed in {competency_name} by {assessor_id} on "
        "{assessed_on}: {raw} of {max}, attempt {attempt}."
    ),
)
tells(
    AttemptJudged,
    Words(
        "Attempt {attempt} of {health_worker_id} in {competency} was judged anew, by the "
        "rules of its day."
    ),
)
tells(
    AttemptsWeighed,
    Words(
        "The attempts of {health_worker_id} in {competency_name} were weighed anew; "
        "those that stand: {attempts}, the last {raw} of {max}."
    ),
)
tells(
    CompetencyValidated,
    Words(
        "{health_worker_id} was validated in {competency} on {validated_on}: {validated} "
        "of {competencies} competencies."
    ),
)
tells(
    CoachingPlanSet,
    Words(
        "It was set what {health_worker_id} will practise in {competency} after attempt {attempt}."
    ),
)
tells(
    CompetencyRevoked,
    Words(
        "The validation of {health_worker_id} in {competency} ended on {revoked_on} "
        "({cause}): {validated} of {competencies} competencies are left."
    ),
)
tells(
    CompetencyLapsed,
    Words(
        "The validation of {health_worker_id} in {competency} came to its last day on "
        "{lapsed_on}: {validated} of {competencies} competencies are left."
    ),
)
tells(
    RightToMentorEarned,
    Words(
        "{health_worker_id} earned the right to mentor in {tier_area} of {tier} on "
        "{earned_on}, by {because}."
    ),
)
tells(
    RightToMentorLost,
    Words(
        "{health_worker_id} lost the right to mentor in {tier_area} of {tier} on "
        "{lost_on}, by {because}."
    ),
)
tells(
    MenteeFullyValidated,
    Words("{health_worker_id} was validated in every competency of {area} on {validated_on}."),
)
