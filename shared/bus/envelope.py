"""A ledger entry as a Kafka record, in the CloudEvents 1.0 binary mode, and back again.

The record's value is the entry's payload, byte for byte; everything else is a header, so that a
reader can choose by them without opening the payload:

    ce_specversion     1.0                               ce_position       in the ledger
    ce_id              the event's id                    ce_epoch          of the ledger
    ce_source          /mshauri/registry                 ce_streamversion  of this event
    ce_type            what happened                     ce_partitionkey   the person, or the stream
    ce_subject         kind/stream                       ce_commandid      what asked for it
    ce_time            when the ledger took it (UTC)     ce_meta           who, when, why; verbatim
    content-type       application/json                  ce_hash           of the stream's past
                                                         ce_seal           of all of the entry

A ledger that goes on from a backup says so with a record of the type `ledger.epoch_begun` on every
partition: `ce_epoch` is the one that begins, after `ce_position`; what an earlier epoch recorded
above that is no more.

The record's key is the partition key's text, as CloudEvents' partitioning extension wants it.
See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from shared.bus.errors import MalformedRecord
from shared.ledger import Entry

Header = tuple[str, bytes]
Value = TypeVar("Value")

_SPECVERSION: Final = ("ce_specversion", b"1.0")
_CONTENT_TYPE: Final = ("content-type", b"application/json")
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Record(NamedTuple):
    """What is handed to a producer.

    Attributes:
        timestamp_ms: when the ledger took the event, in milliseconds since 1970.
    """

    key: bytes
    value: bytes
    headers: list[Header]
    timestamp_ms: int


class EpochBegun(NamedTuple):
    """What a service says of its ledger when that was restored.

    Attributes:
        epoch: the one that begins.
        after_position: whatever an earlier epoch recorded above it is no more.
    """

    service: str
    epoch: int
    after_position: int


_EPOCH_BEGUN: Final = ("ce_type", b"ledger.epoch_begun")


def encode_epoch_begun(begun: EpochBegun, id: UUID, at: datetime) -> Record:
    """Return the record that says that an epoch begins."""
    time = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return Record(
        b"",
        b"{}",
        [
            _SPECVERSION,
            ("ce_id", str(id).encode()),
            ("ce_source", _source(begun.service)),
            _EPOCH_BEGUN,
            ("ce_time", time.encode()),
            _CONTENT_TYPE,
            ("ce_position", b"%d" % begun.after_position),
            ("ce_epoch", b"%d" % begun.epoch),
        ],
        (at - _UNIX_EPOCH) // _MILLISECOND,
    )


def is_epoch_begun(headers: Sequence[Header]) -> bool:
    """Say whether a record tells of an epoch, rather than of an event."""
    return _EPOCH_BEGUN in headers


def decode_epoch_begun(service: str, headers: Sequence[Header], *, where: str = "") -> EpochBegun:
    """Return what a record tells of an epoch.

    Raises:
        MalformedRecord: a header is missing or cannot be read; `field` names it.
    """
    read = _Reader(dict(headers), where)
    read.exactly(*_SPECVERSION)
    read.exactly("ce_source", _source(service))
    return EpochBegun(
        service,
        read("ce_epoch", _small, "is not a number"),
        read("ce_position", _count, "is not a number"),
    )


def encode(service: str, entry: Entry) -> Record:
    """Return the record that carries an entry of a service's ledger."""
    key = str(entry.key).encode()
    recorded = entry.recorded.astimezone(UTC)
    time = recorded.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return Record(
        key,
        entry.payload,
        [
            _SPECVERSION,
            ("ce_id", str(entry.id).encode()),
            ("ce_source", _source(service)),
            ("ce_type", entry.topic.encode()),
            ("ce_subject", f"{entry.kind}/{entry.stream}".encode()),
            ("ce_time", time.encode()),
            _CONTENT_TYPE,
            ("ce_position", b"%d" % entry.position),
            ("ce_epoch", b"%d" % entry.epoch),
            ("ce_streamversion", b"%d" % entry.version),
            ("ce_partitionkey", key),
            ("ce_commandid", str(entry.command_id).encode()),
            ("ce_meta", entry.meta),
            ("ce_hash", entry.hash.hex().encode()),
            *([("ce_seal", entry.seal.hex().encode())] if entry.seal is not None else []),
        ],
        (recorded - _UNIX_EPOCH) // _MILLISECOND,
    )


