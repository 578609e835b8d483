"""A house's ledgers and keys in real databases, and read models that are replayed from them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import asyncpg

from mshauri.replaying.building import build
from mshauri.replaying.cut import Cut
from mshauri.replaying.database import database_for_a_replay
from mshauri.replaying.filling import Fillers, Task, _fill
from mshauri.replaying.installation import Installation
from services.gateway.projections.group import READ_MODELS
from shared.access.directory import Directory
from shared.access.facts import (
    ACCESS_GRANT,
    GROUP,
    GROUP_UNIT,
    ORG_UNIT_HEIR,
    ORG_UNIT_PLACE,
)
from shared.database.migrations import migrate
from shared.ledger import Entry
from shared.ledger.postgres import SCHEMA
from shared.privacy.master import MasterKey
from shared.privacy.postgres_keys import COMPONENT
from shared.privacy.postgres_keys import SCHEMA as KEYS
from shared.projection import builds
from shared.projection.keeper import schema_pool
from tests.support.house import House
from tests.support.moments import Gate
from tests.support.servers import PostgresServer

MASTER_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_FIELDS = Entry.__struct_fields__
_HEAD = "UPDATE ledger_head SET position = $1, hash = $2, recorded = $3, reached = $4"
_KEY = "INSERT INTO subject_key (subject, wrapped, master_id, erased) VALUES ($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True)
class Kept:
    """A house's ledgers and keys in databases of a server."""

    server: PostgresServer
    installation: Installation

    @classmethod
    async def begun(cls, server: PostgresServer, house: House) -> "Kept":
        """Make a database for each service of a house, and the gateway's."""
        urls = {
            name: await server.create_database(f"test_{uuid4().hex}")
            for name in (*house.keys, "gateway")
        }
        for name, url in urls.items():
            connection = await asyncpg.connect(url)
            if name == "gateway":
                await builds.prepare(connection)
            else:
                await migrate(connection, "ledger", SCHEMA)
                await migrate(connection, COMPONENT, KEYS)
            await connection.close()
        gateway = urls.pop("gateway")
        kept = Installation(databases=urls, gateway=gateway, access=gateway, master_key=MASTER_KEY)
        return cls(server, kept)

    async def hold(self, house: House) -> None:
        """Hold what a house has recorded, and nothing else."""
        for name, url in self.installation.databases.items():
            connection = await asyncpg.connect(url)
            async with connection.transaction():
                await connection.execute("ALTER TABLE ledger DISABLE TRIGGER append_only")
                await connection.execute("TRUNCATE ledger, ledger_turned_back, subject_key")
                await _hold_ledger(connection, house, name)
                await _hold_keys(connection, house, name)
            await connection.close()

    async def dropped(self) -> None:
        """Let go of the databases."""
        for url in (*self.installation.databases.values(), self.installation.gateway):
            await self.server.drop_database(url.rpartition("/")[2])


async def _hold_ledger(connection: Any, house: House, name: str) -> None:
    ledger = house.ledger(name)
    head, entries = await ledger.head(), await ledger.feed(after=0, limit=1_000_000)
    await connection.copy_records_to_table(
        "ledger",
        records=[[getattr(one, field) for field in _FIELDS] for one in entries],
        columns=_FIELDS,
    )
    last = entries[-1].recorded
    await connection.execute(_HEAD, head.position, head.hash, last, list(head.reached))


async def _hold_keys(connection: Any, house: House, name: str) -> None:
    master = MasterKey.from_base64(MASTER_KEY)
    for subject, key in house.keys[name]._keys.items():
        wrapped = key and master.wrap(subject, key)
        erased = None if key else await connection.fetchval("SELECT now()")
        await connection.execute(_KEY, subject, wrapped, key and master.id, erased)


class _Here(Fillers):
    """Fills where it is asked, in no process of its own."""

    def __init__(self) -> None:
        self._told: list[int] = []

    def __len__(self) -> int:
        return 1

    async def fill(self, tasks: Sequence[Task]) -> AsyncIterator[int]:
        for task in tasks:
            await _fill(task, self)  # type: ignore[arg-type]
        for events in self._told:
            yield events

    def send(self, events: int) -> None:
        """Hear how far it is, as the other end of a pipe."""
        self._told.append(events)


@asynccontextmanager
async def replayed(kept: Kept, cut: Cut, like: Gate) -> AsyncIterator[Gate]:
    """Lend, for the length of the block, the gate over read models that are replayed to a cut."""
    told: list[int] = []
    async with database_for_a_replay(kept.server.address) as url:
        standing = await build(url, cut, kept.installation, _Here(), told.append)
        assert sum(told) == cut.events
        hierarchy = Directory("")
        async with schema_pool(url, f"{GROUP}_1", most=1) as access:
            tables = (ACCESS_GRANT, ORG_UNIT_PLACE, ORG_UNIT_HEIR, GROUP_UNIT)
            hierarchy.learn(
                *[await access.fetch(f'SELECT * FROM "{one.physical}"') for one in tables]
            )
        async with schema_pool(url, f"{READ_MODELS}_1") as pool:
            yield replace(like, database=pool, stands=standing, hierarchy=hierarchy)
