"""Sessions that were held, and who was there."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import SESSION, SESSION_ATTENDANCE
from services.gateway.read.declare import InUnit, Order, Through
from shared.contracts.definition import Mode
from shared.contracts.registry.mentorship import Side

if TYPE_CHECKING:
    from services.gateway.graphql.types.mentorship import Mentorship

graphql_enum(Mode)
graphql_enum(Side)

SessionOrder = order_enum(
    "SessionOrder",
    "In which order sessions are listed.",
    HELD=(Order(columns=("held_on",)), "By the day they were held."),
    HELD_DESC=(Order(columns=("held_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which sessions.")
class SessionFilter:
    """Filters of `sessions`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Held at this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")


@read_model(
    SESSION_ATTENDANCE,
    scope=Through(to="Session", by="session_id"),
    description="Somebody who was at a session.",
)
class SessionAttendance:
    """One who was there."""

    side: Side = leaf("As mentor or as mentee.", convert=Side)
    health_worker: HealthWorker | None = one(
        "HealthWorker", by="health_worker_id", description="Who, if in your scope."
    )


@read_model(
    SESSION,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="Mentors and mentees met.",
)
class Session(Node):
    """A session as it was held."""

    id: ID = key("Session")
    programme: str = leaf("The programme's code.")
    held_on: date = leaf("The day it was held.")
    mode: Mode = leaf("How they met.", convert=Mode)
    minutes: int = leaf("How long it lasted, in minutes.")
    steps: list[str] = leaf("The visit steps done, by the programme's codes, in order.")
    consent_recorded: bool = leaf("Whether each observed patient had agreed before.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: (
        Annotated["Mentorship", strawberry.lazy("services.gateway.graphql.types.mentorship")] | None
    ) = one("Mentorship", by="mentorship_id", description="The mentorship it belongs to.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where it was held.")
    attendance: list[SessionAttendance] = many(
        "SessionAttendance",
        by="session_id",
        order=Order(columns=("side", "health_worker_id")),
        description="Who was there.",
    )
