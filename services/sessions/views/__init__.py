"""What sessions has heard, of the registry and of itself: one module a view."""

from services.sessions.views.departures import DEPARTURE, DEPARTURES
from services.sessions.views.mentorships import MENTORSHIP, MENTORSHIPS, PARTY
from services.sessions.views.org_units import ORG_UNIT, ORG_UNITS
from services.sessions.views.plans import PLAN, PLANS

__all__ = [
    "DEPARTURE",
    "DEPARTURES",
    "MENTORSHIP",
    "MENTORSHIPS",
    "ORG_UNIT",
    "ORG_UNITS",
    "PARTY",
    "PLAN",
    "PLANS",
]
