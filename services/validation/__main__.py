"""Run validation: `python -m services.validation`."""

from services.validation.app import service
from shared.service.decider import decide

decide(service)
