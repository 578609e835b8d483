"""Who there is: org units, health workers, programmes, cohorts, mentors, enrolments, mentorships,
and who may do what.
"""

from shared.contracts.registry import (
    access_grant,
    code_list,
    cohort,
    employment,
    enrolment,
    group,
    health_worker,
    licence,
    mentor,
    mentorship,
    org_unit,
    org_unit_codes,
    org_unit_facility,
    programme,
    reform,
    screening,
    second_posting,
)

__all__ = [
    "access_grant",
    "code_list",
    "cohort",
    "employment",
    "enrolment",
    "group",
    "health_worker",
    "licence",
    "mentor",
    "mentorship",
    "org_unit",
    "org_unit_codes",
    "org_unit_facility",
    "programme",
    "reform",
    "screening",
    "second_posting",
]
