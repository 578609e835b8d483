"""The kinds of lists that can be imported, each in a module of its own."""

from mshauri.importing.kinds import Kind
from mshauri.importing.lists.assessments import ASSESSMENTS
from mshauri.importing.lists.certifications import CERTIFICATIONS
from mshauri.importing.lists.enrolments import ENROLMENTS
from mshauri.importing.lists.facilities import FACILITIES
from mshauri.importing.lists.facility_baselines import FACILITY_BASELINES
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.lists.indicator_scores import INDICATOR_SCORES
from mshauri.importing.lists.mentors import MENTORS
from mshauri.importing.lists.mentorships import MENTORSHIPS
from mshauri.importing.lists.orientations import ORIENTATIONS
from mshauri.importing.lists.plans import PLANS
from mshauri.importing.lists.pre_tests import PRE_TESTS
from mshauri.importing.lists.sessions import SESSIONS
from mshauri.importing.lists.signatures import SIGNATURES

KINDS: tuple[Kind, ...] = (
    FACILITIES,
    HEALTH_WORKERS,
    MENTORS,
    ORIENTATIONS,
    CERTIFICATIONS,
    ENROLMENTS,
    MENTORSHIPS,
    SIGNATURES,
    PLANS,
    PRE_TESTS,
    FACILITY_BASELINES,
    SESSIONS,
    ASSESSMENTS,
    INDICATOR_SCORES,
)
"""In the order in which they rest on each other."""
