"""The whole house in memory: the three services' commanders, their views and policies, and the
gateway's read models, on the ledger's twin. No sockets, no processes: for tests of rules, and for
random histories by the hundred.

What stands in here is the real code of every part but the database and the bus: those have twins,
and what the twins leave out is tested on the real ones.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import msgspec

from services.gateway.projections import PROJECTIONS
from services.registry.app import service as registry
from services.sessions.app import service as sessions
from services.validation.app import service as validation
from shared.access.directory import Directory
from shared.access.facts import ACCESS, ACCESS_GRANT, GROUP_UNIT, ORG_UNIT_HEIR, ORG_UNIT_PLACE
from shared.access.tokens import Principal
from shared.contracts.base import Event, commands
from shared.contracts.forgetting import forgotten_in
from shared.deciding.batches import BatchItem, BatchOutcome, decide_batch
from shared.deciding.commanding import Answer, Commander
from shared.deciding.repository import fact_of
from shared.domain.errors import NotFound
from shared.domain.zone import HOUSE_ZONE
from shared.following.decoding import BLIND, EventDecoder
from shared.following.policies import DUE, due_on
from shared.following.policy_runner import carry_out
from shared.ledger import Entry, Receipt, Transaction
from shared.ledger.memory import MemoryLedger
from shared.positions import PARTITIONS
from shared.privacy.keys import KeySource, MemoryKeyStore
from shared.projection import Projection, Table
from shared.projection.batch import Batch
from shared.projection.forgetting import delivered
from shared.projection.reading import Folds
from shared.service.recording import RecordingService
from tests.support.days import today
from tests.support.tables import MemoryTables, Row

OPERATOR = "operator"
SERVICES = (registry, sessions, validation)
MOST_ROUNDS = 50
"""Rounds of policies after one command: more of them would be a circle."""


class MemoryFacts:
    """`Facts` over tables in memory: they are never behind, so nothing is waited for."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables

    async def after(self, positions: Sequence[str]) -> None:
        """See `Facts.after`."""

    async def find(self, table: Table, *key: Any) -> Row | None:
        """See `Facts.find`."""
        return self._tables.find(table, *key)

    async def get(self, table: Table, *key: Any, field: str, kind: str) -> Row:
        """See `Facts.get`."""
        row = self._tables.find(table, *key)
        if row is None:
            raise NotFound(field, kind=kind, id=key[0])
        return row

    async def until(self, look: Callable[[], Awaitable[Any]]) -> Any:
        """See `Facts.until`."""
        return await look()

    async def rows(self, table: Table, **equals: Any) -> list[Row]:
        """See `Facts.rows`."""
        return self._tables.of(table, **equals)

    async def rows_among(
        self, table: Table, column: str, values: Collection[Any], **equals: Any
    ) -> list[Row]:
        """See `Facts.rows_among`."""
        return [row for row in self._tables.of(table, **equals) if row[column] in values]

    async def rows_of(self, table: Table, column: str, values: Collection[Any]) -> list[Row]:
        """See `Facts.rows_of`."""
        return await self.rows_among(table, column, values)

    async def rows_before(self, table: Table, column: str, day: date) -> list[Row]:
        """See `Facts.rows_before`."""
        rows = self._tables.of(table)
        return [row for row in rows if row[column] is not None and row[column] < day]

    async def rows_after(self, table: Table, column: str, value: Any, most: int) -> list[Row]:
        """See `Facts.rows_after`."""
        rows = [row for row in self._tables.of(table) if row[column] > value]
        return sorted(rows, key=lambda row: row[column])[:most]

    async def count(self, table: Table, **equals: Any) -> int:
        """See `Facts.count`."""
        return len(self._tables.of(table, **equals))

    async def constant(
        self, table: Table, key: Any, *, column: str, shape: Any, field: str, kind: str
    ) -> Any:
        """See `Facts.constant`."""
        row = await self.get(table, key, field=field, kind=kind)
        return msgspec.convert(msgspec.json.decode(row[column]), shape)


