"""The audit trail: every event of any service, and whom it names.

It holds what happened and its circumstances, never what tells who somebody is: a personal field is
left out whole. Why it was done is personal too, and stands in a column of its own: once a key is
destroyed, the trail is made anew. Of what is private between two, it is left out.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from services.gateway.projections.columns import (
    DATE,
    ID,
    INSTANT,
    INTEGER,
    JSON,
    POSITION,
    TEXT,
    maybe,
)
from services.gateway.projections.people import people_named
from shared.contracts.base import Event, personal_fields
from shared.projection import Change, Happening, Projection, Table, Upsert

AUDIT_EVENT = Table(
    name="audit_event",
    version=2,
    key=("event_id",),
    columns={
        "event_id": ID,
        "service": TEXT,
        "epoch": INTEGER,
        "position": POSITION,
        "stream": ID,
        "kind": TEXT,
        "version": INTEGER,
        "topic": TEXT,
        "occurred_on": DATE,
        "recorded": INSTANT,
        "actor": TEXT,
        "on_behalf_of": maybe(TEXT),
        "org_unit_id": maybe(ID),
        "programme_version_id": maybe(ID),
        "command_id": ID,
        "correlation_id": ID,
        "causation_id": ID,
        "device": maybe(TEXT),
        "reason": maybe(TEXT),
        "details": JSON,
    },
    indexes=(
        ("recorded", "service", "position"),
        ("actor", "recorded", "service", "position"),
        ("stream", "recorded", "service", "position"),
        ("topic", "recorded", "service", "position"),
        ("org_unit_id", "recorded", "service", "position"),
        ("correlation_id",),
        ("causation_id",),
    ),
)
"""Every event, once. Positions count in one service each: the order of all is (recorded, service,
position). `version` is the event's place in its `stream`, a record of that `kind`; `details` is the
event's content by its wire names, without the personal fields and without what was left empty."""

AUDIT_TRAIL = Table(
    name="audit_trail",
    version=3,
    key=("health_worker_id", "event_id"),
    columns={
        "health_worker_id": ID,
        "event_id": ID,
        "recorded": INSTANT,
        "service": TEXT,
        "position": POSITION,
    },
    indexes=(("health_worker_id", "recorded", "service", "position"),),
)
"""Whom each event names, with what their trail is ordered by."""

PERSON_RECORD = Table(
    name="person_record",
    version=1,
    key=("health_worker_id", "stream"),
    columns={"health_worker_id": ID, "stream": ID, "kind": TEXT},
)
"""The records that a person is named in: what happens to one of them, and names nobody, belongs to
the history of each. What is about a place, a group or all people is left out: `_OF_MANY`."""

NAMING_NOBODY = Table(
    name="naming_nobody",
    version=1,
    key=("stream", "event_id"),
    columns={
        "stream": ID,
        "event_id": ID,
        "recorded": INSTANT,
        "service": TEXT,
        "position": POSITION,
        "occurred_on": DATE,
    },
)
"""The events that name nobody, by the record they happened to: a mentorship concluded, a
certificate issued."""

_OF_MANY = frozenset({"group", "screening", "cohort", "org_unit", "reform", "target", "code_list"})

AUDIT = Projection("audit", AUDIT_EVENT, AUDIT_TRAIL, PERSON_RECORD, NAMING_NOBODY)


@AUDIT.on()
def recorded(event: Event, happening: Happening) -> Iterator[Change]:
    """Keep the event, and add it to the trail of everybody it names; of nobody, to its record."""
    meta = happening.meta
    yield Upsert(
        AUDIT_EVENT,
        (happening.id,),
        {
            "service": happening.service,
            "epoch": happening.epoch,
            "position": happening.position,
            "stream": happening.stream,
            "kind": happening.kind,
            "version": happening.version,
            "topic": event.topic,
            "occurred_on": meta.occurred_on,
            "recorded": happening.recorded,
            "actor": meta.actor,
            "on_behalf_of": meta.on_behalf_of,
            "org_unit_id": meta.org_unit_id,
            "programme_version_id": meta.programme_version_id,
            "command_id": happening.command_id,
            "correlation_id": meta.correlation_id,
            "causation_id": meta.causation_id,
            "device": meta.device,
            "reason": None if getattr(event, "private", False) else meta.reason,
            "details": _details(event),
        },
    )
    place = {
        "recorded": happening.recorded,
        "service": happening.service,
        "position": happening.position,
    }
    people = people_named(event)
    for person in people:
        yield Upsert(AUDIT_TRAIL, (person, happening.id), place)
    if happening.kind in _OF_MANY:
        return
    for person in people:
        yield Upsert(PERSON_RECORD, (person, happening.stream), {"kind": happening.kind})
    if not people:
        happened = {**place, "occurred_on": meta.occurred_on}
        yield Upsert(NAMING_NOBODY, (happening.stream, happening.id), happened)


def _details(event: Event) -> dict[str, Any]:
    return {
        wire: value
        for name, wire in _impersonal(type(event))
        if (value := getattr(event, name)) is not None
    }


@cache
def _impersonal(event: type[Event]) -> tuple[tuple[str, str], ...]:
    """Return the fields that may be shown to whoever sees the trail, with their wire names."""
    personal = frozenset(personal_fields(event))
    names = zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True)
    return tuple((name, wire) for name, wire in names if name not in personal)
