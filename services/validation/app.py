"""Validation: what it is made of."""

from services.validation.commands import handlers
from services.validation.views import ENROLLED
from shared.programmes.known import PROGRAMMES
from shared.runtime.service import RecordingService

service = RecordingService(handlers, views=(ENROLLED, PROGRAMMES))
"""It hears the registry's mentees, mentors and programmes in its own view."""
