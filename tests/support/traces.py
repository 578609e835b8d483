"""Looking for what somebody was called in every byte that a stack keeps."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition

_AT_ONCE = 64 << 20
_OVERLAP = 4096


def spelled(words: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return what finds words as they are written, and as PostgreSQL compresses them.

    Its own compression (pglz) copies what it meets first as it is, with one byte of flags before
    every eight; so there may be one between any two letters.
    """
    anyhow = (b".?".join(re.escape(bytes([letter])) for letter in word) for word in words)
    return re.compile(b"|".join(anyhow), re.DOTALL | re.IGNORECASE)


def traces_in(directory: Path, sought: re.Pattern[bytes]) -> dict[str, list[bytes]]:
    """Return what is found in each file below a directory; a file that goes meanwhile has none."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(one for one in directory.rglob("*") if one.is_file()):
        try:
            traces = {match for part in _parts(path) for match in sought.findall(part)}
        except FileNotFoundError:
            continue
        if traces:
            found[str(path.relative_to(directory))] = sorted(traces)
    return found


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        kept = b""
        while part := file.read(_AT_ONCE):
            yield kept + part
            kept = part[-_OVERLAP:]


def records_of(servers: str) -> Iterator[bytes]:
    """Yield every record of every topic of a broker: keys, headers and values."""
    consumer = KafkaConsumer(bootstrap_servers=servers, consumer_timeout_ms=2_000)
    try:
        places = [
            TopicPartition(topic, partition)
            for topic in consumer.topics()
            for partition in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(places)
        consumer.seek_to_beginning()
        for record in consumer:
            yield b"".join(
                [record.key or b"", record.value or b"", *(v for _, v in record.headers)]
            )
    finally:
        consumer.close()
