"""The audit trail: every event that names a person, with its circumstances, without their names."""

from datetime import date, datetime

from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import leaf, one, read_model
from services.gateway.graphql.scalars import BigInt
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import AUDIT_TRAIL
from services.gateway.read.declare import InUnit, Order
from shared.access.grants import Read

_RECORDED = ("recorded", "service", "position")

AuditOrder = order_enum(
    "AuditOrder",
    "In which order a trail is listed.",
    RECORDED=(Order(columns=_RECORDED), "As it was recorded, from the first event."),
    RECORDED_DESC=(Order(columns=_RECORDED, descending=True), "From the last event back."),
)


@read_model(
    AUDIT_TRAIL,
    scope=InUnit(unit="org_unit_id", action=Read.AUDIT),
    description="One event that names a person: what happened, who said so, and when.",
)
class AuditEntry:
    """An event as its ledger holds it, without personal fields."""

    event_id: ID = leaf("The event's own id, a UUID.", convert=lambda id: ID(str(id)))
    topic: str = leaf("What happened: `registry.enrolment.enrolled`.")
    service: str = leaf("The service whose ledger holds it.")
    position: BigInt = leaf("Its place in that ledger.")
    epoch: int = leaf("The epoch of that ledger's positions.")
    record: str = leaf("The kind of record it belongs to.", column="kind")
    record_id: ID = leaf("That record's UUID.", column="stream", convert=lambda id: ID(str(id)))
    version: int = leaf("Its place in that record's own history, from 1.")
    occurred_on: date = leaf("The day it happened in the field.")
    recorded: datetime = leaf("When we learned it.")
    actor: str = leaf("The token subject that asked for it.")
    on_behalf_of: str | None = leaf("For whom they acted.")
    device: str | None = leaf("The device it was captured on.")
    reason: str | None = leaf(
        "Why, where one was due; null if not for you to read, and of what is private.",
        personal=True,
    )
    command_id: ID = leaf("The command that led to it.", convert=lambda id: ID(str(id)))
    correlation_id: ID = leaf(
        "Shared by all that one wish of a user set off.", convert=lambda id: ID(str(id))
    )
    details: JSON = leaf("The event's own fields, without those that tell who a person is.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where it belongs, as the units stood then."
    )
