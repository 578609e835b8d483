"""From events to rows: pure folds, and the one engine that may write what they say."""

from shared.projection.engine import Engine, Health
from shared.projection.errors import (
    AlteredEvent,
    ImpossibleChange,
    MissingEvent,
    ProjectorStopped,
    TableDiffers,
)
from shared.projection.fingerprint import fingerprint
from shared.projection.fold import Change, Delete, Happening, Patch, Projection, Upsert
from shared.projection.source import Decoder, Source
from shared.projection.table import Column, Table
from shared.projection.waiting import Waiter

__all__ = [
    "AlteredEvent",
    "Change",
    "Column",
    "Decoder",
    "Delete",
    "Engine",
    "Happening",
    "Health",
    "ImpossibleChange",
    "MissingEvent",
    "Patch",
    "Projection",
    "ProjectorStopped",
    "Source",
    "Table",
    "TableDiffers",
    "Upsert",
    "Waiter",
    "fingerprint",
]
