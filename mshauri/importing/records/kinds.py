"""What a kind of list is: the commands its rows become, and what makes two rows the same."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from mshauri.importing.records.columns import Column, columns_of
from mshauri.importing.records.known import Known
from mshauri.importing.records.planned import Planned
from mshauri.importing.records.rows import Draft
from shared.contracts.base import Command

OCCURRED_ON = "occurredOn"


def _anything(_draft: Draft) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of list.

    Attributes:
        name: as on the command line: `health-workers`.
        record: what a row becomes, in words.
        sends: the commands of a row, in their order.
        key: the columns that name a row in the result file.
        plan: what becomes of a row, by what is known; None: it noted a mistake in the draft.
        person: what has to be known of the people named, as GraphQL fields of a health worker.
        required, optional: where the list's needs differ from the command's.
        also: columns that no command has.
        names: columns whose codes may name something already, and what.
        check: what a row must be beyond its cells.
        standing: the global id of the session that a row would be, to compare it with.
        updates: with `--update`, commands change what a row says otherwise.
    """

    name: str
    record: str
    sends: tuple[type[Command], ...]
    key: tuple[str, ...]
    plan: Callable[[Draft, Known], Planned | None]
    person: str = ""
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    also: tuple[Column, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    """Other names for a command's fields, by their wire names."""
    check: Callable[[Draft], None] = _anything
    standing: Callable[[Draft, Known], str | None] | None = None
    updates: bool = False

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column by its name, in the commands' order; the day stands last."""
        found: dict[str, Column] = {}
        for command in self.sends:
            for column in columns_of(command, self.called):
                known = found.setdefault(column.name, column)
                found[column.name] = replace(known, required=known.required or column.required)
        found |= {column.name: column for column in self.also}
        found[OCCURRED_ON] = found.pop(OCCURRED_ON)
        return {name: self._settled(column) for name, column in found.items()}

    def _settled(self, column: Column) -> Column:
        asked = column.required and column.name not in self.optional
        return replace(column, required=asked or column.name in self.required)

    def key_of(self, draft: Draft) -> str:
        """Return what names a row in the result file: codes and a day."""
        return " / ".join(filter(None, map(draft.text, self.key)))
