"""The append-only history of one service: written in one place, in commit order, never changed."""

from shared.ledger.ledger import (
    Answered,
    AsOf,
    Entry,
    Head,
    Ledger,
    NewEvent,
    Receipt,
    Snapshot,
    Stood,
    StreamAppend,
    Transaction,
)

__all__ = [
    "Answered",
    "AsOf",
    "Entry",
    "Head",
    "Ledger",
    "NewEvent",
    "Receipt",
    "Snapshot",
    "Stood",
    "StreamAppend",
    "Transaction",
]
