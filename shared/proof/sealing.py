"""The seal of an entry: a hash over all of it, what `hash` leaves out included.

`hash` chains an entry to its stream's past and covers what it says. The seal covers `hash`, and with
it all that, and what the entry is: its id, kind, key, command, place and epoch. Entries that were
recorded before there were seals have none, and keep what they have.
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
    """Return an entry's seal: SHA-256 over a prefix of its own, the hash, and what that leaves out."""
    kind = entry.kind.encode()
    return sha256(
        b"".join(
            (
                b"\x02",
                entry.hash,
                entry.id.bytes,
                len(kind).to_bytes(4, "big"),
                kind,
                entry.key.bytes,
                entry.command_id.bytes,
                entry.position.to_bytes(8, "big"),
                entry.epoch.to_bytes(4, "big"),
            )
        )
    ).digest()
