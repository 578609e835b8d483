"""What is told of mentors."""

from services.gateway.telling.words import Words, tells
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
)

tells(
    MentorNominated,
    Words(
        "{health_worker_id} was nominated as a mentor for {area} of {programme} at "
        "{org_unit_id}: {nominated_by}."
    ),
)
tells(
    MentorOriented,
    Words(
        "{health_worker_id} was oriented as a mentor: {theory} in theory, {practical} in practice."
    ),
    Words("{health_worker_id} was oriented as a mentor."),
)
tells(
    MentorOrientationVoided, Words("An orientation of {health_worker_id} as a mentor was voided.")
)
tells(
    MentorCertified,
    Words("{health_worker_id} was certified as a mentor for {area} of {programme}."),
)
tells(
    MentorCertificationCorrected,
    Words(
        "The certification of {health_worker_id} as a mentor was corrected: it is of "
        "{certified_on}."
    ),
)
tells(
    MentorCertificationVoided,
    Words("The certification of {health_worker_id} as a mentor was voided on {voided_on}."),
)
tells(MentorAssigned, Words("{health_worker_id} was given a mentorship."))
tells(MentorReleased, Words("{health_worker_id} was released from a mentorship."))
tells(
    MentorAvailabilityDeclared,
    Words("{health_worker_id} has room for mentees, since {since}: {places}."),
)
tells(
    MentorSuspended,
    Words("{health_worker_id} was suspended as a mentor, since {since}: {ground}."),
    Words("{health_worker_id} was suspended as a mentor, since {since}."),
)
tells(MentorReinstated, Words("{health_worker_id} is a mentor again, since {since}."))
tells(
    MentorSuspensionVoided,
    Words("A suspension of {health_worker_id} as a mentor, since {since}, was voided."),
)
