"""What validation has heard of the registry: mentees, and who may assess them."""

from services.validation.views.mentees import ENROLLED, MENTEE, MENTEE_SINCE, as_of
from services.validation.views.mentors import ASSESSORS, MAY_ASSESS, may_assess

__all__ = [
    "ASSESSORS",
    "ENROLLED",
    "MAY_ASSESS",
    "MENTEE",
    "MENTEE_SINCE",
    "as_of",
    "may_assess",
]
