"""A fold: a pure function from one event to row changes. It reads nothing and writes nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from shared.contracts.base import Event
from shared.contracts.envelope import Meta
from shared.projection.table import Table

SomeEvent = TypeVar("SomeEvent", bound=Event)


class Happening(Struct, frozen=True, kw_only=True, gc=False):
    """The event as a fold sees it: decoded, personal fields readable (or None once erased)."""

    service: str
    position: int
    epoch: int
    id: UUID
    stream: UUID
    kind: str
    version: int
    recorded: datetime
    command_id: UUID
    meta: Meta
    body: Event
    partition: int = 0
    """Where on the bus it lies: with `service` and `position`, its token."""


class Upsert(Struct, frozen=True, gc=False):
    """Write a row: make it, or replace the named columns of the one that is there."""

    table: Table
    key: tuple[Any, ...]
    values: dict[str, Any]


class Patch(Struct, frozen=True, gc=False):
    """Change the named columns of a row that is there; nothing where there is none."""

    table: Table
    key: tuple[Any, ...]
    values: dict[str, Any]


class Delete(Struct, frozen=True, gc=False):
    """Remove a row."""

    table: Table
    key: tuple[Any, ...]


Change = Upsert | Patch | Delete
Fold = Callable[[Any, Happening], Iterable[Change]]


class Projection:
    """A read model: its tables, and for each kind of event what it changes in them.

    A row is written by folds of events of one stream, or of streams with one partition key, or
    its columns are: order between partitions is nobody's promise.
    """

    def __init__(self, name: str, *tables: Table) -> None:
        self.name = name
        self.tables = tables
        self._folds: dict[type[Event], list[Fold]] = {}
        self._every: list[Fold] = []

    def on(
        self, *bodies: type[SomeEvent]
    ) -> Callable[
        [Callable[[SomeEvent, Happening], Iterable[Change]]],
        Callable[[SomeEvent, Happening], Iterable[Change]],
    ]:
        """Make the decorated function the fold of these events; of every event, if none is."""

        def register(
            fold: Callable[[SomeEvent, Happening], Iterable[Change]],
        ) -> Callable[[SomeEvent, Happening], Iterable[Change]]:
            if not bodies:
                self._every.append(fold)
            for body in bodies:
                self._folds.setdefault(body, []).append(fold)
            return fold

        return register

    @property
    def topics(self) -> frozenset[str] | None:
        """The topics of the events it folds; None where it folds every event."""
        return None if self._every else frozenset(body.topic for body in self._folds)

    def changes(self, happening: Happening) -> Iterable[Change]:
        """Yield what `happening` changes in this read model, in order."""
        for fold in self.folds_of(type(happening.body)):
            yield from fold(happening.body, happening)

    def folds_of(self, body: type[Event]) -> tuple[Fold, ...]:
        """Return the folds of a kind of event, in order."""
        return (*self._folds.get(body, ()), *self._every)
