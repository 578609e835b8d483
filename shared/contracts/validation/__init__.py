"""What it proves: frameworks, assessments, and competencies validated."""

from shared.contracts.validation import competency_record, framework

__all__ = ["competency_record", "framework"]
