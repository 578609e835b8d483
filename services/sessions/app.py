"""Sessions: what it is made of."""

from services.sessions.commands import handlers
from services.sessions.policies import FORGETTING, NOTICES, TWINS, WEIGHING
from services.sessions.views import (
    COHORTS,
    DEPARTURES,
    ENCOUNTERS,
    MENTORSHIPS,
    MET,
    ORG_UNITS,
    PLANS,
    SECOND_POSTINGS,
)
from shared.access.facts import STANDINGS
from shared.deciding.people import NAMES
from shared.programmes.known import PROGRAMMES
from shared.service.recording import RecordingService

service = RecordingService(
    handlers,
    views=(
        STANDINGS,
        MENTORSHIPS,
        MET,
        SECOND_POSTINGS,
        DEPARTURES,
        ORG_UNITS,
        PLANS,
        ENCOUNTERS,
        COHORTS,
        PROGRAMMES,
        NAMES,
    ),
    policies=(NOTICES, WEIGHING, TWINS, FORGETTING),
)
"""It hears of the registry's mentorships and who is in them, mentors, org units, programmes,
cohorts and merged records, and of its own plans and sessions."""
