"""Where people's keys live: what every key store does, its in-memory twin, and the cache."""

from collections.abc import Iterable, Iterator
from typing import Protocol
from uuid import UUID

from cachetools import TTLCache

from shared.domain.errors import Refusal
from shared.privacy.sealing import DataKey

CACHED = 50_000
"""Keys kept at hand by a process: 26 MB, measured."""

CACHED_FOR = 60.0
"""Seconds: after an erasure, how long another process may still read the person."""


class SubjectErased(Refusal):
    """Personal data was to be recorded about somebody whose data was erased for good."""

    code = "SUBJECT_ERASED"
    status = 410
    template = "The personal data of {subject} was erased, and no more can be recorded under it."
    remedy_template = "If the person is back, register them anew."


class KeySource(Protocol):
    """Whatever keys can be read from."""

    async def keys_for(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        """Return the keys of those subjects that ever had one; None where it was destroyed.

        Raises:
            Unavailable: the store does not answer.
        """
        ...

    def forget(self, subjects: Iterable[UUID]) -> None:
        """Know from now on that these were destroyed: by whoever has them, who said so."""
        ...


class KeyStore(KeySource, Protocol):
    """The keys of one service."""

    async def keys_for(
        self, subjects: Iterable[UUID], *, create: bool = False
    ) -> dict[UUID, DataKey | None]:
        """Return the keys; with `create`, durably make those that never were.

        Raises:
            SubjectErased: with `create`, and one of them is erased.
            Unavailable: the store does not answer.
        """
        ...

    async def erase(self, subject: UUID) -> None:
        """Destroy a subject's key for good; a subject that never had one never gets one.

        Raises:
            Unavailable: the store does not answer; the key may or may not be destroyed.
        """
        ...


class MemoryKeyStore:
    """Keys in memory, for tests of what uses them. It passes the suite that the real one passes."""

    def __init__(self) -> None:
        self._keys: dict[UUID, DataKey | None] = {}

    async def keys_for(
        self, subjects: Iterable[UUID], *, create: bool = False
    ) -> dict[UUID, DataKey | None]:
        """See `KeyStore`."""
        wanted = list(dict.fromkeys(subjects))
        if create:
            refuse_erased(subject for subject in wanted if self._keys.get(subject, ...) is None)
            for subject in wanted:
                self._keys.setdefault(subject, DataKey.generate())
        return {subject: self._keys[subject] for subject in wanted if subject in self._keys}

    async def erase(self, subject: UUID) -> None:
        """See `KeyStore`."""
        self._keys[subject] = None

    def forget(self, subjects: Iterable[UUID]) -> None:
        """See `KeySource`; here they are gone already."""


class KeyCache:
    """Keys at hand for a while, boundedly many. What is not known is not remembered as such."""

    def __init__(self, *, size: int = CACHED, seconds: float = CACHED_FOR) -> None:
        self._known: TTLCache[UUID, DataKey | None] = TTLCache(size, seconds)

    def take(self, subjects: Iterable[UUID]) -> tuple[dict[UUID, DataKey | None], list[UUID]]:
        """Return the keys at hand, and the subjects to ask the store for."""
        known: dict[UUID, DataKey | None] = {}
        missing: dict[UUID, None] = {}
        for subject in subjects:
            found = self._known.get(subject, ...)
            if found is ...:
                missing[subject] = None
            else:
                known[subject] = found
        return known, list(missing)

    def keep(self, keys: dict[UUID, DataKey | None]) -> None:
        """Remember these from now on. An erasure once seen is not undone by an older answer."""
        for subject, key in keys.items():
            if key is None or self._known.get(subject, ...) is not None:
                self._known[subject] = key


def refuse_erased(erased: Iterator[UUID]) -> None:
    """Raise `SubjectErased` for the first of them, if there is one."""
    for subject in erased:
        raise SubjectErased(subject=str(subject))
