"""Which events changed an answer, among all that were recorded between two cuts.

Read models cannot be taken back. So those of the earlier cut are kept as they are, and copies of
them are taken on: in so many steps first, then once more with the steps cut into smaller ones where
the answer changed, until each of these is one event. An answer that changes and is again what it
was within a step that is never cut, is not found: between the two cuts nothing came of it.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from mshauri.replaying.differences import Difference, differences
from shared.bus.delivery import Delivered

PARTS = 32
"""Into how many smaller ones a step is cut."""

_MOST = 20_000
"""Events that are applied together within a step."""


@dataclass(frozen=True, slots=True)
class Made:
    """An event, and what it made of the answer."""

    event: Delivered
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """Events from one number, and before another: 0 is the first."""

    first: int
    end: int

    @property
    def smaller(self) -> "list[_Step]":
        size = max(1, -(-(self.end - self.first) // PARTS))
        return [
            _Step(first, min(first + size, self.end)) for first in range(self.first, self.end, size)
        ]


class Copy(Protocol):
    """A copy of the read models, as far as it is used here."""

    async def apply(self, events: Sequence[Delivered]) -> None:
        """Take it on."""
        ...

    async def ask(self) -> Any:
        """Return the answer as it stands now."""
        ...


async def made_by(
    count: int,
    events: Callable[[], AsyncIterator[Delivered]],
    copies: Callable[[], AbstractAsyncContextManager[Copy]],
    told: Callable[[str], None] = lambda _said: None,
) -> list[Made]:
    """Return the events that changed the answer, in the order in which they were recorded.

    Args:
        count: how many events there are.
        events: yields them, the same each time.
        copies: lends a copy of the read models of the earlier cut, as `async with` has it.
        told: is told how far it is.
    """
    steps = _Step(0, count).smaller if count else []
    while steps:
        told(f"{len(steps)} steps of up to {max(one.end - one.first for one in steps):,} events")
        async with copies() as copy:
            changed = await _walk(steps, events(), copy)
        if all(step.end - step.first == 1 for step, _, _ in changed):
            return [
                Made(event, tuple(differences(before, after)))
                for step, event, (before, after) in changed
            ]
        steps = [smaller for step, _, _ in changed for smaller in step.smaller]
    return []


async def _walk(
    steps: Sequence[_Step], events: AsyncIterator[Delivered], copy: Copy
) -> list[tuple[_Step, Delivered, tuple[Any, Any]]]:
    """Take a copy on step by step; return the steps that changed the answer, the last event of
    each, and the answer before and after.
    """
    changed: list[tuple[_Step, Delivered, tuple[Any, Any]]] = []
    waiting: list[Delivered] = []
    at = 0
    before = await copy.ask()
    async for number, event in _numbered(events):
        # What lies between two steps comes with the next: an earlier walk saw that it changes
        # nothing.
        waiting.append(event)
        if number == steps[at].end:
            await copy.apply(waiting)
            waiting = []
            after = await copy.ask()
            if after != before:
                changed.append((steps[at], event, (before, after)))
            before = after
            at += 1
            if at == len(steps):
                break
        elif len(waiting) >= _MOST:
            await copy.apply(waiting)
            waiting = []
    return changed


async def _numbered(events: AsyncIterator[Delivered]) -> AsyncIterator[tuple[int, Delivered]]:
    number = 0
    async for event in events:
        number += 1
        yield number, event
