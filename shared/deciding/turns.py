"""A batch's commands decided side by side, and recorded in the order in which they stand.

One after the other, each would wait for the disk alone. So a command is decided while those before
it are being written; it waits only for those that it has something to do with (`Bearing`), and none
is handed to the ledger before those that stand before it: whoever comes first gets what only one
can have. Whoever is refused while others before them were under way is decided once more after
those: rules reach further than what a command names.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

from msgspec.structs import fields

from shared.contracts.base import Command, marks
from shared.deciding.dependence import texts_of

AT_ONCE = 32
"""Commands of a batch under way at a time: a batch leaves room for others."""
_DIGITS = 32
"""Hexadecimal digits of an id."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a command has to do with.

    Attributes:
        own: the records it begins or changes; where its record's id follows from others' (a
            competency record's from an enrolment's), those.
        named: all that it names.
    """

    own: frozenset[str]
    named: frozenset[str]

    @classmethod
    def of(cls, kind: type[Command] | None, command: Any) -> "Bearing":
        """Return what a command, as it was sent, has to do with."""
        found = [(path, text.lower()) for path, text in texts_of(command) if _is_id(text)]
        named = frozenset(text for path, text in found if path != "commandId")
        if kind is None:
            return cls(named, named)
        own = frozenset(text for path, text in found if path in _own_fields(kind))
        return cls(own, named)

    def meets(self, earlier: "Bearing") -> bool:
        """Say whether this command must wait for an earlier one."""
        return not (self.own.isdisjoint(earlier.named) and earlier.own.isdisjoint(self.named))


@cache
def _own_fields(kind: type[Command]) -> frozenset[str]:
    names = {one.name: one.encode_name for one in fields(kind)}
    if "id" in names:  # it begins a record; another of its kind that it names is a parent, say
        return frozenset({"id"})
    hints = get_type_hints(kind, include_extras=True)
    refs = {wire: marks(hints[name]).get("ref") for name, wire in names.items()}
    own = frozenset(wire for wire, ref in refs.items() if ref == kind.record)
    return own or frozenset(wire for wire, ref in refs.items() if ref not in (None, "HealthWorker"))


def _is_id(text: str) -> bool:
    if len(text) < _DIGITS:  # most texts: no need to look closer
        return False
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class Turn:
    """A command's place in the order of its batch."""

    before: asyncio.Event
    passed: asyncio.Event = field(default_factory=asyncio.Event)

    async def comes(self) -> None:
        """Wait until those before have been handed to the ledger, or have ended."""
        await self.before.wait()

    def passes(self) -> None:
        """Let the next one come: whatever is handed over now is before it."""
        self.passed.set()


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


@contextmanager
def in_turn(turn: Turn) -> Iterator[None]:
    """Have what is decided within the block recorded in its turn."""
    token = _turn.set(turn)
    try:
        yield
    finally:
        _turn.reset(token)
        turn.passes()


async def my_turn() -> None:
    """Wait for one's turn; the caller hands over to the ledger before it awaits anything else."""
    turn = _turn.get()
    if turn is not None:
        await turn.comes()
        turn.passes()
