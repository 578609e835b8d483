"""Runs the reads of one operation: what is asked side by side becomes one statement.

A `Reader` lives as long as one operation. Rows are instances of their Strawberry types, so that
Strawberry's own resolvers find the fields on them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import msgspec
from strawberry.dataloader import DataLoader

from services.gateway.read import sql
from services.gateway.read.declare import Leaf, Many, Model, Order, models
from services.gateway.read.lists import LISTED, LISTED_TOGETHER, Cut, cut_at
from services.gateway.read.scope import Scopes
from services.gateway.read.sql import Columns, Page
from services.gateway.read.watching import FINDS, Watch, watch_of
from shared.privacy.payload import ERASED

_json = msgspec.json.Decoder()
_NOBODY = UUID(int=0)


class Database(Protocol):
    """What a reader needs of asyncpg's pool."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Run a statement and return its rows."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a connection, with the sort keys of each row.

    Attributes:
        more: whether there are rows after these.
    """

    nodes: list[Any]
    keys: list[tuple[Any, ...]]
    more: bool


class Reader:
    """Reads rows as one reader may see them, in as few statements as the questions allow."""

    def __init__(self, database: Database, scopes: Scopes, figures: Database | None = None) -> None:
        """Say where the read models are, and what may be seen of them.

        Args:
            figures: where figures are counted, if not where the rest is read.
        """
        self.scopes = scopes
        self._database = database
        self._figures = figures or database
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def model(self, name: str) -> Model:
        """Return a read type as it is read here."""
        return models[name]

    async def one(self, model: Model, columns: Columns, key: Any, by: str = "id") -> Any:
        """Return the row whose column `by`, which is unique, holds `key`; None if there is none
        to be seen.
        """
        columns, watch = _watched(model, columns)

        async def load(keys: list[Any]) -> list[Any]:
            text, binds = sql.rows_by_key(model, columns, by, keys, self.scopes)
            found = {row["key"]: row for row in await self._database.fetch(text, *binds)}
            return [_row(model, columns, found[key]) if key in found else None for key in keys]

        row = await self._loader(("one", model.name, columns, by), load).load(key)
        if watch is not None and row is not None:
            watch.note(row)
        return row

    async def all(self, model: Model, columns: Columns, ids: Sequence[Any]) -> list[Any]:
        """Return the rows with these ids in their order; None for each that is not to be seen."""
        return list(await asyncio.gather(*(self.one(model, columns, id) for id in ids)))

    async def many(self, many: Many, columns: Columns, key: Any) -> list[Any]:
        """Return the short list behind `key`: a `Cut`, where it is not all of it."""
        model = self.model(many.to)
        columns, watch = _watched(model, columns)

        async def load(keys: list[Any]) -> list[list[Any]]:
            text, binds = sql.lists(
                model, columns, many.by, keys, many.order, many.wanted, self.scopes
            )
            records = await self._database.fetch(text, *binds)
            lists: dict[Any, list[Any]] = defaultdict(list)
            for record in records[:LISTED_TOGETHER]:
                lists[record["key"]].append(_row(model, columns, record))
            if len(records) <= LISTED_TOGETHER:
                return [cut_at(lists[key], LISTED) for key in keys]
            # They come key by key: up to the last one's, they are whole.
            whole = keys.index(records[-1]["key"])
            return [
                cut_at(lists[key], LISTED) if place < whole else Cut(lists[key][:LISTED])
                for place, key in enumerate(keys)
            ]

        rows: list[Any] = await self._loader(("many", many, columns), load).load(key)
        return _noted(watch, rows)

    async def page(
        self, model: Model, columns: Columns, page: Page, by: str | None = None, key: Any = None
    ) -> Rows:
        """Return a page: of all rows, or of those behind `key`."""
        columns, watch = _watched(model, columns, _finds(page))
        # One row more than asked for says whether there are more.
        asked = Page(
            order=page.order,
            limit=page.limit + 1,
            beyond=page.beyond,
            conditions=page.conditions,
        )
        if by is None:
            text, binds = sql.page(model, columns, asked, self.scopes)
            rows = _rows(model, columns, page, await self._database.fetch(text, *binds))
            _noted(watch, rows.nodes)
            return rows

        async def load(keys: list[Any]) -> list[Rows]:
            text, binds = sql.pages(model, columns, by, keys, asked, self.scopes)
            behind: dict[Any, list[Any]] = defaultdict(list)
            for row in await self._database.fetch(text, *binds):
                behind[row["key"]].append(row)
            return [_rows(model, columns, page, behind[key]) for key in keys]

        found: Rows = await self._loader(("page", model.name, columns, by, _same(page)), load).load(
            key
        )
        _noted(watch, found.nodes)
        return found

    async def total(self, model: Model, page: Page, by: str | None, key: Any) -> int:
        """Count the rows of all pages, up to one beyond `sql.COUNTED`."""
        if (watch := watch_of(model, (), finds=_finds(page))) is not None:
            watch.counted()

        async def load(keys: list[Any]) -> list[int]:
            text, binds = sql.totals(model, by, keys, page, self.scopes)
            found = {r["key"]: r["total"] for r in await self._database.fetch(text, *binds)}
            return [found[key] for key in keys]

        loader = self._loader(("total", model.name, by, _same(page)), load)
        counted: int = await loader.load(_NOBODY if by is None else key)
        return counted

    async def fetch(self, text: str, *binds: Any) -> list[Any]:
        """Run a statement of a figure that is no plain read; it minds the scopes itself."""
        return await self._figures.fetch(text, *binds)

    async def together(
        self,
        name: str,
        load: Callable[[Database, list[Any]], Awaitable[Sequence[Any]]],
        key: Any,
    ) -> Any:
        """Return what `load` says of a key: of all that are asked side by side, by one statement.

        It says nothing that whoever sees the row that leads there may not see.
        """
        return await self._loader(name, lambda keys: load(self._database, keys)).load(key)

    def _loader(
        self, name: Hashable, load: Callable[[list[Any]], Awaitable[Sequence[Any]]]
    ) -> DataLoader[Any, Any]:
        loader = self._loaders.get(name)
        if loader is None:
            loader = self._loaders[name] = DataLoader(load_fn=load)
        return loader


def _same(page: Page) -> Hashable:
    """Return what two pages have in common that one statement can answer."""
    beyond = None if page.beyond is None else tuple(page.beyond)
    conditions = tuple((column, how, _frozen(value)) for column, how, value in page.conditions)
    return (page.order, page.limit, beyond, conditions)


def _frozen(value: Any) -> Hashable:
    """Return what a filter compares with, made of tuples where it was made of lists."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _finds(page: Page) -> bool:
    """Say whether a page's rows are found by what is personal of somebody."""
    return any(how in FINDS for _, how, _ in page.conditions)


