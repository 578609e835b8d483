"""How lists are written into an answer: no longer than their limit, in slices, and said when cut.

Every list of every kind passes here: rows, figures, what a resolver of its own returns. A long one
is made into objects a slice at a time, and between two slices the event loop goes round.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from graphql import GraphQLOutputType, is_leaf_type
from graphql.pyutils import Path
from graphql.type import GraphQLResolveInfo, get_named_type
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from services.gateway.crowd import clock
from services.gateway.read.lists import LISTED, Cut, cut_at
from services.gateway.turns import TURN_S

SHORT = 50
"""Rows that are made into objects in one go: some five milliseconds."""

SLICE = 10
"""Rows of a longer list between two looks at the clock; a type of the schema, which has many parts,
is looked at by itself.
"""

TOLD = 100
"""Lists of one answer that are told to be cut; where there are more, these stand for all."""

LIMIT = "mshauri.limit"
"""The key of a list's own limit in its Strawberry metadata, where it is not `LISTED`."""

_cut: ContextVar[list[dict[str, Any]] | None] = ContextVar("cut", default=None)


def at_most(rows: int) -> dict[str, int]:
    """Return the metadata of a list that may be so long."""
    return {LIMIT: rows}


class Listing(StrawberryGraphQLCoreExecutionContext):
    """Executes operations; lists within their limits."""

    def complete_iterable_value(
        self,
        item_type: GraphQLOutputType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> Any:
        """Complete a list as far as it may go."""
        rows = items if isinstance(items, list) else list(items)
        if not info.parent_type.name.startswith("__"):
            rows = cut_at(rows, _limit_of(info))
        if isinstance(rows, Cut):
            _tell(path, len(rows))
        if len(rows) <= SHORT or is_leaf_type(get_named_type(item_type)):
            return super().complete_iterable_value(
                item_type, field_details_list, info, path, rows, position_context
            )
        return self._in_slices(item_type, field_details_list, info, path, rows)

    async def _in_slices(
        self,
        item_type: GraphQLOutputType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        rows: list[Any],
    ) -> list[Any]:
        completed: list[Any] = []
        began = clock()
        step = 1 if info.parent_type.name.startswith("__") else SLICE
        for start in range(0, len(rows), step):
            place = _Slice(*path)
            place.start = start
            part = super().complete_iterable_value(
                item_type, field_details_list, info, place, rows[start : start + step], None
            )
            completed += part if isinstance(part, list) else await part
            if clock() - began >= TURN_S:
                await asyncio.sleep(0)
                began = clock()
        return completed


class _Slice(Path):
    """The path of a list, whose items are counted from somewhere in it."""

    start: int

    def add_key(self, key: str | int, typename: str | None = None) -> Path:
        assert isinstance(key, int)
        return Path(self, self.start + key, typename)


class Listed(SchemaExtension):
    """Says which lists of an answer were cut."""

    def on_operation(self) -> Iterator[None]:
        """Gather them from here on."""
        self._cut: list[dict[str, Any]] = []
        _cut.set(self._cut)
        yield

    def get_results(self) -> dict[str, Any]:
        """Report them beside the answer."""
        return {"cut": self._cut} if self._cut else {}


def _limit_of(info: GraphQLResolveInfo[Any]) -> int:
    field = info.parent_type.fields[info.field_name]
    declared = (field.extensions or {}).get("strawberry-definition")
    return int(getattr(declared, "metadata", {}).get(LIMIT, LISTED))


def _tell(path: Path, most: int) -> None:
    told = _cut.get()
    if told is not None and len(told) < TOLD:
        told.append({"path": path.as_list(), "limit": most})
