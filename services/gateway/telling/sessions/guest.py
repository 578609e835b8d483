"""What is told of guests at sessions."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.guest import SessionGuestNamed

tells(SessionGuestNamed, Words("It was said who one of the guests at a session was."))
