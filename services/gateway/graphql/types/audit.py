"""What was recorded: every event, and the trail of each person of those that name them."""

from datetime import date, datetime
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import leaf, one, read_model, where
from services.gateway.graphql.scalars import BigInt
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import AUDIT_EVENT, AUDIT_TRAIL
from services.gateway.read.declare import InUnit, Order
from services.gateway.read.joined import Joined
from shared.access.grants import Read
from shared.contracts.access.operation import AccessKind

_RECORDED = ("recorded", "service", "position")
_NARROWS = "it narrows what a unit, an actor or a period finds"

AuditOrder = order_enum(
    "AuditOrder",
    "In which order a trail is listed.",
    RECORDED=(Order(columns=_RECORDED), "As it was recorded, from the first event."),
    RECORDED_DESC=(Order(columns=_RECORDED, descending=True), "From the last event back."),
)


@strawberry.input(description="Which events.")
class RecordedEventFilter:
    """Filters of `recordedEvents`."""

    actor: str | None = where("actor", "Asked for by this token subject.")
    on_behalf_of: str | None = where(
        "on_behalf_of", "Asked for on this one's behalf.", unindexed=_NARROWS
    )
    topic: str | None = where("topic", "Of what happened: `sessions.session.voided`.")
    topics: list[str] | None = where("topic", "Of one of these.", how="among")
    record: str | None = where(
        "kind", "Of this kind of record: `enrolment`, `session`.", unindexed=_NARROWS
    )
    correlation_id: UUID | None = where("correlation_id", "Set off by the same wish of a user.")
    service: str | None = where("service", "Of this service's ledger.", unindexed=_NARROWS)
    org_unit_id: ID | None = where(
        "org_unit_id",
        "What belongs to this unit, or to one below it.",
        how="under",
        kind="OrgUnit",
    )
    recorded_since: datetime | None = where(
        "recorded", "Recorded at that instant or later.", how="since"
    )
    recorded_before: datetime | None = where(
        "recorded", "Recorded earlier than that instant.", how="before"
    )
    occurred_since: date | None = where(
        "occurred_on", "That happened on that day or later.", how="since", unindexed=_NARROWS
    )
    occurred_before: date | None = where(
        "occurred_on", "That happened before that day.", how="before", unindexed=_NARROWS
    )
    with_reason: bool | None = where(
        "reason",
        "With a reason, as what corrects or takes back has.",
        how="filled",
        unindexed=_NARROWS,
    )


@read_model(
    AUDIT_EVENT,
    scope=InUnit(unit="org_unit_id", action=Read.AUDIT),
    description="One event: what happened, who said so, and when.",
    shows=AccessKind.HISTORY,
)
class RecordedEvent:
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


@read_model(
    Joined(rows=AUDIT_TRAIL, rest=AUDIT_EVENT, by="event_id"),
    scope=InUnit(unit="org_unit_id", action=Read.AUDIT),
    description="One event that names a person: what happened, who said so, and when.",
    shows=AccessKind.HISTORY,
)
class AuditEntry(RecordedEvent):
    """An event in the trail of one that it names."""
