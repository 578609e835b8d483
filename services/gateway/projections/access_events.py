"""Who looked, as it is read: each person, or unit, that an operation showed, with the operation.

Folded of the ledger `access`, in a group of its own (`group`).
"""

from collections.abc import Iterator
from uuid import UUID

from services.gateway.projections.columns import BOOLEAN, ID, IDS, INSTANT, TEXT, TEXTS, maybe
from shared.contracts.access.operation import AccessEventsMissed, PersonalDataShown
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

_AT = ("at", "event_id", "about_id")

ACCESS_EVENT = Table(
    name="access_event",
    version=1,
    key=("event_id",),
    columns={
        "event_id": ID,
        "operation_id": ID,
        "recorded": INSTANT,
        "position": Column(type="bigint"),
        "kinds": TEXTS,
        "own": BOOLEAN,
        "operator": BOOLEAN,
        "grants": IDS,
        "broken_glass": IDS,
        "name": maybe(TEXT),
        "asked": TEXTS,
        "fields": TEXTS,
        "trace_id": TEXT,
        "missed": Column(type="integer", nullable=True),
        "missed_since": maybe(INSTANT),
    },
)
"""An access event, but for whom it showed."""

ACCESS_SHOWN = Table(
    name="access_shown",
    version=1,
    key=("event_id", "about_id"),
    columns={
        "event_id": ID,
        "about_id": ID,
        "health_worker_id": maybe(ID),
        "org_unit_id": maybe(ID),
        "at": INSTANT,
        "actor": TEXT,
        "purpose": maybe(TEXT),
        "glass": BOOLEAN,
    },
    indexes=(
        _AT,
        ("health_worker_id", *_AT),
        ("actor", *_AT),
        ("purpose", *_AT),
        ("glass", *_AT),
    ),
)
"""Whom it showed, with what it is found by. `about_id` is the person's or the unit's or, where it
was about neither, the event's own."""

ACCESS_SHOWN_TO = Projection("access_events", ACCESS_EVENT, ACCESS_SHOWN)


@ACCESS_SHOWN_TO.on(PersonalDataShown)
def shown(event: PersonalDataShown, happening: Happening) -> Iterator[Change]:
    """Show what was shown, of each person and unit."""
    yield Upsert(
        ACCESS_EVENT,
        (happening.id,),
        {
            "operation_id": event.operation_id,
            "recorded": happening.recorded,
            "position": happening.position,
            "kinds": [kind.value for kind in event.kinds],
            "own": event.own,
            "operator": event.operator,
            "grants": list(event.grants),
            "broken_glass": list(event.broken_glass),
            "name": event.name,
            "asked": list(event.asked),
            "fields": list(event.fields),
            "trace_id": event.trace_id,
        },
    )
    found = {
        "at": event.at,
        "actor": happening.meta.actor,
        "purpose": event.purpose and event.purpose.value,
        "glass": bool(event.broken_glass),
    }
    for person in event.people:
        yield _of(happening.id, person, {**found, "health_worker_id": person})
    for unit in event.units:
        yield _of(happening.id, unit, {**found, "org_unit_id": unit})
    if not (event.people or event.units):
        yield _of(happening.id, happening.id, found)


@ACCESS_SHOWN_TO.on(AccessEventsMissed)
def events_missed(event: AccessEventsMissed, happening: Happening) -> Iterator[Change]:
    """Show that some are missing here."""
    yield Upsert(
        ACCESS_EVENT,
        (happening.id,),
        {
            "operation_id": happening.id,
            "recorded": happening.recorded,
            "position": happening.position,
            "kinds": [],
            "own": False,
            "operator": False,
            "grants": [],
            "broken_glass": [],
            "asked": [],
            "fields": [],
            "trace_id": "",
            "missed": event.count,
            "missed_since": event.since,
        },
    )
    found = {"at": event.until, "actor": happening.meta.actor, "glass": False}
    yield _of(happening.id, happening.id, found)


def _of(event_id: UUID, about: UUID, values: dict[str, object]) -> Change:
    return Upsert(ACCESS_SHOWN, (event_id, about), values)
