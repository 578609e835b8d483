"""An access grant: a role, held by a token subject over an org unit, until it is revoked."""

from datetime import date, datetime, timedelta
from uuid import UUID

from shared.contracts.registry.access_grant import (
    AccessGlassBroken,
    AccessGlassReviewed,
    AccessGrantGiven,
    AccessGrantGivenOverGroup,
    AccessGrantRestored,
    AccessGrantRevoked,
    GlassOutcome,
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


class OnlyTaken(Refusal):
    """Nobody gives what is taken in an emergency."""

    code = "GRANT_ONLY_TAKEN"
    template = "A grant of {role} is given to nobody."
    remedy_template = "Who needs it takes it with `accessBreakGlass`, and says why."


class GlassNotNow(Refusal):
    """An emergency is now."""

    code = "GLASS_NOT_NOW"
    template = "{day} is not today: a grant that is taken in an emergency begins at once."
    remedy_template = "Leave `occurredOn` out."


class GlassOverOne(Refusal):
    """What is opened in an emergency is one person's record, or a unit's."""

    code = "GLASS_OVER_ONE"
    template = "The command names both a health worker and an org unit, or neither."
    remedy_template = "Name one of the two: the health worker, if it is of one alone."


class NotBrokenGlass(Refusal):
    """What somebody was given is not looked into as an emergency."""

    code = "NOT_BROKEN_GLASS"
    template = "The grant was given: nobody took it in an emergency."
    remedy_template = "Name one that `brokenGlass` lists."


class GlassOfOnesOwn(Refusal):
    """Nobody judges their own emergency."""

    code = "GLASS_OF_ONES_OWN"
    template = "{actor} took the grant themselves."
    remedy_template = "Let somebody else look into it."


class GlassNotOver(Refusal):
    """As long as more may be read, nobody can say what was read."""

    code = "GLASS_NOT_OVER"
    template = "The grant opens what it is over until {ends}."
    remedy_template = "Wait until then, or end it at once with `accessGrantRevoke`."


class AccessGrant(Aggregate):
    """Who may do what, where; `health_worker_id` is the person they are, where it says so.

    Of one that was taken in an emergency, `ends` is when it is over, and `over_person_id` whose
    record it opens, if not a unit's.
    """

    kind = "access_grant"
    fold_version = 4

    subject: str
    role: Role
    org_unit_id: UUID | None
    group_id: UUID | None
    programme: str | None
    health_worker_id: UUID | None
    since: date
    until: date | None
    revoked: date | None
    ends: datetime | None
    over_person_id: UUID | None

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

    @staticmethod
    def must_be_given(role: Role) -> None:
        """Raise OnlyTaken of a role that nobody gives."""
        if role is Role.BREAK_GLASS:
            raise OnlyTaken("role", role=role.value)

    @classmethod
    def taken(
        cls,
        id: UUID,
        *,
        subject: str,
        org_unit_id: UUID,
        health_worker_id: UUID | None,
        hours: int,
        now: datetime,
        today: date,
    ) -> "AccessGrant":
        """Begin a grant that its holder takes in an emergency.

        Args:
            health_worker_id: over their record alone; None: over the unit.
            today: where it is.
        """
        ends = now + timedelta(hours=hours)
        return cls.begin(
            id,
            AccessGlassBroken(
                subject_name=subject,
                org_unit_id=org_unit_id,
                health_worker_id=health_worker_id,
                since=today,
                # Days only bound it: it is not over anywhere before its instant.
                until=ends.date() + timedelta(days=1),
                ends=ends,
            ),
        )

    @event(AccessGlassBroken)
    def _glass_broken(self, event: AccessGlassBroken) -> None:
        self.subject, self.role = event.subject_name, Role.BREAK_GLASS
        self.org_unit_id, self.group_id, self.programme = event.org_unit_id, None, None
        # It is not its holder whom it names.
        self.health_worker_id = None
        self.since, self.until, self.revoked = event.since, event.until, None
        self.ends, self.over_person_id = event.ends, event.health_worker_id

    def review(self, outcome: GlassOutcome, reviewer: str, now: datetime) -> None:
        """Keep what somebody else found of it.

        Raises:
            NotBrokenGlass: nobody took it in an emergency.
            GlassNotOver: it still opens something.
        """
        if self.ends is None:
            raise NotBrokenGlass("accessGrantId")
        if now < self.ends and self.revoked is None:
            raise GlassNotOver("accessGrantId", ends=f"{self.ends:%F %H:%M} UTC")
        self.record(
            AccessGlassReviewed(
                health_worker_id=self.over_person_id, outcome=outcome, reviewed_by=reviewer
            )
        )

    @event(AccessGlassReviewed)
    def _reviewed(self, _event: AccessGlassReviewed) -> None:
        """What stands is for those who read it: it decides nothing."""

    @event(AccessGrantGivenOverGroup)
    def _given_over_group(self, event: AccessGrantGivenOverGroup) -> None:
        self._was_given(event)
        self.org_unit_id, self.group_id = None, event.group_id
        self.programme, self.health_worker_id = event.programme, event.health_worker_id
        self.since, self.until, self.revoked = event.since, event.until, None

    @event(AccessGrantGiven)
    def _given(self, event: AccessGrantGiven) -> None:
        self._was_given(event)
        self.org_unit_id, self.group_id = event.org_unit_id, None
        self.programme = event.programme
        self.health_worker_id = event.health_worker_id
        self.since, self.until, self.revoked = event.since, event.until, None

    def _was_given(self, event: AccessGrantGiven | AccessGrantGivenOverGroup) -> None:
        self.subject, self.role = event.subject_name, event.role
        self.ends = self.over_person_id = None

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
