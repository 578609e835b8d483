"""The validation table: of the mentees of a fiscal year, how many were validated.

Numerator and denominator are kept and the ratio is not rounded: 71 of 84 prints as 85 % and does
not reach 85 %.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry

from services.gateway.projections import MENTEE, ORG_UNIT, PROGRAMME_VERSION
from services.gateway.read.declare import InUnit, models
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Read


@strawberry.enum(description="What the rows of the validation table stand for.")
class ValidationTableBy(Enum):
    """The column that mentees are grouped by."""

    ASSOCIATION = strawberry.enum_value(
        "association", description="The professional association behind the area."
    )
    TECHNICAL_AREA = strawberry.enum_value(
        "technical_area", description="The technical area that the area counts for."
    )
    ORG_UNIT = strawberry.enum_value(
        "org_unit_id", description="The unit where the mentees worked when they enrolled."
    )


def _ratio(root: Any) -> Decimal | None:
    return Decimal(root.validated) / Decimal(root.mentees) if root.mentees else None


@strawberry.type(description="How many mentees, and how many of them validated.")
class ValidationCount:
    """Numerators and denominator."""

    mentees: int = strawberry.field(description="Mentees enrolled in the fiscal year.")
    validated: int = strawberry.field(
        description="Of them, those validated in at least one competency by now."
    )
    fully_validated: int = strawberry.field(
        description="Of them, those validated in every competency by now."
    )

    ratio: Decimal | None = strawberry.field(
        resolver=_ratio,
        description="validated / mentees, to 28 digits, never rounded for show; null where there "
        "are no mentees.",
    )


@strawberry.type(description="One row of the validation table.")
class ValidationRow(ValidationCount):
    """A group of mentees."""

    key: str | None = strawberry.field(
        description="The code of what the row stands for; null for mentees of no association."
    )
    label: str | None = strawberry.field(description="What that is called, where it has a name.")


@strawberry.type(description="Mentees of a fiscal year and how many of them were validated.")
class ValidationTable:
    """The table with its total."""

    rows: list[ValidationRow] = strawberry.field(description="The rows, by key.")
    total: ValidationCount = strawberry.field(
        description="All rows together. An enrolment counts once: somebody mentored in two areas "
        "is two mentees."
    )


_COUNTS = """
SELECT {group} AS key, {label} AS label,
       count(*)::integer AS mentees,
       count(first_validated_on)::integer AS validated,
       count(fully_validated_on)::integer AS fully_validated
  FROM "{mentee}" t {join}
 WHERE t.programme = {programme} AND t.fiscal_year = {year}
   AND t.since IS NOT NULL AND {scope}
 GROUP BY 1, 2
 ORDER BY 1 NULLS LAST
"""

_ASSOCIATIONS = """
SELECT area ->> 'association' AS code, area ->> 'associationName' AS name
  FROM "{version}" v, jsonb_array_elements(v.definition -> 'areas') area
 WHERE v.programme = $1
 ORDER BY v.version
"""


@dataclass(frozen=True, slots=True)
class _Grouping:
    group: str
    label: str = "NULL"
    join: str = ""


_GROUPINGS = {
    ValidationTableBy.ASSOCIATION: _Grouping("t.association"),
    ValidationTableBy.TECHNICAL_AREA: _Grouping("t.technical_area"),
    ValidationTableBy.ORG_UNIT: _Grouping(
        "u.code", "u.name", f'LEFT JOIN "{ORG_UNIT.physical}" u ON u.id = t.org_unit_id'
    ),
}


async def validation_table(
    reader: Reader, programme: str, fiscal_year: int, by: ValidationTableBy
) -> ValidationTable:
    """Count the mentees in the reader's scope."""
    s = Statement()
    grouping = _GROUPINGS[by]
    visibility = models["Mentee"].visibility
    assert isinstance(visibility, InUnit)
    text = _COUNTS.format(
        group=grouping.group,
        label=grouping.label,
        join=grouping.join,
        mentee=MENTEE.physical,
        programme=s.bind(programme, "text"),
        year=s.bind(fiscal_year, "integer"),
        scope=covered(visibility, reader.scopes[Read.FIGURES], s, "t"),
    )
    names: dict[str, str] = {}
    if by is ValidationTableBy.ASSOCIATION and reader.scopes[Read.CATALOGUE].parts:
        names = await _association_names(reader, programme)
    rows = [_row(record, names) for record in await reader.fetch(text, *s.binds)]
    return ValidationTable(
        rows=rows,
        total=ValidationCount(
            mentees=sum(row.mentees for row in rows),
            validated=sum(row.validated for row in rows),
            fully_validated=sum(row.fully_validated for row in rows),
        ),
    )


async def _association_names(reader: Reader, programme: str) -> dict[str, str]:
    text = _ASSOCIATIONS.format(version=PROGRAMME_VERSION.physical)
    # Later versions overwrite the names of earlier ones.
    return {row["code"]: row["name"] for row in await reader.fetch(text, programme) if row["name"]}


def _row(record: Any, names: dict[str, str]) -> ValidationRow:
    return ValidationRow(
        key=record["key"],
        label=record["label"] or names.get(record["key"]),
        mentees=record["mentees"],
        validated=record["validated"],
        fully_validated=record["fully_validated"],
    )
