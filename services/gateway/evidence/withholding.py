"""What of a person's events one reader is given whole, and what stands as its statement alone.

Bytes that are given are given for good, and a key opens all that it sealed: whatever the reader may
not read has to be left out whole, also of a bundle that holds no key to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from uuid import UUID

import msgspec

from services.gateway.evidence.gathering import Named
from shared.contracts.base import events
from shared.contracts.envelope import decode_meta
from shared.evidence.bundle import Withheld
from shared.ledger import Entry
from shared.privacy.payload import UndecodableEvent, about_whom_in, subject_in
from shared.privacy.reasons import reason_subject_in
from shared.privacy.sealing import DataKey, is_sealed

CONFIDED = ("sessions.journal.", "sessions.relationship.")
"""What is between a mentee and their mentors, as the read models have it (`confided`)."""

Keys = Mapping[UUID, DataKey | None]

_read = msgspec.json.Decoder(dict[str, object]).decode


def why_withheld(entry: Entry, named: Named, keys: Keys) -> Withheld | None:
    """Return why an event stands as its statement alone; None: it is given whole.

    Args:
        keys: those of its service, of everybody it may be sealed for.
    """
    if entry.topic not in events or not named.audited:
        return Withheld.SCOPE
    if is_private(entry):
        return Withheld.PRIVATE
    clear = in_clear(entry)
    if not named.personal and (clear or list(sealed_for([entry]))):
        return Withheld.SCOPE
    if clear and keys.get(about_whom_in(entry.topic, entry.payload, entry.stream), ...) is None:
        return Withheld.ERASED
    return None


def is_private(entry: Entry) -> bool:
    """Say whether an event is between two people: a journal, or a thread that its mentee closed."""
    if entry.topic.startswith(CONFIDED):
        return True
    return b'"private"' in entry.payload and _read(entry.payload).get("private") is True


def in_clear(entry: Entry) -> bool:
    """Say whether it may have said in clear, before such fields were sealed, what is personal."""
    meta = decode_meta(entry.meta)
    kind = events[entry.topic]
    return meta.reason is not None or meta.schema_version <= kind.in_clear


def about(entries: Iterable[Entry]) -> Iterator[UUID]:
    """Yield everybody whose keys decide what is given of these events, and open it."""
    for entry in entries:
        with suppress(UndecodableEvent):
            yield about_whom_in(entry.topic, entry.payload, entry.stream)
            yield from filter(
                None,
                (
                    subject_in(entry.topic, entry.payload, entry.stream),
                    reason_subject_in(entry),
                ),
            )


def sealed_for(entries: Iterable[Entry]) -> Iterator[UUID]:
    """Yield whose keys open what is sealed in these events."""
    for entry in entries:
        with suppress(UndecodableEvent):
            if any(is_sealed(value) for value in _read(entry.payload).values()):
                subject = subject_in(entry.topic, entry.payload, entry.stream)
                if subject is not None:
                    yield subject
            sealed = decode_meta(entry.meta).sealed_reason
            if sealed is not None:
                yield sealed.by
