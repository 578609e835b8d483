"""Grants of access: who may do what, where, since when, and by whose word."""

from datetime import date, datetime

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.types.group import Group
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import GRANT
from services.gateway.read.declare import InUnit, Order
from shared.access.grants import Read
from shared.contracts.registry.access_grant import Role

graphql_enum(Role)

AccessGrantOrder = order_enum(
    "AccessGrantOrder",
    "In which order grants are listed.",
    SINCE=(Order(columns=("since",)), "By the first day they hold."),
    SINCE_DESC=(Order(columns=("since",), descending=True), "The newest first."),
)


@strawberry.input(description="Which grants.")
class AccessGrantFilter:
    """Filters of `accessGrants`."""

    subject_name: str | None = where("subject", "Of the holder of tokens with this `sub`.")
    role: Role | None = where(
        "role", "Of this role.", unindexed="grants are few: some hundreds a country"
    )
    org_unit_id: ID | None = where(
        "org_unit_id", "Over this unit, or one below it.", how="under", kind="OrgUnit"
    )
    health_worker_id: ID | None = where(
        "health_worker_id", "Whose holder is this health worker.", kind="HealthWorker"
    )
    over_person_id: ID | None = where(
        "over_person_id",
        "Taken in an emergency over this health worker's record alone.",
        kind="HealthWorker",
    )
    ended: bool | None = where(
        "ends",
        "Of those taken in an emergency (`role: BREAK_GLASS`): whether their hours are over.",
        how="elapsed",
        unindexed="grants are few: some hundreds a country",
    )
    revoked: bool | None = where(
        "revoked_on",
        "Whether it was revoked.",
        how="filled",
        unindexed="grants are few: some hundreds a country",
    )


@read_model(
    GRANT,
    scope=InUnit(unit="org_unit_id", person="health_worker_id", action=Read.PERSONAL),
    description="A role that somebody holds over a unit and all below it, or everywhere.",
)
class AccessGrant(Node):
    """A grant, as it was given, and revoked."""

    id: ID = key("AccessGrant")
    subject_name: str = leaf("The `sub` of its holder's tokens.", column="subject")
    role: Role = leaf("What it allows.", convert=Role)
    programme: str | None = leaf("In this programme alone, by its code; null: in all of them.")
    own_mentorships: bool = leaf(
        "Whether it reaches the holder's own mentorships alone, and the people in them."
    )
    since: date = leaf("The first day it holds.")
    until: date | None = leaf("The last day it was given for; null: it has none.")
    ends: datetime | None = leaf(
        "The instant from which on it opens nothing, if it was taken in an emergency."
    )
    given_by: str = leaf("The token subject that gave it, or took it in an emergency.")
    given_at: datetime = leaf("When that was recorded.")
    revoked_on: date | None = leaf("From that day on it allows nothing; null: it was not revoked.")
    revoked_by: str | None = leaf("The token subject that revoked it.")
    revoked_at: datetime | None = leaf("When that was recorded.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    org_unit: OrgUnit | None = one(
        "OrgUnit",
        by="org_unit_id",
        description="Over which unit; null: over a group's units, or everywhere.",
    )
    group: Group | None = one(
        "Group", by="group_id", description="Over the units of which group; null: of none."
    )
    over_person: HealthWorker | None = one(
        "HealthWorker",
        by="over_person_id",
        description="Whose record alone it is over, taken in an emergency; null: not one person's.",
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker",
        by="health_worker_id",
        description="The health worker that its holder is, if in your scope.",
    )
