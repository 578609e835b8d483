"""What is told of corrections of competency records."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.competency_correction import (
    AttemptCorrected,
    AttemptCountersigned,
    AttemptReinstated,
    AttemptVoided,
    BaselineCorrected,
    CompetencyRecognised,
    FacilityLookedAt,
    RecognitionWeighed,
)

tells(
    BaselineCorrected,
    Words(
        "A pre-test of {health_worker_id} in {area} was corrected: {raw} of {max}, on "
        "{assessed_on}."
    ),
)
tells(
    AttemptCorrected,
    Words(
        "Attempt {attempt} of {health_worker_id} in {competency_name} was corrected: "
        "{raw} of {max}, by {assessor_id} on {assessed_on}."
    ),
)
tells(
    AttemptVoided,
    Words("Attempt {attempt} of {health_worker_id} in {competency} was voided on {voided_on}."),
)
tells(
    AttemptReinstated,
    Words(
        "Attempt {attempt} of {health_worker_id} in {competency} stands again, since "
        "{reinstated_on}."
    ),
)
tells(
    AttemptCountersigned,
    Words(
        "Attempt {attempt} of {health_worker_id} in {competency} was countersigned by "
        "{assessor_id} on {countersigned_on}."
    ),
)
tells(
    CompetencyRecognised,
    Words(
        "What {health_worker_id} proved elsewhere on {proved_on} was recognised as "
        "{competency_name}: {raw} of {max}."
    ),
)
tells(
    RecognitionWeighed,
    Words(
        "What was recognised of {health_worker_id} in {competency} was weighed anew, and holds.",
        when={"holds": True},
    ),
    Words(
        "What was recognised of {health_worker_id} in {competency} was weighed anew, and "
        "holds no more."
    ),
)
tells(
    FacilityLookedAt,
    Words(
        "{facility_id}, where {health_worker_id} is mentored, was assessed first on "
        "{looked_on}; their attempts were weighed by it."
    ),
    Words("The attempts of {health_worker_id} were weighed by whether {facility_id} was assessed."),
)
