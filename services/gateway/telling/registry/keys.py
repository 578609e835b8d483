"""What is told of keys that were destroyed."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.keys import RegistryKeysDestroyed

tells(
    RegistryKeysDestroyed,
    Words("The keys to what the registry service held on {health_worker_id} were destroyed."),
)
