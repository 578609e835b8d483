"""Initiatives with their measures, and where each measure stood on which day."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.sessions.initiative import (
    InitiativeChosen,
    InitiativeEnded,
    InitiativeMeasureAdded,
    InitiativeMeasured,
    InitiativeNoted,
    Measure,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

VALUE = Column(type="numeric")

INITIATIVE = Table(
    name="initiative",
    version=2,
    key=("id",),
    columns={
        "id": ID,
        "mentorship_id": ID,
        "health_worker_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "title": TEXT,
        "root_causes": TEXTS,
        "chosen_on": DATE,
        "status": TEXT,
        "ended_on": maybe(DATE),
        "result": maybe(TEXT),
        "ending_reason": maybe(TEXT),
        **RECORD,
    },
    indexes=(
        ("chosen_on", "id"),
        ("mentorship_id", "chosen_on", "id"),
        ("programme", "chosen_on", "id"),
        ("org_unit_id", "chosen_on", "id"),
        ("health_worker_id", "chosen_on", "id"),
        ("status", "chosen_on", "id"),
    ),
)
"""`status` is OPEN, CLOSED or ABANDONED; `result` is personal."""

INITIATIVE_MEASURE = Table(
    name="initiative_measure",
    version=1,
    key=("initiative_id", "place"),
    columns={
        "initiative_id": ID,
        "place": INTEGER,
        "code": TEXT,
        "name": TEXT,
        "kind": TEXT,
        "unit": TEXT,
        "baseline": maybe(VALUE),
        "target": VALUE,
    },
)
"""What an initiative is measured by, at its place in the list that was chosen."""

INITIATIVE_VALUE = Table(
    name="initiative_value",
    version=1,
    key=("initiative_id", "number"),
    columns={
        "initiative_id": ID,
        "number": INTEGER,
        "measure": TEXT,
        "kind": TEXT,
        "value": VALUE,
        "target": VALUE,
        "measured_on": DATE,
    },
    indexes=(("initiative_id", "measured_on", "number"),),
)
"""Every measurement, by the record's version that it made."""

INITIATIVE_NOTE = Table(
    name="initiative_note",
    version=1,
    key=("initiative_id", "number"),
    columns={
        "initiative_id": ID,
        "number": INTEGER,
        "mentorship_id": ID,
        "programme": TEXT,
        "org_unit_id": ID,
        "note_kind": TEXT,
        "text": TEXT,
        "noted_on": DATE,
    },
    indexes=(("initiative_id", "noted_on", "number"),),
)
"""What happened on the way, by the record's version that it made; `text` is personal."""

INITIATIVES = Projection(
    "initiatives", INITIATIVE, INITIATIVE_MEASURE, INITIATIVE_VALUE, INITIATIVE_NOTE
)


@INITIATIVES.on(InitiativeChosen)
def chosen(event: InitiativeChosen, happening: Happening) -> Iterator[Change]:
    """Show an initiative and what it is measured by."""
    yield Upsert(
        INITIATIVE,
        (happening.stream,),
        {
            "mentorship_id": event.mentorship_id,
            "health_worker_id": event.health_worker_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "title": event.title,
            "root_causes": event.root_causes,
            "chosen_on": event.chosen_on,
            "status": "OPEN",
            **record(happening),
        },
    )
    for place, measure in enumerate(event.measures, 1):
        yield _measured_by(happening, place, measure)


@INITIATIVES.on(InitiativeMeasureAdded)
def measure_added(event: InitiativeMeasureAdded, happening: Happening) -> Iterator[Change]:
    """Show what it is measured by too."""
    yield _measured_by(happening, event.place, event.measure)
    yield Patch(INITIATIVE, (happening.stream,), record(happening))


def _measured_by(happening: Happening, place: int, measure: Measure) -> Change:
    return Upsert(
        INITIATIVE_MEASURE,
        (happening.stream, place),
        {
            "code": measure.code,
            "name": measure.name,
            "kind": measure.kind.value,
            "unit": measure.unit,
            "baseline": measure.baseline,
            "target": measure.target,
        },
    )


@INITIATIVES.on(InitiativeNoted)
def noted(event: InitiativeNoted, happening: Happening) -> Iterator[Change]:
    """Show what happened on the way."""
    yield Upsert(
        INITIATIVE_NOTE,
        (happening.stream, happening.version),
        {
            "mentorship_id": event.mentorship_id,
            "programme": event.programme,
            "org_unit_id": event.org_unit_id,
            "note_kind": event.note_kind.value,
            "text": event.text,
            "noted_on": event.noted_on,
        },
    )
    yield Patch(INITIATIVE, (happening.stream,), record(happening))


@INITIATIVES.on(InitiativeEnded)
def ended(event: InitiativeEnded, happening: Happening) -> Iterator[Change]:
    """Show how it ended."""
    yield Patch(
        INITIATIVE,
        (happening.stream,),
        {
            "status": event.ending.value,
            "ended_on": event.ended_on,
            "result": event.result,
            "ending_reason": happening.meta.reason,
            **record(happening),
        },
    )


@INITIATIVES.on(InitiativeMeasured)
def measured(event: InitiativeMeasured, happening: Happening) -> Iterator[Change]:
    """Keep where a measure stands."""
    yield Upsert(
        INITIATIVE_VALUE,
        (happening.stream, happening.version),
        {
            "measure": event.measure,
            "kind": event.kind.value,
            "value": event.value,
            "target": event.target,
            "measured_on": event.measured_on,
        },
    )
    yield Patch(INITIATIVE, (happening.stream,), record(happening))
