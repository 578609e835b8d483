"""Groups: clusters, associations, projects, and who belongs to them."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import GROUP, GROUP_MEMBER, GROUP_OFFICER
from services.gateway.read.declare import Order, Published, Through
from shared.contracts.registry.group import GroupKind, GroupOffice

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker

graphql_enum(GroupKind)
graphql_enum(GroupOffice)

LazyGroup = Annotated["Group", strawberry.lazy("services.gateway.graphql.types.group")]
LazyHealthWorker = Annotated[
    "HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")
]

GroupOrder = order_enum(
    "GroupOrder",
    "In which order groups are listed.",
    NAME=(Order(columns=("name_folded",)), "By name, from A."),
    NAME_DESC=(Order(columns=("name_folded",), descending=True), "By name, from Z."),
)


GroupMemberOrder = order_enum(
    "GroupMemberOrder",
    "In which order a group's members are listed.",
    SINCE=(Order(columns=("since", "member_id")), "By their first day in the group."),
    SINCE_DESC=(Order(columns=("since", "member_id"), descending=True), "The newest first."),
)


@strawberry.input(description="Which groups.")
class GroupFilter:
    """Filters of `groups`."""

    code: str | None = where("code", "The one with this code.")
    kind: GroupKind | None = where("group_kind", "Of this kind.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Kept by this unit, or by one below it.", how="under", kind="OrgUnit"
    )


@read_model(
    GROUP_MEMBER,
    scope=Through(to="Group", by="group_id"),
    description="An org unit or a health worker that belongs to a group, or did.",
)
class GroupMember:
    """A member."""

    since: date = leaf("The first day in the group.")
    until: date | None = leaf("The first day out of it; null while they belong to it.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Which unit, if one.")
    health_worker: LazyHealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if a person in your scope."
    )


@read_model(
    GROUP_OFFICER,
    scope=Through(to="Group", by="group_id"),
    description="A health worker who holds an office in a group, or did.",
)
class GroupOfficer:
    """Whoever manages a group, chairs it, or stands in it for one of its units."""

    office: GroupOffice = leaf("Which office.", convert=GroupOffice)
    since: date = leaf("The first day in it.")
    until: date | None = leaf("The first day out of it; null while they hold it.")
    group: LazyGroup | None = one("Group", by="group_id", description="In which group.")
    health_worker: LazyHealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The member unit that they stand for, if they do."
    )


@read_model(
    GROUP, scope=Published(), description="Units and people that belong together across districts."
)
class Group(Node):
    """A group."""

    id: ID = key("Group")
    code: str = leaf("Its stable key.")
    name: str = leaf("What it is called.")
    kind: GroupKind = leaf(
        "What binds its members together.", column="group_kind", convert=GroupKind
    )
    since: date = leaf("The day it was established.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The unit that keeps it; null for nobody's."
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    members: list[GroupMember] = many(
        "GroupMember",
        by="group_id",
        order=Order(columns=("since", "member_id")),
        description="Who belongs to it, or did: the first 1,000; `membership` has all of them.",
    )
    officers: list[GroupOfficer] = many(
        "GroupOfficer",
        by="group_id",
        order=Order(columns=("office", "since", "health_worker_id")),
        description="Who holds an office in it, or did.",
    )
    membership: Connection[GroupMember] = pages(
        "GroupMember",
        by="group_id",
        orders=GroupMemberOrder,
        description="Who belongs to it, or did, page by page.",
    )
