"""Sessions: what it is made of."""

from services.sessions.commands import handlers
from services.sessions.views import AGREEMENTS
from shared.programmes.known import PROGRAMMES
from shared.runtime.service import RecordingService

service = RecordingService(handlers, views=(AGREEMENTS, PROGRAMMES))
"""It hears the registry's mentorships and programmes in its own view."""
