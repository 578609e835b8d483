"""Read types over rows of the past, by the statements that every query is made of.

A statement names a table of the past as `then_…`, and brings its rows with it, as one JSON document
a table: so the projector sends rows, too. What says who may see a row (in which unit it lies, whose
mentorship it is) is asked of the tables of today, which keep their names.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache
from typing import Any

import msgspec

from services.gateway.asof.past import Past
from services.gateway.asof.rows import Row
from services.gateway.projections import TABLES
from services.gateway.read.declare import Model, models
from services.gateway.read.history import History
from services.gateway.read.joined import Joined
from services.gateway.read.loader import Database
from shared.projection import Table
from shared.projection.column_types import COLUMN_TYPES

_THEN = "then_"
_NAMED_THEN = re.compile(rf'"({_THEN}\w+)"')
_json = msgspec.json.Encoder()


class ThenModel(Model):
    """A read type whose rows, and those it is seen through, are of the past."""

    def behind(self, name: str) -> Model:
        """See `Model.behind`."""
        return then(name)


@cache
def then(name: str) -> ThenModel:
    """Return a read type over the past."""
    model = models[name]
    given = {each.name: getattr(model, each.name) for each in fields(model)}
    return ThenModel(**{**given, "table": _table_then(model.table)})


def _table_then(table: Table | Joined) -> Any:
    if isinstance(table, History):
        return replace(table, rows=_table_then(table.rows), rest=_table_then(table.rest), of=_THEN)
    if isinstance(table, Joined):
        return replace(table, rows=_table_then(table.rows), rest=_table_then(table.rest))
    renamed = replace(table)
    object.__setattr__(renamed, "physical", _THEN + table.physical)
    return renamed


_TABLES = {_THEN + table.physical: table for table in TABLES.values()}


class PastTables:
    """A `Database` whose statements find tables of the past."""

    def __init__(self, database: Database, past: Past) -> None:
        """Take the database that runs them, and the past that they are about."""
        self._database = database
        self._past = past

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Run a statement and return its rows."""
        binds, with_them = list(args), []
        for name in dict.fromkeys(_NAMED_THEN.findall(query)):
            table = _TABLES[name]
            binds.append(_document(table, self._past.rows(table).values()))
            with_them.append(f'"{name}" AS MATERIALIZED ({_recordset(table, len(binds))})')
        if not with_them:
            return await self._database.fetch(query, *binds)
        return await self._database.fetch(f"WITH {', '.join(with_them)}\n{query}", *binds)


class OfThen:
    """A `Database` for statements that name the tables of today and mean those of the past."""

    def __init__(self, tables: PastTables) -> None:
        """Take the tables of the past."""
        self._tables = tables

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Run a statement and return its rows."""
        return await self._tables.fetch(_NAMED.sub(rf'"{_THEN}\1"', query), *args)


_NAMED = re.compile(rf'"({"|".join(table.physical for table in TABLES.values())})"')


def _recordset(table: Table, place: int) -> str:
    typed = ", ".join(
        f'"{name}" {COLUMN_TYPES[column.type].stored}' for name, column in table.columns.items()
    )
    return f"SELECT * FROM json_to_recordset(${place}::text::json) AS ({typed})"


def _document(table: Table, rows: Iterable[Row]) -> str:
    encoded = {
        name: encode
        for name, column in table.columns.items()
        if (encode := COLUMN_TYPES[column.type].encode) is not None
    }
    listed = list(rows)
    if encoded:
        listed = [
            row | {n: encode(row[n]) for n, encode in encoded.items() if row[n] is not None}
            for row in listed
        ]
    return _json.encode(listed).decode()
