"""What is told of how people stand to the service."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.employment import (
    HealthWorkerEmploymentFollowed,
    HealthWorkerEmploymentTold,
)

tells(
    HealthWorkerEmploymentTold,
    Words("What was told of the employment of {health_worker_id} was told anew."),
)
tells(
    HealthWorkerEmploymentFollowed,
    Words(
        "What {health_worker_id} has in programmes followed their employment; outcomes: "
        "{outcomes:count}."
    ),
)
