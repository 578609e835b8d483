"""Offers and requests within a mentorship."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.recording import recorded_by, recorded_for_another
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import EXCHANGE
from services.gateway.read.declare import InUnit, Order
from shared.contracts.sessions.exchange import ExchangeKind

graphql_enum(ExchangeKind)

ExchangeOrder = order_enum(
    "ExchangeOrder",
    "In which order offers and requests are listed.",
    POSTED=(Order(columns=("posted_on",)), "By the day they were posted."),
    POSTED_DESC=(Order(columns=("posted_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which offers and requests.")
class ExchangeFilter:
    """Filters of `exchanges`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    kind: ExchangeKind | None = where("exchange_kind", "Offers, or requests.")
    taken_up: bool | None = where("taken_up_on", "Taken up, or open still.", how="filled")
    withdrawn: bool | None = where("voided_on", "Withdrawn, or those that stand.", how="filled")


@read_model(
    EXCHANGE,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="Something that one of a mentorship offers the others, or asks of them.",
)
class Exchange(Node):
    """An offer or a request."""

    id: ID = key("Exchange")
    programme: str = leaf("The programme's code.")
    kind: ExchangeKind = leaf("Which way it goes.", column="exchange_kind", convert=ExchangeKind)
    text: str | None = leaf(
        "What is offered or asked for; null if not for you to read.", personal=True
    )
    posted_on: date = leaf("The day it was posted.")
    taken_up_on: date | None = leaf("The day it was taken up; null before.")
    withdrawn_on: date | None = leaf(
        "The day it was withdrawn; null while it stands.", column="voided_on"
    )
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it belongs to."
    )
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who posted it, if in your scope."
    )
    taken_up_by: HealthWorker | None = one(
        "HealthWorker", by="taken_up_by", description="Who took it up, if in your scope."
    )
    recorded_by: str = recorded_by()
    recorded_for_another: bool | None = recorded_for_another(
        "the one who offers or asks", person="health_worker_id"
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
