"""What it proves: frameworks, assessments, indicators, validations and certificates."""

from shared.contracts.validation import (
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
