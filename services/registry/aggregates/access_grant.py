"""An access grant: a role, held by a token subject over an org unit, until it is revoked."""

from datetime import date
from uuid import UUID

from shared.contracts.registry.access_grant import (
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRestored,
    AccessGrantRevoked,
    Role,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class AlreadyRevoked(Refusal):
    """A grant ends once."""

    code = "ALREADY_REVOKED"
    template = "The grant ended on {since}."
    remedy_template = "Nothing is left to do."


class GrantEndsBeforeStart(Refusal):
    """The period of a grant is the wrong way round."""

    code = "GRANT_ENDS_BEFORE_START"
    template = "The grant would last until {until}, and begin on {since}."
    remedy_template = "Give a last day on or after {since}."


class MentorIsNobody(Refusal):
    """A mentor's grant reaches their own mentorships, so it says whose they are."""

    code = "MENTOR_GRANT_NAMES_NOBODY"
    template = "The grant would not say which health worker its holder is."
    remedy_template = "Name them in `healthWorkerId`."


class OverTwo(Refusal):
    """A grant is over a unit, or over a group's units."""

    code = "GRANT_OVER_UNIT_AND_GROUP"
    template = "An org unit and a group are named."
    remedy_template = "Name one of the two; give two grants to give both."


class BeforeGrant(Refusal):
    """What was not given yet is not revoked."""

    code = "BEFORE_GRANT"
    template = "{day} is before {since}, when the grant began."
    remedy_template = "Give a day on or after {since}."


class AccessGrant(Aggregate):
    """Who may do what, where; `health_worker_id` is the person they are, where it says so."""

    kind = "access_grant"
    fold_version = 2

    role: Role
    org_unit_id: UUID | None
    group_id: UUID | None
    programme: str | None
    health_worker_id: UUID | None
    since: date
    until: date | None
    revoked: date | None

    @staticmethod
    def must_be_a_period(since: date, until: date | None) -> None:
        """Raise GrantEndsBeforeStart unless the days are in order."""
        if until is not None and until < since:
            raise GrantEndsBeforeStart("until", since=since, until=until)

    @staticmethod
    def must_be_over_one(org_unit_id: UUID | None, group_id: UUID | None) -> None:
        """Raise OverTwo if both are named."""
        if org_unit_id is not None and group_id is not None:
            raise OverTwo("groupId")

    @event(AccessGrantGivenOverGroup)
    def _given_over_group(self, event: AccessGrantGivenOverGroup) -> None:
        self.role = event.role
        self.org_unit_id, self.group_id = None, event.group_id
        self.programme, self.health_worker_id = event.programme, event.health_worker_id
        self.since, self.until, self.revoked = event.since, event.until, None

    @event(AccessGrantGiven)
    def _given(self, event: AccessGrantGiven) -> None:
        self.role = event.role
        self.org_unit_id, self.group_id = event.org_unit_id, None
        self.programme = event.programme
        self.health_worker_id = event.health_worker_id
        self.since, self.until, self.revoked = event.since, event.until, None

    def runs_on(self, day: date) -> bool:
        """Whether it lets its holder in on a day, or will later."""
        return self.revoked is None and (self.until is None or day <= self.until)

    def revoke(self, since: date) -> None:
        """End the grant from a day on.

        Raises:
            AlreadyRevoked: it ended before.
            BeforeGrant: it began later than that.
        """
        if self.revoked is not None:
            raise AlreadyRevoked("accessGrantId", since=self.revoked)
        if since < self.since:
            raise BeforeGrant("occurredOn", day=since, since=self.since)
        self.record(AccessGrantRevoked(since=since))

    @event(AccessGrantRevoked)
    def _revoked(self, event: AccessGrantRevoked) -> None:
        self.revoked = event.since

    def restore(self) -> None:
        """Let it allow what it allowed, for what it ended with was not so; else nothing."""
        if self.revoked is not None:
            self.record(AccessGrantRestored(revoked=self.revoked))

    @event(AccessGrantRestored)
    def _restored(self, _event: AccessGrantRestored) -> None:
        self.revoked = None
