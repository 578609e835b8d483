"""Run validation: `python -m services.validation`."""

from services.validation.app import service

service.run()
