"""The indicator report: how much each indicator changed from baseline, by the formula it names."""

from decimal import Decimal

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.types.suppression import Suppressible
from shared.contracts.definition.assessment import Formula

graphql_enum(Formula)


@strawberry.type(description="How much one indicator changed among those scored twice.")
class IndicatorChange(Suppressible):
    """One indicator of a programme."""

    indicator: str = strawberry.field(description="The indicator's code.")
    name: str = strawberry.field(description="What it is called.")
    formula: Formula = strawberry.field(description="How its change is worked out.")
    decimals: int = strawberry.field(
        description="Digits after the point where it is meant to be shown."
    )
    measured: int | None = strawberry.field(description="Mentees scored at baseline and again.")
    n: int | None = strawberry.field(
        description="Of them, those that the change is worked out over."
    )
    undefined: int | None = strawberry.field(
        description="Of them, those who have no change by this formula: they began at zero."
    )
    baseline_mean: Decimal | None = strawberry.field(
        description="Mean of the baselines of those measured, to 28 digits; null if there are none."
    )
    last_mean: Decimal | None = strawberry.field(
        description="Mean of their last scores, to 28 digits; null if there are none."
    )
    change: Decimal | None = strawberry.field(
        description="The change, to 28 digits: 0.65 for +65 %, or points for a difference; null "
        "where nobody has one."
    )


@strawberry.type(description="The indicators of a programme as one figure.")
class IndicatorAverage:
    """How much they changed on average."""

    indicators: int = strawberry.field(description="How many indicators the programme has.")
    change: Decimal | None = strawberry.field(
        description="The mean of their changes, each unrounded, to 28 digits; null where one of "
        "them has none, is hidden, or is worked out in other terms than the others: points are not "
        "added to shares."
    )
