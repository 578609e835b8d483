"""What surrounds every event: who said it, when it occurred, and what it follows from."""

from datetime import date
from functools import lru_cache
from uuid import UUID

import msgspec
from msgspec import Struct


class SealedReason(Struct, frozen=True, kw_only=True, rename="camel"):
    """A reason that only one key opens.

    Attributes:
        by: whose key: the person's whom the event is about, or its record's own.
        sealed: AES-GCM over its JSON, the nonce first, in base64; bound to the event's id.
    """

    by: UUID
    sealed: str


class Meta(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The circumstances of an event, stored and hashed beside its payload.

    Why it was asked for tells of people: it is sealed, as the personal fields of an event are.

    Attributes:
        actor: the subject of the token that asked for it.
        occurred_on: the day it happened in the field; the ledger's own `recorded` says when we
            learned it.
        correlation_id: shared by everything that one wish of a user set off.
        causation_id: the event that called for it, or the command, where somebody wished it.
        org_unit_id: where it belongs, as the units stood then.
        programme_version_id: the rules in force for it.
        schema_version: the version of the event's shape.
        reason: why, in clear: as it was recorded before it was sealed, or as it was opened.
        sealed_reason: why, as it is recorded.
    """

    actor: str
    occurred_on: date
    correlation_id: UUID
    causation_id: UUID
    schema_version: int = 1
    org_unit_id: UUID | None = None
    programme_version_id: UUID | None = None
    on_behalf_of: str | None = None
    device: str | None = None
    reason: str | None = None
    sealed_reason: SealedReason | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Meta)


def encode_meta(meta: Meta) -> bytes:
    """Return the bytes that are stored, hashed and sent."""
    return _encoder.encode(meta)


# All groups of a process read the same record within a moment, and each asks twice.
@lru_cache(maxsize=2_048)
def decode_meta(data: bytes) -> Meta:
    """Return what those bytes say."""
    return _decoder.decode(data)
