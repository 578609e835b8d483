"""The statement that stands in the Merkle log for an entry of the ledger: what a leaf says.

It is eight lines of text, each ending in a newline, of a word, a space and a value:

    mshauri.entry.v1
    position 1234
    epoch 1
    stream 0198c1d2-7a6b-7c3e-9d55-1f0a2b3c4d5e
    version 3
    topic registry.health_worker.renamed
    recorded 2026-11-30T20:46:04.123456Z
    content 5f1c…  (64 hexadecimal digits)

Position P is leaf P-1. `recorded` is in UTC, in microseconds. `content` is the SHA-256 of all that
is stored of the entry and not said above: `mshauri.content.v1`, a newline, and then, each preceded
by its length in bytes as four bytes in big-endian order: the event's id (16 bytes), the kind of its
stream (UTF-8), its key (16), the id of its command (16), its `hash`, its meta and its payload, as
they are stored, personal fields sealed. Nothing personal stands in it, nor can be guessed from
it: ids are random, and sealed fields are ciphertext.
"""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from re import compile as pattern
from typing import NamedTuple, Protocol
from uuid import UUID

FIRST_LINE = "mshauri.entry.v1"

_DOMAIN = b"mshauri.content.v1\n"
_SIXTEEN = (16).to_bytes(4, "big")

_STATEMENT = pattern(
    r"mshauri\.entry\.v1\n"
    r"position ([1-9][0-9]*)\n"
    r"epoch ([1-9][0-9]*)\n"
    r"stream ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\n"
    r"version ([1-9][0-9]*)\n"
    r"topic ([^\s]+)\n"
    r"recorded (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z\n"
    r"content ([0-9a-f]{64})\n"
)


class Recorded(Protocol):
    """An entry as it is stored: see `shared.ledger.Entry`."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def epoch(self) -> int: ...  # noqa: D102
    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def stream(self) -> UUID: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> int: ...  # noqa: D102
    @property
    def key(self) -> UUID: ...  # noqa: D102
    @property
    def topic(self) -> str: ...  # noqa: D102
    @property
    def recorded(self) -> datetime: ...  # noqa: D102
    @property
    def command_id(self) -> UUID: ...  # noqa: D102
    @property
    def meta(self) -> bytes: ...  # noqa: D102
    @property
    def payload(self) -> bytes: ...  # noqa: D102
    @property
    def hash(self) -> bytes: ...  # noqa: D102


class Statement(NamedTuple):
    """What a leaf says of an entry."""

    position: int
    epoch: int
    stream: UUID
    version: int
    topic: str
    recorded: datetime
    content: bytes


def content_of(entry: Recorded) -> bytes:
    """Return the SHA-256 of what is stored of an entry and its statement does not say."""
    kind = entry.kind.encode()
    return sha256(
        b"".join(
            (
                _DOMAIN,
                _SIXTEEN,
                entry.id.bytes,
                len(kind).to_bytes(4, "big"),
                kind,
                _SIXTEEN,
                entry.key.bytes,
                _SIXTEEN,
                entry.command_id.bytes,
                len(entry.hash).to_bytes(4, "big"),
                entry.hash,
                len(entry.meta).to_bytes(4, "big"),
                entry.meta,
                len(entry.payload).to_bytes(4, "big"),
                entry.payload,
            )
        )
    ).digest()


def statement_of(entry: Recorded) -> bytes:
    """Return the bytes of an entry's leaf, computed from the entry as it stands."""
    return (
        f"{FIRST_LINE}\nposition {entry.position}\nepoch {entry.epoch}\nstream {entry.stream}\n"
        f"version {entry.version}\ntopic {entry.topic}\nrecorded {_instant(entry.recorded)}\n"
        f"content {content_of(entry).hex()}\n"
    ).encode()


def read_statement(leaf: bytes) -> Statement:
    """Read a leaf's bytes.

    Raises:
        ValueError: it is no statement of this version.
    """
    found = _STATEMENT.fullmatch(leaf.decode())
    if found is None:
        raise ValueError(f"this is no {FIRST_LINE}")
    position, epoch, stream, version, topic, recorded, content = found.groups()
    return Statement(
        position=int(position),
        epoch=int(epoch),
        stream=UUID(stream),
        version=int(version),
        topic=topic,
        recorded=datetime.fromisoformat(recorded).replace(tzinfo=UTC),
        content=bytes.fromhex(content),
    )


# What is committed together was recorded at one instant.
@lru_cache(maxsize=8)
def _instant(recorded: datetime) -> str:
    local = recorded.astimezone(UTC).replace(tzinfo=None)
    return f"{local.isoformat(timespec='microseconds')}Z"
