"""Org units by their parent: what lies below a unit, which the unit itself does not know."""

from collections.abc import Iterable

from shared.contracts.registry.org_unit import (
    OrgUnitClosed,
    OrgUnitEstablished,
    OrgUnitMergedInto,
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
        "open": Column(type="boolean"),
    },
    indexes=(("parent_id",),),
)
"""Under whom a unit stands now, and whether it is there still."""

PLACES = Projection("places", ORG_UNIT)


@PLACES.on(OrgUnitEstablished)
def established(body: OrgUnitEstablished, at: Happening) -> Iterable[Change]:
    """Know the unit where it begins."""
    yield Upsert(ORG_UNIT, (at.stream,), {"parent_id": body.parent_id, "open": True})


@PLACES.on(OrgUnitReparented)
def reparented(body: OrgUnitReparented, at: Happening) -> Iterable[Change]:
    """Know it where it went."""
    yield Patch(ORG_UNIT, (at.stream,), {"parent_id": body.parent_id})


@PLACES.on(OrgUnitSplitUp, OrgUnitMergedInto, OrgUnitClosed)
def ended(_body: object, at: Happening) -> Iterable[Change]:
    """Know that it is no more."""
    yield Patch(ORG_UNIT, (at.stream,), {"open": False})
