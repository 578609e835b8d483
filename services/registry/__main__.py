"""Run the registry: `python -m services.registry`."""

from services.registry.app import service
from shared.service.decider import decide

decide(service)
