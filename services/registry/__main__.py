"""Run the registry: `python -m services.registry`."""

from services.registry.app import service

service.run()
