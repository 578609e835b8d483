"""What the bus delivers: a ledger's entry, where on the bus it lay; or what is none.

`Delivered` is an event. `Marked` tells of a ledger that was restored and began a new epoch.
`Unreadable` is a record that is neither: rubbish, which stops nobody.
"""

import dataclasses
from dataclasses import dataclass

from msgspec import Struct

from shared.ledger import Entry


# Thousands come with a poll, and none can hold itself: the garbage collector need not look at them.
class Delivered(Struct, frozen=True, kw_only=True, gc=False):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that is no event of ours.

    Attributes:
        field: the header that says so, where one does.
        problem: what is wrong with it; tells nothing of what the record holds.
        key, value, headers: its bytes, as they lay there.
    """

    service: str
    partition: int
    offset: int
    field: str | None
    problem: str
    key: bytes | None = dataclasses.field(default=None, repr=False)
    value: bytes | None = dataclasses.field(default=None, repr=False)
    headers: tuple[tuple[str, bytes], ...] = dataclasses.field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A record that tells that a ledger began a new epoch after a position."""

    service: str
    partition: int
    offset: int
    epoch: int
    after_position: int


Record = Delivered | Unreadable | Marked
