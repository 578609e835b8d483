"""Where an event stands: its person's partition, its position, and the token that readers carry."""

from shared.positions.partitions import PARTITIONS, partition_of
from shared.positions.tokens import PositionToken, furthest, parse_position, position_token

__all__ = [
    "PARTITIONS",
    "PositionToken",
    "furthest",
    "parse_position",
    "partition_of",
    "position_token",
]
