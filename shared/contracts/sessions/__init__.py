"""What happened: the sessions that mentors and mentees held."""

from shared.contracts.sessions import session

__all__ = ["session"]
