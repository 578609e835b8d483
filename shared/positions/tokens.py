"""Position tokens: `registry.7.1234`, what a reader has seen, or asks to see."""

from collections.abc import Iterable
from typing import NamedTuple

from shared.positions.partitions import PARTITIONS


class PositionToken(NamedTuple):
    """A place in a service's ledger, as its readers are told: up to here everything is known.

    Attributes:
        position: of the last event, in the ledger.
        epoch: of the ledger; it rises when a restored backup begins a new history.
    """

    service: str
    partition: int
    position: int
    epoch: int = 1

    def __str__(self) -> str:
        """Return `registry.7.1234`; of a later epoch, `registry.7.1234.2`."""
        text = f"{self.service}.{self.partition}.{self.position}"
        return text if self.epoch == 1 else f"{text}.{self.epoch}"


def position_token(service: str, partition: int, position: int, epoch: int = 1) -> str:
    """Return `registry.7.1234`: what a reader passes as `after` to see that event's effect."""
    return str(PositionToken(service, partition, position, epoch))


def parse_position(token: str) -> PositionToken:
    """Take a position token apart.

    Raises:
        ValueError: it is none.
    """
    service, *numbers = token.split(".")
    if not service or len(numbers) not in (2, 3) or not all(map(_is_count, numbers)):
        raise ValueError(token)
    found = PositionToken(service, *map(int, numbers))
    if found.partition >= PARTITIONS or found.epoch < 1:
        raise ValueError(token)
    return found


def furthest(tokens: Iterable[str]) -> list[str]:
    """Return the furthest token of each partition: who has that, has what lies before it.

    Raises:
        ValueError: one is none.
    """
    found: dict[tuple[str, int], PositionToken] = {}
    for token in map(parse_position, tokens):
        held = found.get(token[:2])
        if held is None or (held.epoch, held.position) < (token.epoch, token.position):
            found[token[:2]] = token
    return [str(found[place]) for place in sorted(found)]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