@dataclass(slots=True)
class _Reader:
    """Somebody who folds what the services record: a service's views, or the gateway."""

    heard: frozenset[str]
    folds: Folds
    decoder: EventDecoder
    tables: MemoryTables
    forgotten: dict[str, set[UUID]]

    @classmethod
    def of(cls, views: Sequence[Projection], keys: dict[str, KeySource]) -> Self:
        """Read these views with these keys."""
        decoder = EventDecoder(keys)
        people = {service: set[UUID]() for service, source in keys.items() if source is not BLIND}
        return cls(frozenset(keys), Folds(views, decoder), decoder, MemoryTables(), people)

    def anew(self) -> "_Reader":
        """Return a reader of the same, that has read nothing yet."""
        forgotten = {service: set[UUID]() for service in self.forgotten}
        return _Reader(self.heard, self.folds, self.decoder, MemoryTables(), forgotten)

    async def take(self, service: str, entries: Sequence[Entry]) -> None:
        """Fold what is new."""
        if service not in self.heard or not entries:
            return
        new = delivered(service, entries, range(PARTITIONS))
        await self.folds.prepare(new)
        for one in new:
            self.tables.apply(self.folds.changes(one))
            if service in self.forgotten:
                told = forgotten_in(one.entry.topic, one.entry.payload)
                self.forgotten[service].update(told)

    async def forget(self, service: str, ledger: MemoryLedger) -> None:
        """Fold anew what tells of whoever was forgotten, as an engine does."""
        subjects = self.forgotten.get(service)
        if not subjects:
            return
        entries = delivered(service, await ledger.told_of(subjects), range(PARTITIONS))
        await self.folds.prepare(entries)
        batch = Batch()
        for one in entries:
            batch.add(self.folds.changes(one))
        for table in self.folds.telling(service):
            assert table.tells_of is not None
            for row in self.tables.of(table):
                if row[table.tells_of] in subjects:
                    self.tables.remove(table, *(row[name] for name in table.key))
        self.tables.carry_out(batch.work())
        subjects.clear()


class _Ledger(MemoryLedger):
    """A ledger that takes as long as it is told, as a disk does."""

    takes_s = 0.0

    async def append(self, transaction: Transaction) -> Receipt:
        if self.takes_s:
            await asyncio.sleep(self.takes_s)
        return await super().append(transaction)

    def copied(self) -> dict[str, Any]:
        """Return what it holds."""
        return {name: copy(value) for name, value in vars(self).items() if name.startswith("_")}

    def be(self, held: dict[str, Any]) -> None:
        """Hold what it held."""
        vars(self).update({name: copy(value) for name, value in held.items()})


@dataclass(slots=True)
class _Part:
    """One service."""

    service: RecordingService
    ledger: _Ledger
    commander: Commander
    reader: _Reader


