"""What sessions has heard, of the registry and of itself: one module a view."""

from services.sessions.views.cohorts import COHORT, COHORTS
from services.sessions.views.departures import DEPARTURE, DEPARTURES
from services.sessions.views.encounters import ENCOUNTER, ENCOUNTERS, PRESENCE
from services.sessions.views.mentorships import MENTORSHIP, MENTORSHIPS
from services.sessions.views.met import MET
from services.sessions.views.org_units import ORG_UNIT, ORG_UNITS
from services.sessions.views.plans import PLAN, PLAN_GROWTH, PLANS
from services.sessions.views.second_postings import SECOND_POSTING, SECOND_POSTINGS

__all__ = [
    "COHORT",
    "COHORTS",
    "DEPARTURE",
    "DEPARTURES",
    "ENCOUNTER",
    "ENCOUNTERS",
    "MENTORSHIP",
    "MENTORSHIPS",
    "MET",
    "ORG_UNIT",
    "ORG_UNITS",
    "PLAN",
    "PLANS",
    "PLAN_GROWTH",
    "PRESENCE",
    "SECOND_POSTING",
    "SECOND_POSTINGS",
]
