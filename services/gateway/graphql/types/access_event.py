"""Access events: who looked at whom, at what of them, and why."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.ids import global_id
from services.gateway.graphql.reading import leaf, one, read_model, where
from services.gateway.graphql.scalars import BigInt
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections.access_events import ACCESS_EVENT, ACCESS_SHOWN
from services.gateway.read.declare import Concerning, Order
from services.gateway.read.joined import Joined
from shared.access.grants import Read
from shared.contracts.access.operation import AccessKind, AccessPurpose

if TYPE_CHECKING:
    from services.gateway.graphql.types.health_worker import HealthWorker

graphql_enum(AccessKind)
graphql_enum(AccessPurpose)

_AT = ("at", "event_id", "about_id")
_NARROWS = "it narrows what a person, an actor or a period finds"

AccessEventOrder = order_enum(
    "AccessEventOrder",
    "In which order access events are listed.",
    AT_DESC=(Order(columns=_AT, descending=True), "The latest first."),
    AT=(Order(columns=_AT), "As they were, from the first."),
)


@strawberry.input(description="Which access events.")
class AccessEventFilter:
    """Filters of `accessEvents`."""

    actor: str | None = where("actor", "Whom it was shown: this token subject.")
    health_worker_id: ID | None = where(
        "health_worker_id", "Whose record was shown.", kind="HealthWorker"
    )
    kind: AccessKind | None = where(
        "kinds", "Where something of this kind was shown.", how="holds", unindexed=_NARROWS
    )
    purpose: AccessPurpose | None = where("purpose", "Asked for this purpose.")
    broken_glass: bool | None = where(
        "glass", "By somebody who held a grant that they had taken in an emergency, or not."
    )
    since: datetime | None = where("at", "At that instant or later.", how="since")
    before: datetime | None = where("at", "Earlier than that instant.", how="before")


@read_model(
    Joined(rows=ACCESS_SHOWN, rest=ACCESS_EVENT, by="event_id"),
    scope=Concerning(person="health_worker_id", unit="org_unit_id", action=Read.AUDIT),
    description="Something of one person, or of a unit, was shown to somebody.",
    shows=AccessKind.ACCESS_EVENTS,
)
class AccessEvent:
    """One person of one operation."""

    event_id: ID = leaf("The event's own id, a UUID.", convert=lambda id: ID(str(id)))
    operation_id: ID = leaf(
        "The operation's, a UUID: the same for everybody whom it showed.",
        convert=lambda id: ID(str(id)),
    )
    at: datetime = leaf("When it was read.")
    recorded: datetime = leaf("When its ledger learned of it.")
    position: BigInt = leaf("Its place in the ledger `access`.")
    actor: str = leaf("Whom it was shown: the subject of their token.")
    operator: bool = leaf("Whether they are an operator of the system.")
    grants: list[ID] = leaf(
        "The access grants that they held then.",
        convert=lambda ids: [global_id("AccessGrant", id) for id in ids],
    )
    broken_glass: list[ID] = leaf(
        "Those of them that they had taken in an emergency.",
        convert=lambda ids: [global_id("AccessGrant", id) for id in ids],
    )
    own: bool = leaf(
        "Whether it was of their own record alone; of such reads one an hour is recorded."
    )
    kinds: list[AccessKind] = leaf(
        "What kinds of data the operation showed.",
        convert=lambda kinds: [AccessKind(kind) for kind in kinds],
    )
    fields: list[str] = leaf("What it showed that is personal, as the schema calls it.")
    name: str | None = leaf("What its sender calls the operation.")
    asked: list[str] = leaf("The fields of the root that it asked for.")
    purpose: AccessPurpose | None = leaf(
        "Why, as its sender said (`X-Mshauri-Purpose`); null: they did not.", convert=AccessPurpose
    )
    trace_id: str = leaf("The operation's trace, as the logs have it.")
    missed: int | None = leaf(
        "Of a gap in the record: how many access events are missing here; null: it is none."
    )
    missed_since: datetime | None = leaf("Of a gap: since when; until when, `at` says.")
    health_worker: (
        Annotated["HealthWorker", strawberry.lazy("services.gateway.graphql.types.health_worker")]
        | None
    ) = one(
        "HealthWorker",
        by="health_worker_id",
        description="Who was shown, if in your scope; null where it was about no one person.",
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit",
        by="org_unit_id",
        description="The unit that it was about, where it was about no one person.",
    )