class House:
    """Everything but databases, brokers and sockets."""

    def __init__(self) -> None:
        self.keys: dict[str, MemoryKeyStore] = {one.name: MemoryKeyStore() for one in SERVICES}
        self.directory = Directory("", operators=(OPERATOR,))
        """What is known of grants, places and groups."""
        self._read: dict[str, int] = dict.fromkeys(self.keys, 0)
        self.outcomes: list[tuple[str, str, str]] = []
        """What policies asked for: the policy, the command, and its outcome."""
        self._parts = {one.name: self._part(one) for one in SERVICES}
        self.gateway = _Reader.of((*PROJECTIONS, ACCESS), dict(self.keys))

    def _part(self, service: RecordingService) -> _Part:
        ledger = _Ledger(service=service.name)
        own = self.keys[service.name]
        reader = _Reader.of(service.views, service.keys(own))
        commander = Commander(
            handlers=service.handlers,
            ledger=ledger,
            keys=own,
            directory=self.directory,
            facts=MemoryFacts(reader.tables),  # type: ignore[arg-type]
            claim_key=bytes(32),
            zone=HOUSE_ZONE,
        )
        return _Part(service, ledger, commander, reader)

    @classmethod
    async def built(cls) -> Self:
        """Return an empty house."""
        return cls()

    async def send(self, name: str, /, *, as_: str = OPERATOR, **content: Any) -> Answer:
        """Send a command, by its wire name and fields; return its answer once all has settled.

        Raises:
            MshauriError: it was refused.
        """
        answer = await self.post(name, content, as_=as_)
        await self.settle()
        return answer

    async def post(self, name: str, content: Mapping[str, Any], *, as_: str = OPERATOR) -> Answer:
        """Send a command, and let things settle later; see `send`."""
        given = {"commandId": uuid4()} | {
            key: value for key, value in content.items() if value is not None
        }
        principal = Principal(
            subject=as_, expires=datetime.now(UTC) + timedelta(hours=1), token="none"
        )
        part = self._parts[commands[name].service]
        return await part.commander.execute(name, msgspec.json.encode(given), principal)

    async def batch(
        self, wishes: Sequence[tuple[str, Mapping[str, Any]]], *, as_: str = OPERATOR
    ) -> list[BatchOutcome]:
        """Send commands of one service as a batch, on a ledger as slow as a disk, and settle."""
        part = self._parts[commands[wishes[0][0]].service]
        principal = Principal(
            subject=as_, expires=datetime.now(UTC) + timedelta(hours=1), token="none"
        )
        items = [
            BatchItem(name, msgspec.Raw(msgspec.json.encode({"commandId": uuid4()} | {**content})))
            for name, content in wishes
        ]
        part.ledger.takes_s = 0.01
        outcomes = await decide_batch(part.commander, principal, items, recorded={})
        part.ledger.takes_s = 0.0
        await self.settle()
        return outcomes

    async def settle(self) -> None:
        """Let everybody read what is new, and every policy do what is due, until nothing is."""
        for _ in range(MOST_ROUNDS):
            await self._relay()
            if not await self._react():
                return
        msg = f"policies do not come to rest: {self.outcomes[-10:]}"
        raise AssertionError(msg)

    async def new_day(self) -> None:
        """Let policies look at what today calls for, and settle."""
        for part in self._parts.values():
            facts = MemoryFacts(part.reader.tables)
            part.reader.tables.apply(await due_on(part.service.policies, facts, today()))  # type: ignore[arg-type]
        await self.settle()

    async def _relay(self) -> None:
        reformed = False
        for name, part in self._parts.items():
            entries = await part.ledger.feed(after=self._read[name], limit=1_000_000)
            self._read[name] += len(entries)
            reformed |= bool(entries) and name == registry.name
            for reader in (*(one.reader for one in self._parts.values()), self.gateway):
                await reader.take(name, entries)
                await reader.forget(name, part.ledger)
        if reformed:
            self._learnt()

    def _learnt(self) -> None:
        tables = self.gateway.tables
        self.directory.learn(
            *map(tables.of, (ACCESS_GRANT, ORG_UNIT_PLACE, ORG_UNIT_HEIR, GROUP_UNIT))
        )

    async def _react(self) -> bool:
        due = [(part, row) for part in self._parts.values() for row in part.reader.tables.of(DUE)]
        for part, row in due:
            outcome = await carry_out(
                part.commander,
                row["policy"],
                row["command"],
                msgspec.json.decode(row["content"]),
                row["correlation_id"],
            )
            self.outcomes.append((row["policy"], row["command"], outcome))
            part.reader.tables.remove(DUE, row["policy"], row["about"])
        return bool(due)

    async def replay(self, transactions: Iterable[tuple[str, Transaction]]) -> None:
        """Take in what was recorded elsewhere, and fold it; what it called for was done there."""
        for service, transaction in transactions:
            await self._parts[service].ledger.append(transaction)
        await self._relay()
        for part in self._parts.values():
            for row in part.reader.tables.of(DUE):
                part.reader.tables.remove(DUE, row["policy"], row["about"])

    def mark(self) -> dict[str, Any]:
        """Return all that is so now, for `back_to`."""
        return {
            "read": dict(self._read),
            "outcomes": len(self.outcomes),
            "ledgers": {name: one.ledger.copied() for name, one in self._parts.items()},
            "tables": {name: one.tables.copied() for name, one in self._readers().items()},
        }

    def back_to(self, mark: dict[str, Any]) -> None:
        """Let all be as it was when it was marked, but for keys: nobody has those without data."""
        self._read = dict(mark["read"])
        del self.outcomes[mark["outcomes"] :]
        for name, part in self._parts.items():
            part.ledger.be(mark["ledgers"][name])
            _forget(part.commander)
        for name, reader in self._readers().items():
            reader.tables.be(mark["tables"][name])
        self._learnt()

    def rows(self, table: Table, **equals: Any) -> list[Row]:
        """Return the rows of a view or a read model, wherever it is kept."""
        readers = [*(one.reader for one in self._parts.values()), self.gateway]
        found = [rows for one in readers if (rows := one.tables.of(table, **equals))]
        return found[0] if found else []

    def everything(self) -> dict[str, dict[str, list[Row]]]:
        """Return every row of every view and read model, by reader and table."""
        return {name: one.tables.everything() for name, one in self._readers().items()}

    async def rebuilt(
        self, entries: Sequence[tuple[str, Entry]]
    ) -> dict[str, dict[str, list[Row]]]:
        """Return what `everything` would be, folded anew from these entries in this order.

        What policies called for is answered already, and is left out of it.
        """
        readers = {name: one.anew() for name, one in self._readers().items()}
        for service, entry in entries:
            for reader in readers.values():
                await reader.take(service, [entry])
        found = {name: one.tables.everything() for name, one in readers.items()}
        for tables in found.values():
            tables.pop(DUE.physical, None)
        return found

    def _readers(self) -> "dict[str, _Reader]":
        return {name: one.reader for name, one in self._parts.items()} | {"gateway": self.gateway}

    def commander(self, service: str) -> Commander:
        """Return what decides a service's commands."""
        return self._parts[service].commander

    def ledger(self, service: str) -> MemoryLedger:
        """Return a service's ledger."""
        return self._parts[service].ledger

    async def events(self, stream: UUID) -> list[Event]:
        """Return what was recorded in a stream, personal fields unread."""
        for part in self._parts.values():
            if entries := await part.ledger.stream(stream):
                return [fact_of(entry).body for entry in entries]
        return []

    async def history(self) -> list[tuple[str, Entry]]:
        """Return every entry of every ledger, by service, in its order."""
        return [
            (name, entry)
            for name, part in self._parts.items()
            for entry in await part.ledger.feed(after=0, limit=1_000_000)
        ]


def _forget(commander: Commander) -> None:
    commander._repository._constants.clear()
    commander._repository._remembered.clear()
