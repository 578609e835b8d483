"""What figures answer with, whatever they count: rows by key, and the total of them all."""

from typing import Generic, TypeVar

import strawberry

from services.gateway.figures.frame.asked import FigureBy
from services.gateway.graphql.listing import at_most

Values = TypeVar("Values")

MOST_ROWS = 10_000
"""Rows of a figure; the total counts what is beyond them, too."""


@strawberry.type(description="What a row stands for in one dimension.")
class FigureKey:
    """A key and what it is called."""

    by: FigureBy = strawberry.field(description="The dimension.")
    key: str | None = strawberry.field(
        description="The code; null where there is none, or none is known."
    )
    label: str | None = strawberry.field(
        description="What that is called; of a quarter or a year, its first and its last day."
    )


@strawberry.type(description="One row of a figure.")
class FigureRow(Generic[Values]):
    """What is counted together."""

    keys: list[FigureKey] = strawberry.field(
        description="What it stands for, in the order of `by`."
    )
    values: Values = strawberry.field(description="What is counted.")


@strawberry.type(description="A figure: its rows, and all of them together.")
class Figure(Generic[Values]):
    """A table with its total."""

    rows: list[FigureRow[Values]] = strawberry.field(
        description="The rows, by key; none, where rows were not asked for.",
        metadata=at_most(MOST_ROWS),
    )
    cut: bool = strawberry.field(
        description=f"Whether there are more rows than these: the first {MOST_ROWS} are shown."
    )
    total: Values = strawberry.field(
        description="All together; what counts in several rows counts once."
    )
