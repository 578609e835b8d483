"""Facts of other services, as this one has heard them: its local views, read and waited for.

A view may be a moment behind. A command that rests on a fact not heard yet waits for it, briefly,
then is answered that there is none.
"""

from asyncio import sleep, timeout
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias, TypeVar

import asyncpg
import msgspec

from shared.contracts.base import SERVICES
from shared.domain.errors import NotFound
from shared.projection import Table
from shared.projection.waiting import Waiter

_GLANCE = 0.02
"""Seconds between two looks at a view that does not hold a fact yet."""

Row: TypeAlias = asyncpg.Record
Shape = TypeVar("Shape")
Found = TypeVar("Found")

SOME = 1_000
"""Rows at most, where there is no telling how many there are."""

PATIENCE = 2.0
"""Seconds a command waits for a fact it rests on: the bus is some ten milliseconds behind."""


class Facts:
    """Reads this service's local views."""

    def __init__(
        self,
        pool: "asyncpg.Pool[Row]",
        waiter: Waiter,
        *,
        heard: Collection[str],
        patience: float = PATIENCE,
    ) -> None:
        """Read views from `pool`, which hold facts of the services `heard`.

        Args:
            patience: seconds to wait for a fact.
        """
        self._unheard = frozenset(SERVICES).difference(heard)
        self._pool = pool
        self._waiter = waiter
        self._patience = patience
        self._constants: dict[tuple[str, Any], Any] = {}

    async def after(self, positions: Sequence[str]) -> None:
        """Wait until the views hold the facts at those positions.

        A position of a service that this one does not hear of changes no view of it, and is not
        waited for.

        Raises:
            StaleRead: they do not, in good time.
            Malformed: a position is none.
        """
        heard = [token for token in positions if token.partition(".")[0] not in self._unheard]
        await self._waiter.reach(heard, self._patience)

    async def find(self, table: Table, *key: Any) -> Row | None:
        """Return a row by its key, if it has been heard of."""
        where = _where(table.key)
        return await self._pool.fetchrow(f"SELECT * FROM {table.physical} WHERE {where}", *key)

    async def get(self, table: Table, *key: Any, field: str, kind: str) -> Row:
        """Return a row by its key, waiting until it is there.

        Raises:
            NotFound: it is not there, in good time; the error names `field` and `kind`.
        """
        row = await self.until(lambda: self.find(table, *key))
        if row is None:
            raise NotFound(field, kind=kind, id=key[0])
        return row

    async def until(self, look: Callable[[], Awaitable[Found | None]]) -> Found | None:
        """Look again until there is something to see, and return it; None: not in good time."""
        found = await look()
        try:
            async with timeout(self._patience):
                while found is None:
                    await sleep(_GLANCE)
                    found = await look()
        except TimeoutError:
            return None
        return found

    async def rows(self, table: Table, **equals: Any) -> list[Row]:
        """Return the rows whose columns equal the given values, as they have been heard of."""
        rows: list[Row] = await self._pool.fetch(
            f"SELECT * FROM {table.physical} WHERE {_where(equals)}", *equals.values()
        )
        return rows

    async def rows_before(self, table: Table, column: str, day: date) -> list[Row]:
        """Return the rows with an earlier day in a column, the earliest first; some at a time."""
        asked = f'"{column}" < $1 ORDER BY "{column}" LIMIT {SOME}'
        rows: list[Row] = await self._pool.fetch(
            f"SELECT * FROM {table.physical} WHERE {asked}", day
        )
        return rows

    async def count(self, table: Table, **equals: Any) -> int:
        """Return how many rows there are whose columns equal the given values."""
        counted: int = await self._pool.fetchval(
            f"SELECT count(*) FROM {table.physical} WHERE {_where(equals)}", *equals.values()
        )
        return counted

    async def constant(
        self, table: Table, key: Any, *, column: str, shape: type[Shape], field: str, kind: str
    ) -> Shape:
        """Return a column of a row that never changes once it is there; read and decoded once.

        Raises:
            NotFound: it is not there, in good time; the error names `field` and `kind`.
        """
        known: Shape | None = self._constants.get((table.name, key))
        if known is None:
            row = await self.get(table, key, field=field, kind=kind)
            known = msgspec.convert(plain_json(row[column]), shape)
            self._constants[table.name, key] = known
        return known


def _where(columns: Iterable[str]) -> str:
    return " AND ".join(f'"{column}" = ${place}' for place, column in enumerate(columns, start=1))


def plain_json(value: Any) -> Any:
    """Return the content of a JSON column, which the driver gives as text."""
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value
