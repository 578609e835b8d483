"""Why something was asked for: sealed in an event's envelope as personal fields in its payload.

A reason is about whom the event is about: it is sealed with their key or, of no one person, with
that of the record. What was recorded before reasons were sealed is read as it was said, until the
key is destroyed that would seal it.
"""

from uuid import UUID

from msgspec.structs import replace

from shared.contracts.envelope import Meta, SealedReason, decode_meta
from shared.ledger import Entry
from shared.privacy.payload import ERASED, KeyMissing, Keys, about_whom_in
from shared.privacy.sealing import DataKey, bound_to, seal, unseal

_FIELD = "meta.reason"
"""What a sealed reason is bound to, beside its event: no field of a payload has such a name."""
_SEALED, _IN_CLEAR = b'"sealedReason":', b'"reason":'


def seal_reason(meta: Meta, event_id: UUID, by: UUID, key: DataKey) -> Meta:
    """Return the envelope with its reason sealed; one without a reason as it is."""
    if meta.reason is None:
        return meta
    sealed = seal(meta.reason, key, bound_to(event_id, _FIELD))
    return replace(meta, reason=None, sealed_reason=SealedReason(by=by, sealed=sealed["sealed"]))


def reason_subject_in(entry: Entry) -> UUID | None:
    """Return whose key `opened_meta` goes by; None if there is no reason.

    Raises:
        UndecodableEvent: the event is none that this release knows.
    """
    if _SEALED in entry.meta:
        sealed = decode_meta(entry.meta).sealed_reason
        return sealed.by if sealed else None
    if _IN_CLEAR in entry.meta:
        return about_whom_in(entry.topic, entry.payload, entry.stream)
    return None


def opened_meta(entry: Entry, keys: Keys) -> Meta:
    """Return the envelope with its reason readable; `ERASED` once its key is destroyed.

    Raises:
        KeyMissing: the key is not in `keys`.
        SealBroken: the reason was altered or moved.
    """
    read = decode_meta(entry.meta)
    sealed = read.sealed_reason
    if sealed is None:
        whose = reason_subject_in(entry)
        gone = whose is not None and keys.get(whose, ...) is None
        return replace(read, reason=ERASED) if gone else read
    if sealed.by not in keys:
        raise KeyMissing(sealed.by)
    key = keys[sealed.by]
    bound = bound_to(entry.id, _FIELD)
    reason = ERASED if key is None else unseal({"sealed": sealed.sealed}, key, bound)
    return replace(read, reason=reason, sealed_reason=None)
