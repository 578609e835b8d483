"""Org units as they are, and under whom each of them was since when."""

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from typing import Any
from uuid import UUID

from services.gateway.projections.ancestors import kept_beside
from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    IDS,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.registry.org_unit import (
    MOST_BEDS,
    Facility,
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitFacilityUpdated,
    OrgUnitMergedInto,
    OrgUnitPlacesTold,
    OrgUnitRenamed,
    OrgUnitReopened,
    OrgUnitReparented,
    OrgUnitSplitUp,
)
from shared.contracts.registry.org_unit_codes import OWN, OrgUnitCodesTold
from shared.contracts.registry.org_unit_facility import OrgUnitFacilityTold
from shared.domain.folding import folded_identifier, folded_text
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert

DEGREES = Column(type="double precision", nullable=True)

ORG_UNIT = Table(
    name="org_unit",
    version=4,
    key=("id",),
    columns={
        "id": ID,
        "code": TEXT,
        "name": TEXT,
        "name_folded": TEXT,
        "unit_kind": TEXT,
        "sees_patients": maybe(BOOLEAN),
        "parent_id": maybe(ID),
        "since": DATE,
        "state": TEXT,
        "ended_on": maybe(DATE),
        "into_id": maybe(ID),
        "predecessors": IDS,
        "successors": IDS,
        "facility_type": maybe(TEXT),
        "facility_level": maybe(TEXT),
        "facility_ownership": maybe(TEXT),
        "facility_latitude": DEGREES,
        "facility_longitude": DEGREES,
        "facility_beds": maybe(INTEGER),
        "facility_operational": maybe(BOOLEAN),
        "facility_services": maybe(TEXTS),
        **RECORD,
    },
    indexes=(
        ("code",),
        ("name_folded", "id"),
        ("parent_id", "name_folded", "id"),
        ("unit_kind", "name_folded", "id"),
    ),
)
"""`parent_id` is the parent now, and `since` the day the unit was established. `state` is ACTIVE,
SPLIT, MERGED or CLOSED; `into_id` is the unit that it became part of. By `name_folded`, without
case and accents, units are sorted and searched. `unit_kind` is a member of `OrgUnitKind` or a code
of the country's list; what `facility_…` says holds now, as `org_unit_facility` has it for any day,
and `code` is the unit's own now."""

ORG_UNIT_PARENT = Table(
    name="org_unit_parent",
    version=2,
    key=("org_unit_id", "since"),
    columns={"org_unit_id": ID, "since": DATE, "parent_id": maybe(ID)},
    indexes=(("parent_id", "since"),),
    beside=kept_beside("org_unit_parent_v2"),
)
"""Each parent a unit had, from that day until the day of its next row. Where a unit was on a day
is in the last row not after that day."""

ORG_UNIT_FACILITY = Table(
    name="org_unit_facility",
    version=1,
    key=("org_unit_id", "since"),
    columns={
        "org_unit_id": ID,
        "since": DATE,
        "type": maybe(TEXT),
        "level": maybe(TEXT),
        "ownership": maybe(TEXT),
        "latitude": DEGREES,
        "longitude": DEGREES,
        "beds": maybe(INTEGER),
        "operational": BOOLEAN,
        "services": TEXTS,
    },
)
"""What the master facility list said of a facility from that day until the day of its next row, as
a whole. What held on a day is in the last row not after that day; of a day before the first row,
nothing is known."""

ORG_UNIT_CODE = Table(
    name="org_unit_code",
    version=1,
    key=("org_unit_id", "system", "since"),
    columns={
        "org_unit_id": ID,
        "system": TEXT,
        "since": DATE,
        "until": maybe(DATE),
        "code": TEXT,
        "code_folded": TEXT,
    },
    indexes=(("code_folded", "system"),),
)
"""Each code a unit had in a list of codes, `until` the first day without it. It is found by
`code_folded` (`folded_identifier`), by those it had before too. OWN is the list of own codes."""

ORG_UNITS = Projection("org_units", ORG_UNIT, ORG_UNIT_PARENT, ORG_UNIT_FACILITY, ORG_UNIT_CODE)


@ORG_UNITS.on(OrgUnitEstablished)
def established(event: OrgUnitEstablished, happening: Happening) -> Iterator[Change]:
    """Show a new unit, under its first parent."""
    yield Upsert(
        ORG_UNIT,
        (happening.stream,),
        {
            "code": event.code,
            **_named(event.name),
            "unit_kind": event.unit_kind,
            "sees_patients": event.sees_patients,
            "parent_id": event.parent_id,
            "since": event.since,
            "state": "ACTIVE",
            "predecessors": event.predecessors,
            "successors": (),
            **_facility(event.facility),
            **record(happening),
        },
    )
    yield Upsert(ORG_UNIT_PARENT, (happening.stream, event.since), {"parent_id": event.parent_id})
    if event.facility is not None:
        yield _held(happening.stream, event.since, event.facility)
    for system, code in ((OWN, event.code), *((one.system, one.code) for one in event.codes)):
        yield _coded(happening.stream, system, event.since, code, None)


@ORG_UNITS.on(OrgUnitRenamed)
def renamed(event: OrgUnitRenamed, happening: Happening) -> Iterator[Change]:
    """Show the unit by its new name."""
    yield Patch(ORG_UNIT, (happening.stream,), {**_named(event.name), **record(happening)})


