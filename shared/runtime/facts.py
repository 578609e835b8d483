"""Facts of other services, as this one has heard them: its local views, read and waited for.

A view may be a moment behind. A command that rests on a fact not heard yet waits for it, briefly,
then is answered that there is none.
"""

from asyncio import gather
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from time import monotonic
from typing import Any, TypeAlias, TypeVar

import asyncpg
import msgspec

from shared.contracts.base import SERVICES
from shared.domain.errors import NotFound
from shared.projection import Table
from shared.projection.targets import AskHead
from shared.projection.waiting import Waiter
from shared.runtime.patience import PATIENCE_S, Patience, patience

Row: TypeAlias = asyncpg.Record
Shape = TypeVar("Shape")
Found = TypeVar("Found")

SOME = 1_000
"""Rows at most, where there is no telling how many there are."""


class Facts:
    """Reads this service's local views."""

    def __init__(
        self,
        pool: "asyncpg.Pool[Row]",
        waiter: Waiter,
        *,
        heard: Collection[str],
        patience: float = PATIENCE_S,
        heads: Mapping[str, AskHead] | None = None,
        own: str = "",
    ) -> None:
        """Read views from `pool`, which hold facts of the services `heard`.

        Args:
            patience: seconds that a request waits for facts, in all.
            heads: how to ask each of them how far its ledger is.
            own: the service that this is: its ledger grows while a request is answered.
        """
        self._unheard = frozenset(SERVICES).difference(heard)
        self._pool = pool
        self._waiter = waiter
        self._patience = patience
        self._heads = {name: ask for name, ask in (heads or {}).items() if name in set(heard)}
        self._own = own
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
        with patience(self._patience).waiting() as left:
            await self._waiter.reach(heard, left)

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
        """Look until there is something to see, and return it; None: there is nothing.

        A view that holds all that the ledgers have is final. So what is missed is waited for until
        it does, woken by what is applied, and looked for once more.
        """
        found = await look()
        if found is not None:
            return found
        request = patience(self._patience)
        with request.waiting() as left:
            silent = await self._ask_heads(request)
            if await self._waiter.level(request.heads, left) and not silent:
                return await look()
        # Somebody does not tell how far their ledger is: then whatever comes may be it.
        with request.waiting() as left:
            deadline = monotonic() + (left if silent else 0.0)
            while found is None and (left := deadline - monotonic()) > 0:
                await self._waiter.moved(left)
                found = await look()
        return found if found is not None else await look()

    async def _ask_heads(self, request: Patience) -> bool:
        """Ask how far ledgers are, others' once a request; say whether somebody does not tell."""
        asked = [name for name in self._heads if name == self._own or name not in request.asked]
        heads = await gather(*(self._heads[name]() for name in asked))
        request.asked.update(asked)
        told = zip(asked, heads, strict=True)
        request.heads |= {name: head for name, head in told if head is not None}
        return not self._heads or not self._heads.keys() <= request.heads.keys()

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
