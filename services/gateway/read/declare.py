"""How a read type says where it comes from: metadata on its Strawberry fields, and nothing else.

    @read_model(MENTEE, scope=InUnit("org_unit_id", programme="programme"))
    class Mentee(Node):
        area: str = leaf("The area they are mentored in.")
        cohort: Cohort | None = one("Cohort", by="cohort_id", description="Where they started.")
        competencies: list[Progress] = many("Progress", by="mentee_id", order=…, description=…)

Resolvers are derived from these declarations (`resolve`), and so may other executors be. What
cannot be true of the table (a non-null field on a column that may be empty, a filter or an order
without an index) stops the start: `check`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from strawberry.types.base import get_object_definition
from strawberry.utils.str_converters import to_camel_case

from services.gateway.read.joined import Joined
from shared.access.grants import Read
from shared.contracts.access.operation import AccessKind
from shared.projection import Table

META = "mshauri.read"
"""The key of a declaration in a Strawberry field's metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Sort keys, all in one direction; the table's key makes them unique."""

    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A field that shows a column.

    Attributes:
        column: None: the one of the field's own name.
        personal: only for who may read personal fields there; of a row that is seen through
            another, there means of that one.
        confided: the column with the mentorship whose parties alone may read it, whatever else a
            reader may read; None: it is nobody's secret.
        convert: from the column's value, if there is one, to the field's.
        empty: what an empty column stands for: a count that has not begun is 0.
    """

    column: str | None = None
    personal: bool = False
    confided: str | None = None
    convert: Callable[[Any], Any] | None = None
    empty: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """A field that leads to the row of type `to` whose id stands in the column `by`."""

    to: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A short list: the rows of type `to` whose column `by` holds this row's column `own`."""

    to: str
    by: str
    order: Order
    own: str = "id"
    wanted: tuple[tuple[str, str], ...] = ()
    """Columns of `to` that hold a fixed value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A connection: rows of type `to`, page by page; all of them, or those `by` leads to.

    Attributes:
        filter: the input type with the filters; None: there are none.
        orders: the enum of orders, whose first one is the default.
        known_by: the column that an `asOf` argument compares with; None: there is no such argument.
    """

    to: str
    orders: type
    filter: type | None = None
    by: str | None = None
    own: str = "id"
    known_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """A field with a resolver of its own that reads these columns of the row.

    Attributes:
        of_then: it answers of an earlier moment as it does of now: it asks for rows alone.
    """

    columns: tuple[str, ...]
    of_then: bool = False


Declared = Leaf | One | Many | Pages | Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A filter.

    Attributes:
        column: what it compares.
        how: `equals`; `among`: one of several; `holds`: the value is in the
            column's list; `under`: the unit or one below it; `in_group`: the unit, or one above
            it, is a member of the group today, or the person whose own record it is; `filled`:
            whether there is a value; `contains`: part of a text, whatever its case and accents,
            of a column that holds it folded (`folded_text`); `past`: whether the day there is
            over; `elapsed`: whether the instant there is past; `mentored`: it is filled, in
            one of the reader's own mentorships, as one of its mentors; `since` and `before`: from
            a day or an instant on, and earlier than it; `coded`: a unit's code, today's or an
            earlier one, in the list of codes that the filter `beside` names, or among its own;
            `coded_among`: one of several, likewise; `listed`: it has, or had, a code in that list;
            `named`, `reached`, `known`: the person is or was called so, has this phone or e-mail,
            or this identifier or licence, as far as the reader may read it; `party`, `attended`:
            this person, whom the reader may see, is a party of the mentorship, or is told of in the
            session's facts.
        kind: the value is the global id of such a thing.
        unindexed: why it may do without an index.
        beside: another filter of the same input, whose value belongs to this one's.
    """

    column: str
    how: str = "equals"
    kind: str | None = None
    unindexed: str | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InUnit:
    """A row lies in the unit its column names, and in a programme where a column names one.

    Attributes:
        person: the column with whose own record it is; None: nobody's alone.
        parties: the column with the mentorship whose parties' own record it is.
        private: the column that says that what is personal in it is between its `mentee`, whom
            that column names, and the mentors of that mentorship: nobody else reads it, whatever
            their role; None: nothing of it ever is.
    """

    unit: str
    programme: str | None = None
    person: str | None = None
    parties: str | None = None
    private: str | None = None
    mentee: str | None = None
    action: Read = Read.RECORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """A row is seen by who sees the row of type `to` that the column `by` leads to."""

    to: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A row is seen by whoever holds any grant."""

    action: Read = Read.CATALOGUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerning:
    """A row is about a health worker, or about a unit: it is seen by who may do `action` there,
    and by that person. About neither, it is seen by who may do it everywhere.
    """

    person: str
    unit: str
    action: Read


Visibility = InUnit | Through | Published | Concerning


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A read type with everything that was declared of it.

    Attributes:
        exists: the column that is filled once there is something to show; None: always.
        shows: what kind of access it is to see a row of it at all; None: what its fields are of.
        then: the columns that are filled as well when that one is.
        fields: the declarations, by their names in Python.
    """

    type: type
    table: Table | Joined
    visibility: Visibility
    exists: str | None = None
    then: frozenset[str] = frozenset()
    shows: AccessKind | None = None
    fields: dict[str, Declared] = field(default_factory=dict)
    wire: dict[str, str] = field(default_factory=dict)
    """From a field's GraphQL name to its Python name."""

    @property
    def source(self) -> str:
        """What its rows are read from, as SQL's `FROM` takes it."""
        return self.table.source if isinstance(self.table, Joined) else f'"{self.table.physical}"'

    def behind(self, name: str) -> "Model":
        """Return a read type that this one is seen through, or leads to."""
        return models[name]

    @property
    def name(self) -> str:
        """What GraphQL calls it."""
        return str(get_object_definition(self.type, strict=True).name)

    def column_of(self, name: str) -> str:
        """Return the column a leaf shows."""
        declared = self.fields[name]
        assert isinstance(declared, Leaf)
        return declared.column or name

    def spelt(self, name: str) -> str:
        """Return what GraphQL calls a field."""
        return next(wire for wire, python_name in self.wire.items() if python_name == name)

    def may_be_empty(self, column: str) -> bool:
        """Say whether the column can be empty in a row that is shown."""
        if column == self.exists or column in self.then or column in self.table.key:
            return False
        return self.table.columns[column].nullable


models: dict[str, Model] = {}
"""Every read type, by its GraphQL name."""


def register(
    type: type,
    table: Table | Joined,
    visibility: Visibility,
    exists: str | None,
    then: frozenset[str],
    shows: AccessKind | None = None,
) -> None:
    """Take a Strawberry type's declarations into `models`."""
    definition = get_object_definition(type, strict=True)
    model = Model(
        type=type, table=table, visibility=visibility, exists=exists, then=then, shows=shows
    )
    for each in definition.fields:
        declared = each.metadata.get(META)
        if declared is not None:
            model.fields[each.python_name] = declared
            model.wire[each.graphql_name or to_camel_case(each.python_name)] = each.python_name
    models[definition.name] = model


def orders_of(orders: type) -> list[Order]:
    """Return the orders of an enum."""
    return [member.value for member in orders]  # type: ignore[attr-defined]


def filters_of(filter: type) -> Iterator[tuple[str, Where]]:
    """Yield each filter of an input type with its name in Python."""
    for each in get_object_definition(filter, strict=True).fields:
        yield each.python_name, each.metadata[META]
