"""What is told of keys that were destroyed."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.keys import SessionsKeysDestroyed

tells(
    SessionsKeysDestroyed,
    Words("The keys to what the sessions service held on {health_worker_id} were destroyed."),
)
