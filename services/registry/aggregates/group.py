"""A group: who belongs to a cluster, an association or a project, who holds which office in it, and
since when.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.aggregates.stays import (
    Stay,
    goes_on,
    holds_on,
    must_be_in_order,
    must_not_precede,
)
from shared.contracts.registry.access_grant import Role
from shared.contracts.registry.group import (
    GroupEntrusted,
    GroupEstablished,
    GroupMemberAdded,
    GroupMemberRemoved,
    GroupMemberTold,
    GroupOffice,
    GroupOfficeLeft,
    GroupOfficeTaken,
    GroupOfficeTold,
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


class AlreadyInOffice(Refusal):
    """Who holds an office does not take it."""

    code = "ALREADY_IN_OFFICE"
    template = "They hold the office since {since}."
    remedy_template = "Nothing is left to do."


class NotInOffice(Refusal):
    """Who does not hold an office does not leave it."""

    code = "NOT_IN_OFFICE"
    template = "They do not hold the office."
    remedy_template = "Name somebody who does, and the office they hold."


class Group(Aggregate):
    """A cluster, an association, a project; its members are org units and health workers.

    Attributes:
        org_unit_id: the unit that keeps it; None: none does.
        stays: from when until when each member, former ones too, belonged to it; the last may go
            on.
        units_known: those of them that are org units.
        offices: likewise, from when until when somebody held an office in it, a person each.
        entrusted: the roles that somebody was given over its units, with the programme.
    """

    kind = "group"
    fold_version = 4

    org_unit_id: UUID | None
    established: date
    stays: dict[UUID, list[Stay]]
    units_known: list[UUID]
    offices: dict[GroupOffice, dict[UUID, list[Stay]]]
    entrusted: list[tuple[Role, str | None]]

    @event(GroupEstablished)
    def _established(self, event: GroupEstablished) -> None:
        self.org_unit_id, self.established = event.org_unit_id, event.since
        self.stays, self.units_known, self.offices, self.entrusted = {}, [], {}, []

    @property
    def members(self) -> list[UUID]:
        """Who belongs to it now."""
        return [member for member, stays in self.stays.items() if goes_on(stays)]

    @property
    def units(self) -> list[UUID]:
        """The org units that belong to it now."""
        return [member for member in self.members if member in self.units_known]

    def members_on(self, day: date) -> list[UUID]:
        """Return who belonged to it on a day."""
        return [member for member, stays in self.stays.items() if holds_on(stays, day)]

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
        must_not_precede(since, self.stays.get(member, []), self.established)
        self.record(
            GroupMemberAdded(
                org_unit_id=org_unit_id, health_worker_id=health_worker_id, since=since
            )
        )

    @event(GroupMemberAdded)
    def _added(self, event: GroupMemberAdded) -> None:
        member, _ = self._member(event.org_unit_id, event.health_worker_id)
        self.stays.setdefault(member, []).append((event.since, None))
        if event.org_unit_id is not None and member not in self.units_known:
            self.units_known.append(member)

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
        must_not_precede(since, self.stays[member], self.established)
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
        line = [(stay.since, stay.until) for stay in told]
        must_be_in_order(line, self.stays[member], self.established, field="stays")
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

    def take_office(
        self,
        office: GroupOffice,
        health_worker_id: UUID,
        org_unit_id: UUID | None,
        since: date,
    ) -> None:
        """Let somebody hold an office in it since a day; a unit that they stand for belongs to it.

        Raises:
            AlreadyInOffice: they hold it.
            NotMember: the unit did not belong to the group that day.
            BeforeMembership: the group was not there yet, or they left the office later than that.
        """
        terms = self.offices.get(office, {}).get(health_worker_id, [])
        if goes_on(terms):
            raise AlreadyInOffice("healthWorkerId", since=terms[-1][0])
        must_not_precede(since, terms, self.established)
        if org_unit_id is not None and org_unit_id not in self.members_on(since):
            raise NotMember("orgUnitId")
        self.record(
            GroupOfficeTaken(
                office=office,
                health_worker_id=health_worker_id,
                org_unit_id=org_unit_id,
                since=since,
            )
        )

    @event(GroupOfficeTaken)
    def _office_taken(self, event: GroupOfficeTaken) -> None:
        terms = self.offices.setdefault(event.office, {})
        terms.setdefault(event.health_worker_id, []).append((event.since, None))

    def leave_office(self, office: GroupOffice, health_worker_id: UUID, since: date) -> None:
        """Let somebody hold an office no more since a day.

        Raises:
            NotInOffice: they do not.
            BeforeMembership: they took it later than that.
        """
        terms = self.offices.get(office, {}).get(health_worker_id, [])
        if not goes_on(terms):
            raise NotInOffice("healthWorkerId")
        must_not_precede(since, terms, self.established)
        self.record(GroupOfficeLeft(office=office, health_worker_id=health_worker_id, since=since))

    @event(GroupOfficeLeft)
    def _office_left(self, event: GroupOfficeLeft) -> None:
        terms = self.offices[event.office][event.health_worker_id]
        terms[-1] = (terms[-1][0], event.since)

    def correct_office(
        self, office: GroupOffice, health_worker_id: UUID, told: Sequence[MemberStay]
    ) -> None:
        """Say anew when somebody held an office.

        Raises:
            NotInOffice: they never did.
            SameAsBefore: that is on record.
            BeforeMembership: the group was not there yet, or the days are out of order.
        """
        before = self.offices.get(office, {}).get(health_worker_id)
        if before is None:
            raise NotInOffice("healthWorkerId")
        line = [(stay.since, stay.until) for stay in told]
        must_be_in_order(line, before, self.established, field="terms")
        self.record(
            GroupOfficeTold(office=office, health_worker_id=health_worker_id, terms=tuple(told))
        )

    @event(GroupOfficeTold)
    def _office_told(self, event: GroupOfficeTold) -> None:
        told = [(term.since, term.until) for term in event.terms]
        self.offices[event.office][event.health_worker_id] = told

    def entrust(self, role: Role, programme: str | None) -> None:
        """Know that somebody was given a role over its units, in a programme or in all."""
        if (role, programme) not in self.entrusted:
            self.record(GroupEntrusted(role=role, programme=programme))

    @event(GroupEntrusted)
    def _entrusted(self, event: GroupEntrusted) -> None:
        self.entrusted.append((event.role, event.programme))
