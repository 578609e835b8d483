"""Aggregates out of the ledger: rebuilt from a snapshot, if there is one, and what came after.

Rules need no personal data, so an aggregate is rebuilt without any person's key: its personal
fields read as erased, and no snapshot can hold one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from cachetools import LRUCache, TTLCache

from shared.contracts.envelope import decode_meta
from shared.deciding.copies import copied, declared
from shared.domain.aggregate import Aggregate, Fact, FirstFact
from shared.ledger import AsOf, Entry, Ledger, Snapshot
from shared.ledger.ledger import NOW
from shared.privacy.payload import decode_event
from shared.privacy.sealing import DataKey

Kind = TypeVar("Kind", bound=Aggregate)

SNAPSHOT_AFTER = 100
"""Events above the last snapshot after which a new one is kept: rebuilding costs 15 µs each."""


REMEMBERED = 20_000
"""Aggregates kept at hand by a process: some 1 kB each."""


ABSENT_S = 1.0
"""How long it is known that a record is not there, of those that mostly are not."""


class _Nobody(Mapping[UUID, DataKey | None]):
    """Answers for every person that their key is not to be had."""

    def __getitem__(self, subject: UUID) -> None:
        return None

    def __iter__(self) -> Iterator[UUID]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, subject: object) -> bool:
        return True


_NOBODY = _Nobody()


class Repository:
    """Reads aggregates of any kind from one ledger.

    What was read or recorded lately is remembered, and lent as a copy. It may be behind what
    another process has recorded since: a transaction says what it rests on, and is refused if that
    has moved, so nothing is ever recorded by it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._constants: LRUCache[UUID, Aggregate] = LRUCache(REMEMBERED)
        self._remembered: LRUCache[UUID, Aggregate | Snapshot] = LRUCache(REMEMBERED)
        self._absent: TTLCache[UUID, bool] = TTLCache(REMEMBERED, ABSENT_S)

    async def owners(self, claims: Sequence[str]) -> dict[str, UUID]:
        """Return whose record holds each of these claims, of those that are held."""
        return await self._ledger.owners(claims)

    async def streams_of(self, key: UUID) -> list[UUID]:
        """Return the streams of a partition key: of a person, those about them alone."""
        return await self._ledger.streams_of(key)

    async def find(
        self, kind: type[Kind], id: UUID, *, as_of: AsOf = NOW, afresh: bool = False
    ) -> Kind | None:
        """Return the aggregate as it stands, or stood; None where there is no such stream.

        Args:
            afresh: do not go by what is remembered.
        """
        if as_of != NOW:
            return _rebuilt(kind, await self._ledger.stream(id, as_of=as_of))
        constant = self._constants.get(id)
        if isinstance(constant, kind):
            return constant
        if not afresh and (known := self._recalled(kind, id)) is not None:
            return known
        found = await self._read(kind, id)
        if found is not None:
            self.remember(found)
        return found

    def was_absent(self, id: UUID) -> bool:
        """Say whether a record was not there within `ABSENT_S`, nor recorded here since."""
        return id in self._absent

    def note_absent(self, id: UUID) -> None:
        """Know that a record is not there, for `ABSENT_S`."""
        self._absent[id] = True

    def note_begun(self, id: UUID) -> None:
        """Know that a record is there since now."""
        self._absent.pop(id, None)

    def remember(self, aggregate: Aggregate) -> None:
        """Know an aggregate as it was read, or recorded, just now."""
        self.note_begun(aggregate.id)
        if aggregate.constant:
            self._constants[aggregate.id] = aggregate
        else:
            self._remembered[aggregate.id] = copied(aggregate) or take_snapshot(aggregate)

    def _recalled(self, kind: type[Kind], id: UUID) -> Kind | None:
        remembered = self._remembered.get(id)
        if isinstance(remembered, Snapshot):
            return open_snapshot(kind, remembered)
        return copied(remembered) if isinstance(remembered, kind) else None

    async def _read(self, kind: type[Kind], id: UUID) -> Kind | None:
        kept, entries = await self._ledger.latest(id)
        begun = open_snapshot(kind, kept) if kept else None
        if kept and begun is None:  # of another kind, or of a shape or fold that is not today's
            entries = await self._ledger.stream(id)
        found = _rebuilt(kind, entries, begun)
        if found is not None and len(entries) >= SNAPSHOT_AFTER:
            await self._ledger.keep_snapshot(take_snapshot(found))
        return found


def _rebuilt(kind: type[Kind], entries: list[Entry], begun: Kind | None = None) -> Kind | None:
    if begun is None and entries and entries[0].kind != kind.kind:
        return None
    return kind.rebuild(map(fact_of, entries), since=begun)


def fact_of(entry: Entry) -> Fact:
    """Return what an aggregate is rebuilt from: the entry, decoded without any person's key."""
    fact = FirstFact if entry.version == 1 else Fact
    return fact(
        originator_id=entry.stream,
        originator_version=entry.version,
        timestamp=entry.recorded,
        body=decode_event(
            entry.topic,
            decode_meta(entry.meta).schema_version,
            entry.payload,
            entry.id,
            _NOBODY,
            entry.stream,
        ),
    )


class _State(msgspec.Struct):
    kind: str
    modified: Any
    attributes: dict[str, Any]
    fold: int = 1


def take_snapshot(aggregate: Aggregate) -> Snapshot:
    """Encode the declared attributes of an aggregate, in MessagePack."""
    state = _State(
        kind=aggregate.kind,
        modified=aggregate.modified_on,
        attributes={name: getattr(aggregate, name) for name in declared(type(aggregate))},
        fold=aggregate.fold_version,
    )
    return Snapshot(
        stream=aggregate.id, version=aggregate.version, state=msgspec.msgpack.encode(state)
    )


def open_snapshot(kind: type[Kind], snapshot: Snapshot) -> Kind | None:
    """Rebuild an aggregate from its snapshot; None if its shape, or its fold, is not today's."""
    try:
        state = msgspec.msgpack.decode(snapshot.state, type=_State)
        attributes = {
            name: msgspec.convert(state.attributes[name], shape, strict=False, str_keys=True)
            for name, shape in declared(kind).items()
        }
    except (msgspec.MsgspecError, KeyError):
        return None
    if state.kind != kind.kind or state.fold != kind.fold_version:
        return None
    aggregate = kind.__new__(kind)
    aggregate.__base_init__(snapshot.stream, snapshot.version, state.modified)
    for name, value in attributes.items():
        setattr(aggregate, name, value)
    return aggregate
