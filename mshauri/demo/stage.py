"""A demonstration's commands: made in stages of lanes, with ids that are the same every time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mshauri.api import Wish
from shared.domain import derived_id

Lane = list[Wish]
"""What one record, or one person, goes through, in its order."""


def apart(*wishes: Iterable[Wish]) -> list[Lane]:
    """Return a lane for each: of records that have nothing to do with each other.

    The first of a lane alone is sent to rest on all earlier stages. What is judged by them, and
    recorded with its deviation where they are not heard of yet, stands in a lane of its own.
    """
    return [[wish] for several in wishes for wish in several]


@dataclass(frozen=True, slots=True)
class Stage:
    """Lanes that can be sent side by side; a stage rests on all that was answered before it.

    Attributes:
        as_: the token subject who sends it; None: the coordinator.
        speakers: who sends each lane, where not everybody's is sent by one.
    """

    name: str
    lanes: list[Lane]
    as_: str | None = None
    speakers: list[str] | None = None

    def __len__(self) -> int:
        return sum(map(len, self.lanes))


class Script:
    """Makes a story's wishes. The same seed, the same story, the same order: the same wishes."""

    def __init__(self, story: str, seed: int) -> None:
        self.story = story
        self.seed = seed
        self._made = 0
        self._reason: str | None = None

    def id(self, kind: str, *what: object) -> UUID:
        """Return the id of something in the story."""
        return derived_id(f"demo_{kind}", self.seed, self.story, *what)

    def wish(self, name: str, on: date | None = None, /, **content: Any) -> Wish:
        """Return a command in wire form; ids and days as they travel, what is None left out."""
        self._made += 1
        command: dict[str, Any] = {
            "commandId": str(derived_id("demo_command", self.seed, self.story, self._made)),
            **{key: _wire(value) for key, value in content.items() if value is not None},
        }
        if self._reason is not None:
            command["reason"] = self._reason
        if on is not None:
            command["occurredOn"] = on.isoformat()
        return Wish(name, command)

    @contextmanager
    def because(self, reason: str) -> Iterator[None]:
        """Give the wishes made within a reason."""
        self._reason = reason
        try:
            yield
        finally:
            self._reason = None


def _wire(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _wire(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_wire(one) for one in value]
    return value
