"""What is told of visits."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.visit import (
    VisitCorrected,
    VisitMade,
)

tells(
    VisitMade,
    Words("{logged_by} visited {org_unit_id}, from {starts} to {ends}."),
    Words("{org_unit_id} was visited, from {starts} to {ends}."),
)
tells(VisitCorrected, Words("A visit was corrected: it was from {starts} to {ends}."))
