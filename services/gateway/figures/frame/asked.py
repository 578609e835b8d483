"""What a figure is asked for: of when, where and whom, and by what its rows are told apart."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

import strawberry


@strawberry.enum(description="What the rows of a figure stand for.")
class FigureBy(Enum):
    """A dimension."""

    MONTH = strawberry.enum_value("MONTH", description="The month in which it happened: 2021-03.")
    QUARTER = strawberry.enum_value(
        "QUARTER", description="The quarter of the fiscal year: 2021-Q1, its first three months."
    )
    FISCAL_YEAR = strawberry.enum_value(
        "FISCAL_YEAR", description="The fiscal year, by the year in which it ends: 2021."
    )
    PROGRAMME = strawberry.enum_value("PROGRAMME", description="The programme.")
    SEX = strawberry.enum_value("SEX", description="The sex of whoever is counted.")
    AGE_BAND = strawberry.enum_value(
        "AGE_BAND",
        description="The age that whoever is counted reaches in the year of the day, in the bands "
        "of WHO's National Health Workforce Accounts: <25, 25-34, 35-44, 45-54, 55-64, 65+.",
    )
    CADRE = strawberry.enum_value(
        "CADRE", description="What whoever is counted is trained as, as is known now."
    )
    LEVEL = strawberry.enum_value("LEVEL", description="The level of the facility.")
    OWNERSHIP = strawberry.enum_value("OWNERSHIP", description="Who owns the facility.")
    GROUP = strawberry.enum_value(
        "GROUP",
        description="The groups that the unit or one above it, or whoever is counted, belongs to: "
        "a row for each, so that the same may be counted in several.",
    )
    ORG_UNIT = strawberry.enum_value(
        "ORG_UNIT", description="The unit, or the nearest one above it of the `level` asked for."
    )
    AREA = strawberry.enum_value("AREA", description="The area of mentoring.")
    ASSOCIATION = strawberry.enum_value(
        "ASSOCIATION", description="The professional association behind the area."
    )
    TECHNICAL_AREA = strawberry.enum_value(
        "TECHNICAL_AREA", description="The technical area that the area counts for."
    )
    COMPETENCY = strawberry.enum_value("COMPETENCY", description="The competency.")
    ITEM = strawberry.enum_value("ITEM", description="The item of the competency's checklist.")
    INDICATOR = strawberry.enum_value("INDICATOR", description="The indicator.")
    MODE = strawberry.enum_value("MODE", description="How they met.")
    CAUSE = strawberry.enum_value("CAUSE", description="Why they left, by kind.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a figure is asked for, made ready.

    Attributes:
        programme: None: all of them.
        since: the first day that is counted; None: from the beginning.
        last: the last day that is counted; None: all that is recorded.
        as_of: the day whose state is told: what was so at its end.
        dated: whether such a day was asked for; else all that is recorded counts.
        year_starts: the month and the day on which the fiscal year begins.
        as_is: units and groups are seen as they are today.
        today: which day that is.
        under: at this unit, or below it.
        group: at the units of this group and below them, or of its people.
        level: the kind of unit that rows by org unit are rolled up to; None: the unit itself.
    """

    programme: str | None
    since: date | None
    last: date | None
    as_of: date
    dated: bool
    year_starts: tuple[int, int]
    as_is: bool
    today: date
    under: UUID | None = None
    group: UUID | None = None
    by: tuple[FigureBy, ...] = ()
    level: str | None = None

    @property
    def seen_on(self) -> date:
        """The end of what is asked for: where people who are counted once are looked at."""
        return min(self.last or self.as_of, self.as_of)
