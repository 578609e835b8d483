"""Mentors: one row for each health worker and area, from nomination to certification."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, INTEGER, RECORD, TEXT, maybe, record
from shared.contracts.registry.mentor import (
    MentorAssigned,
    MentorCertified,
    MentorNominated,
    MentorOriented,
)
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

MENTOR = Table(
    name="mentor",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "health_worker_id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "area": TEXT,
        "association": maybe(TEXT),
        "org_unit_id": ID,
        "status": TEXT,
        "theory": maybe(INTEGER),
        "practical": maybe(INTEGER),
        "nominated_on": DATE,
        "oriented_on": maybe(DATE),
        "certified_on": maybe(DATE),
        **RECORD,
    },
    indexes=(
        ("health_worker_id",),
        ("programme", "area", "nominated_on", "id"),
        ("programme", "status", "nominated_on", "id"),
        ("org_unit_id", "nominated_on", "id"),
        ("nominated_on", "id"),
    ),
)
"""`status` is NOMINATED, ORIENTED or CERTIFIED; `theory` and `practical` are out of 100."""

MENTORS = Projection("mentors", MENTOR)


@MENTORS.on(MentorNominated)
def nominated(event: MentorNominated, happening: Happening) -> Iterator[Change]:
    """Show a candidate mentor."""
    yield Upsert(
        MENTOR,
        (happening.stream,),
        {
            "health_worker_id": event.health_worker_id,
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "area": event.area,
            "association": event.association,
            "org_unit_id": event.org_unit_id,
            "status": "NOMINATED",
            "nominated_on": happening.meta.occurred_on,
            **record(happening),
        },
    )


@MENTORS.on(MentorOriented)
def oriented(event: MentorOriented, happening: Happening) -> Iterator[Change]:
    """Show what they scored at the orientation."""
    yield Patch(
        MENTOR,
        (happening.stream,),
        {
            "status": "ORIENTED",
            "theory": event.theory,
            "practical": event.practical,
            "oriented_on": happening.meta.occurred_on,
            **record(happening),
        },
    )


@MENTORS.on(MentorCertified)
def certified(event: MentorCertified, happening: Happening) -> Iterator[Change]:
    """Show that they may mentor."""
    yield Patch(
        MENTOR,
        (happening.stream,),
        {
            "status": "CERTIFIED",
            "certified_on": happening.meta.occurred_on,
            **record(happening),
        },
    )


@MENTORS.on(MentorAssigned)
def assigned(event: MentorAssigned, happening: Happening) -> Iterator[Change]:
    """Keep the record's version; the mentorship itself names its mentors."""
    yield Patch(MENTOR, (happening.stream,), record(happening))