@lru_cache(maxsize=4_096)
def _watched(model: Model, columns: Columns, finds: bool = False) -> tuple[Columns, Watch | None]:
    """Return what to watch of a selection, and the selection that tells whose its rows are."""
    watch = watch_of(model, columns.fields, finds=finds)
    return (columns if watch is None else replace(columns, watched=True)), watch


def _noted(watch: Watch | None, rows: list[Any]) -> list[Any]:
    if watch is not None:
        for row in rows:
            watch.note(row)
    return rows


def _rows(model: Model, columns: Columns, page: Page, records: Sequence[Any]) -> Rows:
    shown = records[: page.limit]
    keys = sort_columns(model, page.order)
    return Rows(
        nodes=[_row(model, columns, record) for record in shown],
        keys=[tuple(record[key] for key in keys) for record in shown],
        more=len(records) > page.limit,
    )


def sort_columns(model: Model, order: Order) -> tuple[str, ...]:
    """Return what the sort keys are called in a record."""
    return tuple(f"c_{key}" for key in sql.sort_keys(model, order))


def _row(model: Model, columns: Columns, record: Any) -> Any:
    """Make a record an instance of its Strawberry type, holding what was asked for alone."""
    row: Any = object.__new__(model.type)
    values = row.__dict__
    for name in columns.fields:
        values[name] = _shown(model, name, record[f"f_{name}"])
    for name in columns.columns:
        values[f"c_{name}"] = record[f"c_{name}"]
    if columns.watched:
        values["whose"], values["where"] = record["whose"], record["where"]
    return row


def _shown(model: Model, name: str, value: Any) -> Any:
    if value is None:
        return None
    declared = model.fields[name]
    assert isinstance(declared, Leaf)
    if value == ERASED and (declared.personal or declared.confided):
        return None
    if isinstance(value, str) and model.table.columns[model.column_of(name)].type == "jsonb":
        value = _json.decode(value)
    return value if declared.convert is None else declared.convert(value)
