"""Screenings of the register: how far each has come."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, INTEGER, RECORD, TEXT, maybe, record
from shared.contracts.registry.screening import ScreeningAdvanced, ScreeningBegun, ScreeningEnded
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

SCREENING = Table(
    name="screening",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "org_unit_id": maybe(ID),
        "state": TEXT,
        "since": DATE,
        "ended_on": maybe(DATE),
        "done": INTEGER,
        "looked": INTEGER,
        "found": INTEGER,
        **RECORD,
    },
    indexes=(("since", "id"), ("state", "since", "id")),
)
"""`state` is RUNNING, THROUGH or STOPPED; `done` is in thousandths of the register."""

SCREENINGS = Projection("screenings", SCREENING)


@SCREENINGS.on(ScreeningBegun)
def begun(event: ScreeningBegun, happening: Happening) -> Iterator[Change]:
    """Show that it runs."""
    yield Upsert(
        SCREENING,
        (happening.stream,),
        {
            "org_unit_id": event.org_unit_id,
            "state": "RUNNING",
            "since": event.since,
            "done": 0,
            "looked": 0,
            "found": 0,
            **record(happening),
        },
    )


@SCREENINGS.on(ScreeningAdvanced)
def advanced(event: ScreeningAdvanced, happening: Happening) -> Iterator[Change]:
    """Show how far it is."""
    yield Patch(
        SCREENING,
        (happening.stream,),
        {
            "done": event.done,
            "looked": event.looked,
            "found": event.found,
            **record(happening),
        },
    )


@SCREENINGS.on(ScreeningEnded)
def ended(event: ScreeningEnded, happening: Happening) -> Iterator[Change]:
    """Show that it is through, or was stopped."""
    yield Patch(
        SCREENING,
        (happening.stream,),
        {
            "state": "STOPPED" if event.stopped else "THROUGH",
            "ended_on": event.ended_on,
            **record(happening),
        },
    )
