"""Validation: what it is made of."""

from services.validation.commands import handlers
from services.validation.policies import (
    ADDING_UP,
    CERTIFICATES,
    FORGETTING,
    LAPSES,
    RECOGNISED_ELSEWHERE,
)
from services.validation.views import ASSESSORS, ENROLLED
from services.validation.views.care import CARE
from services.validation.views.looked import LOOKED
from services.validation.views.recognitions import RECOGNITIONS
from services.validation.views.units import UNITS
from services.validation.views.validity import VALIDITY
from shared.access.facts import STANDINGS
from shared.deciding.people import NAMES
from shared.programmes.known import PROGRAMMES
from shared.service.recording import RecordingService

service = RecordingService(
    handlers,
    views=(
        STANDINGS,
        ENROLLED,
        CARE,
        ASSESSORS,
        PROGRAMMES,
        VALIDITY,
        RECOGNITIONS,
        LOOKED,
        UNITS,
        NAMES,
    ),
    policies=(ADDING_UP, CERTIFICATES, LAPSES, RECOGNISED_ELSEWHERE, FORGETTING),
)
"""It hears the registry's mentees, mentors, mentorships, programmes and merged records, until when
its validations hold, and what rests on them elsewhere."""
