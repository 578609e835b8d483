"""What is asked, made ready: the gateway's read models, one module each.

Each declares its tables and folds events into them; `shared.projection` does the rest. What a row
holds is written by events of one person, or of one stream, or else its columns are: events of
different partitions come in any order.
"""

from services.gateway.projections.audit import AUDIT, AUDIT_TRAIL
from services.gateway.projections.health_workers import HEALTH_WORKER, HEALTH_WORKERS, POSTING
from services.gateway.projections.mentees import (
    ASSESSMENT,
    COMPETENCY_PROGRESS,
    ENROLMENT,
    MENTEE,
    MENTEES,
)
from services.gateway.projections.mentors import MENTOR, MENTORS
from services.gateway.projections.mentorships import (
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_PARTY,
    MENTORSHIPS,
)
from services.gateway.projections.org_units import ORG_UNIT, ORG_UNIT_PARENT, ORG_UNITS
from services.gateway.projections.programmes import (
    COHORT,
    FRAMEWORK,
    PROGRAMME_VERSION,
    PROGRAMMES,
)
from services.gateway.projections.sessions import SESSION, SESSION_ATTENDANCE, SESSIONS
from shared.projection import Projection, Table

PROJECTIONS: tuple[Projection, ...] = (
    ORG_UNITS,
    HEALTH_WORKERS,
    PROGRAMMES,
    MENTORS,
    MENTEES,
    MENTORSHIPS,
    SESSIONS,
    AUDIT,
)
"""The read models that queries are answered from."""

TABLES: dict[str, Table] = {
    table.name: table for projection in PROJECTIONS for table in projection.tables
}
"""Their tables, by name."""

__all__ = [
    "ASSESSMENT",
    "AUDIT_TRAIL",
    "COHORT",
    "COMPETENCY_PROGRESS",
    "ENROLMENT",
    "FRAMEWORK",
    "HEALTH_WORKER",
    "MENTEE",
    "MENTOR",
    "MENTORSHIP",
    "MENTORSHIP_MENTEE",
    "MENTORSHIP_PARTY",
    "ORG_UNIT",
    "ORG_UNIT_PARENT",
    "POSTING",
    "PROGRAMME_VERSION",
    "PROJECTIONS",
    "SESSION",
    "SESSION_ATTENDANCE",
    "TABLES",
]
