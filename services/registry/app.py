"""The registry: what it is made of."""

from services.registry.commands import handlers
from shared.runtime.service import RecordingService

service = RecordingService(handlers)
"""It hears only itself: grants and org units come round the bus to its access policy."""
