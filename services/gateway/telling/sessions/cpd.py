"""What is told of points of CPD."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.cpd import (
    CpdPointsAwarded,
    CpdPointsReversed,
)

tells(
    CpdPointsAwarded,
    Words(
        "{health_worker_id} was given points of CPD for {earned_on}: {points}; the "
        "account stands at {balance}."
    ),
)
tells(
    CpdPointsReversed,
    Words(
        "Points of CPD of {health_worker_id} were taken back on {reversed_on}: {points}; "
        "the account stands at {balance}."
    ),
)
