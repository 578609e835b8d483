"""What is asked, made ready: the gateway's read models, one module each.

Each declares its tables and folds events into them; `shared.projection` does the rest. What a row
holds is written by events of one person, or of one stream, or else its columns are: events of
different partitions come in any order.
"""

from services.gateway.projections.audit import (
    AUDIT,
    AUDIT_EVENT,
    AUDIT_TRAIL,
    NAMING_NOBODY,
    PERSON_RECORD,
)
from services.gateway.projections.audit_findings import (
    AUDIT_FINDING_DISMISSAL,
    AUDIT_FINDINGS,
)
from services.gateway.projections.broken_glass import BROKEN_GLASS, GLASS
from services.gateway.projections.certificates import (
    CERTIFICATE,
    CERTIFICATE_APPROVAL,
    CERTIFICATES,
    SUPERSEDED_NUMBER,
)
from services.gateway.projections.code_lists import CODE_LIST_ENTRY, CODE_LISTS
from services.gateway.projections.contacts import CONTACT, CONTACTS
from services.gateway.projections.cpd import CPD, CPD_ACCOUNT, CPD_BOOKING
from services.gateway.projections.deviations import DEVIATION, DEVIATIONS
from services.gateway.projections.duplicates import ALIAS, DUPLICATES, SUSPECTED_DUPLICATE
from services.gateway.projections.employment import (
    EMPLOYMENT,
    EMPLOYMENT_OUTCOME,
    EMPLOYMENTS,
)
from services.gateway.projections.erasures import ERASED_KEYS, ERASURE, ERASURES
from services.gateway.projections.exchanges import EXCHANGE, EXCHANGES
from services.gateway.projections.finding import (
    FINDING,
    PERSON_NAME,
    PERSON_NUMBER,
    PLACE_NAME,
)
from services.gateway.projections.grants import GRANT, GRANTS
from services.gateway.projections.groups import GROUP, GROUP_MEMBER, GROUP_OFFICER, GROUPS
from services.gateway.projections.guests import GUESTS, SESSION_GUEST
from services.gateway.projections.health_workers import (
    HEALTH_WORKER,
    HEALTH_WORKERS,
    LICENCE,
    PERSON_IDENTIFIER,
    POSTING,
)
from services.gateway.projections.improvement_actions import (
    ACTION_STEP,
    IMPROVEMENT_ACTION,
    IMPROVEMENT_ACTIONS,
)
from services.gateway.projections.initiatives import (
    INITIATIVE,
    INITIATIVE_MEASURE,
    INITIATIVE_NOTE,
    INITIATIVE_VALUE,
    INITIATIVES,
)
from services.gateway.projections.journals import JOURNAL_ENTRY, JOURNALS
from services.gateway.projections.learning import (
    LEARNING,
    MENTEE_GOAL,
    MENTEE_NEEDS,
    MENTEE_TRAINING,
    MENTEE_VERSION,
    SELF_RATING,
)
from services.gateway.projections.measures import FACILITY_BASELINE, INDICATOR_SCORE, MEASURES
from services.gateway.projections.mentees import ENROLMENT, MENTEE, MENTEES
from services.gateway.projections.mentors import MENTOR, MENTOR_LOAD, MENTORS
from services.gateway.projections.mentorships import (
    DISENGAGEMENT,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_MENTOR,
    MENTORSHIP_PARTY,
    MENTORSHIP_PHASE,
    MENTORSHIP_VERSION,
    MENTORSHIPS,
    PARTY_CHANGE,
    VACANCY,
)
from services.gateway.projections.notices import NOTICE, NOTICES
from services.gateway.projections.org_units import (
    ORG_UNIT,
    ORG_UNIT_CODE,
    ORG_UNIT_FACILITY,
    ORG_UNIT_PARENT,
    ORG_UNITS,
)
from services.gateway.projections.outcome_stories import OUTCOME_STORIES, OUTCOME_STORY
from services.gateway.projections.oversight import (
    COORDINATION_MEETING,
    OVERSIGHT,
    OVERSIGHT_PERSON,
    SUPERVISION_VISIT,
)
from services.gateway.projections.pauses import PAUSE, PAUSES
from services.gateway.projections.plans import PLAN, PLANS
from services.gateway.projections.programmes import (
    COHORT,
    COHORT_UNMATCHED,
    FRAMEWORK,
    PROGRAMME_VERSION,
    PROGRAMMES,
)
from services.gateway.projections.proving import (
    ASSESSMENT,
    COACHING_PLAN,
    COMPETENCY_BASELINE,
    COMPETENCY_PROGRESS,
    PROVING,
    RECOGNITION,
    VALIDATION_FACT,
)
from services.gateway.projections.reforms import REFORM, REFORM_CHANGE, REFORMS
from services.gateway.projections.relationships import RELATIONSHIP_EVALUATION, RELATIONSHIPS
from services.gateway.projections.rights import RIGHT_TO_MENTOR, RIGHTS
from services.gateway.projections.screenings import SCREENING, SCREENINGS
from services.gateway.projections.sessions import SESSION, SESSION_ATTENDANCE, SESSIONS
from services.gateway.projections.subjects import SUBJECT_PERSON, SUBJECTS
from services.gateway.projections.substance import (
    SESSION_DEBRIEF,
    SESSION_SIMULATION,
    SUBSTANCE,
)
from services.gateway.projections.support_requests import (
    SUPPORT_FOLLOW_UP,
    SUPPORT_REQUEST,
    SUPPORT_REQUESTS,
)
from services.gateway.projections.targets import TARGET, TARGET_NUMBER, TARGETS
from services.gateway.projections.visits import VISIT, VISITS
from services.gateway.projections.workshops import (
    WORKSHOP,
    WORKSHOP_ATTENDANCE,
    WORKSHOP_FACILITATOR,
    WORKSHOP_MODULE,
    WORKSHOPS,
)
from shared.projection import Projection, Table

