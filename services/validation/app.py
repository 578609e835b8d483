"""Validation: what it is made of."""

from services.validation.commands import handlers
from services.validation.policies import CERTIFICATES
from services.validation.views import ASSESSORS, ENROLLED
from shared.programmes.known import PROGRAMMES
from shared.runtime.service import RecordingService

service = RecordingService(
    handlers, views=(ENROLLED, ASSESSORS, PROGRAMMES), policies=(CERTIFICATES,)
)
"""It hears the registry's mentees, mentors and programmes in its own views."""
