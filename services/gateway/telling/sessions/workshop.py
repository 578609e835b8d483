"""What is told of workshops."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.workshop import (
    WorkshopCorrected,
    WorkshopHeld,
    WorkshopPutInWords,
    WorkshopReinstated,
    WorkshopTested,
    WorkshopVoided,
)

tells(
    WorkshopHeld,
    Words(
        "The workshop {title} was held at {org_unit_id}, from {starts} to {ends}, with "
        "registered people: {attendance:count}."
    ),
)
tells(
    WorkshopCorrected,
    Words(
        "A workshop was corrected: {title} at {org_unit_id}, from {starts} to {ends}, "
        "with registered people: {attendance:count}."
    ),
)
tells(WorkshopVoided, Words("A workshop at {org_unit_id} was voided on {voided_on}."))
tells(
    WorkshopReinstated,
    Words("A workshop at {org_unit_id} that was voided stands again, since {reinstated_on}."),
)
tells(WorkshopTested, Words("{health_worker_id} was tested at a workshop at {org_unit_id}."))
tells(WorkshopPutInWords, Words("A workshop at {org_unit_id} was put in words."))
