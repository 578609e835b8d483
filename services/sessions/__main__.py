"""Run sessions: `python -m services.sessions`."""

from services.sessions.app import service

service.run()
