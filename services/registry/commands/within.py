"""What lies within what: units below a unit, and the units of a group with all below them."""

from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort, OutsideCohortUnit
from services.registry.aggregates.group import Group
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.views.places import ORG_UNIT
from shared.deciding.work import Work


async def lies_within(unit: UUID, above: UUID, work: Work[Any]) -> bool:
    """Say whether a unit is another, or lies below it now."""
    async for one in _path(unit, work):
        if one == above:
            return True
    return False


async def must_be_of_cohort(units: Iterable[UUID], cohort: Cohort, work: Work[Any]) -> None:
    """Raise OutsideCohortUnit unless whoever works at these units is one whom the cohort is for.

    What a reform made of a unit stands in its place.
    """
    path = {one for unit in units async for one in _path(unit, work)}
    if cohort.org_unit_id in path:
        return
    group = await work.find(Group, cohort.group_id) if cohort.group_id else None
    members = group.members_on(work.day) if group else []
    if not path.isdisjoint(members):
        return
    if path.isdisjoint(await _became([cohort.org_unit_id, *members], work)):
        raise OutsideCohortUnit("cohortId")


async def _became(units: Iterable[UUID], work: Work[Any]) -> set[UUID]:
    """Return all that took the place of units by the day it is about, and of those, and so on."""
    found: set[UUID] = set()
    waiting = list(units)
    while waiting:
        unit = await work.find(OrgUnit, waiting.pop())
        if unit is not None and unit.ended is not None and unit.ended <= work.day:
            new = set(unit.heirs) - found
            found |= new
            waiting.extend(new)
    return found


async def _path(unit: UUID | None, work: Work[Any]) -> AsyncIterator[UUID]:
    while unit is not None:
        yield unit
        known = await work.facts.find(ORG_UNIT, unit)
        unit = known and known["parent_id"]
