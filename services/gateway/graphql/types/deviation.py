"""Deviations: what was recorded although it departs from a rule of its programme."""

from datetime import date

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.programme import ProgrammeVersion
from services.gateway.graphql.types.session import LazyMentorship, LazySession
from services.gateway.projections import DEVIATION
from services.gateway.read.declare import InUnit, Order
from shared.contracts.definition.conduct import ConductRule

graphql_enum(ConductRule)

DeviationOrder = order_enum(
    "DeviationOrder",
    "In which order deviations are listed.",
    DAY_DESC=(Order(columns=("day",), descending=True), "The latest first."),
    DAY=(Order(columns=("day",)), "By the day of what departs."),
)


@strawberry.input(description="Which deviations.")
class DeviationFilter:
    """Filters of `deviations`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "In this mentorship.", kind="Mentorship")
    rule: ConductRule | None = where("rule", "From this rule.")


@read_model(
    DEVIATION,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    exists="stands",
    description="A rule of its programme that a record departs from.",
)
class Deviation(Node):
    """A deviation, as the record is known now: a correction may take it back."""

    id: ID = key("Deviation")
    rule: ConductRule = leaf("The rule, by its code.", convert=ConductRule)
    counts: bool = leaf("Whether the record counts in spite of it, as the version had set.")
    params: JSON = leaf("The values of the rule's sentence: how long it lasted, and the least.")
    programme: str = leaf("The programme's code.")
    day: date = leaf("The day of what departs from the rule.")
    reason: str | None = leaf(
        "Why, as its sender said; null if not for you to read.", personal=True
    )
    waived_by: str | None = leaf("The office that waived the rule for it; null: none did.")
    recorded_by: str = leaf("Who recorded it, by the subject of their token.")
    programme_version: ProgrammeVersion | None = one(
        "ProgrammeVersion", by="programme_version_id", description="The version with the rule."
    )
    session: LazySession | None = one(
        "Session", by="record_id", description="The session that departs; null for other records."
    )
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it happened in, if in one."
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where.")
