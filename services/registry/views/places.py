"""Org units by their parent, and where they are: what lies below a unit, the unit does not know."""

from collections.abc import Iterable

from shared.contracts.registry.org_unit import (
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitMergedInto,
    OrgUnitPlacesTold,
    OrgUnitReopened,
    OrgUnitReparented,
    OrgUnitSplitUp,
)
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

ORG_UNIT = Table(
    name="known_org_unit",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "parent_id": Column(type="uuid", nullable=True),
        "latitude": Column(type="double precision", nullable=True),
        "longitude": Column(type="double precision", nullable=True),
        "open": Column(type="boolean"),
    },
    indexes=(("parent_id",),),
)
"""Under whom a unit stands now, and whether it is there still."""

PLACES = Projection("places", ORG_UNIT)


@PLACES.on(OrgUnitEstablished)
def established(body: OrgUnitEstablished, at: Happening) -> Iterable[Change]:
    """Know the unit where it begins."""
    facility = body.facility
    yield Upsert(
        ORG_UNIT,
        (at.stream,),
        {
            "parent_id": body.parent_id,
            "latitude": facility.latitude if facility else None,
            "longitude": facility.longitude if facility else None,
            "open": True,
        },
    )


@PLACES.on(OrgUnitReparented)
def reparented(body: OrgUnitReparented, at: Happening) -> Iterable[Change]:
    """Know it where it went."""
    yield Patch(ORG_UNIT, (at.stream,), {"parent_id": body.parent_id})


@PLACES.on(OrgUnitPlacesTold)
def places_told(body: OrgUnitPlacesTold, at: Happening) -> Iterable[Change]:
    """Know it where it stands now."""
    now = max(body.places, key=lambda place: place.since)
    yield Patch(ORG_UNIT, (at.stream,), {"parent_id": now.parent_id})


@PLACES.on(OrgUnitSplitUp, OrgUnitMergedInto, OrgUnitClosed)
def ended(_body: object, at: Happening) -> Iterable[Change]:
    """Know that it is no more."""
    yield Patch(ORG_UNIT, (at.stream,), {"open": False})


@PLACES.on(OrgUnitReopened)
def reopened(_body: OrgUnitReopened, at: Happening) -> Iterable[Change]:
    """Know that it is there."""
    yield Patch(ORG_UNIT, (at.stream,), {"open": True})
