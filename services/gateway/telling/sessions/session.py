"""What is told of sessions."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionCorrected,
    SessionHeld,
    SessionPlanned,
    SessionReinstated,
    SessionRescheduled,
    SessionVoided,
)

tells(SessionPlanned, Words("A session was planned for {planned_for} at {org_unit_id}: {mode}."))
tells(SessionRescheduled, Words("The session is planned for {planned_for} now."))
tells(SessionCancelled, Words("The session was cancelled."))
tells(
    SessionHeld,
    Words("{mentors} met {mentees} at {org_unit_id} on {held_on}: {mode}, {minutes} minutes."),
    Words("A session was held at {org_unit_id} on {held_on}: {mode}, {minutes} minutes."),
)
tells(
    SessionCorrected,
    Words(
        "A session was corrected: {mentors} met {mentees} at {org_unit_id} on {held_on}: "
        "{mode}, {minutes} minutes."
    ),
    Words(
        "A session was corrected: it was held at {org_unit_id} on {held_on}: {mode}, "
        "{minutes} minutes."
    ),
)
tells(SessionVoided, Words("The session was voided on {voided_on}."))
tells(SessionReinstated, Words("The session that was voided stands again, since {reinstated_on}."))
