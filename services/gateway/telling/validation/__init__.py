"""What is told of what the validation records: one module a record."""

from services.gateway.telling.validation import (
    audit_finding,
    certificate,
    competency_correction,
    competency_record,
    facility_baseline,
    framework,
    indicator,
    keys,
)

__all__ = [
    "audit_finding",
    "certificate",
    "competency_correction",
    "competency_record",
    "facility_baseline",
    "framework",
    "indicator",
    "keys",
]
