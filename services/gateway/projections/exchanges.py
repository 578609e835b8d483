"""Offers and requests within a mentorship, and who took them up."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, RECORD, TEXT, maybe, record
from services.gateway.projections.taken_back import VOIDED, taken_back
from shared.contracts.sessions.exchange import (
    ExchangePosted,
    ExchangeReinstated,
    ExchangeTakenUp,
    ExchangeWithdrawn,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

EXCHANGE = Table(
    name="exchange",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "health_worker_id": ID,
        "recorded_by": TEXT,
        "programme": TEXT,
        "org_unit_id": ID,
        "exchange_kind": TEXT,
        "text": TEXT,
        "posted_on": DATE,
        "taken_up_by": maybe(ID),
        "taken_up_on": maybe(DATE),
        **VOIDED,
        **RECORD,
    },
    indexes=(
        ("posted_on", "id"),
        ("mentorship_id", "posted_on", "id"),
        ("programme", "posted_on", "id"),
        ("org_unit_id", "posted_on", "id"),
        ("exchange_kind", "posted_on", "id"),
        ("taken_up_on",),
        ("voided_on",),
    ),
)

EXCHANGES = Projection("exchanges", EXCHANGE)

taken_back(EXCHANGES, EXCHANGE, ExchangeWithdrawn, ExchangeReinstated)


@EXCHANGES.on(ExchangePosted)
def posted(event: ExchangePosted, happening: Happening) -> Iterator[Change]:
    """Show what is offered or asked for."""
    yield Upsert(
        EXCHANGE,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "health_worker_id": event.health_worker_id,
            "recorded_by": happening.meta.actor,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "exchange_kind": event.exchange_kind.value,
            "text": event.text,
            "posted_on": event.posted_on,
            **record(happening),
        },
    )


@EXCHANGES.on(ExchangeTakenUp)
def taken_up(event: ExchangeTakenUp, happening: Happening) -> Iterator[Change]:
    """Show who took it up."""
    yield Patch(
        EXCHANGE,
        (happening.stream,),
        {
            "taken_up_by": event.health_worker_id,
            "taken_up_on": event.taken_up_on,
            **record(happening),
        },
    )
