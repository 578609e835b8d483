"""The base of every aggregate: it decides, records what it decided as a contract's event, and is
rebuilt from those events alone.

The library `eventsourcing` keeps identity, version, pending events and the checks when an event
is applied. What differs from its stock `Aggregate`: an event's content is the published contract
itself (a frozen struct of `shared.contracts`), carried in a `Fact`, where the library would make a
new event class inside each aggregate. So there is one class an event, with one stable topic, on
both sides of the bus. See docs/adr/0002.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, cast
from uuid import UUID

from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate

from shared.contracts.base import Event

Owner = TypeVar("Owner", bound="Aggregate")
SomeEvent = TypeVar("SomeEvent", bound=Event)
Applier: TypeAlias = Callable[[Owner, SomeEvent], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(CanMutateAggregate[UUID]):
    """One event of one aggregate: the contract's `body`, and its place in the stream."""

    originator_id: UUID
    originator_version: int
    timestamp: datetime
    body: Event

    def apply(self, aggregate: Any) -> None:
        """Let the aggregate's method that records this kind of event evolve its state."""
        aggregate.evolve(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFact(Fact, CanInitAggregate[UUID]):
    """The event an aggregate begins with."""

    originator_topic: str = field(default="", repr=False, compare=False)

    def mutate(self, aggregate: Any) -> Any:
        """Make the aggregate this event begins."""
        assert aggregate is None
        kind = _kept_by[type(self.body)]
        begun = kind.__new__(kind)
        begun.__base_init__(self.originator_id, self.originator_version, self.timestamp)
        begun.evolve(self.body)
        return begun


class Aggregate(BaseAggregate[UUID]):
    """A consistency boundary: what must hold together is decided in here, in one transaction.

    Subclasses name their `kind` (stable, snake_case, part of no Python path), declare their state,
    and have one method for each of their events, under `@event`. Public methods check the rules,
    then `record` an event. One with many ideas inherits some of them from a base of its own.
    """

    kind: ClassVar[str]
    constant: ClassVar[bool] = False
    """Nothing follows its first event: what was read once need never be read again."""
    fold_version: ClassVar[int] = 1
    """Raised when the state that the same events lead to changes: older snapshots are let go."""
    _appliers: ClassVar[dict[type[Event], Callable[[Any, Any], None]]]

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls._appliers = {}
        for member in [one for part in reversed(cls.__mro__) for one in vars(part).values()]:
            applied = getattr(member, "_applies", None)
            if applied is not None:
                cls._appliers[applied] = member
                _kept_by[applied] = cls

    @classmethod
    def begin(cls, id: UUID, body: Event) -> Self:
        """Return a new aggregate, with `body` as its first event."""
        return cls._create(FirstFact, id=id, body=body)

    @property
    def key(self) -> UUID:
        """What decides this stream's partition, for ever: the person it is about, or itself."""
        return self.id

    def record(self, body: Event) -> None:
        """Record `body` as the next event, and change the state as it says."""
        self.trigger_event(Fact, body=body)

    @property
    def has_recorded(self) -> bool:
        """Whether it has recorded anything that nobody has collected yet."""
        return bool(self.pending_events)

    @property
    def recorded(self) -> list[Event]:
        """What it has recorded and nobody has collected yet, in order."""
        return [fact.body for fact in cast("list[Fact]", self.pending_events)]

    def collect(self) -> list[Event]:
        """Return what it has recorded, once."""
        return [fact.body for fact in cast("list[Fact]", self.collect_events())]

    def evolve(self, body: Event) -> None:
        """Change the state as `body` says: when it is recorded, and at every rebuild."""
        self._appliers[type(body)](self, body)

    @classmethod
    def rebuild(cls, facts: Iterable[Fact], since: Self | None = None) -> Self | None:
        """Apply `facts` in order, from nothing or on top of a snapshot taken before them."""
        aggregate: Any = since
        for fact in facts:
            aggregate = fact.mutate(aggregate)
        return cast("Self | None", aggregate)


_kept_by: dict[type[Event], type[Aggregate]] = {}
"""Which aggregate keeps events of a kind: what `FirstFact` makes one of."""


def event(
    kind: type[SomeEvent],
) -> Callable[[Applier[Owner, SomeEvent]], Applier[Owner, SomeEvent]]:
    """Mark the method that changes the state by events of `kind`; it decides nothing any more."""

    def mark(applier: Applier[Owner, SomeEvent]) -> Applier[Owner, SomeEvent]:
        applier._applies = kind  # type: ignore[attr-defined]
        return applier

    return mark
