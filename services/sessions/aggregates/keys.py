"""The keys of a person here, once they are destroyed."""

from shared.contracts.sessions.keys import SessionsKeysDestroyed
from shared.domain import event
from shared.domain.keys import Keys


class SessionsKeys(Keys):
    """They were destroyed once, and none is ever made again."""

    kind = "sessions_keys"

    @event(SessionsKeysDestroyed)
    def _destroyed(self, event: SessionsKeysDestroyed) -> None:
        self.health_worker_id = event.health_worker_id
