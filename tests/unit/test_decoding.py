"""Reading entries of several services: whose keys are asked for, and what is read without them."""

from collections.abc import Iterable
from uuid import UUID

import pytest
from msgspec.structs import replace

from shared.contracts.envelope import encode_meta
from shared.contracts.registry.health_worker import HealthWorkerRegistered
from shared.following.decoding import BLIND, EventDecoder
from shared.ledger import Entry
from shared.privacy.keys import MemoryKeyStore
from shared.privacy.payload import (
    ERASED,
    KeyMissing,
    UndecodableEvent,
    encode_event,
    subject_of,
)
from shared.privacy.sealing import DataKey
from tests.support.story import FIRST_YEAR, MENTEE, Told, happenings, meta_of


class CountingStore(MemoryKeyStore):
    """Keys in memory that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[set[UUID]] = []

    async def keys_for(
        self, subjects: Iterable[UUID], *, create: bool = False
    ) -> dict[UUID, DataKey | None]:
        """Answer, and remember the question."""
        wanted = set(subjects)
        if not create:
            self.asked.append(wanted)
        return await super().keys_for(wanted, create=create)


async def recorded(store: MemoryKeyStore, story: tuple[Told, ...] = FIRST_YEAR) -> list[Entry]:
    """Return the story's entries, sealed with the keys of a store."""
    entries = []
    for told, it in zip(story, happenings(story), strict=True):
        subject = subject_of(told.body, told.stream)
        keys = await store.keys_for([subject] if subject else [], create=True)
        entries.append(
            Entry(
                position=it.position,
                epoch=1,
                id=it.id,
                stream=told.stream,
                kind=told.kind,
                version=it.version,
                key=told.key,
                topic=told.body.topic,
                recorded=it.recorded,
                command_id=it.command_id,
                meta=encode_meta(meta_of(told)),
                payload=encode_event(told.body, it.id, keys, told.stream),
                hash=bytes(32),
            )
        )
    return entries


async def test_what_was_recorded_is_read_with_one_question_to_the_service_that_sealed_it() -> None:
    registry, sessions = CountingStore(), CountingStore()
    entries = await recorded(registry)
    decoder = EventDecoder({"registry": registry, "sessions": sessions})
    await decoder.prepare(entries)
    assert [decoder.decode(entry) for entry in entries] == [told.body for told in FIRST_YEAR]
    assert len(registry.asked) == 1
    assert sessions.asked == []


async def test_a_view_without_personal_data_asks_nobody_and_reads_everything_else() -> None:
    entries = await recorded(MemoryKeyStore())
    decoder = EventDecoder({"registry": BLIND})
    await decoder.prepare(entries)
    events = [decoder.decode(entry) for entry in entries]
    mentee = next(
        event
        for event in events
        if isinstance(event, HealthWorkerRegistered) and event.health_worker_id == MENTEE
    )
    assert mentee.family_name == ERASED
    assert mentee.cadre == "Nurse"


async def test_personal_data_of_a_service_whose_keys_nobody_gave_is_not_read() -> None:
    entries = await recorded(MemoryKeyStore())
    decoder = EventDecoder({})
    await decoder.prepare(entries)
    sealed = next(entry for entry in entries if entry.topic.endswith("health_worker.registered"))
    with pytest.raises(KeyMissing):
        decoder.decode(sealed)


async def test_one_entry_that_cannot_be_read_keeps_no_other_from_being_read() -> None:
    store = MemoryKeyStore()
    entries = await recorded(store)
    unknown = replace(entries[0], topic="registry.moon.risen")
    garbled = replace(entries[8], payload=b"{")
    decoder = EventDecoder({"registry": store})
    await decoder.prepare([unknown, garbled, *entries])
    for entry in (unknown, garbled):
        with pytest.raises(UndecodableEvent):
            decoder.decode(entry)
    assert [decoder.decode(entry) for entry in entries] == [told.body for told in FIRST_YEAR]
