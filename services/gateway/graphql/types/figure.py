"""What figures that list rows have in common: where and when they look, and how many rows they
give, the most pressing first.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.read.below import below
from services.gateway.read.declare import InUnit
from services.gateway.read.scope import Scope
from services.gateway.read.sql import Statement, covered

MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a figure is asked for.

    Attributes:
        under: the unit to look at, with all below it; None: all in scope.
        day: as of when.
        first: how many rows at most.
        skip: how many of the most pressing ones to leave out.

    Raises:
        FirstOutOfRange: for no rows, or for more than `MOST_ROWS`.
    """

    programme: str
    under: UUID | None
    day: date
    first: int
    skip: int = 0

    def __post_init__(self) -> None:
        """Refuse a number of rows that is not given."""
        if not 1 <= self.first <= MOST_ROWS:
            raise FirstOutOfRange("first", first=self.first, most=MOST_ROWS)

    def page(self) -> str:
        """Return the end of the statement."""
        return f"LIMIT {self.first:d} OFFSET {max(self.skip, 0):d}"


def within(
    under: UUID | None, scope: Scope, s: Statement, alias: str, *, unit: str = "org_unit_id"
) -> str:
    """Return the condition that a row's unit is in scope, and the one asked for or below it.

    Args:
        unit: the column with the unit.
    """
    visibility = InUnit(unit=unit, programme="programme")
    condition = covered(visibility, scope, s, alias, of_all=True)
    if under is not None:
        condition += f" AND {below(f'{alias}.{unit}', (under,), scope.day, s)}"
    return condition
