"""Org units as they are, and under whom each of them was since when."""

from collections.abc import Iterator
from typing import Any

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.registry.org_unit import (
    Facility,
    OrgUnitEstablished,
    OrgUnitRenamed,
    OrgUnitReparented,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

DEGREES = Column(type="double precision", nullable=True)

ORG_UNIT = Table(
    name="org_unit",
    version=1,
    key=("id",),
    columns={
        "id": ID,
        "code": TEXT,
        "name": TEXT,
        "unit_kind": TEXT,
        "parent_id": maybe(ID),
        "since": DATE,
        "facility_type": maybe(TEXT),
        "facility_level": maybe(TEXT),
        "facility_ownership": maybe(TEXT),
        "facility_latitude": DEGREES,
        "facility_longitude": DEGREES,
        "facility_beds": maybe(INTEGER),
        "facility_operational": maybe(BOOLEAN),
        **RECORD,
    },
    indexes=(
        ("code",),
        ("name", "id"),
        ("parent_id", "name", "id"),
        ("unit_kind", "name", "id"),
    ),
)
"""`parent_id` is the parent now, and `since` the day the unit was established."""

ORG_UNIT_PARENT = Table(
    name="org_unit_parent",
    version=1,
    key=("org_unit_id", "since"),
    columns={"org_unit_id": ID, "since": DATE, "parent_id": maybe(ID)},
    indexes=(("parent_id", "since"),),
)
"""Each parent a unit had, from that day until the day of its next row. Where a unit was on a day
is in the last row not after that day."""

ORG_UNITS = Projection("org_units", ORG_UNIT, ORG_UNIT_PARENT)


@ORG_UNITS.on(OrgUnitEstablished)
def established(event: OrgUnitEstablished, happening: Happening) -> Iterator[Change]:
    """Show a new unit, under its first parent."""
    yield Upsert(
        ORG_UNIT,
        (happening.stream,),
        {
            "code": event.code,
            "name": event.name,
            "unit_kind": event.unit_kind.value,
            "parent_id": event.parent_id,
            "since": event.since,
            **_facility(event.facility),
            **record(happening),
        },
    )
    yield Upsert(ORG_UNIT_PARENT, (happening.stream, event.since), {"parent_id": event.parent_id})


@ORG_UNITS.on(OrgUnitRenamed)
def renamed(event: OrgUnitRenamed, happening: Happening) -> Iterator[Change]:
    """Show the unit by its new name."""
    yield Patch(ORG_UNIT, (happening.stream,), {"name": event.name, **record(happening)})


@ORG_UNITS.on(OrgUnitReparented)
def reparented(event: OrgUnitReparented, happening: Happening) -> Iterator[Change]:
    """Show the unit under its new parent, and keep the day it went there."""
    yield Patch(ORG_UNIT, (happening.stream,), {"parent_id": event.parent_id, **record(happening)})
    yield Upsert(ORG_UNIT_PARENT, (happening.stream, event.since), {"parent_id": event.parent_id})


def _facility(facility: Facility | None) -> dict[str, Any]:
    return {
        f"facility_{name}": getattr(facility, name, None) for name in Facility.__struct_fields__
    }
