"""Facts of other services, as this one has heard them: its local views, read and waited for.

A view may be a moment behind. A command that rests on a fact not heard yet waits for it, briefly,
then is answered that there is none.
"""

from asyncio import gather, timeout
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from time import monotonic
from typing import Any, TypeAlias, TypeVar

import asyncpg
import msgspec

from shared.contracts.base import SERVICES
from shared.deciding.patience import PATIENCE_S, Patience, patience
from shared.domain.errors import Malformed, NotFound, StaleRead
from shared.domain.phrases import Phrase
from shared.ledger import Head
from shared.ledger.together import Together
from shared.projection import Table
from shared.projection.progress import Reached
from shared.projection.source import Place
from shared.projection.targets import AskHead
from shared.projection.waiting import Waiter

Row: TypeAlias = asyncpg.Record
Shape = TypeVar("Shape")
Found = TypeVar("Found")

_OWN_S = 0.5
"""Seconds for this service's own ledger to say how far it is."""

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
        self._together: dict[tuple[str, ...], Together[tuple[Any, ...], list[Row]]] = {}

    async def after(self, positions: Sequence[str]) -> None:
        """Wait until the views hold the facts at those positions.

        A position of a service that this one does not hear of changes no view of it, and is not
        waited for.

        Raises:
            StaleRead: they do not, in good time.
            Malformed: a position is none.
        """
        for token in positions:
            if token.partition(".")[0] not in SERVICES:
                problem = Phrase("{given} is of no service", given=token)
                raise Malformed("after", problem=problem, expected=Phrase("a position"))
        heard = [token for token in positions if token.partition(".")[0] not in self._unheard]
        with patience(self._patience).waiting() as left:
            await self._waiter.reach(heard, left)

    async def hold(self, reached: Mapping[Place, Reached]) -> bool:
        """Wait until the views hold all that another reader has heard; say whether they do."""
        heard = {place: at for place, at in reached.items() if place[0] not in self._unheard}
        with patience(self._patience).waiting() as left:
            return await self._waiter.hold(heard, left)

    async def find(self, table: Table, *key: Any) -> Row | None:
        """Return a row by its key, if it has been heard of."""
        rows = await self._whose(table, table.key).of(key)
        return rows[0] if rows else None

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

        Raises:
            StaleRead: ledgers are known to have more than the view holds, and patience is over:
                that it is not there cannot be said.
        """
        found = await look()
        if found is not None:
            return found
        request = patience(self._patience)
        with request.waiting() as left:
            silent = await self._ask_heads(request, left)
        with request.waiting() as left:
            if await self._waiter.level(request.heads, left) and not silent:
                return await look()
        if not silent:
            found = await look()
            behind = self._waiter.behind(request.heads) if found is None else None
            if behind is not None:
                raise StaleRead("after", position=str(behind), waited_ms=round(left * 1000))
            return found
        # Somebody does not tell how far their ledger is: then whatever comes may be it.
        with request.waiting() as left:
            deadline = monotonic() + left
            while found is None and (left := deadline - monotonic()) > 0:
                await self._waiter.moved(left)
                found = await look()
        return found if found is not None else await look()

    async def _ask_heads(self, request: Patience, left: float) -> bool:
        """Ask how far ledgers are, others' once a request; say whether somebody does not tell."""
        # Who comes meanwhile waits for the answer of the first, and asks nobody.
        async with request.asking:
            others = self._heads.keys() - request.asked - {self._own}
            request.heads |= await self._told(others, left)
            request.asked |= others
        # One's own is asked even when patience is over: without it nothing could be said for sure.
        request.heads |= await self._told(self._heads.keys() & {self._own}, max(left, _OWN_S))
        return not self._heads or not self._heads.keys() <= request.heads.keys()

    async def _told(self, names: Collection[str], left: float) -> dict[str, Head]:
        async def ask(name: str) -> Head | None:
            try:
                async with timeout(left):
                    return await self._heads[name]()
            except TimeoutError:
                return None  # one that answers too late does not tell

        told = zip(names, await gather(*map(ask, names)), strict=True)
        return {name: head for name, head in told if head is not None}

    async def rows(self, table: Table, **equals: Any) -> list[Row]:
        """Return the rows whose columns equal the given values, as they have been heard of."""
        return [*await self._whose(table, tuple(equals)).of(tuple(equals.values()))]

    def _whose(
        self, table: Table, columns: tuple[str, ...]
    ) -> Together[tuple[Any, ...], list[Row]]:
        """Return who reads rows by these columns: all that a batch asks for, by one statement."""
        known = self._together.get((table.physical, *columns))
        if known is None:
            statement = _whose_rows(table, columns)

            async def ask(keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], list[Row]]:
                found: dict[tuple[Any, ...], list[Row]] = {key: [] for key in keys}
                for row in await self._pool.fetch(statement, *map(list, zip(*keys, strict=True))):
                    found[tuple(row[column] for column in columns)].append(row)
                return found

            known = self._together[table.physical, *columns] = Together(ask)
        return known

    async def rows_among(
        self, table: Table, column: str, values: Collection[Any], **equals: Any
    ) -> list[Row]:
        """Return the rows with one of these values in a column, and others that equal the given."""
        same = tuple(equals.values())
        asked = self._whose(table, (*equals, column))
        found = await asked.of_all([(*same, value) for value in dict.fromkeys(values)])
        return [row for rows in found for row in rows]

    async def rows_of(self, table: Table, column: str, values: Collection[Any]) -> list[Row]:
        """Return the rows with one of very many values in a column, in no order.

        It is asked by itself: what `rows_among` gathers of others' questions costs a future a key.
        """
        kind = table.columns[column].type
        rows: list[Row] = await self._pool.fetch(
            f'SELECT * FROM {table.physical} WHERE "{column}" = ANY($1::{kind}[])', [*values]
        )
        return rows

    async def rows_before(self, table: Table, column: str, day: date) -> list[Row]:
        """Return the rows with an earlier day in a column, the earliest first; some at a time."""
        asked = f'"{column}" < $1 ORDER BY "{column}" LIMIT {SOME}'
        rows: list[Row] = await self._pool.fetch(
            f"SELECT * FROM {table.physical} WHERE {asked}", day
        )
        return rows

    async def rows_after(self, table: Table, column: str, value: Any, most: int) -> list[Row]:
        """Return the next rows with a greater value in a column, in its order; `most` at a time."""
        asked = f'"{column}" > $1 ORDER BY "{column}" LIMIT {most:d}'
        rows: list[Row] = await self._pool.fetch(
            f"SELECT * FROM {table.physical} WHERE {asked}", value
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


def _whose_rows(table: Table, columns: Sequence[str]) -> str:
    """Return the statement for rows that equal one of several askers' values, a list a column."""
    given = ", ".join(
        f"${place}::{table.columns[column].type}[]" for place, column in enumerate(columns, 1)
    )
    named = ", ".join(f'"{column}"' for column in columns)
    return (
        f"SELECT held.* FROM {table.physical} held"
        f" JOIN unnest({given}) AS asked ({named}) USING ({named})"
    )


def _where(columns: Iterable[str]) -> str:
    return " AND ".join(f'"{column}" = ${place}' for place, column in enumerate(columns, start=1))


def plain_json(value: Any) -> Any:
    """Return the content of a JSON column, which the driver gives as text."""
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value