@lru_cache(maxsize=64)
def _source(service: str) -> bytes:
    return f"/mshauri/{service}".encode()


def decode(
    service: str, value: bytes | None, headers: Sequence[Header], *, where: str = ""
) -> Entry:
    """Return the entry that a record of a service's topic carries, equal to the ledger's own.

    Args:
        service: whose topic the record lay on.
        value: the record's value.
        headers: the record's headers, in any order; unknown ones are another writer's business.
        where: the record's place, for the error's sentence.

    Raises:
        MalformedRecord: a header is missing or cannot be read; `field` names it.
    """
    read = _Reader(dict(headers), where)
    read.exactly(*_SPECVERSION)
    read.exactly("ce_source", _source(service))
    if value is None:
        raise MalformedRecord("content-type", "promises a payload, and there is none", where=where)
    kind, stream = read("ce_subject", _subject, "is not a kind and a stream id")
    return Entry(
        position=read("ce_position", _count, "is not a number"),
        epoch=read("ce_epoch", _small, "is not a number"),
        id=read("ce_id", _uuid, "is not a UUID"),
        stream=stream,
        kind=kind,
        version=read("ce_streamversion", _small, "is not a number"),
        key=read("ce_partitionkey", _uuid, "is not a UUID"),
        topic=read("ce_type", _text, "is not a text"),
        recorded=read("ce_time", _instant, "is not an instant of RFC 3339 in UTC"),
        command_id=read("ce_commandid", _uuid, "is not a UUID"),
        meta=read("ce_meta", bytes, "is not there"),
        payload=value,
        hash=read("ce_hash", _hash, "is not a hash in hexadecimal"),
        seal=read("ce_seal", _hash, "is not a hash in hexadecimal") if "ce_seal" in read else None,
    )


class _Reader:
    """Reads one header after the other, and says of which one it could not."""

    __slots__ = ("_headers", "_where")

    def __init__(self, headers: dict[str, bytes], where: str) -> None:
        self._headers = headers
        self._where = where

    def __call__(self, header: str, parse: Callable[[bytes], Value], problem: str) -> Value:
        raw = self._headers.get(header)
        if raw is None:
            raise MalformedRecord(header, "is missing", where=self._where)
        try:
            return parse(raw)
        except ValueError as error:
            raise MalformedRecord(header, problem, where=self._where) from error

    def __contains__(self, header: str) -> bool:
        return header in self._headers

    def exactly(self, header: str, expected: bytes) -> None:
        if self._headers.get(header) != expected:
            raise MalformedRecord(header, f"is not {expected.decode()}", where=self._where)


def _uuid(raw: bytes) -> UUID:
    return UUID(raw.decode())


def _count(raw: bytes) -> int:
    if not raw.isdigit():  # int() would take a sign, spaces and underscores
        raise ValueError(raw)
    return _within(int(raw), 63)


def _small(raw: bytes) -> int:
    return _within(_count(raw), 31)


def _within(number: int, bits: int) -> int:
    # What no column can hold is no number of ours.
    if number >= 1 << bits:
        raise ValueError(number)
    return number


def _text(raw: bytes) -> str:
    text = raw.decode()
    if not text or "\x00" in text:
        raise ValueError(raw)
    return text


def _instant(raw: bytes) -> datetime:
    text = raw.decode()
    if not text.endswith("Z"):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _subject(raw: bytes) -> tuple[str, UUID]:
    kind, _, stream = _text(raw).rpartition("/")
    if not kind:
        raise ValueError(raw)
    return kind, UUID(stream)


def _hash(raw: bytes) -> bytes:
    digest = bytes.fromhex(raw.decode())
    if len(digest) != 32:
        raise ValueError(raw)
    return digest
