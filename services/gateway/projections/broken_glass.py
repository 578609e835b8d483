"""Grants that were taken in an emergency: by whom, over what, why, and what others found of it."""

from collections.abc import Iterator

from services.gateway.projections.columns import ID, INSTANT, RECORD, TEXT, maybe, record
from shared.contracts.registry.access_grant import AccessGlassBroken, AccessGlassReviewed
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

BROKEN_GLASS = Table(
    name="broken_glass",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "taken_by": TEXT,
        "taken_at": INSTANT,
        "ends": INSTANT,
        "org_unit_id": ID,
        "over_person_id": maybe(ID),
        "reason": maybe(TEXT),
        "outcome": maybe(TEXT),
        "reviewed_by": maybe(TEXT),
        "reviewed_at": maybe(INSTANT),
        "found": maybe(TEXT),
        **RECORD,
    },
    indexes=(("taken_at", "id"), ("org_unit_id", "taken_at", "id"), ("over_person_id", "id")),
)
"""`id` is the grant's. `outcome` is empty until somebody else has looked into it; `found` is what
they say of it."""

GLASS = Projection("broken_glass", BROKEN_GLASS)


@GLASS.on(AccessGlassBroken)
def broken(event: AccessGlassBroken, happening: Happening) -> Iterator[Change]:
    """Show it to whoever answers for the unit, and to the person."""
    yield Upsert(
        BROKEN_GLASS,
        (happening.stream,),
        {
            "taken_by": event.subject_name,
            "taken_at": happening.recorded,
            "ends": event.ends,
            "org_unit_id": event.org_unit_id,
            "over_person_id": event.health_worker_id,
            "reason": happening.meta.reason,
            **record(happening),
        },
    )


@GLASS.on(AccessGlassReviewed)
def reviewed(event: AccessGlassReviewed, happening: Happening) -> Iterator[Change]:
    """Show what was found of it; what is said last stands."""
    yield Patch(
        BROKEN_GLASS,
        (happening.stream,),
        {
            "outcome": event.outcome.value,
            "reviewed_by": event.reviewed_by,
            "reviewed_at": happening.recorded,
            "found": happening.meta.reason,
            **record(happening),
        },
    )
