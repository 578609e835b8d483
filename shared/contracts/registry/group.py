"""Groups: clusters of counties, professional associations, projects. They are no org units: who is
in a group stands where they stand in the hierarchy.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    GroupId,
    HealthWorkerId,
    NewId,
    OrgUnitId,
    Text,
    asked,
    happened,
    ref,
)
from shared.contracts.registry.access_grant import Role


class GroupKind(StrEnum):
    """What binds its members together."""

    CLUSTER = "CLUSTER"
    ASSOCIATION = "ASSOCIATION"
    PROJECT = "PROJECT"
    CIRCLE = "CIRCLE"
    TASK_TEAM = "TASK_TEAM"


@happened("registry.group.established")
class GroupEstablished(Event, kw_only=True):
    """A group exists since a day; `org_unit_id` is the unit that keeps it, if one does."""

    code: Code
    name: Text
    group_kind: GroupKind
    since: date
    org_unit_id: OrgUnitId | None = None


@happened("registry.group.member_added")
class GroupMemberAdded(Event, kw_only=True):
    """An org unit or a health worker belongs to the group since a day."""

    org_unit_id: OrgUnitId | None = None
    health_worker_id: HealthWorkerId | None = None
    since: date


@happened("registry.group.member_removed")
class GroupMemberRemoved(Event, kw_only=True):
    """An org unit or a health worker belongs to the group no more since a day."""

    org_unit_id: OrgUnitId | None = None
    health_worker_id: HealthWorkerId | None = None
    since: date


class MemberStay(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody belongs to a group from a day on; `until` is the first day without them."""

    since: date
    until: date | None = None


Stays = Annotated[
    tuple[MemberStay, ...],
    Meta(max_length=100, description="Every time that they belonged to it, in order."),
]


@happened("registry.group.member_told")
class GroupMemberTold(Event, kw_only=True):
    """When an org unit or a health worker belonged to the group, all of it, in place of what was
    said before; the event's reason says why. None: they never did.
    """

    org_unit_id: OrgUnitId | None = None
    health_worker_id: HealthWorkerId | None = None
    stays: Stays = ()


@happened("registry.group.entrusted")
class GroupEntrusted(Event, kw_only=True):
    """Somebody was given a role over the group's units: from now on, who takes another unit into it
    gives that role there, in that programme, or in all.
    """

    role: Role
    programme: Code | None = None


class GroupOffice(StrEnum):
    """What somebody is in a group."""

    MANAGER = "MANAGER"
    CHAIR = "CHAIR"
    REPRESENTATIVE = "REPRESENTATIVE"


@happened("registry.group.office_taken")
class GroupOfficeTaken(Event, kw_only=True):
    """Somebody holds an office in the group since a day; `org_unit_id` is the member unit that they
    stand for, if they do.
    """

    office: GroupOffice
    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId | None = None
    since: date


@happened("registry.group.office_left")
class GroupOfficeLeft(Event, kw_only=True):
    """Somebody holds the office no more since a day."""

    office: GroupOffice
    health_worker_id: HealthWorkerId
    since: date


@happened("registry.group.office_told")
class GroupOfficeTold(Event, kw_only=True):
    """When somebody held an office in the group, all of it, in place of what was said before; the
    event's reason says why. None: they never did.
    """

    office: GroupOffice
    health_worker_id: HealthWorkerId
    terms: Stays = ()


@asked("registry", "Group", by="administrator coordinator")
class GroupEstablish(Command, kw_only=True):
    """Establish a group, since the day it occurred on.

    A district makes its own under its unit; one that no unit keeps is for who may act everywhere.
    """

    id: NewId = None
    code: Code
    name: Text
    group_kind: GroupKind
    org_unit_id: (
        Annotated[
            UUID,
            Meta(extra={"ref": "OrgUnit", "later": True}, description="The unit that keeps it."),
        ]
        | None
    ) = None


@asked("registry", "Group", by="administrator coordinator")
class GroupMemberAdd(Command, kw_only=True):
    """Take an org unit, or a health worker, into a group; exactly one of the two is named."""

    group_id: GroupId
    org_unit_id: OrgUnitId | None = None
    health_worker_id: HealthWorkerId | None = None


@asked("registry", "Group", by="administrator coordinator")
class GroupMemberRemove(Command, kw_only=True):
    """Let an org unit, or a health worker, leave a group."""

    group_id: GroupId
    org_unit_id: OrgUnitId | None = None
    health_worker_id: HealthWorkerId | None = None


@asked("registry", "Group", by="administrator coordinator")
class GroupMemberCorrect(Command, kw_only=True):
    """Say anew when an org unit, or a health worker, belonged to a group; `reason` says why.

    `stays` takes the place of all that was said before; without any, they never did.
    """

    group_id: GroupId
    org_unit_id: OrgUnitId | None = None
    health_worker_id: HealthWorkerId | None = None
    stays: Stays = ()


@asked("registry", "Group", by="administrator coordinator")
class GroupOfficeTake(Command, kw_only=True):
    """Say that somebody holds an office in a group since the day it occurred on.

    They need not be a member: a manager may have several clusters of counties, and be in none.
    """

    group_id: GroupId
    office: GroupOffice
    health_worker_id: HealthWorkerId
    org_unit_id: (
        Annotated[UUID, ref("OrgUnit", "The member unit that they stand for, if they do.")] | None
    ) = None


@asked("registry", "Group", by="administrator coordinator")
class GroupOfficeLeave(Command, kw_only=True):
    """Say that somebody holds an office in a group no more."""

    group_id: GroupId
    office: GroupOffice
    health_worker_id: HealthWorkerId


@asked("registry", "Group", by="administrator coordinator")
class GroupOfficeCorrect(Command, kw_only=True):
    """Say anew when somebody held an office in a group; `reason` says why.

    `terms` takes the place of all that was said before; without any, they never did.
    """

    group_id: GroupId
    office: GroupOffice
    health_worker_id: HealthWorkerId
    terms: Stays = ()
