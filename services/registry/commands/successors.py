"""What stands in the place of a unit that is no more: followed until it is there today."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.org_unit import OrgUnit, UnitNoMore
from shared.deciding.work import Work


async def led_on(refused: UnitNoMore, work: Work[Any]) -> UnitNoMore:
    """Return a refusal that names the units that stand in a unit's place by code and name.

    Where none of them is there any more, or none ever was, it stays as it is.
    """
    found = await standing_in(refused.in_its_place, work)
    if not found:
        return refused
    heirs = ", ".join(f"{unit.code} ({unit.name})" for unit in found)
    led = type(refused)(refused.field, **{**refused.params, "heirs": heirs})
    led.in_its_place = tuple(unit.id for unit in found)
    return led


async def standing_in(heirs: Iterable[UUID], work: Work[Any]) -> list[OrgUnit]:
    """Return the units that are there today of those that took a place, and those after them."""
    found: list[OrgUnit] = []
    waiting, seen = list(heirs), set(heirs)
    while waiting:
        unit = await work.find(OrgUnit, waiting.pop(0))
        if unit is None:
            continue
        if unit.open:
            found.append(unit)
        new = [heir for heir in unit.heirs if heir not in seen]
        waiting += new
        seen.update(new)
    return found
