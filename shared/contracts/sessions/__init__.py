"""What happened: the sessions that mentors and mentees held, and all that came with them."""

from shared.contracts.sessions import (
    contact,
    cpd,
    exchange,
    guest,
    improvement_action,
    initiative,
    journal,
    notice,
    outcome_story,
    oversight,
    plan,
    relationship,
    session,
    substance,
    support_request,
    visit,
)

__all__ = [
    "contact",
    "cpd",
    "exchange",
    "guest",
    "improvement_action",
    "initiative",
    "journal",
    "notice",
    "outcome_story",
    "oversight",
    "plan",
    "relationship",
    "session",
    "substance",
    "support_request",
    "visit",
]
