"""Targets: what programmes mean to reach, and how far they have come."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from strawberry import ID

from services.gateway.figures.targets import MEASURED
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.group import Group
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.suppression import Suppressible
from services.gateway.projections import TARGET, TARGET_NUMBER
from services.gateway.read.declare import Order, Published, Through
from shared.contracts.base import camel
from shared.contracts.registry.target import TargetMeasure

graphql_enum(TargetMeasure)
for _value in vars(TargetMeasure)["__strawberry_definition__"].values:
    _figure, _name = MEASURED[TargetMeasure(_value.value)]
    _value.description = f"`{camel(_name)}` of `{camel(_figure.name)}`."

TargetOrder = order_enum(
    "TargetOrder",
    "In which order targets are listed.",
    STARTS=(Order(columns=("starts",)), "By their first day."),
    STARTS_DESC=(Order(columns=("starts",), descending=True), "The latest first."),
)


@strawberry.input(description="Which targets.")
class TargetFilter:
    """Filters of `targets`."""

    programme: str | None = where("programme", "Of the programme with this code.")
    measure: TargetMeasure | None = where(
        "measure", "Of this measure.", unindexed="a programme has some hundreds: all are few"
    )
    org_unit_id: ID | None = where(
        "org_unit_id", "Of this unit, or of one below it.", how="under", kind="OrgUnit"
    )
    group_id: ID | None = where("group_id", "Of this group.", kind="Group")
    stands: bool | None = where(
        "number",
        "Those that stand; false: those that were withdrawn.",
        how="filled",
        unindexed="a programme has some hundreds: all are few",
    )


@read_model(
    TARGET_NUMBER,
    scope=Through(to="Target", by="target_id"),
    description="What a target was from a day on, until the next of its numbers.",
)
class TargetNumber:
    """A number with its day."""

    since: date = leaf("The first day on which it was so.")
    number: int | None = leaf("How many are to be counted; null: it was withdrawn.")


@read_model(
    TARGET,
    scope=Published(),
    description="How many a programme means to reach, of what a figure counts, in some days.",
)
class Target(Node):
    """A target."""

    id: ID = key("Target")
    programme: str = leaf("The programme's code.")
    measure: TargetMeasure = leaf("What is counted.", convert=TargetMeasure)
    starts: date = leaf("The first day of those that it is for.")
    ends: date = leaf("The last one.")
    fiscal_year: int | None = leaf("The fiscal year that they are, or are of, if told so.")
    quarter: int | None = leaf("The quarter of it, 1 to 4, if told so.")
    area: str | None = leaf("The area it is of; null: all of them.")
    number: int | None = leaf("How many are to be counted; null: it was withdrawn.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The unit it is of, with all below it, if of one."
    )
    group: Group | None = one("Group", by="group_id", description="The group it is of, if of one.")
    numbers: list[TargetNumber] = many(
        "TargetNumber",
        by="target_id",
        order=Order(columns=("since",)),
        description="Every number that it had.",
    )


def _share(root: Any) -> Decimal | None:
    return None if root.counted is None else Decimal(root.counted) / Decimal(root.number)


@strawberry.type(description="How far a target is reached, as of a day.")
class TargetProgress(Suppressible):
    """A target beside what is counted for it."""

    c_target_id: strawberry.Private[UUID]
    number: int = strawberry.field(description="How many are to be counted, as it stood that day.")
    expected: Decimal = strawberry.field(
        description="How many would be counted by the end of that day, if it went evenly from the "
        "first to the last; to 28 digits."
    )
    counted: int | None = strawberry.field(
        metadata=weighing(200),
        description="What the figure of its measure counts by the end of that day, for its "
        "programme, place, area and days. Null to who merely views, where the figure hides it, or "
        "counts the same otherwise in the same operation: ask for that target alone.",
    )
    share: Decimal | None = strawberry.field(
        resolver=_share,
        metadata=weighing(200),
        description="counted / number, to 28 digits; null where that is hidden.",
    )
    target: Target | None = one("Target", by="target_id", description="The target.")
