"""What is told of what the validation records: one module a record."""

from services.gateway.telling.validation import (
    certificate,
    competency_correction,
    competency_record,
    facility_baseline,
    framework,
    indicator,
)

__all__ = [
    "certificate",
    "competency_correction",
    "competency_record",
    "facility_baseline",
    "framework",
    "indicator",
]
