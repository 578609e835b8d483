"""Events out of entries, read with the keys of the service that sealed them: the engine's decoder.

The gateway's projector asks every service for its people's keys (`remote_keys`). A recording
service folds other services' facts into views that hold no personal data, and needs none (`BLIND`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

import httpx

from shared.contracts.base import Event
from shared.contracts.envelope import Meta, decode_meta
from shared.ledger import Entry
from shared.privacy.keys import KeySource
from shared.privacy.payload import Keys, UndecodableEvent, decode_event, subject_in
from shared.privacy.reasons import opened_meta, reason_subject_in
from shared.privacy.remote_keys import RemoteKeyStore
from shared.privacy.sealing import DataKey


class EventDecoder:
    """Decodes entries of any service; for one reader at a time."""

    def __init__(self, sources: Mapping[str, KeySource]) -> None:
        """Read with these keys, by the name of the service whose they are.

        A service that is left out has no keys here: events of it decode as long as nothing in
        them is sealed.
        """
        self._sources = sources
        self._keys: dict[str, Keys] = {}

    async def prepare(self, entries: Sequence[Entry]) -> None:
        """Fetch the keys that decoding these needs, a request a service; earlier ones are let go.

        Raises:
            Unavailable: a service whose keys are needed does not answer now.
        """
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for entry in entries:
            # What cannot be read is told by `decode`, of that one entry.
            with suppress(UndecodableEvent):
                for subject in (
                    subject_in(entry.topic, entry.payload, entry.stream),
                    reason_subject_in(entry),
                ):
                    if subject is not None:
                        wanted[_service(entry)].add(subject)
        self._keys = {
            service: await self._sources[service].keys_for(subjects)
            for service, subjects in wanted.items()
            if service in self._sources
        }

    def decode(self, entry: Entry) -> Event:
        """Return the event, in the newest shape of its contract.

        Raises:
            UndecodableEvent: this release does not know its topic, its version or its shape.
            SealBroken: a personal field was altered.
            KeyMissing: `prepare` was not asked for it, or the key was lost.
        """
        return decode_event(
            entry.topic,
            decode_meta(entry.meta).schema_version,
            entry.payload,
            entry.id,
            self._keys.get(_service(entry), {}),
            entry.stream,
        )

    def forget(self, service: str, subjects: Sequence[UUID]) -> None:
        """See `Decoder.forget`."""
        if service in self._sources:
            self._sources[service].forget(subjects)
        if service in self._keys:
            self._keys[service] = {**self._keys[service], **dict.fromkeys(subjects)}

    def meta(self, entry: Entry) -> Meta:
        """Return the event's circumstances, with why it was asked for.

        Raises:
            SealBroken: the reason was altered.
            KeyMissing: as `decode` says.
        """
        return opened_meta(entry, self._keys.get(_service(entry), {}))


class _Blind:
    """Answers that every key is destroyed: personal fields read as erased."""

    async def keys_for(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        return dict.fromkeys(subjects)

    def forget(self, subjects: Iterable[UUID]) -> None:
        pass  # it never knew any


BLIND: Final[KeySource] = _Blind()
"""For whoever has no business with personal data: nobody is asked for a key."""


def remote_keys(
    client: httpx.AsyncClient, services: Mapping[str, str], internal_token: str
) -> dict[str, KeySource]:
    """Return the key sources of the services, by name, given the address of each."""
    return {
        name: RemoteKeyStore(client, address, internal_token) for name, address in services.items()
    }


def _service(entry: Entry) -> str:
    return entry.topic.partition(".")[0]
