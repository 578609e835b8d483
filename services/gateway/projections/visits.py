"""Visits: the days on which mentors were at a unit; sessions name the visit they were held in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.gateway.projections.columns import DATE, ID, INTEGER, RECORD, TEXT, record
from shared.contracts.sessions.visit import VisitCorrected, VisitMade
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

VISIT = Table(
    name="visit",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "starts": DATE,
        "ends": DATE,
        "days": INTEGER,
        **RECORD,
    },
    indexes=(
        ("starts", "id"),
        ("programme", "starts", "id"),
        ("org_unit_id", "starts", "id"),
    ),
)

VISITS = Projection("visits", VISIT)


@VISITS.on(VisitMade)
def made(event: VisitMade, happening: Happening) -> Iterator[Change]:
    """Show a visit."""
    yield Upsert(
        VISIT,
        (happening.stream,),
        {
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            **_days(event.starts, event.ends),
            **record(happening),
        },
    )


@VISITS.on(VisitCorrected)
def corrected(event: VisitCorrected, happening: Happening) -> Iterator[Change]:
    """Show its days as they were."""
    columns = {**_days(event.starts, event.ends), **record(happening)}
    yield Patch(VISIT, (happening.stream,), columns)


def _days(starts: date, ends: date) -> dict[str, Any]:
    return {"starts": starts, "ends": ends, "days": (ends - starts).days + 1}
