"""What an auditor looks for by hand, standing: a module a kind, and one that asks for them all.

Nothing of it is kept: it is worked out of the read models when it is asked for, so that a replay of
an earlier day answers it too. Only what a person says of a finding is recorded.
"""

from services.gateway.figures.findings.assessors import ASSESSOR_WITHOUT_RIGHT
from services.gateway.figures.findings.burst import RECORDED_IN_A_BURST
from services.gateway.figures.findings.certificates import CERTIFICATE_OF_ONES_OWN
from services.gateway.figures.findings.changed import FIGURES_CHANGED
from services.gateway.figures.findings.corrections import CORRECTED_AFTER_VALIDATION
from services.gateway.figures.findings.day_too_full import DAY_TOO_FULL
from services.gateway.figures.findings.declared import Kind
from services.gateway.figures.findings.group_above_nine import GROUP_ABOVE_NINE
from services.gateway.figures.findings.late import RECORDED_LATE
from services.gateway.figures.findings.points import POINTS_BEYOND_HOURS
from services.gateway.figures.findings.scores import SCORES_JUST_ABOVE, SCORES_NEVER_VARY
from services.gateway.figures.findings.too_far_apart import TOO_FAR_APART
from services.gateway.figures.findings.two_places import TWO_PLACES_AT_ONCE
from services.gateway.figures.findings.unmet import MENTORSHIP_WITHOUT_SESSIONS
from shared.contracts.validation.audit_finding import AuditFindingKind

KINDS: dict[AuditFindingKind, Kind] = {
    each.kind: each
    for each in (
        TWO_PLACES_AT_ONCE,
        DAY_TOO_FULL,
        TOO_FAR_APART,
        RECORDED_IN_A_BURST,
        SCORES_NEVER_VARY,
        SCORES_JUST_ABOVE,
        ASSESSOR_WITHOUT_RIGHT,
        POINTS_BEYOND_HOURS,
        RECORDED_LATE,
        CORRECTED_AFTER_VALIDATION,
        MENTORSHIP_WITHOUT_SESSIONS,
        GROUP_ABOVE_NINE,
        CERTIFICATE_OF_ONES_OWN,
        FIGURES_CHANGED,
    )
}
"""Every kind."""

__all__ = ["KINDS"]
