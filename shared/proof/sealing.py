"""The seal of an entry: a hash over all of it, what `hash` leaves out included.

`hash` chains an entry to its stream's past and covers what it says. The seal covers `hash`, and
with it all that, and what the entry is: its id, kind, key, command, place and epoch. Entries that
were recorded before there were seals have none, and keep what they have.
"""

from hashlib import sha256
from typing import Protocol
from uuid import UUID


class Sealed(Protocol):
    """What a seal covers: see `shared.ledger.Entry`."""

    @property
    def hash(self) -> bytes: ...  # noqa: D102
    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def key(self) -> UUID: ...  # noqa: D102
    @property
    def command_id(self) -> UUID: ...  # noqa: D102
    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def epoch(self) -> int: ...  # noqa: D102


def seal_of(entry: Sealed) -> bytes:
    """Return an entry's seal."""
    return seal(
        entry.hash,
        id=entry.id,
        kind=entry.kind,
        key=entry.key,
        command_id=entry.command_id,
        position=entry.position,
        epoch=entry.epoch,
    )


def seal(
    hash: bytes,
    *,
    id: UUID,
    kind: str,
    key: UUID,
    command_id: UUID,
    position: int,
    epoch: int,
) -> bytes:
    """Return SHA-256 over a prefix of its own, an entry's `hash`, and all that this leaves out."""
    name = kind.encode()
    return sha256(
        b"".join(
            (
                b"\x02",
                hash,
                id.bytes,
                len(name).to_bytes(4, "big"),
                name,
                key.bytes,
                command_id.bytes,
                position.to_bytes(8, "big"),
                epoch.to_bytes(4, "big"),
            )
        )
    ).digest()
