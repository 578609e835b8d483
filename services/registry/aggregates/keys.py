"""The keys of a person here, once they are destroyed."""

from shared.contracts.registry.keys import RegistryKeysDestroyed
from shared.domain import event
from shared.domain.keys import Keys


class RegistryKeys(Keys):
    """They were destroyed once, and none is ever made again."""

    kind = "registry_keys"

    @event(RegistryKeysDestroyed)
    def _destroyed(self, event: RegistryKeysDestroyed) -> None:
        self.health_worker_id = event.health_worker_id
