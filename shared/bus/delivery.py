"""An event as the bus delivers it: the ledger's entry, and where on the bus it lay."""

from dataclasses import dataclass

from shared.ledger import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One record of a topic.

    Attributes:
        service: whose ledger it comes from.
        entry: the event, equal in every field to what the ledger holds.
        partition: 0 to 23.
        offset: the broker's own count in that partition; duplicates have their own.
    """

    service: str
    entry: Entry
    partition: int
    offset: int
