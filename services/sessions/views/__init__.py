"""What sessions has heard, of the registry and of itself: one module a view."""

from services.sessions.views.departures import DEPARTURE, DEPARTURES
from services.sessions.views.encounters import ENCOUNTER, ENCOUNTERS, PRESENCE
from services.sessions.views.ends import ENDS, ENROLMENT_END, MENTOR_RIGHT
from services.sessions.views.mentorships import MENTORSHIP, MENTORSHIPS, PARTY
from services.sessions.views.org_units import ORG_UNIT, ORG_UNITS
from services.sessions.views.plans import PLAN, PLAN_GROWTH, PLANS

__all__ = [
    "DEPARTURE",
    "DEPARTURES",
    "ENCOUNTER",
    "ENCOUNTERS",
    "ENDS",
    "ENROLMENT_END",
    "MENTORSHIP",
    "MENTORSHIPS",
    "MENTOR_RIGHT",
    "ORG_UNIT",
    "ORG_UNITS",
    "PARTY",
    "PLAN",
    "PLANS",
    "PLAN_GROWTH",
    "PRESENCE",
]
