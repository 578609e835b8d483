"""What every service records once it has destroyed a person's keys: nobody reads them any more.

Each service has keys of its own, and so an event of its own: `<service>.keys.destroyed`.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from shared.contracts.base import Event, HealthWorkerId

TOPICS = frozenset(
    f"{service}.keys.destroyed" for service in ("registry", "sessions", "validation")
)

Subjects = Annotated[
    tuple[UUID, ...],
    Meta(max_length=10_000, description="Whose keys: the person, and each record of theirs alone."),
]


class KeysDestroyed(Event, kw_only=True):
    """A service destroyed the keys of a person, and of every record that is about them alone.

    It was recorded after it was done. What was sealed with these keys reads as erased for ever.
    """

    health_worker_id: HealthWorkerId
    subjects: Subjects


class _Told(Struct, rename="camel"):
    subjects: list[UUID]


_read = msgspec.json.Decoder(_Told).decode


def forgotten_in(topic: str, payload: bytes) -> Sequence[UUID]:
    """Return whose keys an event says are destroyed; nobody's, if it says nothing of the kind."""
    return _read(payload).subjects if topic in TOPICS else ()
