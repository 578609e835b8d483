"""An access grant: a role, held by a token subject over an org unit, until it is revoked."""

from datetime import date
from uuid import UUID

from shared.contracts.registry.access_grant import AccessGrantGiven, AccessGrantRevoked, Role
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class AlreadyRevoked(Refusal):
    """A grant ends once."""

    code = "ALREADY_REVOKED"
    template = "The grant ended on {since}."
    remedy_template = "Nothing is left to do."


class AccessGrant(Aggregate):
    """Who may do what, where."""

    kind = "access_grant"

    role: Role
    org_unit_id: UUID | None
    programme: str | None
    revoked: date | None

    @event(AccessGrantGiven)
    def _given(self, event: AccessGrantGiven) -> None:
        self.role = event.role
        self.org_unit_id, self.programme = event.org_unit_id, event.programme
        self.revoked = None

    def revoke(self, since: date) -> None:
        """End the grant from a day on.

        Raises:
            AlreadyRevoked: it ended before.
        """
        if self.revoked is not None:
            raise AlreadyRevoked("accessGrantId", since=self.revoked)
        self.record(AccessGrantRevoked(since=since))

    @event(AccessGrantRevoked)
    def _revoked(self, event: AccessGrantRevoked) -> None:
        self.revoked = event.since
