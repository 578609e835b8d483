"""Subscriptions: what changes, as it changes, to whoever may see it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.context import Context, context_of
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.reading import Positions
from services.gateway.graphql.scalars import Position
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.read.declare import models
from services.gateway.read.sql import Columns
from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.phrases import Phrase
from shared.positions import partition_of, position_token
from shared.runtime.metrics import subscriptions

_SERVICES = ("registry", "validation")
"""Whose events change a mentee's row."""

_MARKS = Columns(
    fields=(), columns=("health_worker_id", "registry_position", "validation_position")
)


@strawberry.type(description="A mentee's progress, as it stood when something had changed.")
class MenteeProgress:
    """One message."""

    mentee: Mentee = strawberry.field(description="The mentee.")
    positions: list[Position] = strawberry.field(
        description="Where this stands: give it as `after` to go on from here after a break."
    )


async def _follow(
    context: Context, id: UUID, columns: Columns, known: set[str]
) -> AsyncGenerator[MenteeProgress, None]:
    model = models["Mentee"]
    needed = Columns(columns.fields, tuple(dict.fromkeys((*columns.columns, *_MARKS.columns))))
    told = set(known)
    partition = partition_of(await _person(context, id))
    while True:
        # Looked up before the row is read: what is applied in between ends the wait at once.
        applied = {s: context.parts.waiter.position(s, partition) for s in _SERVICES}
        row = await context.renew().one(model, needed, id)
        if row is None:
            raise NotFound("id", kind="Mentee", id=id)
        tokens = _tokens(row, partition)
        if not set(tokens) <= told:
            told = set(tokens)
            yield MenteeProgress(mentee=row, positions=tokens)
        await _change(context, partition, applied)


async def _person(context: Context, id: UUID) -> UUID:
    row = await context.reader.one(models["Mentee"], _MARKS, id)
    if row is None:
        raise NotFound("id", kind="Mentee", id=id)
    person: UUID = row.c_health_worker_id
    return person


async def _change(context: Context, partition: int, applied: dict[str, int]) -> None:
    """Wait until anything of the partition was applied, by any service.

    Raises:
        Unauthenticated: the token expired before that.
    """
    left = (context.principal.expires - datetime.now(UTC)).total_seconds()
    waits = [
        asyncio.ensure_future(context.parts.waiter.wait_change(service, partition, position))
        for service, position in applied.items()
    ]
    try:
        done, _ = await asyncio.wait(
            waits, timeout=max(left, 0), return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for wait in waits:
            wait.cancel()
    if not done:
        raise Unauthenticated(problem=Phrase("it has expired"))


def _tokens(row: Any, partition: int) -> list[Position]:
    marks = (
        ("registry", row.c_registry_position),
        ("validation", row.c_validation_position),
    )
    return [
        Position(position_token(service, partition, position))
        for service, position in marks
        if position is not None
    ]


async def _mentee_progress(
    info: Info[Any, Any],
    id: Annotated[ID, strawberry.argument(description="The mentee's id.")],
    after: Positions = None,
) -> AsyncGenerator[MenteeProgress, None]:
    context = context_of(info)
    uuid = uuid_of(id, "Mentee", "id")
    columns = columns_for(info, models["Mentee"], ("mentee",))
    await context.reach(after)
    with subscriptions.track_inprogress():
        async for message in _follow(context, uuid, columns, set(after or ())):
            yield message


@strawberry.type(description="What can be followed.")
class Subscription:
    """The root of all subscriptions."""

    mentee_progress = strawberry.subscription(
        resolver=_mentee_progress,
        description="A mentee's progress: at once as it stands, unless `after` says that it is "
        "known, and again whenever it changed. Ends when the token expires.",
    )
