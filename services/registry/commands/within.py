"""What lies within what: units below a unit, and the units of a group with all below them."""

from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.cohort import Cohort, OutsideCohortUnit
from services.registry.aggregates.group import Group
from services.registry.views.places import ORG_UNIT
from shared.deciding.work import Work


async def lies_within(unit: UUID, above: UUID, work: Work[Any]) -> bool:
    """Say whether a unit is another, or lies below it now."""
    async for one in _path(unit, work):
        if one == above:
            return True
    return False


async def must_be_of_cohort(units: Iterable[UUID], cohort: Cohort, work: Work[Any]) -> None:
    """Raise OutsideCohortUnit unless whoever works at these units is one whom the cohort is for."""
    path = {one for unit in units async for one in _path(unit, work)}
    if cohort.org_unit_id in path:
        return
    group = cohort.group_id and await work.find(Group, cohort.group_id)
    if not group or path.isdisjoint(group.members_on(work.day)):
        raise OutsideCohortUnit("cohortId")


async def _path(unit: UUID | None, work: Work[Any]) -> AsyncIterator[UUID]:
    while unit is not None:
        yield unit
        known = await work.facts.find(ORG_UNIT, unit)
        unit = known and known["parent_id"]
