"""The services' ledgers, as the past is asked of them: how far they were, and whole streams."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID

from services.gateway.asof.cut import (
    AsOfPositionLost,
    BeyondTheLedger,
    Cut,
    day_of,
    instant_of,
    tokens_of,
)
from shared.domain.errors import Malformed, StaleRead
from shared.ledger import Entry, Stood
from shared.positions import PositionToken
from shared.privacy.keys import KeySource

_EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""After all that is."""


class PastLedger(Protocol):
    """What is asked of a service's ledger."""

    async def streams(self, streams: Sequence[UUID], *, position: int | None = None) -> list[Entry]:
        """See `shared.ledger.Ledger.streams`."""

    async def stood_at(self, instant: datetime) -> Stood:
        """See `shared.ledger.Ledger.stood_at`."""

    async def feed(self, *, after: int, limit: int) -> list[Entry]:
        """See `shared.ledger.Ledger.feed`."""

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """See `shared.ledger.Ledger.told_of`."""


class Applied(Protocol):
    """Says how far the read models are: they tell in which streams somebody is named."""

    def position(self, service: str, partition: int) -> int:
        """Return how far a partition is applied."""

    async def wait_change(self, service: str, partition: int, beyond: int) -> int:
        """Wait until a partition is applied beyond a position, and return how far it is then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgers:
    """Every service's ledger, with the keys of its people."""

    of: Mapping[str, PastLedger]
    keys: Mapping[str, KeySource]

    async def known_at(self, asked: datetime, applied: Applied, patience: float) -> Cut:
        """Return the cut of what had been recorded by an instant.

        Raises:
            AsOfWithoutZone: the instant says no zone.
            AsOfInFuture: it is still to come.
            StaleRead: the read models are not as far, and did not come there in `patience` s.
            Unavailable: a service does not answer.
        """
        stood = await self._stood(instant_of(asked))
        cut = _cut("knownAt", asked.isoformat(), stood)
        await _level(cut, stood, applied, patience)
        return cut

    async def happened_by(self, asked: date, applied: Applied, patience: float) -> Cut:
        """Return the cut of what had happened by the end of a day, by all that is known today.

        Raises:
            AsOfInFuture, StaleRead, Unavailable: as `known_at` says.
        """
        day = day_of(asked)
        stood = await self._stood(_EVER)
        cut = _cut("happenedBy", asked.isoformat(), stood, day=day)
        await _level(cut, stood, applied, patience)
        return cut

    async def at_positions(self, asked: list[str], applied: Applied, patience: float) -> Cut:
        """Return the cut at these positions; a ledger that none is of is read up to the instant at
        which the latest of their entries was recorded.

        Raises:
            Malformed: one is no position, or of no service.
            BeyondTheLedger: a ledger is not there yet.
            AsOfPositionLost: it was of a history that its ledger has no more.
            StaleRead, Unavailable: as `known_at` says.
        """
        tokens = tokens_of(asked)
        entries = dict(
            zip(tokens, await asyncio.gather(*map(self._entry, tokens.values())), strict=True)
        )
        stood = await self._stood(max(entry.recorded for entry in entries.values()))
        for service, entry in entries.items():
            stood[service] = stood[service].up_to(entry)
        cut = _cut("positions", " ".join(asked), stood)
        await _level(cut, stood, applied, patience)
        return cut

    async def _entry(self, token: PositionToken) -> Entry:
        if token.service not in self.of:
            problem = f"{token.service!r} is no service with a ledger"
            raise Malformed("asOf.positions", problem=problem, expected="a position")
        found = []
        if token.position > 0:
            found = await self.of[token.service].feed(after=token.position - 1, limit=1)
        if not found or token.epoch > found[0].epoch:
            raise BeyondTheLedger("asOf.positions", asked=str(token))
        if token.epoch < found[0].epoch:
            raise AsOfPositionLost("asOf.positions", asked=str(token))
        return found[0]

    async def _stood(self, instant: datetime) -> dict[str, Stood]:
        found = await asyncio.gather(*(one.stood_at(instant) for one in self.of.values()))
        return dict(zip(self.of, found, strict=True))


def _cut(kind: str, asked: str, stood: Mapping[str, Stood], day: date | None = None) -> Cut:
    return Cut(
        kind=kind,
        asked=asked,
        positions={service: one.position for service, one in stood.items()},
        epochs={service: one.epoch for service, one in stood.items()},
        day=day,
    )


async def _level(cut: Cut, stood: Mapping[str, Stood], applied: Applied, patience: float) -> None:
    """Wait until the read models hold all that was recorded up to a cut.

    Raises:
        StaleRead: they do not, in so many seconds.
    """
    try:
        async with asyncio.timeout(patience):
            for service, one in stood.items():
                for partition, last in enumerate(one.reached):
                    # What lies above the cut need not be there; nothing but that is above `last`.
                    wanted = min(last, cut.positions[service])
                    if applied.position(service, partition) < wanted:
                        await applied.wait_change(service, partition, wanted - 1)
    except TimeoutError:
        raise StaleRead("asOf", position=cut.asked, waited_ms=round(patience * 1000)) from None
