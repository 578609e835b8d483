"""How validation decides each command: one module a record."""

from services.validation.commands import (
    audit_finding,
    certificate,
    competency_correction,
    competency_record,
    facility_baseline,
    framework,
    indicator_record,
    keys,
    recognition,
)
from services.validation.commands.handlers import handlers

__all__ = [
    "audit_finding",
    "certificate",
    "competency_correction",
    "competency_record",
    "facility_baseline",
    "framework",
    "handlers",
    "indicator_record",
    "keys",
    "recognition",
]
