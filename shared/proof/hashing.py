"""The hash of an entry and of a stream's whole past, and of the ledger's.

Every variable part is preceded by its length, so that no two entries share their bytes. Personal
fields are ciphertext in `payload`: erasing a person's key changes no hash.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

NOTHING = bytes(32)
"""What a stream, and a ledger, chain from before their first entry."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stream_hash(
    previous: bytes,
    *,
    stream: UUID,
    version: int,
    recorded: datetime,
    topic: str,
    meta: bytes,
    payload: bytes,
) -> bytes:
    """Chain one entry to its stream's past: SHA-256 over a leaf prefix, `previous`, the entry.

    Args:
        previous: the hash of the stream's entry before, or `NOTHING`.
        recorded: an instant in UTC; hashed as whole microseconds since 1970.
    """
    name = topic.encode()
    instant = (recorded - _EPOCH) // _MICROSECOND
    return sha256(
        b"".join(
            (
                b"\x00",
                previous,
                stream.bytes,
                version.to_bytes(8, "big"),
                instant.to_bytes(8, "big", signed=True),
                len(name).to_bytes(4, "big"),
                name,
                len(meta).to_bytes(4, "big"),
                meta,
                len(payload).to_bytes(4, "big"),
                payload,
            )
        )
    ).digest()


def chain_hash(previous: bytes, entry_hash: bytes) -> bytes:
    """Chain an entry to the ledger's past, in position order."""
    return sha256(b"\x01" + previous + entry_hash).digest()
