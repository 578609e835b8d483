"""A line of the spool: an event on its way to the ledger, as JSON."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from services.gateway.clock import this_day
from shared.contracts.access.operation import AccessEventsMissed, MissedBecause
from shared.contracts.base import Event
from shared.contracts.envelope import Meta, encode_meta
from shared.domain.ids import derived_id, new_id
from shared.ledger import NewEvent
from shared.privacy.payload import encode_event

NOBODY = "gateway"
"""The actor of what the gateway says of itself."""


class _Line(Struct, frozen=True):
    id: UUID
    topic: str
    meta: msgspec.Raw
    payload: msgspec.Raw


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Line)


def line_of(event: Event, actor: str, correlation_id: UUID, causation_id: UUID) -> bytes:
    """Return an event as a line; its id is made here, once."""
    return _line(new_id(), event, actor, correlation_id, causation_id)


def missed(count: int, since: datetime, because: MissedBecause) -> bytes:
    """Return a line that says how many events are missing."""
    id = new_id()
    now = datetime.now(UTC)
    gap = AccessEventsMissed(count=count, since=since, until=now, because=because)
    return _line(id, gap, NOBODY, id, id)


def event_in(line: bytes, segment: UUID, version: int) -> NewEvent:
    """Return the event of a line; of one that cannot be read, the event that says so."""
    try:
        found = _decoder.decode(line)
    except msgspec.DecodeError:
        id = derived_id("access event", segment, version)
        now = datetime.now(UTC)
        lost = AccessEventsMissed(count=1, since=now, until=now, because=MissedBecause.UNREADABLE)
        found = _decoder.decode(_line(id, lost, NOBODY, id, id))
    return NewEvent(
        id=found.id, topic=found.topic, meta=bytes(found.meta), payload=bytes(found.payload)
    )


def _line(id: UUID, event: Event, actor: str, correlation_id: UUID, causation_id: UUID) -> bytes:
    meta = Meta(
        actor=actor,
        occurred_on=this_day(),
        correlation_id=correlation_id,
        causation_id=causation_id,
        schema_version=event.version,
    )
    line = _Line(
        id=id,
        topic=event.topic,
        meta=msgspec.Raw(encode_meta(meta)),
        payload=msgspec.Raw(encode_event(event, id, {}, id)),
    )
    return _encoder.encode(line) + b"\n"
