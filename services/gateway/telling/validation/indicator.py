"""What is told of indicators."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.indicator import (
    IndicatorCorrected,
    IndicatorReinstated,
    IndicatorScored,
    IndicatorVoided,
)

tells(
    IndicatorScored,
    Words(
        "{health_worker_id} was scored at {indicator} by {scorer_id} on {scored_on}: "
        "{score} of {most}, round {round}."
    ),
    Words(
        "{health_worker_id} was scored at {indicator} on {scored_on}: {score} of {most}, "
        "round {round}."
    ),
)
tells(
    IndicatorCorrected,
    Words(
        "The score of {health_worker_id} at {indicator} was corrected: {score} of "
        "{most}, round {round}."
    ),
)
tells(
    IndicatorVoided,
    Words(
        "The score of {health_worker_id} at {indicator}, round {round}, was voided on {voided_on}."
    ),
)
tells(
    IndicatorReinstated,
    Words(
        "The score of {health_worker_id} at {indicator}, round {round}, stands again, "
        "since {reinstated_on}."
    ),
)
