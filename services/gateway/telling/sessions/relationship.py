"""What is told of how the two see their relationship: never what they said."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.relationship import (
    RelationshipCorrected,
    RelationshipEvaluated,
    RelationshipReinstated,
    RelationshipVoided,
)

tells(
    RelationshipEvaluated,
    Words("{health_worker_id} evaluated the relationship on {evaluated_on}, as {side}."),
)
tells(
    RelationshipCorrected, Words("How {health_worker_id} evaluated the relationship was corrected.")
)
tells(
    RelationshipVoided,
    Words("How {health_worker_id} evaluated the relationship was voided on {voided_on}."),
)
tells(
    RelationshipReinstated,
    Words("How {health_worker_id} evaluated the relationship stands again, since {reinstated_on}."),
)
