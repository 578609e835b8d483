"""The columns that read models are made of, and the ones that many of them share."""

from typing import Any

from shared.projection import Column, Happening

ID = Column(type="uuid")
TEXT = Column(type="text")
IDS = Column(type="uuid[]")
TEXTS = Column(type="text[]")
INTEGER = Column(type="integer")
POSITION = Column(type="bigint")
DATE = Column(type="date")
INSTANT = Column(type="timestamptz")
BOOLEAN = Column(type="boolean")
JSON = Column(type="jsonb")


def maybe(column: Column) -> Column:
    """Return the same column where it may be empty."""
    return Column(type=column.type, nullable=True)


RECORD = {"record_version": INTEGER, "position": POSITION}
"""The version of the record that a row shows (what a client gives as `expectedVersion`), and the
position of the event that brought it there in its service's ledger."""


def record(happening: Happening) -> dict[str, Any]:
    """Return the values of `RECORD` after an event of the record's own stream."""
    return {"record_version": happening.version, "position": happening.position}
