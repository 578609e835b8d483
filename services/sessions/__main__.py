"""Run sessions: `python -m services.sessions`."""

from services.sessions.app import service
from shared.service.decider import decide

decide(service)
