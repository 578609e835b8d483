"""What it proves: frameworks, assessments, indicators, validations and certificates."""

from shared.contracts.validation import (
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
