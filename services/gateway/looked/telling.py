"""From what an operation showed to its access event: who, whose, what, why, when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from services.gateway.clock import this_day
from services.gateway.looked.keeping import AccessLog
from services.gateway.looked.looks import Looks
from shared.access.known import Known
from shared.access.policy import Actor
from shared.contracts.access.operation import (
    MOST,
    AccessKind,
    AccessPurpose,
    PersonalDataShown,
)
from shared.domain.ids import new_id

OWN_EVERY_S = 3600
"""Seconds for which one reader's reads of their own record are one event, if of the same kinds."""

_REMEMBERED = 100_000
"""Readers of their own record that are remembered; then all are forgotten, and recorded anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is known of an operation before it is run."""

    name: str | None
    asked: tuple[str, ...]
    trace_id: str
    purpose: AccessPurpose | None
    id: UUID = field(default_factory=new_id)


@dataclass(slots=True)
class OwnReads:
    """Who read their own record of late, of which kinds."""

    _seen: dict[tuple[str, frozenset[AccessKind]], float] = field(default_factory=dict)

    def is_news(self, subject: str, kinds: frozenset[AccessKind], now: float) -> bool:
        """Say whether a read of one's own record is to be recorded."""
        before = self._seen.get((subject, kinds))
        if before is not None and now < before + OWN_EVERY_S:
            return False
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[subject, kinds] = now
        return True


class Teller:
    """Writes down what operations showed."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log
        self._own = OwnReads()

    def tell(self, looks: Looks, operation: Operation, actor: Actor, known: Known) -> None:
        """Write down what was shown, and forget it: the next message of a stream begins anew."""
        if not looks:
            return
        now = datetime.now(UTC)
        mine = looks.people and looks.people <= actor.people_on(this_day()) and not looks.units
        if not mine or self._own.is_news(actor.subject, frozenset(looks.kinds), now.timestamp()):
            for event in _events(looks, operation, actor, known, now, own=bool(mine)):
                self._log.write(
                    event,
                    actor=actor.subject,
                    correlation_id=UUID(operation.trace_id),
                    cause=operation.id,
                )
        looks.kinds.clear()
        looks.people.clear()
        looks.units.clear()
        looks.fields.clear()


def _events(
    looks: Looks, operation: Operation, actor: Actor, known: Known, now: datetime, *, own: bool
) -> Iterator[PersonalDataShown]:
    held = dict(known.held_by(actor.subject, this_day(), now))
    for people, units in _parts(sorted(looks.people), sorted(looks.units)):
        yield PersonalDataShown(
            operation_id=operation.id,
            at=now,
            kinds=tuple(sorted(looks.kinds)),
            people=people,
            units=units,
            own=own,
            operator=actor.operator,
            grants=tuple(held),
            broken_glass=tuple(id for id, grant in held.items() if grant.ends is not None),
            name=operation.name,
            asked=operation.asked,
            fields=tuple(sorted(looks.fields)),
            purpose=operation.purpose,
            trace_id=operation.trace_id,
        )


def _parts(
    people: list[UUID], units: list[UUID]
) -> Iterator[tuple[tuple[UUID, ...], tuple[UUID, ...]]]:
    """Yield who was shown in parts that one event holds; nobody is left out."""
    for at in range(0, max(len(people), len(units), 1), MOST):
        yield tuple(people[at : at + MOST]), tuple(units[at : at + MOST])
