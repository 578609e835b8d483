"""What became of audit findings: dismissed with a reason, or open again.

What an auditor looks for is worked out when it is asked for, from what was recorded; only what a
person says of it is recorded. A finding is known by what it is about, all of it: so its id is the
same after every rebuild, and a dismissal that names another person, or another place, dismisses
nothing.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import CODE, Code, Command, Event, OrgUnitId, asked, happened, ref


class AuditFindingKind(StrEnum):
    """What an auditor looks for by hand."""

    TWO_PLACES_AT_ONCE = "TWO_PLACES_AT_ONCE"
    """A mentor at two sessions in person, in two places, at one time."""
    DAY_TOO_FULL = "DAY_TOO_FULL"
    """More minutes of sessions than a person's day has."""
    TOO_FAR_APART = "TOO_FAR_APART"
    """Two sessions in person of one day, between which nobody could have travelled."""
    RECORDED_IN_A_BURST = "RECORDED_IN_A_BURST"
    """Sessions of many days, recorded within one minute."""
    SCORES_NEVER_VARY = "SCORES_NEVER_VARY"
    """An assessor whose scores are all the same, as those of others are not."""
    SCORES_JUST_ABOVE = "SCORES_JUST_ABOVE"
    """An assessor whose scores cluster just above the threshold, as those of others do not."""
    ASSESSOR_WITHOUT_RIGHT = "ASSESSOR_WITHOUT_RIGHT"
    """A validation by an assessor whose own right had ended by that day."""
    POINTS_BEYOND_HOURS = "POINTS_BEYOND_HOURS"
    """CPD points for more time than somebody was at sessions that day."""
    RECORDED_LATE = "RECORDED_LATE"
    """A unit whose sessions of a quarter are mostly recorded long after."""
    CORRECTED_AFTER_VALIDATION = "CORRECTED_AFTER_VALIDATION"
    """A score that was changed after it had led to a validation."""
    MENTORSHIP_WITHOUT_SESSIONS = "MENTORSHIP_WITHOUT_SESSIONS"
    """A mentorship that was agreed long ago, and never met."""
    GROUP_ABOVE_NINE = "GROUP_ABOVE_NINE"
    """A session of more mentees than a group has."""
    CERTIFICATE_OF_ONES_OWN = "CERTIFICATE_OF_ONES_OWN"
    """A certificate approved by whom it certifies, or by who recommended it."""
    FIGURES_CHANGED = "FIGURES_CHANGED"
    """Figures of a quarter that changed after it was closed."""


People = Annotated[
    tuple[Annotated[UUID, ref("HealthWorker")], ...],
    Meta(max_length=200, description="The health workers whom it is about, all of them."),
]
Actors = Annotated[
    tuple[Annotated[str, Meta(max_length=200)], ...],
    Meta(max_length=50, description="The token subjects whom it is about, all of them."),
]
About = Annotated[
    str,
    Meta(
        pattern=CODE, max_length=200, description="What else it is about, as the finding says it."
    ),
]
Where = Annotated[UUID, ref("OrgUnit", "The org unit that the finding is at.")]


class AboutFinding(Event, kw_only=True):
    """Which finding it is, by all that it is about."""

    finding: AuditFindingKind
    org_unit_id: OrgUnitId
    programme: Code | None = None
    people: People = ()
    actors: Actors = ()
    about: About


@happened("validation.audit_finding.dismissed")
class AuditFindingDismissed(AboutFinding, kw_only=True):
    """Somebody looked into it, and found nothing amiss; the event's reason says how."""

    dismissed_on: date


@happened("validation.audit_finding.reopened")
class AuditFindingReopened(AboutFinding, kw_only=True):
    """It is to be looked into after all; the event's reason says why."""

    reopened_on: date


class _OfFinding(Command, kw_only=True):
    finding_id: Annotated[UUID, ref("AuditFinding", "The finding's id.")]
    finding: Annotated[AuditFindingKind, Meta(description="Its kind.")]
    org_unit_id: Where
    programme: Annotated[Code, Meta(description="Its programme's code.")] | None = None
    people: People = ()
    actors: Actors = ()
    about: About


@asked("validation", "AuditFinding", by="auditor")
class AuditFindingDismiss(_OfFinding, kw_only=True):
    """Dismiss a finding that turned out to be innocent; `reason` says how that is known.

    All that it is about is given again, as the finding says it.
    """


@asked("validation", "AuditFinding", by="auditor")
class AuditFindingReopen(_OfFinding, kw_only=True):
    """Let a dismissed finding stand again; `reason` says why."""
