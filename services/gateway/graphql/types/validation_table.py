"""The validation table: of the mentees of a fiscal year, how many were validated.

Numerator and denominator are kept and the ratio is not rounded: 71 of 84 prints as 85 % and does
not reach 85 %.
"""

from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry

from services.gateway.graphql.listing import at_most
from services.gateway.graphql.types.suppression import Suppressible


@strawberry.enum(description="What the rows of the validation table stand for.")
class ValidationTableBy(Enum):
    """The column that mentees are grouped by."""

    ASSOCIATION = strawberry.enum_value(
        "association", description="The professional association behind the area."
    )
    TECHNICAL_AREA = strawberry.enum_value(
        "technical_area", description="The technical area that the area counts for."
    )
    AREA = strawberry.enum_value("area", description="The area they are mentored in.")
    ORG_UNIT = strawberry.enum_value(
        "org_unit_id",
        description="The unit where the mentees worked when they enrolled, or one above it.",
    )
    FISCAL_YEAR = strawberry.enum_value(
        "fiscal_year", description="The programme's year in which they enrolled."
    )


@strawberry.enum(description="As of when units count as what they are.")
class HierarchyView(Enum):
    """How org units are seen."""

    AS_WAS = strawberry.enum_value(
        "AS_WAS",
        description="As they were on the day of what is counted: what was, stays.",
    )
    AS_IS = strawberry.enum_value(
        "AS_IS",
        description="As they are today: a merged unit counts as the one it became part of.",
    )


def _ratio(root: Any) -> Decimal | None:
    if not root.mentees or root.validated is None:
        return None
    return Decimal(root.validated) / Decimal(root.mentees)


@strawberry.type(description="How many mentees, and how many of them validated.")
class ValidationCount(Suppressible):
    """Numerators and denominator."""

    mentees: int | None = strawberry.field(description="Mentees enrolled in the fiscal year.")
    validated: int | None = strawberry.field(
        description="Of them, those validated in at least one competency on the day asked for."
    )
    fully_validated: int | None = strawberry.field(
        description="Of them, those validated in every competency on that day."
    )
    mentors: int | None = strawberry.field(
        description="The people certified in an area of these mentees who have signed a "
        "mentorship with one of them that was agreed; each counts once."
    )

    ratio: Decimal | None = strawberry.field(
        resolver=_ratio,
        description="validated / mentees, to 28 digits, never rounded for show; null where there "
        "are no mentees, or too few to tell.",
    )


@strawberry.type(description="One row of the validation table.")
class ValidationRow(ValidationCount):
    """A group of mentees."""

    key: str | None = strawberry.field(
        description="The code of what the row stands for; null for mentees of no association, or "
        "under no unit of the level asked for."
    )
    label: str | None = strawberry.field(description="What that is called, where it has a name.")


@strawberry.type(description="Mentees of a fiscal year and how many of them were validated.")
class ValidationTable:
    """The table with its total."""

    rows: list[ValidationRow] = strawberry.field(
        description="The rows, by key.",
        # A ministry's table has every facility of the country in it: some 12,000.
        metadata=at_most(20_000),
    )
    total: ValidationCount = strawberry.field(
        description="All rows together. An enrolment counts once: somebody mentored in two areas "
        "is two mentees."
    )
