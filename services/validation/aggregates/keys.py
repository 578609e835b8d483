"""The keys of a person here, once they are destroyed."""

from shared.contracts.validation.keys import ValidationKeysDestroyed
from shared.domain import event
from shared.domain.keys import Keys


class ValidationKeys(Keys):
    """They were destroyed once, and none is ever made again."""

    kind = "validation_keys"

    @event(ValidationKeysDestroyed)
    def _destroyed(self, event: ValidationKeysDestroyed) -> None:
        self.health_worker_id = event.health_worker_id
