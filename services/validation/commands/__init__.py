"""How validation decides each command: one module a record."""

from services.validation.commands import competency_record, framework
from services.validation.commands.handlers import handlers

__all__ = ["competency_record", "framework", "handlers"]
