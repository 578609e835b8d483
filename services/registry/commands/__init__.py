"""How the registry decides each command: one module a record."""

from services.registry.commands import (
    access_grant,
    care,
    cascade,
    cohort,
    disengagement,
    duplicates,
    enrolment,
    group,
    health_worker,
    lists,
    matching,
    mentor,
    mentorship,
    org_unit,
    programme,
    workshops,
)
from services.registry.commands.handlers import handlers

__all__ = [
    "access_grant",
    "care",
    "cascade",
    "cohort",
    "disengagement",
    "duplicates",
    "enrolment",
    "group",
    "handlers",
    "health_worker",
    "lists",
    "matching",
    "mentor",
    "mentorship",
    "org_unit",
    "programme",
    "workshops",
]
