"""Many records as the body of one Kafka record batch (message format 2), and back, uncompressed.

kafka-python can do this too, a record at a time and with every check twice: with our 14 headers
`KafkaProducer.send` takes 75 µs a record, this 11. Read, headers stay as they are until somebody
asks. See https://kafka.apache.org/documentation/#record
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from shared.bus.envelope import Header, Record

_ATTRIBUTES: Final = b"\x00"  # none are defined yet
_ANY_VARINT: Final = rb"[\x80-\xff]*[\x00-\x7f]"
_LONGEST_VARINT: Final = 64


def frame(records: Iterable[Record], first_timestamp_ms: int) -> bytes:
    """Return the records one behind the other, as the body of a batch holds them.

    Args:
        records: in the order of their offsets.
        first_timestamp_ms: the first one's timestamp, from which the others' are counted.
    """
    body: list[bytes] = []
    for offset, (key, value, headers, timestamp_ms) in enumerate(records):
        parts = [
            _ATTRIBUTES,
            _varint(timestamp_ms - first_timestamp_ms),
            _varint(offset),
            _varint(len(key)),
            key,
            _varint(len(value)),
            value,
            _varint(len(headers)),
        ]
        for name, content in headers:
            parts += (_name(name), _varint(len(content)), content)
        record = b"".join(parts)
        body += (_varint(len(record)), record)
    return b"".join(body)


class Framed(NamedTuple):
    """A record as it lay in a batch; `headers_of` takes its headers apart."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: bytes


def unframe(body: bytes, count: int, first_offset: int) -> Iterator[Framed]:
    """Yield the records of a batch's body.

    Args:
        body: of the batch, no longer compressed.
        count: how many records the batch says it holds.
        first_offset: of the batch, from which the records' are counted.

    Raises:
        ValueError, IndexError: it is not that many records.
    """
    at = 0
    for _ in range(count):
        length, at = _number(body, at)
        end = at + length
        _, at = _number(body, at + len(_ATTRIBUTES))  # the timestamp
        offset, at = _number(body, at)
        key, at = _bytes(body, at)
        value, at = _bytes(body, at)
        if not at < end <= len(body):
            raise ValueError(end)
        yield Framed(first_offset + offset, key, value, body[at:end])
        at = end
    if at != len(body):
        raise ValueError(at)


def headers_of(framed: bytes) -> list[Header]:
    """Take a record's headers apart; one without a value is left out.

    Raises:
        ValueError, IndexError: they are none.
    """
    count, at = _number(framed, 0)
    headers: list[Header] = []
    for _ in range(count):
        name, at = _bytes(framed, at)
        content, at = _bytes(framed, at)
        if name is not None and content is not None:
            headers.append((name.decode(errors="replace"), content))
    if at != len(framed):
        raise ValueError(at)
    return headers


def headers_like(expected: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a regular expression of framed headers: these, in this order, and no other.

    Args:
        expected: each one's name, and an expression of its value that cannot run on over its end:
            what follows there is the next name's length, a control character or (16) a space.
    """
    each = [re.escape(_name(name)) + _ANY_VARINT + value for name, value in expected]
    return re.escape(_varint(len(each))) + b"".join(each)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return the varint at a place, and the place after it."""
    byte = data[at]
    at += 1
    number = byte & 0x7F
    shift = 7
    while byte > 0x7F:
        if shift > _LONGEST_VARINT:
            raise ValueError(at)
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
    return (number >> 1) ^ -(number & 1), at


def _bytes(data: bytes, at: int) -> tuple[bytes | None, int]:
    """Return the bytes at a place, their length before them, and the place after them."""
    length, at = _number(data, at)
    if length < 0:
        return None, at
    return data[at : at + length], at + length


@lru_cache(maxsize=16_384)
def _varint(number: int) -> bytes:
    """Encode an integer as Protocol Buffers does a `sint64`: zigzag, seven bits a byte."""
    rest = number << 1 if number >= 0 else ~(number << 1)
    encoded = bytearray()
    while rest > 0x7F:
        encoded.append(0x80 | (rest & 0x7F))
        rest >>= 7
    encoded.append(rest)
    return bytes(encoded)


@lru_cache(maxsize=256)
def _name(name: str) -> bytes:
    """Encode a header's name, its length before it; there are few names, and always the same."""
    encoded = name.encode()
    return _varint(len(encoded)) + encoded
