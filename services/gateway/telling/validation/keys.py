"""What is told of keys that were destroyed."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.keys import ValidationKeysDestroyed

tells(
    ValidationKeysDestroyed,
    Words("The keys to what the validation service held on {health_worker_id} were destroyed."),
)
