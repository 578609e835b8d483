"""The read models of a house in memory, in a real PostgreSQL: for what is SQL."""

from typing import Any, Self

import asyncpg

from services.gateway.projections import TABLES
from services.gateway.projections.ancestors import NAME as ANCESTORS
from shared.projection import Table
from tests.support.house import House


class Models:
    """The read models of a house in a real PostgreSQL."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self.connection = connection

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """See `Database.fetch`."""
        found: list[Any] = await self.connection.fetch(query, *args)
        return found

    async def hold(self, house: House) -> Self:
        """Hold what the house in memory holds, and nothing else."""
        names = ", ".join(
            f'"{name}"' for name in [ANCESTORS, *(t.physical for t in TABLES.values())]
        )
        await self.connection.execute(f"TRUNCATE {names}")
        for table in TABLES.values():
            columns = list(table.columns)
            rows = [[row[name] for name in columns] for row in house.gateway.tables.of(table)]
            places = ", ".join(f"${n + 1}" for n in range(len(columns)))
            listed = ", ".join(f'"{name}"' for name in columns)
            text = f'INSERT INTO "{table.physical}" ({listed}) VALUES ({places})'
            if rows:
                await self.connection.executemany(text, rows)
        return self

    async def insert(self, table: Table, **values: Any) -> None:
        """Write a row."""
        columns = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f"${n + 1}" for n in range(len(values)))
        text = f'INSERT INTO "{table.physical}" ({columns}) VALUES ({places})'
        await self.connection.execute(text, *values.values())
