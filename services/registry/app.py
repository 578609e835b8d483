"""The registry: what it is made of."""

from services.registry.commands import handlers
from services.registry.policies.cascade import CASCADE
from services.registry.policies.completion import COMPLETION
from services.registry.policies.duplicates import DUPLICATES
from services.registry.policies.employment import EMPLOYMENT
from services.registry.policies.forgetting import FORGETTING
from services.registry.policies.reforms import REFORMS
from services.registry.policies.screening import SCREENING
from services.registry.policies.workshops import OPENING
from services.registry.views.care import CARE
from services.registry.views.enrolments import ENROLMENTS
from services.registry.views.grants import HOLDERS
from services.registry.views.offers import OFFERS
from services.registry.views.people import PEOPLE
from services.registry.views.places import PLACES
from services.registry.views.progress import PROGRESS
from services.registry.views.reforms import REFORMS_DUE
from services.registry.views.rights import RIGHTS
from services.registry.views.workshops import WORKSHOPS
from shared.programmes.known import PROGRAMMES
from shared.service.recording import RecordingService

service = RecordingService(
    handlers,
    views=(
        PROGRAMMES,
        PLACES,
        PEOPLE,
        ENROLMENTS,
        CARE,
        OFFERS,
        PROGRESS,
        REFORMS_DUE,
        RIGHTS,
        WORKSHOPS,
        HOLDERS,
    ),
    policies=(
        CASCADE,
        COMPLETION,
        DUPLICATES,
        OPENING,
        EMPLOYMENT,
        FORGETTING,
        REFORMS,
        SCREENING,
    ),
    reads_people=True,
)
"""It hears all three services: its own records by what they are not found by in the ledger, and
what sessions and validation say of its enrolments. Of people it reads its own alone.
"""
