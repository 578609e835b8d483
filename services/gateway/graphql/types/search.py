"""Hits of a search: a person or a place, and what of them met the words."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import strawberry
from strawberry.types import Info

from services.gateway.graphql.context import Context
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import Node
from services.gateway.graphql.selection import columns_of, selected
from services.gateway.looked.looks import note
from services.gateway.read.declare import models
from services.gateway.read.finding import PERSON, PLACE
from shared.contracts.access.operation import AccessKind


@graphql_enum
class SearchKind(StrEnum):
    """What can be searched for."""

    HEALTH_WORKER = "HEALTH_WORKER"
    ORG_UNIT = "ORG_UNIT"


KINDS = {SearchKind.HEALTH_WORKER: PERSON, SearchKind.ORG_UNIT: PLACE}


@graphql_enum
class SearchGround(StrEnum):
    """What of a person or a place met the words that were searched for."""

    NAME = "NAME"
    EARLIER_NAME = "EARLIER_NAME"
    NAME_AND_PLACE = "NAME_AND_PLACE"
    NUMBER = "NUMBER"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    IDENTIFIER = "IDENTIFIER"
    LICENCE = "LICENCE"
    FORMER_NAME = "FORMER_NAME"
    CODE = "CODE"


BY_WHO_THEY_ARE = frozenset(SearchGround) - {
    SearchGround.NUMBER,
    SearchGround.CODE,
    SearchGround.FORMER_NAME,  # of a place
}
"""Grounds that tell who somebody is: whoever is found by one is shown by it."""


@strawberry.type(description="A person or a place that was found, and why.")
class SearchHit:
    """One hit."""

    found: Node = strawberry.field(
        description="The HealthWorker or the OrgUnit. Of records that are of one person, the one "
        "that stands for them; of a unit that was split up or merged, each of its successors."
    )
    why: SearchGround = strawberry.field(description="What of it met the words.")
    matched: str = strawberry.field(
        description="What met them, as it was recorded: a name, an earlier one, a number."
    )
    through: Node | None = strawberry.field(
        description="The record that was merged, or the unit that is no more, whose name or "
        "number it was; null where it is that of what was found."
    )
    score: int = strawberry.field(description="How well it met them, out of 100.")


async def hits_of(
    context: Context, info: Info[Any, Any], rows: list[Any]
) -> list[SearchHit | None]:
    """Return rows of a search with the things that they lead to, as their reader may see them; None
    for what is to be seen no more since it was found.
    """
    shown: dict[tuple[str, Any], Any] = {}
    for step, column in (("found", "id"), ("through", "through")):
        names = selected(info, ("nodes", step), ("edges", "node", step))
        for kind in (PERSON, PLACE):
            ids = [row[column] for row in rows if row["kind"] == kind and row[column]]
            columns = columns_of(models[kind], names)
            found = await context.reader.all(models[kind], columns, ids)
            shown |= {(step, id): one for id, one in zip(ids, found, strict=True)}
    note_found(row for row in rows if shown["found", row["id"]] is not None)
    return [
        SearchHit(
            found=shown["found", row["id"]],
            why=SearchGround(row["why"]),
            matched=row["matched"],
            through=shown.get(("through", row["through"])),
            score=row["score"],
        )
        if shown["found", row["id"]] is not None
        else None
        for row in rows
    ]


def note_found(rows: Iterable[Any]) -> None:
    """Note whom a search shows by what is personal of them."""
    people = [
        row["id"]
        for row in rows
        if row["kind"] == PERSON and SearchGround(row["why"]) in BY_WHO_THEY_ARE
    ]
    if people:
        note(AccessKind.PERSONAL, people=people, fields=("SearchHit.matched",))
