"""Two tables that are read as one: rows that each name a row of another."""

from dataclasses import dataclass

from shared.projection import Table
from shared.projection.table import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Rows of one table, each with the row of another whose key it holds.

    Orders and filters are of `rows`, by its indexes; what is long, and the same for many of them,
    stands once in `rest`.

    Attributes:
        by: the column of `rows` that holds the key of `rest`, of the same name there.
    """

    rows: Table
    rest: Table
    by: str

    @property
    def name(self) -> str:
        """What faults are told of."""
        return self.rows.name

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return self.rows.key

    @property
    def indexes(self) -> tuple[tuple[str, ...], ...]:
        """What can be filtered and ordered by."""
        return self.rows.indexes

    @property
    def columns(self) -> dict[str, Column]:
        """Every column of both."""
        return {**self.rest.columns, **self.rows.columns}

    @property
    def source(self) -> str:
        """Both, as SQL's `FROM` takes them; PostgreSQL flattens it, so that indexes serve."""
        both = ", ".join(
            f'{"one" if name in self.rows.columns else "all_of"}."{name}"' for name in self.columns
        )
        return (
            f'(SELECT {both} FROM "{self.rows.physical}" one'
            f' JOIN "{self.rest.physical}" all_of ON all_of."{self.by}" = one."{self.by}")'
        )
