"""How sessions decides each command: one module a record."""

from services.sessions.commands import (
    contact,
    exchange,
    improvement_action,
    initiative,
    journal,
    keys,
    notice,
    outcome_story,
    oversight,
    plan,
    relationship,
    session,
    support_request,
    visit,
    weighing,
    workshop,
)
from services.sessions.commands.handlers import handlers

__all__ = [
    "contact",
    "exchange",
    "handlers",
    "improvement_action",
    "initiative",
    "journal",
    "keys",
    "notice",
    "outcome_story",
    "oversight",
    "plan",
    "relationship",
    "session",
    "support_request",
    "visit",
    "weighing",
    "workshop",
]