PROJECTIONS: tuple[Projection, ...] = (
    CODE_LISTS,
    ORG_UNITS,
    GROUPS,
    REFORMS,
    TARGETS,
    SUBJECTS,
    HEALTH_WORKERS,
    FINDING,
    EMPLOYMENTS,
    DUPLICATES,
    ERASURES,
    PROGRAMMES,
    MENTORS,
    MENTEES,
    LEARNING,
    PROVING,
    MEASURES,
    RIGHTS,
    SCREENINGS,
    CERTIFICATES,
    MENTORSHIPS,
    PAUSES,
    SESSIONS,
    GUESTS,
    SUBSTANCE,
    CONTACTS,
    VISITS,
    WORKSHOPS,
    DEVIATIONS,
    PLANS,
    JOURNALS,
    RELATIONSHIPS,
    SUPPORT_REQUESTS,
    IMPROVEMENT_ACTIONS,
    INITIATIVES,
    EXCHANGES,
    OVERSIGHT,
    NOTICES,
    OUTCOME_STORIES,
    CPD,
    GRANTS,
    GLASS,
    AUDIT,
    AUDIT_FINDINGS,
)
"""The read models that queries are answered from."""

TABLES: dict[str, Table] = {
    table.name: table for projection in PROJECTIONS for table in projection.tables
}
"""Their tables, by name."""

__all__ = [
    "ACTION_STEP",
    "ALIAS",
    "ASSESSMENT",
    "AUDIT_EVENT",
    "AUDIT_FINDING_DISMISSAL",
    "AUDIT_TRAIL",
    "BROKEN_GLASS",
    "CERTIFICATE",
    "CERTIFICATE_APPROVAL",
    "COACHING_PLAN",
    "CODE_LIST_ENTRY",
    "COHORT",
    "COHORT_UNMATCHED",
    "COMPETENCY_BASELINE",
    "COMPETENCY_PROGRESS",
    "CONTACT",
    "COORDINATION_MEETING",
    "CPD_ACCOUNT",
    "CPD_BOOKING",
    "DEVIATION",
    "DISENGAGEMENT",
    "EMPLOYMENT",
    "EMPLOYMENT_OUTCOME",
    "ENROLMENT",
    "ERASED_KEYS",
    "ERASURE",
    "EXCHANGE",
    "FACILITY_BASELINE",
    "FRAMEWORK",
    "GRANT",
    "GROUP",
    "GROUP_MEMBER",
    "GROUP_OFFICER",
    "HEALTH_WORKER",
    "IMPROVEMENT_ACTION",
    "INDICATOR_SCORE",
    "INITIATIVE",
    "INITIATIVE_MEASURE",
    "INITIATIVE_NOTE",
    "INITIATIVE_VALUE",
    "JOURNAL_ENTRY",
    "LICENCE",
    "MENTEE",
    "MENTEE_GOAL",
    "MENTEE_NEEDS",
    "MENTEE_TRAINING",
    "MENTEE_VERSION",
    "MENTOR",
    "MENTORSHIP",
    "MENTORSHIP_MENTEE",
    "MENTORSHIP_MENTOR",
    "MENTORSHIP_PARTY",
    "MENTORSHIP_PHASE",
    "MENTORSHIP_VERSION",
    "MENTOR_LOAD",
    "NAMING_NOBODY",
    "NOTICE",
    "ORG_UNIT",
    "ORG_UNIT_CODE",
    "ORG_UNIT_FACILITY",
    "ORG_UNIT_PARENT",
    "OUTCOME_STORY",
    "OVERSIGHT_PERSON",
    "PARTY_CHANGE",
    "PAUSE",
    "PERSON_IDENTIFIER",
    "PERSON_NAME",
    "PERSON_NUMBER",
    "PERSON_RECORD",
    "PLACE_NAME",
    "PLAN",
    "POSTING",
    "PROGRAMME_VERSION",
    "PROJECTIONS",
    "RECOGNITION",
    "REFORM",
    "REFORM_CHANGE",
    "RELATIONSHIP_EVALUATION",
    "RIGHT_TO_MENTOR",
    "SCREENING",
    "SELF_RATING",
    "SESSION",
    "SESSION_ATTENDANCE",
    "SESSION_DEBRIEF",
    "SESSION_GUEST",
    "SESSION_SIMULATION",
    "SUBJECT_PERSON",
    "SUPERSEDED_NUMBER",
    "SUPERVISION_VISIT",
    "SUPPORT_FOLLOW_UP",
    "SUPPORT_REQUEST",
    "SUSPECTED_DUPLICATE",
    "TABLES",
    "TARGET",
    "TARGET_NUMBER",
    "VACANCY",
    "VALIDATION_FACT",
    "VISIT",
    "WORKSHOP",
    "WORKSHOP_ATTENDANCE",
    "WORKSHOP_FACILITATOR",
    "WORKSHOP_MODULE",
]
