"""`asOf`: one thing, and what stands with it, as of a moment.

    mentee(id: …, asOf: {knownAt: "2021-09-30T23:59:59+02:00"}) { status competencies { … } }

The answer is of the same types, and says under `extensions.asOf` which moment it is of. What a
record's own history does not tell is refused by its name, before anything is read.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.extensions import SchemaExtension
from strawberry.types import Info

from services.gateway.asof.cut import Cut, NotThereYet
from services.gateway.asof.known import must_be_known
from services.gateway.asof.ledgers import Ledgers
from services.gateway.asof.past import Past
from services.gateway.graphql.context import (
    Context,
    begin_moments,
    context_of,
    moments_here,
    root_key,
)
from services.gateway.graphql.ids import uuid_of
from services.gateway.graphql.scalars import Position
from services.gateway.graphql.selection import columns_for
from services.gateway.read.declare import Model, models
from services.gateway.read.joined import Joined
from services.gateway.read.sql import Columns
from shared.domain.errors import Unavailable


@strawberry.input(
    one_of=True,
    description="A moment: what was known then, or what had happened by then. One of them.",
)
class AsOfInput:
    """Which moment."""

    known_at: datetime | None = strawberry.field(
        default=UNSET,
        description="What had been recorded by that instant, whenever it happened; with its zone.",
    )
    happened_by: date | None = strawberry.field(
        default=UNSET,
        description="What had happened by the end of that day, by all that is known today: what "
        "was recorded late counts, and what was corrected or voided since counts as it is known "
        "now.",
    )
    positions: list[Position] | None = strawberry.field(
        default=UNSET,
        description="What the ledgers held up to these positions, as answered; a ledger that none "
        "is of, up to the instant at which the latest of them was recorded.",
    )


AsOf = Annotated[
    AsOfInput | None,
    strawberry.argument(
        description="As of which moment; now, if left out. Who may see it is a matter of today."
    ),
]


_TRAILS = {
    "HealthWorker": "health_worker_id",
    "Mentee": "mentee_id",
    "Mentorship": "",
}
"""By what lists stand behind what can be asked for, if its people's trails are to be looked
through; the sessions of a mentorship are looked for when they are read."""


async def row_as_of(info: Info[Any, Any], kind: str, id: str, asked: AsOfInput) -> Any:
    """Return the row of a global id as of a moment, or None if there is none to be seen.

    Raises:
        WrongIdKind: it is the id of another kind of thing.
        NotKnownAsOf: something below cannot be told of the past.
        NotThereYet: it was not there yet; said to who may see what there is now.
        MshauriError: the moment is none that can be asked for: see `Ledgers`.
    """
    context, model = context_of(info), models[kind]
    uuid = uuid_of(id, kind, "id")
    asked_of = must_be_known(info._raw_info)
    ledgers = context.parts.ledgers
    if ledgers is None:
        raise Unavailable(part="the ledgers")
    cut = await _cut(context, ledgers, asked)
    # Up to a position the trail is read as it stands; by a day, what counts of it is worked out.
    kinds = None if asked_of.trail and cut.day is not None else asked_of.kinds
    reader = context.stand_at(root_key(info), cut, ledgers, kinds).reader
    if _TRAILS[kind] in asked_of.lists:
        await reader.hold_trails(_TRAILS[kind], [uuid])
    row = await reader.one(model, columns_for(info, model), uuid)
    if row is None and not _was_there(reader.past, model, uuid):
        seen_today = await context.reader.one(model, Columns((), ("id",)), uuid)
        if seen_today is not None:
            raise NotThereYet("asOf", asked=cut.asked, kind=kind)
    return row


def _was_there(past: Past, model: Model, id: UUID) -> bool:
    assert not isinstance(model.table, Joined)
    row = past.rows(model.table).get((id,))
    return row is not None and (model.exists is None or row[model.exists] is not None)


async def _cut(context: Context, ledgers: Ledgers, asked: AsOfInput) -> Cut:
    applied, patience = context.parts.waiter, context.parts.patience
    if isinstance(asked.known_at, datetime):
        return await ledgers.known_at(asked.known_at, applied, patience)
    if isinstance(asked.happened_by, date):
        return await ledgers.happened_by(asked.happened_by, applied, patience)
    return await ledgers.at_positions(list(asked.positions or ()), applied, patience)


class AsOfTold(SchemaExtension):
    """Says of an answer which parts of it are of which moment."""

    def on_operation(self) -> Iterator[None]:
        """Nothing is asked of the past yet, whatever another operation on the socket asked."""
        begin_moments()
        yield

    def get_results(self) -> dict[str, Any]:
        """Report them beside the answer."""
        moments = moments_here()
        if not moments:
            return {}
        return {"asOf": [{"path": [key], **one.cut.told()} for key, one in moments.items()]}
