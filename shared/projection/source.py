"""What the engine asks of the bus, and of whoever can read payloads."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from shared.bus.delivery import Record
from shared.contracts.base import Event
from shared.contracts.envelope import Meta
from shared.ledger import Entry

Place = tuple[str, int]
"""A service, and one of its partitions."""


class Source(Protocol):
    """Delivers records of the services' topics, from where it is told."""

    async def topic_ids(self) -> Mapping[str, str]:
        """Return the id of each service's topic; a topic that is not there is left out.

        Raises:
            Unavailable: the broker is away.
        """
        ...

    async def assign(self, offsets: Mapping[Place, int]) -> None:
        """Deliver these places from these offsets on, and nothing else from now on.

        Raises:
            Unavailable: the broker is away.
        """
        ...

    async def poll(self, limit: int, timeout: float) -> Sequence[Record]:
        """Return up to `limit` records, each place's in order; wait up to `timeout` s for one.

        Raises:
            Unavailable: the broker is away.
        """
        ...


class Decoder(Protocol):
    """Makes events out of payloads."""

    async def prepare(self, entries: Sequence[Entry]) -> None:
        """Fetch what decoding these will need (keys), in one go.

        Raises:
            Unavailable: whoever has it does not answer now.
        """
        ...

    def decode(self, entry: Entry) -> Event:
        """Return the event, its personal fields readable, or None in them once erased."""
        ...

    def forget(self, service: str, subjects: Sequence[UUID]) -> None:
        """Know from now on that the service destroyed these keys."""
        ...

    def meta(self, entry: Entry) -> Meta:
        """Return the event's circumstances, with why it was asked for, or that this was erased."""
        ...
