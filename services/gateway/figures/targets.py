"""Targets beside what figures count for them: by the statement of the figure, and no other."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.gateway.figures.counted.cpd import CPD
from services.gateway.figures.counted.encounters import ENCOUNTERS
from services.gateway.figures.counted.mentors import MENTORS
from services.gateway.figures.counted.reach import REACH
from services.gateway.figures.counted.validations import VALIDATIONS
from services.gateway.figures.frame.declared import Figure
from services.gateway.projections import GROUP_MEMBER, HEALTH_WORKER, TARGET, TARGET_NUMBER
from services.gateway.read.below import below
from services.gateway.read.declare import InUnit
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Read
from shared.contracts.registry.target import TargetMeasure

MEASURED: dict[TargetMeasure, tuple[Figure, str]] = {
    TargetMeasure.REACHED: (REACH, "reached"),
    TargetMeasure.ENROLLED: (REACH, "enrolled"),
    TargetMeasure.VALIDATED: (VALIDATIONS, "validated"),
    TargetMeasure.FULLY_VALIDATED: (VALIDATIONS, "fully_validated"),
    TargetMeasure.ENCOUNTERS: (ENCOUNTERS, "encounters"),
    TargetMeasure.SESSIONS: (ENCOUNTERS, "sessions"),
    TargetMeasure.SESSIONS_COUNTED: (ENCOUNTERS, "counted"),
    TargetMeasure.MENTORS_ACTIVE: (MENTORS, "active"),
    TargetMeasure.MENTORS_CERTIFIED: (MENTORS, "certified"),
    TargetMeasure.EARNING_POINTS: (CPD, "people"),
}
"""The figure of each measure, and the value of it that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which targets, and as of when.

    Attributes:
        day: they are as they stood on it.
        current: those alone that the day is one of the days of.
    """

    programme: str
    day: date
    first: int
    skip: int = 0
    measure: TargetMeasure | None = None
    under: UUID | None = None
    group: UUID | None = None
    current: bool = False


# Who sees a part of what it is of would hold that part against the whole of it.
_STANDING = f"""
SELECT t.id, t.measure, t.org_unit_id, t.group_id, t.area, t.starts, t.ends, n.number
  FROM "{TARGET.physical}" t
 CROSS JOIN LATERAL (
       SELECT n.number FROM "{TARGET_NUMBER.physical}" n
        WHERE n.target_id = t.id AND n.since <= {{day}} ORDER BY n.since DESC LIMIT 1) n
 WHERE t.programme = {{programme}} AND n.number IS NOT NULL AND {{wanted}}
   AND CASE WHEN t.group_id IS NULL THEN {{scope}} ELSE NOT EXISTS (
       SELECT FROM (
              SELECT COALESCE(m.org_unit_id, h.org_unit_id) AS org_unit_id, t.programme
                FROM "{GROUP_MEMBER.physical}" m
                LEFT JOIN "{HEALTH_WORKER.physical}" h ON h.id = m.health_worker_id
               WHERE m.group_id = t.group_id) m
        WHERE NOT {{of_members}}) END
 ORDER BY t.starts DESC, t.programme, t.measure, t.id
 LIMIT {{first}} OFFSET {{skip}}
"""
_PLACED = InUnit(unit="org_unit_id", programme="programme")


async def standing(reader: Reader, of: Wanted) -> list[Any]:
    """Return the targets that stood on a day, of what the reader sees the whole of."""
    s = Statement()
    scope = reader.scopes[Read.FIGURES]
    if not scope.parts:  # who sees nothing would see the whole of a group that nobody is in
        return []
    day = s.bind(of.day, "date")
    wanted = ["true"]
    if of.measure is not None:
        wanted.append(f"t.measure = {s.bind(of.measure.value, 'text')}")
    if of.under is not None:
        wanted.append(below("t.org_unit_id", (of.under,), scope.day, s))
    if of.group is not None:
        wanted.append(f"t.group_id = {s.bind(of.group, 'uuid')}")
    if of.current:
        wanted.append(f"{day} BETWEEN t.starts AND t.ends")
    text = _STANDING.format(
        day=day,
        programme=s.bind(of.programme, "text"),
        wanted=" AND ".join(wanted),
        scope=covered(_PLACED, scope, s, "t"),
        of_members=covered(_PLACED, scope, s, "m"),
        first=f"{of.first:d}",
        skip=f"{max(of.skip, 0):d}",
    )
    return await reader.fetch(text, *s.binds)


def expected(number: int, starts: date, ends: date, day: date) -> Decimal:
    """Return how many of a number would be counted by the end of a day, if it went evenly."""
    days = (ends - starts).days + 1
    gone = min(max((day - starts).days + 1, 0), days)
    return Decimal(number) * gone / days


async def counted_for(
    targets: Iterable[Any], count: Callable[[Figure, Any, bool], Awaitable[Any]]
) -> list[int | None]:
    """Return what is counted for each target; None where that is hidden.

    Args:
        count: works out a figure for a target's place and days, with or without rows by area; None:
            it is not to be had. Targets of one figure, place and time share one.
    """
    had: dict[Any, Any] = {}
    counts: list[int | None] = []
    for target in targets:
        declared, value = MEASURED[TargetMeasure(target["measure"])]
        by_area = target["area"] is not None
        place = target["org_unit_id"], target["group_id"], target["starts"], target["ends"]
        key = declared.name, *place, by_area
        if key not in had:
            had[key] = await count(declared, target, by_area)
        answer = had[key]
        if answer is None:
            counts.append(None)
        elif not by_area:
            counts.append(getattr(answer.total, value))
        else:
            of_area = (r.values for r in answer.rows if r.keys[0].key == target["area"])
            found = next(of_area, None)
            counts.append(0 if found is None else getattr(found, value))
    return counts
