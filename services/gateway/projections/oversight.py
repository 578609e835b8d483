"""Supervision visits to units, and coordination meetings of those responsible for them."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    record,
)
from shared.contracts.sessions.oversight import CoordinationMeetingHeld, SupervisionVisitHeld
from shared.projection import Change, Happening, Projection, Table, Upsert

_INDEXES = (
    ("held_on", "id"),
    ("programme", "held_on", "id"),
    ("org_unit_id", "held_on", "id"),
)

SUPERVISION_VISIT = Table(
    name="supervision_visit",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "held_on": DATE,
        "joint": BOOLEAN,
        "supervisors": TEXTS,
        "findings": TEXTS,
        "recommendations": TEXTS,
        **RECORD,
    },
    indexes=(*_INDEXES, ("joint", "held_on", "id")),
)
"""`supervisors` are offices, not names."""

COORDINATION_MEETING = Table(
    name="coordination_meeting",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "programme_version_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "held_on": DATE,
        "participants": INTEGER,
        "decisions": TEXTS,
        **RECORD,
    },
    indexes=_INDEXES,
)

OVERSIGHT = Projection("oversight", SUPERVISION_VISIT, COORDINATION_MEETING)


@OVERSIGHT.on(SupervisionVisitHeld)
def visited(event: SupervisionVisitHeld, happening: Happening) -> Iterator[Change]:
    """Show what supervisors found, and what they recommend."""
    yield Upsert(
        SUPERVISION_VISIT,
        (happening.stream,),
        {
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "held_on": event.held_on,
            "joint": event.joint,
            "supervisors": event.supervisors,
            "findings": event.findings,
            "recommendations": event.recommendations,
            **record(happening),
        },
    )


@OVERSIGHT.on(CoordinationMeetingHeld)
def met(event: CoordinationMeetingHeld, happening: Happening) -> Iterator[Change]:
    """Show what was decided."""
    yield Upsert(
        COORDINATION_MEETING,
        (happening.stream,),
        {
            "programme_version_id": event.programme_version_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "held_on": event.held_on,
            "participants": event.participants,
            "decisions": event.decisions,
            **record(happening),
        },
    )
