"""A finding of an audit, as far as people say something of it: dismissed, or open again."""

from datetime import date
from typing import Self
from uuid import UUID

from shared.contracts.validation.audit_finding import (
    AboutFinding,
    AuditFindingDismissed,
    AuditFindingReopened,
)
from shared.domain import Aggregate, event
from shared.domain.audit_findings import finding_id
from shared.domain.errors import Refusal


class FindingIsAnother(Refusal):
    """Whoever judges a finding says whom and what it is about, as it says itself."""

    code = "AUDIT_FINDING_IS_ANOTHER"
    template = "The finding with this id is about something else than is said here."
    remedy_template = (
        "Give kind, unit, programme, people, actors and `about` as `auditFindings` shows them."
    )


class FindingOfOnesOwn(Refusal):
    """Nobody judges what is found of themselves."""

    code = "AUDIT_FINDING_OF_ONES_OWN"
    template = "The finding is about {actor}."
    remedy_template = "Have it judged by an auditor whom it is not about."


class FindingDismissedAlready(Refusal):
    """A finding is dismissed once."""

    code = "AUDIT_FINDING_DISMISSED"
    template = "The finding was dismissed on {dismissed_on}."
    remedy_template = "Nothing is left to do; `auditFindingReopen` lets it stand again."


class FindingNotDismissed(Refusal):
    """What stands is not opened again."""

    code = "AUDIT_FINDING_NOT_DISMISSED"
    template = "The finding stands."
    remedy_template = "Nothing is left to do."


class AuditFinding(Aggregate):
    """What was said of one finding.

    Attributes:
        dismissed_on: the day somebody dismissed it; None: it stands.
    """

    kind = "audit_finding"

    dismissed_on: date | None

    @property
    def key(self) -> UUID:
        """The finding itself: it may be about several people, or none."""
        return self.id

    @classmethod
    def dismissed(cls, told: AuditFindingDismissed) -> Self:
        """Dismiss it for the first time."""
        return cls.begin(id_of(told), told)

    def dismiss(self, told: AuditFindingDismissed) -> None:
        """Dismiss it once more.

        Raises:
            FindingDismissedAlready: as it says.
        """
        if self.dismissed_on is not None:
            raise FindingDismissedAlready("findingId", dismissed_on=self.dismissed_on)
        self.record(told)

    def reopen(self, told: AuditFindingReopened) -> None:
        """Let it stand again.

        Raises:
            FindingNotDismissed: as it says.
        """
        if self.dismissed_on is None:
            raise FindingNotDismissed("findingId")
        self.record(told)

    @event(AuditFindingDismissed)
    def _dismissed(self, event: AuditFindingDismissed) -> None:
        self.dismissed_on = event.dismissed_on

    @event(AuditFindingReopened)
    def _reopened(self, _event: AuditFindingReopened) -> None:
        self.dismissed_on = None


def id_of(told: AboutFinding) -> UUID:
    """Return the id of the finding that this is said of."""
    return finding_id(
        told.finding,
        org_unit_id=told.org_unit_id,
        programme=told.programme,
        people=told.people,
        actors=told.actors,
        about=told.about,
    )
