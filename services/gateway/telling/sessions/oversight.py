"""What is told of supervision visits and coordination meetings."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.oversight import (
    CoordinationMeetingCorrected,
    CoordinationMeetingHeld,
    CoordinationMeetingReinstated,
    CoordinationMeetingVoided,
    SupervisionVisitCorrected,
    SupervisionVisitHeld,
    SupervisionVisitReinstated,
    SupervisionVisitVoided,
)

tells(
    SupervisionVisitHeld,
    Words("{org_unit_id} was visited in supervision on {held_on}; {mentors} were scored."),
    Words("{org_unit_id} was visited in supervision on {held_on}."),
)
tells(
    SupervisionVisitCorrected,
    Words("A supervision visit at {org_unit_id} was corrected: it was held on {held_on}."),
)
tells(
    SupervisionVisitVoided, Words("A supervision visit at {org_unit_id} was voided on {voided_on}.")
)
tells(
    SupervisionVisitReinstated,
    Words(
        "A supervision visit at {org_unit_id} that was voided stands again, since {reinstated_on}."
    ),
)
tells(
    CoordinationMeetingHeld,
    Words(
        "A coordination meeting was held at {org_unit_id} on {held_on}; participants: "
        "{participants}."
    ),
)
tells(
    CoordinationMeetingCorrected,
    Words("A coordination meeting at {org_unit_id} was corrected: it was held on {held_on}."),
)
tells(
    CoordinationMeetingVoided,
    Words("A coordination meeting at {org_unit_id} was voided on {voided_on}."),
)
tells(
    CoordinationMeetingReinstated,
    Words(
        "A coordination meeting at {org_unit_id} that was voided stands again, since "
        "{reinstated_on}."
    ),
)
