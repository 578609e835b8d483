"""The query that finds people and places by what somebody typed."""

from hashlib import sha256
from typing import Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.connection import MOST, Connection, Edge, PageInfo, TotalCount
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.errors import FirstOutOfRange
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.paging import After, First
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.scalars import Cursor
from services.gateway.graphql.types.search import KINDS, SearchHit, SearchKind, hits_of
from services.gateway.read import finding
from services.gateway.read.finding import Sought
from services.gateway.read.sql import COUNTED
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase

LONGEST = 200
"""Signs of a text that is searched for."""

MOST_TERMS = 6
"""Words of it."""

FEWEST_LETTERS = 2


async def _search(
    info: Info[Any, Any],
    text: Annotated[
        str,
        strawberry.argument(
            description="Part of a name, in any order and spelling; initials; a number, a code, a "
            "phone or an identifier, spaces or not. The last words may be of where somebody works."
        ),
    ],
    first: First,
    kinds: Annotated[
        list[SearchKind] | None,
        strawberry.argument(description="What to search for; both if left out."),
    ] = None,
    org_unit_id: Annotated[
        ID | None, strawberry.argument(description="At this unit, or at one below it.")
    ] = None,
    after: After = None,
    after_positions: Positions = None,
) -> Any:
    context = context_of(info)
    await context.reach(after_positions)
    if not 1 <= first <= MOST:
        raise FirstOutOfRange("first", first=first, most=MOST)
    sought = Sought(
        text=_searchable(text),
        kinds=frozenset(KINDS[kind] for kind in (kinds or SearchKind)),
        under=None if org_unit_id is None else uuid_of(org_unit_id, "OrgUnit", "orgUnitId"),
    )
    keyset, purpose = context.parts.keyset, _purpose(sought, context.reader.scopes)
    beyond = None
    if after is not None:
        beyond = tuple(keyset.values(purpose, after, ("integer", "text", "uuid")))
    statement, binds = finding.page(sought, beyond, first + 1, context.reader.scopes)
    rows = await context.parts.database.fetch(statement, *binds)
    hits = await hits_of(context, info, rows[:first])
    edges = [
        Edge(
            node=hit,
            cursor=Cursor(keyset.cursor(purpose, (row["score"], row["kind"], row["id"]))),
        )
        for row, hit in zip(rows, hits, strict=False)
        if hit is not None
    ]

    async def total() -> TotalCount:
        statement, binds = finding.total(sought, context.reader.scopes)
        (counted,) = await context.parts.database.fetch(statement, *binds)
        value = counted["total"]
        return TotalCount(value=min(value, COUNTED), is_exact=value <= COUNTED)

    return Connection(
        nodes=[edge.node for edge in edges],
        edges=edges,
        page_info=PageInfo(
            has_next_page=len(rows) > first,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total=total,
    )


def _searchable(text: str) -> str:
    sought = Sought(text=text, kinds=frozenset())
    if len(text) > LONGEST or len(sought.terms) > MOST_TERMS:
        raise Malformed(
            "text",
            problem=Phrase("give no more than {most} words", most=MOST_TERMS),
            expected="search",
        )
    if sum(len(term.word) for term in sought.terms) < FEWEST_LETTERS:
        raise Malformed(
            "text",
            problem=Phrase("give at least {fewest} letters or digits", fewest=FEWEST_LETTERS),
            expected="search",
        )
    return text


def _purpose(sought: Sought, scopes: Any) -> str:
    """Return what a cursor is good for: this search, in the scope it was seen in."""
    names = "/".join(scope.name for scope in scopes.values())
    asked = f"{sought.text}\0{sorted(sought.kinds)}\0{sought.under}"
    return f"search/{sha256(asked.encode()).hexdigest()}/{names}"


@strawberry.type
class SearchQueries:
    """What can be searched for."""

    search: Connection[SearchHit] = strawberry.field(
        resolver=_search,
        metadata=weighing(20),
        description="People and places in your scope, by what they are or were called and known "
        "by, best first. Whom you may not read by name is found by public number alone.",
    )
