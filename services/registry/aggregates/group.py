"""A group: who belongs to a cluster, an association or a project, and since when."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.aggregates.dated_line import SameAsBefore
from shared.contracts.registry.group import (
    GroupEstablished,
    GroupMemberAdded,
    GroupMemberRemoved,
    GroupMemberTold,
    MemberStay,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class OneMember(Refusal):
    """A command is about one member."""

    code = "ONE_GROUP_MEMBER"
    template = "It is not clear who is meant: {named} of org unit and health worker are named."
    remedy_template = "Name an org unit or a health worker, one of the two."


class AlreadyMember(Refusal):
    """Who belongs to the group does not join it."""

    code = "ALREADY_GROUP_MEMBER"
    template = "They belong to the group since {since}."
    remedy_template = "Nothing is left to do."


class NotMember(Refusal):
    """Who does not belong to the group does not leave it."""

    code = "NOT_GROUP_MEMBER"
    template = "They do not belong to the group."
    remedy_template = "Name one of its members."


class BeforeMembership(Refusal):
    """Membership begins with the group at the earliest, and its days are in order."""

    code = "BEFORE_GROUP_CHANGE"
    template = "{since} is before {last}, when the group was made or their membership last changed."
    remedy_template = "Give a day on or after {last}."


class Group(Aggregate):
    """A cluster, an association, a project; its members are org units and health workers.

    Attributes:
        org_unit_id: the unit that keeps it; None: none does.
        stays: from when until when each member, former ones too, belonged to it; the last may go
            on.
    """

    kind = "group"
    fold_version = 3

    org_unit_id: UUID | None
    established: date
    stays: dict[UUID, list[tuple[date, date | None]]]

    @event(GroupEstablished)
    def _established(self, event: GroupEstablished) -> None:
        self.org_unit_id, self.established = event.org_unit_id, event.since
        self.stays = {}

    @property
    def members(self) -> list[UUID]:
        """Who belongs to it now."""
        return [member for member, stays in self.stays.items() if stays and stays[-1][1] is None]

    def members_on(self, day: date) -> list[UUID]:
        """Return who belonged to it on a day."""
        return [
            member
            for member, stays in self.stays.items()
            if any(since <= day and (until is None or day < until) for since, until in stays)
        ]

    @staticmethod
    def must_be_one(org_unit_id: UUID | None, health_worker_id: UUID | None) -> None:
        """Raise OneMember unless exactly one of the two is named."""
        named = sum(id is not None for id in (org_unit_id, health_worker_id))
        if named != 1:
            raise OneMember("orgUnitId", named=named)

    def add(self, org_unit_id: UUID | None, health_worker_id: UUID | None, since: date) -> None:
        """Let an org unit, or a health worker, belong to the group since a day.

        Raises:
            OneMember: none is named, or both.
            AlreadyMember: they do.
            BeforeMembership: the group was not there yet, or they left it later than that.
        """
        member, field = self._member(org_unit_id, health_worker_id)
        if member in self.members:
            raise AlreadyMember(field, since=self.stays[member][-1][0])
        self._must_not_precede(since, member)
        self.record(
            GroupMemberAdded(
                org_unit_id=org_unit_id, health_worker_id=health_worker_id, since=since
            )
        )

    @event(GroupMemberAdded)
    def _added(self, event: GroupMemberAdded) -> None:
        member, _ = self._member(event.org_unit_id, event.health_worker_id)
        self.stays.setdefault(member, []).append((event.since, None))

    def remove(self, org_unit_id: UUID | None, health_worker_id: UUID | None, since: date) -> None:
        """Let an org unit, or a health worker, belong to the group no more since a day.

        Raises:
            OneMember: none is named, or both.
            NotMember: they do not.
            BeforeMembership: they joined later than that.
        """
        member, field = self._member(org_unit_id, health_worker_id)
        if member not in self.members:
            raise NotMember(field)
        self._must_not_precede(since, member)
        self.record(
            GroupMemberRemoved(
                org_unit_id=org_unit_id, health_worker_id=health_worker_id, since=since
            )
        )

    @event(GroupMemberRemoved)
    def _removed(self, event: GroupMemberRemoved) -> None:
        member, _ = self._member(event.org_unit_id, event.health_worker_id)
        since, _ = self.stays[member].pop()
        self.stays[member].append((since, event.since))

    def correct(
        self,
        org_unit_id: UUID | None,
        health_worker_id: UUID | None,
        told: Sequence[MemberStay],
    ) -> None:
        """Say anew when somebody belonged to it.

        Raises:
            OneMember: none is named, or both.
            NotMember: they never did.
            SameAsBefore: that is on record.
            BeforeMembership: it was not there yet, or the days are out of order.
        """
        member, field = self._member(org_unit_id, health_worker_id)
        if member not in self.stays:
            raise NotMember(field)
        if [(stay.since, stay.until) for stay in told] == self.stays[member]:
            raise SameAsBefore("stays")
        free: date | None = self.established
        for place, stay in enumerate(told):
            at = f"stays[{place}]"
            if free is None or stay.since < free:
                last = free or told[place - 1].since
                raise BeforeMembership(f"{at}.since", since=stay.since, last=last)
            if stay.until is not None and stay.until < stay.since:
                raise BeforeMembership(f"{at}.until", since=stay.until, last=stay.since)
            free = stay.until
        self.record(
            GroupMemberTold(
                org_unit_id=org_unit_id, health_worker_id=health_worker_id, stays=tuple(told)
            )
        )

    @event(GroupMemberTold)
    def _told(self, event: GroupMemberTold) -> None:
        member, _ = self._member(event.org_unit_id, event.health_worker_id)
        self.stays[member] = [(stay.since, stay.until) for stay in event.stays]

    def _member(self, org_unit_id: UUID | None, health_worker_id: UUID | None) -> tuple[UUID, str]:
        self.must_be_one(org_unit_id, health_worker_id)
        if org_unit_id is not None:
            return org_unit_id, "orgUnitId"
        assert health_worker_id is not None, "one of the two is named"
        return health_worker_id, "healthWorkerId"

    def _must_not_precede(self, since: date, member: UUID) -> None:
        stays = self.stays.get(member)
        last = (stays[-1][1] or stays[-1][0]) if stays else self.established
        if since < last:
            raise BeforeMembership("occurredOn", since=since, last=last)
