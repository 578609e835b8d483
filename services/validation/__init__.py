"""What it proves: frameworks, assessments and validated competencies."""
