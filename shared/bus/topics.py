"""Which topic a service speaks on, and which partition a person is on: the same on every topic."""

from uuid import UUID

from kafka.partitioner.default import murmur2

PARTITIONS = 24
"""Never changed: one person would be in two partitions."""


def topic_of(service: str) -> str:
    """Return the topic a service's events are on."""
    return f"mshauri.{service}.v1"


def partition_of(key: UUID) -> int:
    """Return a key's partition: Kafka's own default (murmur2) over the key's text."""
    return int((murmur2(str(key).encode()) & 0x7FFFFFFF) % PARTITIONS)


def position_token(service: str, partition: int, position: int) -> str:
    """Return `registry.7.1234`: what a reader passes as `after` to see that event's effect."""
    return f"{service}.{partition}.{position}"


def parse_position(token: str) -> tuple[str, int, int]:
    """Take a position token apart.

    Raises:
        ValueError: it is none.
    """
    service, partition, position = token.rsplit(".", 2)
    if not service or not 0 <= int(partition) < PARTITIONS:
        raise ValueError(token)
    return service, int(partition), int(position)
