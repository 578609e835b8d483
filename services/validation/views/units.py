"""Units: of which kind each is, so that it is known whose approval a step asks for."""

from collections.abc import Iterable

from shared.contracts.registry.org_unit import OrgUnitEstablished
from shared.projection import Change, Column, Happening, Projection, Table, Upsert

UNIT_KIND = Table(
    name="known_unit_kind",
    version=1,
    key=("id",),
    columns={"id": Column(type="uuid"), "kind": Column(type="text")},
)
"""The kind of every org unit: COUNTRY, DISTRICT, FACILITY."""

UNITS = Projection("unit_kinds", UNIT_KIND)


@UNITS.on(OrgUnitEstablished)
def established(body: OrgUnitEstablished, at: Happening) -> Iterable[Change]:
    """Know its kind."""
    yield Upsert(UNIT_KIND, (at.stream,), {"kind": body.unit_kind})
