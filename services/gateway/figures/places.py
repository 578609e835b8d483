"""Which org unit a row of a figure stands for: as the units were on a day, or as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.gateway.projections import ORG_UNIT
from services.gateway.read.loader import Reader
from services.gateway.read.scope import Hierarchy

_UNITS = f"""
SELECT id, code, name, unit_kind, into_id FROM "{ORG_UNIT.physical}"
 WHERE id = ANY($1::uuid[])
"""
_MERGED = f'SELECT id, into_id FROM "{ORG_UNIT.physical}" WHERE into_id IS NOT NULL'


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a row shows of a unit."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The units that figures may name, and how they stand.

    Attributes:
        merged: of units that became part of another, which one.
        today: the day by whose hierarchy `as_is` goes.
    """

    hierarchy: Hierarchy
    units: Mapping[UUID, Unit]
    merged: Mapping[UUID, UUID]
    today: date

    def place(self, unit: UUID, on: date, *, as_is: bool, level: str | None) -> UUID | None:
        """Return the unit, or the one of kind `level` above it; None where none of it is.

        Args:
            on: the day of the fact: as it was, the parents of that day count.
            as_is: a merged unit counts as the one it became part of, under today's parents. A unit
                that was split up stays itself, under its last parent.
        """
        here = survivor(unit, self.merged) if as_is else unit
        if level is None:
            return here
        path = self.hierarchy.path_of(here, self.today if as_is else on)
        return next((each for each in path if self._is(each, level)), None)

    def _is(self, unit: UUID, level: str) -> bool:
        known = self.units.get(unit)
        return known is not None and known.kind == level


def survivor(unit: UUID, merged: Mapping[UUID, UUID]) -> UUID:
    """Follow merges to the unit that is left."""
    seen = {unit}
    while unit in merged and merged[unit] not in seen:
        unit = merged[unit]
        seen.add(unit)
    return unit


async def places_of(
    reader: Reader, hierarchy: Hierarchy, facts: set[tuple[UUID, date]], today: date
) -> Places:
    """Read what is needed of the units that these facts were recorded at, and of those above."""
    merged = {row["id"]: row["into_id"] for row in await reader.fetch(_MERGED)}
    wanted: set[UUID] = set()
    for unit, on in facts:
        here = survivor(unit, merged)
        wanted |= {unit, here}
        wanted.update(hierarchy.path_of(unit, on))
        wanted.update(hierarchy.path_of(here, today))
    rows = await reader.fetch(_UNITS, sorted(wanted))
    units = {
        row["id"]: Unit(code=row["code"], name=row["name"], kind=row["unit_kind"]) for row in rows
    }
    return Places(hierarchy=hierarchy, units=units, merged=merged, today=today)
