"""What a kind of list is: the commands its rows become, and what makes two rows the same."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mshauri.importing.columns import Column, Form, columns_of
from mshauri.importing.mapping import Mapping as How
from mshauri.importing.whole_names import FAMILY, GIVEN, WHOLE_NAME
from mshauri.importing.words import MEANS
from shared.contracts.base import Command

if TYPE_CHECKING:
    from mshauri.api import Api
    from mshauri.importing.errors import RowError
    from mshauri.importing.known import Known
    from mshauri.importing.mapping import Column as Place
    from mshauri.importing.plan import Listed
    from mshauri.importing.planned import Planned, Sent
    from mshauri.importing.rows import Draft

OCCURRED_ON = "occurredOn"


def _anything(_draft: "Draft") -> None:
    return None


def _nowhere(_mapping: How) -> dict[str, Any]:
    return {}


def _no_columns(_mapping: How) -> Iterable[Column]:
    return ()


def _nothing(_listed: "Listed", _sent: Sequence["Sent"]) -> Iterator["RowError"]:
    return iter(())


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of list.

    Attributes:
        name: as on the command line: `health-workers`.
        record: what a row becomes, in words.
        sends: the commands of a row, in their order; more structs give more columns.
        key: the columns that name a row in the result file.
        plan: what becomes of a row, by what is known; None: it noted a mistake in the draft.
        plan_all: what becomes of all rows, where one alone does not tell.
        person: what has to be known of the people named, as GraphQL fields of a health worker.
        required, optional: where the list's needs differ from the command's.
        hidden: a command's fields that no list says.
        also: columns that no command has; `more` of them a mapping makes.
        places: the headings of those; `detailed` says more of some columns.
        names: columns whose codes may name something already, and what.
        check: what a row must be beyond its cells.
        standing: the global id of the record that a row would be; `shown` is how it is asked for,
            with what is asked of it only where the file has a column: `compared`.
        mentorships: those of the cohorts named have to be known.
        look_up: asks for what else has to be known; `alone`: nothing but that.
        missing: the mistake where a column must say something, and does not.
        updates: with `--update`, commands change what a row says otherwise.
        same: the mistake of two rows that tell of the same.
        key_was: what the result called its column `key` before; it has both until the end of 2027.
        lands: what the result says of a row that landed: RECORDED, ESTABLISHED.
        afterwards: what is to be said once all was sent.
        ours_first: a mapping of it says `ours: theirs` where both could be meant.
        mapped: it is read by a mapping only.
    """

    name: str
    record: str
    sends: tuple[type[Struct], ...]
    key: tuple[str, ...]
    plan: Callable[["Draft", "Known"], "Planned | None"] | None = None
    plan_all: "Callable[[Listed, Known], list[Planned]] | None" = None
    person: str = ""
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    also: tuple[Column, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    more: Callable[[How], Iterable[Column]] = _no_columns
    places: Callable[[How], dict[str, str]] = _nowhere
    detailed: "Callable[[How], Mapping[str, Place]]" = _nowhere
    names: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    """Other names for a command's fields, by their wire names."""
    check: Callable[["Draft"], None] = _anything
    standing: Callable[["Draft", "Known"], str | None] | None = None
    shown: str = ""
    compared: dict[str, str] = field(default_factory=dict)
    mentorships: bool = False
    look_up: "Callable[[Api, Listed, Known], Awaitable[None]] | None" = None
    alone: bool = False
    updates: bool = False
    same: str = "DUPLICATE_ROW"
    key_was: str = ""
    lands: str = "RECORDED"
    afterwards: "Callable[[Listed, Sequence[Sent]], Iterator[RowError]]" = _nothing
    ours_first: bool = False
    mapped: bool = False

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column by its name, in the commands' order; the day stands last."""
        found: dict[str, Column] = {}
        for command in self.sends:
            for column in columns_of(command, self.called):
                if column.field in self.hidden:
                    continue
                known = found.setdefault(column.name, column)
                found[column.name] = replace(known, required=known.required or column.required)
        found |= {column.name: column for column in self.also}
        if OCCURRED_ON in found:
            found[OCCURRED_ON] = found.pop(OCCURRED_ON)
        return {name: self._settled(column) for name, column in found.items()}

    def columns_of(self, mapping: How) -> dict[str, Column]:
        """Return every column that a file may have by this mapping."""
        more = {column.name: column for column in self.more(mapping)}
        whole = {WHOLE_NAME: WHOLE} if {GIVEN, FAMILY} <= self.columns.keys() else {}
        return {**self.columns, **more, **whole}

    def commands(self) -> Iterator[type[Command]]:
        """Yield the commands that its rows become."""
        yield from (one for one in self.sends if issubclass(one, Command))

    def _settled(self, column: Column) -> Column:
        asked = column.required and column.name not in self.optional
        missing = self.missing.get(column.name, column.missing)
        return replace(column, required=asked or column.name in self.required, missing=missing)

    def key_of(self, draft: "Draft") -> str:
        """Return what names a row in the result file: codes and a day."""
        return " / ".join(filter(None, map(draft.text, self.key)))


WHOLE = Column(
    name=WHOLE_NAME,
    means=MEANS[WHOLE_NAME],
    form=Form.TEXT,
    hint=str,
    personal=True,
)
"""One column with family and given names: the mapping says in which order."""
