"""A read model's table, declared once: the engine creates it, folds fill it, queries read it."""

from dataclasses import dataclass, field

from shared.projection.column_types import COLUMN_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its PostgreSQL type (one of `COLUMN_TYPES`), and whether it may be empty."""

    type: str
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A disposable table, built from events alone.

    Attributes:
        name: what it is called, `mentee_progress`.
        version: raised when its shape or its fold changes; part of the physical name, so that a
            new version is built beside the old one.
        key: the columns that name a row.
        columns: every column, the key's too, in order.
        indexes: the column lists that queries filter and order by.
        beside: SQL that is run once when the table was made: for what the database itself keeps
            of its rows, as it keeps an index. A change to it raises the version, too.
        tells_of: the column with the person that its rows tell of, where erased events would make
            fewer rows than those in clear did: once the person is forgotten their rows go, and
            those that are left are folded anew.
        physical: what it is called in the database: `mentee_progress_v3`.
        required: the columns outside the key that may not be empty: an upsert names them all.
    """

    name: str
    version: int
    key: tuple[str, ...]
    columns: dict[str, Column]
    indexes: tuple[tuple[str, ...], ...] = ()
    beside: str = ""
    tells_of: str | None = None
    physical: str = field(init=False, repr=False, compare=False)
    required: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = {*self.key, *(column for index in self.indexes for column in index)}
        named |= {self.tells_of} if self.tells_of else set()
        if not self.key or not named <= self.columns.keys():
            msg = f"{self.name}: no key, or no such columns: {sorted(named - self.columns.keys())}"
            raise ValueError(msg)
        for name, column in self.columns.items():
            if column.type not in COLUMN_TYPES:
                msg = f"{self.name}.{name}: {column.type} is none of {', '.join(COLUMN_TYPES)}"
                raise ValueError(msg)
        object.__setattr__(self, "physical", f"{self.name}_v{self.version}")
        object.__setattr__(
            self,
            "required",
            frozenset(
                name
                for name, column in self.columns.items()
                if name not in self.key and not column.nullable
            ),
        )
