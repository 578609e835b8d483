"""The kinds of lists that can be imported, each in a module of its own."""

from mshauri.importing.records.kinds import Kind
from mshauri.importing.records.lists.assessments import ASSESSMENTS
from mshauri.importing.records.lists.enrolments import ENROLMENTS
from mshauri.importing.records.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.records.lists.mentors import MENTORS
from mshauri.importing.records.lists.sessions import SESSIONS

KINDS: tuple[Kind, ...] = (HEALTH_WORKERS, MENTORS, ENROLMENTS, SESSIONS, ASSESSMENTS)
"""In the order in which they rest on each other."""
