"""Org units by their parent, and where they are: what lies below a unit, the unit does not know."""

from collections.abc import Iterable

from shared.contracts.registry.org_unit import (
    Facility,
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitFacilityUpdated,
    OrgUnitMergedInto,
    OrgUnitPlacesTold,
    OrgUnitReopened,
    OrgUnitReparented,
    OrgUnitSplitUp,
)
from shared.contracts.registry.org_unit_facility import OrgUnitFacilityTold
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

ORG_UNIT = Table(
    name="known_org_unit",
    version=2,
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
    where = _where(body.facility or Facility())
    yield Upsert(ORG_UNIT, (at.stream,), {"parent_id": body.parent_id, "open": True, **where})


@PLACES.on(OrgUnitFacilityUpdated)
def facility_updated(body: OrgUnitFacilityUpdated, at: Happening) -> Iterable[Change]:
    """Know where on earth it is said to lie now."""
    yield Patch(ORG_UNIT, (at.stream,), _where(body.facility))


@PLACES.on(OrgUnitFacilityTold)
def facility_told(body: OrgUnitFacilityTold, at: Happening) -> Iterable[Change]:
    """Know where on earth it lies now, as it is said now."""
    now = max(body.facilities, key=lambda one: one.since)
    yield Patch(ORG_UNIT, (at.stream,), _where(now.facility))


def _where(facility: Facility) -> dict[str, float | None]:
    return {"latitude": facility.latitude, "longitude": facility.longitude}


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