@ORG_UNITS.on(OrgUnitFacilityUpdated)
def facility_updated(event: OrgUnitFacilityUpdated, happening: Happening) -> Iterator[Change]:
    """Show what the master facility list says of it now, and keep since when."""
    yield Patch(ORG_UNIT, (happening.stream,), {**_facility(event.facility), **record(happening)})
    yield _held(happening.stream, event.since, event.facility)


@ORG_UNITS.on(OrgUnitFacilityTold)
def facility_told(event: OrgUnitFacilityTold, happening: Happening) -> Iterator[Change]:
    """Show what holds of it now, and keep what held since when, as it is said now."""
    now = max(event.facilities, key=lambda one: one.since)
    yield Patch(ORG_UNIT, (happening.stream,), {**_facility(now.facility), **record(happening)})
    for since in event.removed:
        yield Delete(ORG_UNIT_FACILITY, (happening.stream, since))
    for one in event.facilities:
        yield _held(happening.stream, one.since, one.facility)


@ORG_UNITS.on(OrgUnitCodesTold)
def codes_told(event: OrgUnitCodesTold, happening: Happening) -> Iterator[Change]:
    """Show by which codes of a list it is found, and since when it had which."""
    line = sorted(event.codes, key=lambda one: one.since)
    shown = {"code": line[-1].code} if event.system == OWN else {}
    yield Patch(ORG_UNIT, (happening.stream,), {**shown, **record(happening)})
    for since in event.removed:
        yield Delete(ORG_UNIT_CODE, (happening.stream, event.system, since))
    for one, following in zip_longest(line, line[1:]):
        until = following.since if following else None
        if one.code is None:
            yield Delete(ORG_UNIT_CODE, (happening.stream, event.system, one.since))
        else:
            yield _coded(happening.stream, event.system, one.since, one.code, until)


@ORG_UNITS.on(OrgUnitReparented)
def reparented(event: OrgUnitReparented, happening: Happening) -> Iterator[Change]:
    """Show the unit under its new parent, and keep the day it went there."""
    yield Patch(ORG_UNIT, (happening.stream,), {"parent_id": event.parent_id, **record(happening)})
    yield Upsert(ORG_UNIT_PARENT, (happening.stream, event.since), {"parent_id": event.parent_id})


@ORG_UNITS.on(OrgUnitPlacesTold)
def places_told(event: OrgUnitPlacesTold, happening: Happening) -> Iterator[Change]:
    """Show where it stands now, and keep where it stood since when, as it is said now."""
    now = max(event.places, key=lambda place: place.since)
    yield Patch(ORG_UNIT, (happening.stream,), {"parent_id": now.parent_id, **record(happening)})
    for since in event.removed:
        yield Delete(ORG_UNIT_PARENT, (happening.stream, since))
    for place in event.places:
        key = (happening.stream, place.since)
        yield Upsert(ORG_UNIT_PARENT, key, {"parent_id": place.parent_id})


@ORG_UNITS.on(OrgUnitSplitUp)
def split_up(event: OrgUnitSplitUp, happening: Happening) -> Iterator[Change]:
    """Show which units stand in its place."""
    yield _ended(happening, "SPLIT", event.since, successors=event.successors)


@ORG_UNITS.on(OrgUnitMergedInto)
def merged_into(event: OrgUnitMergedInto, happening: Happening) -> Iterator[Change]:
    """Show which unit it is part of."""
    yield _ended(happening, "MERGED", event.since, into_id=event.into_id)


@ORG_UNITS.on(OrgUnitClosed)
def closed(event: OrgUnitClosed, happening: Happening) -> Iterator[Change]:
    """Show that it is no more."""
    yield _ended(happening, "CLOSED", event.since)


@ORG_UNITS.on(OrgUnitReopened)
def reopened(_event: OrgUnitReopened, happening: Happening) -> Iterator[Change]:
    """Show that it is there."""
    columns = {"state": "ACTIVE", "ended_on": None, **record(happening)}
    yield Patch(ORG_UNIT, (happening.stream,), columns)


def _ended(happening: Happening, state: str, on: date, **more: Any) -> Patch:
    return Patch(
        ORG_UNIT,
        (happening.stream,),
        {"state": state, "ended_on": on, **more, **record(happening)},
    )


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "name_folded": folded_text(name)}


def _held(unit: UUID, since: date, facility: Facility) -> Upsert:
    held = {name: getattr(facility, name) for name in Facility.__struct_fields__}
    return Upsert(ORG_UNIT_FACILITY, (unit, since), {**held, "beds": _beds(facility)})


def _coded(unit: UUID, system: str, since: date, code: str, until: date | None) -> Upsert:
    shown = {"code": code, "code_folded": folded_identifier(code), "until": until}
    return Upsert(ORG_UNIT_CODE, (unit, system, since), shown)


def _facility(facility: Facility | None) -> dict[str, Any]:
    shown = {
        f"facility_{name}": getattr(facility, name, None) for name in Facility.__struct_fields__
    }
    return {**shown, "facility_beds": facility and _beds(facility)}


def _beds(facility: Facility) -> int | None:
    # What nobody can have is not known; the rest of the facility is shown.
    return facility.beds if (facility.beds or 0) <= MOST_BEDS else None
