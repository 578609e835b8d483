"""How the registry decides each command: one module a record."""

from services.registry.commands import (
    access_grant,
    cohort,
    enrolment,
    health_worker,
    mentor,
    mentorship,
    org_unit,
    programme,
)
from services.registry.commands.handlers import handlers

__all__ = [
    "access_grant",
    "cohort",
    "enrolment",
    "handlers",
    "health_worker",
    "mentor",
    "mentorship",
    "org_unit",
    "programme",
]
