"""What an earlier release recorded, with what it showed of it and decided on it: evidence, written
by that release's own code and never edited.

`tests/contract/recorded/*.json` hold the transactions of a history by the service whose ledger took
them, the keys that open it, the read models' rows that the release made of it, and commands it was
then asked, each with its answer: `ok`, or the code of the refusal.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from shared.ledger import Transaction
from shared.ledger.ledger import NewEvent, StreamAppend
from shared.privacy.sealing import DataKey
from tests.support.house import House

DIRECTORY = Path(__file__).parents[1] / "contract" / "recorded"


class Event(Struct):
    """An event as the ledger took it."""

    id: UUID
    topic: str
    meta: msgspec.Raw
    payload: msgspec.Raw


class Append(Struct):
    """What a transaction added to a stream."""

    stream: UUID
    kind: str
    key: UUID
    expected: int
    events: list[Event]


class Taken(Struct, rename="camel"):
    """A transaction that a service's ledger took."""

    service: str
    command_id: UUID
    fingerprint: str
    claims: list[str]
    releases: list[str]
    appends: list[Append]

    def as_transaction(self) -> Transaction:
        """Return it as a ledger takes it today."""
        return Transaction(
            command_id=self.command_id,
            fingerprint=bytes.fromhex(self.fingerprint),
            claims=tuple(self.claims),
            releases=tuple(self.releases),
            appends=tuple(
                StreamAppend(
                    stream=one.stream,
                    kind=one.kind,
                    key=one.key,
                    expected=one.expected,
                    events=tuple(
                        NewEvent(
                            id=event.id,
                            topic=event.topic,
                            meta=bytes(event.meta),
                            payload=bytes(event.payload),
                        )
                        for event in one.events
                    ),
                )
                for one in self.appends
            ),
        )


class Decision(Struct):
    """A command, and how it was answered."""

    command: str
    content: dict[str, Any]
    answer: str


class Recorded(Struct):
    """A history that a release recorded."""

    release: str
    keys: dict[str, dict[UUID, str]]
    transactions: list[Taken]
    rows: dict[str, list[dict[str, Any]]]
    decisions: list[Decision]

    def topics(self) -> Iterator[str]:
        """Yield the topic of every event in it."""
        for one in self.transactions:
            for append in one.appends:
                for event in append.events:
                    yield event.topic

    async def house(self) -> House:
        """Return a house of today that has recorded it."""
        house = await House.built()
        for service, keys in self.keys.items():
            for subject, secret in keys.items():
                house.keys[service]._keys[subject] = DataKey(base64.b64decode(secret))
        await house.replay((one.service, one.as_transaction()) for one in self.transactions)
        return house


def recorded(name: str) -> Recorded:
    """Return a history by its name."""
    return msgspec.json.decode((DIRECTORY / f"{name}.json").read_bytes(), type=Recorded)
