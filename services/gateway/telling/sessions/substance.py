"""What is told of what sessions were about."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.substance import SessionDebriefed

tells(SessionDebriefed, Words("{health_worker_id} was debriefed after a session."))
