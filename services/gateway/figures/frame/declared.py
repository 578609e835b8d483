"""What a figure is declared with."""

from dataclasses import dataclass, field
from typing import Any

from services.gateway.figures.small_cells import Measure
from services.gateway.figures.viewers import Counted

DECLARED: dict[str, "Figure"] = {}
"""Every figure, by the name of its query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What there is to count, and what is counted of it.

    Attributes:
        name: of its query.
        counts: what is counted, as viewers may have it once an operation.
        rows: SQL of one row for each thing that is counted. A table stands in it by its name, as
            `"{session}"`; `{since}`, `{last}` and `{as_of}` stand for those of what is asked. It
            always has `programme` and `day`, on which it happened, and where it is not `posted`,
            `org_unit_id`.
        has: its further columns: `worker`, the health worker it is about (of whom the frame makes
            `person`: the record that stands for them), or one of the name of a dimension: `area`,
            `association`, `technical_area`, `competency`, `item`, `indicator`, `mode`, `cause`.
            What else it has is for its values.
        rows_now: the same rows where no `asOf` is asked for, if they are had for less.
        posted: people are counted, each once, where they are posted at the end of what is asked.
        each: what is counted first of each person's rows, called `x`: SQL by name. Where people are
            counted, and have many rows, it takes a third of the time.
        values: what is counted of some rows, called `x`: SQL by name. With `each`, a row is a
            person, and has what was counted of theirs.
        measures: how small ones of the values are hidden; every value is one or is shown by one.
        first: a value, by which the rows come, the highest first; None: they come by their keys.
        shape: the GraphQL type of its values.
    """

    name: str
    counts: frozenset[Counted]
    rows: str
    has: frozenset[str] = frozenset()
    rows_now: str | None = None
    posted: bool = False
    each: dict[str, str] = field(default_factory=dict)
    values: dict[str, str]
    measures: tuple[Measure, ...]
    first: str | None = None
    shape: type[Any]

    def __post_init__(self) -> None:
        """See that no value leaves without a measure that hides it."""
        hidden = {name for one in self.measures for name in (one.name, *one.shows)}
        if hidden != self.values.keys():
            msg = (
                f"{self.name}: {sorted(hidden ^ self.values.keys())} is a value or hidden, not both"
            )
            raise ValueError(msg)
        DECLARED[self.name] = self
