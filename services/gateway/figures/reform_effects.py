"""What a reform would do: the hierarchy of today beside the one supposed, and what lies in each."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.figures.supposing import Supposed, Unit, units_of
from services.gateway.graphql.types.reform_effects import (
    GrantChange,
    GrantEffect,
    ReformCount,
    ReformEffects,
    ReformFigure,
    ReformGroup,
    ReformLeft,
    ReformMove,
    ReformUnit,
)
from services.gateway.projections import (
    COHORT,
    GROUP,
    GROUP_MEMBER,
    HEALTH_WORKER,
    MENTEE,
    MENTORSHIP,
)
from services.gateway.read.declare import InUnit, models
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Grant, Read
from shared.access.known import Known
from shared.access.policy import Actor, Place, decide
from shared.contracts.registry.reform import ReformChange

SHOWN = 20
"""Units that are named of each grant."""

_COUNTED = {
    "health_workers": ("HealthWorker", HEALTH_WORKER, "org_unit_id", "t.merged_into_id IS NULL"),
    "mentees": ("Mentee", MENTEE, "org_unit_now_id", "t.status = 'ENROLLED'"),
    "mentorships": (
        "Mentorship",
        MENTORSHIP,
        "org_unit_id",
        "t.status IN ('PROPOSED', 'ACCEPTED', 'AGREED')",
    ),
    "cohorts": ("Cohort", COHORT, "org_unit_id", "t.status <> 'CLOSED'"),
}
"""What goes along with a unit: its read type, its table, where it is now, and what goes on."""

_BY_UNIT = """
SELECT t.{unit} AS unit, count(*)::integer AS number FROM "{table}" t
 WHERE t.{unit} = ANY({units}) AND {going_on} AND {scope} GROUP BY 1
"""
_VALIDATED = """
SELECT t.programme, t.org_unit_id AS unit, count(*)::integer AS mentees,
       count(t.first_validated_on)::integer AS validated,
       count(t.fully_validated_on)::integer AS fully_validated
  FROM "{mentee}" t
 WHERE t.since IS NOT NULL AND t.status IS DISTINCT FROM 'SET_ASIDE' AND t.counts IS NOT FALSE
   AND t.org_unit_id IS NOT NULL{narrowed} AND {scope}
 GROUP BY 1, 2
"""
_GROUPS = """
SELECT g.code, g.name, m.org_unit_id AS unit FROM "{member}" m JOIN "{group}" g ON g.id = m.group_id
 WHERE m.org_unit_id = ANY($1::uuid[]) AND m.since <= $2 AND (m.until IS NULL OR m.until > $2)
 ORDER BY g.code, m.org_unit_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked at.

    Attributes:
        level: the kind of unit that the validation table is rolled up to; None: the unit itself.
        fiscal_year: of its mentees; None: of every year.
    """

    changes: tuple[ReformChange, ...]
    effective_on: date
    level: str | None = None
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """The hierarchy as it is, or would be, on a day."""

    known: Known
    day: date
    units: Mapping[UUID, Unit]

    def path(self, unit: UUID) -> tuple[UUID, ...]:
        """Return what a unit counts as, and what stands above that: a merged one is what it became
        part of, as in figures by units as they are.
        """
        seen = {unit}
        while (into := self.units[unit].into_id if unit in self.units else None) is not None:
            if into in seen:
                break
            seen.add(into)
            unit = into
        return self.known.tree.path(unit, self.day)

    def of_level(self, unit: UUID, level: str | None) -> UUID | None:
        """Return the nearest unit of a level that it counts for; of none, what it counts as."""
        path = self.path(unit)
        if level is None:
            return path[0] if path else None
        return next((each for each in path if self._kind(each) == level), None)

    def levels(self, unit: UUID) -> set[str]:
        """Return the kinds of what it counts as and of what stands above that."""
        return {self._kind(each) for each in self.path(unit)}

    def _kind(self, unit: UUID) -> str:
        return self.units[unit].kind if unit in self.units else ""


async def reform_effects(
    reader: Reader, actor: Actor, known: Known, asked: Asked, today: date
) -> ReformEffects:
    """Say what would become of grants, people, groups and figures."""
    units = await units_of(reader)
    supposed = Supposed.by(asked.changes, asked.effective_on, known, units)
    before = _View(known, today, units)
    after = _View(supposed.after, max(asked.effective_on, today), supposed.units)
    touched = frozenset(supposed.parents) | frozenset(supposed.ended)
    affected = before.known.tree.subtree(touched, today) & units.keys()
    found = await _counted(reader, affected)
    grants, stay = await asyncio.to_thread(_grants, actor, before, after, touched)
    return ReformEffects(
        grants=grants,
        grants_that_stay=stay,
        moves=_moves(before, after, affected, found),
        groups=await _groups(reader, supposed, touched, today),
        figures=_figures(await _validated(reader, asked), before, after, asked.level),
        left_behind=_left_behind(supposed, after),
    )


def _named(unit: Unit) -> ReformUnit:
    return ReformUnit(code=unit.code, name=unit.name, kind=unit.kind)


# ── grants ────────────────────────────────────────────────────────────────────────────────────


def _grants(
    actor: Actor, before: _View, after: _View, touched: Collection[UUID]
) -> tuple[list[GrantEffect], int]:
    """Return the grants that would reach others, and how many would not."""
    # Nothing changes for a grant that is over nothing above what changes, before or after.
    near = {top for unit in touched for view in (before, after) for top in view.path(unit)}
    near |= {
        top
        for unit in touched
        for view in (before, after)
        for top in view.known.tree.path(unit, view.day)
    }
    effects, stay = [], 0
    for grant in before.known.given():
        tops = _tops(grant, before)
        if not grant.holds(after.day) or None in tops or not _may_see(actor, tops, before):
            continue
        effect = None
        if not near.isdisjoint(tops):
            effect = _effect(grant, tops, before, after)
        if effect is None:
            stay += 1
        else:
            effects.append(effect)
    effects.sort(key=lambda one: (one.subject, one.role.value, one.over[0].code))
    return effects, stay


def _tops(grant: Grant, view: _View) -> set[UUID | None]:
    return {each.org_unit_id for each in view.known.reaching([grant], view.day)}


def _may_see(actor: Actor, tops: Iterable[UUID | None], view: _View) -> bool:
    """Say whether who asks may read by name wherever the grant is over."""
    places = [Place(path=view.known.tree.path(top, view.day)) for top in tops if top is not None]
    return bool(places) and all(
        decide(actor, Read.PERSONAL, place, view.day).allowed for place in places
    )


def _effect(
    grant: Grant, tops: set[UUID | None], before: _View, after: _View
) -> GrantEffect | None:
    there = before.units.keys()
    reached = before.known.tree.subtree(filter(None, tops), before.day) & there
    would = after.known.tree.subtree(filter(None, _tops(grant, after)), after.day) & there
    gained, lost = would - reached, reached - would
    if not gained and not lost:
        return None
    change = GrantChange.BOTH if gained and lost else GrantChange.GROWS
    if not gained:
        change = GrantChange.SHRINKS
    over = [grant.org_unit_id] if grant.org_unit_id is not None else list(filter(None, tops))
    return GrantEffect(
        subject=grant.subject,
        role=grant.role,
        programme=grant.programme,
        over=_some(over, before.units),
        change=change,
        gains=len(gained),
        loses=len(lost),
        gained=_some(gained, before.units),
        lost=_some(lost, before.units),
    )


def _some(units: Iterable[UUID], known: Mapping[UUID, Unit]) -> list[ReformUnit]:
    named = sorted((known[unit] for unit in units if unit in known), key=lambda unit: unit.code)
    return [_named(unit) for unit in named[:SHOWN]]


# ── what goes along ───────────────────────────────────────────────────────────────────────────


async def _counted(reader: Reader, units: Collection[UUID]) -> dict[str, dict[UUID, int]]:
    """Count what is at each of these units, of what who asks may read by name."""
    found = {}
    for name, (kind, table, unit, going_on) in _COUNTED.items():
        s = Statement()
        text = _BY_UNIT.format(
            unit=unit,
            table=table.physical,
            units=s.bind(list(units), "uuid[]"),
            going_on=going_on,
            scope=_by_name(kind, reader, s),
        )
        found[name] = {row["unit"]: row["number"] for row in await reader.fetch(text, *s.binds)}
    return found


def _by_name(kind: str, reader: Reader, s: Statement) -> str:
    visibility = models[kind].visibility
    assert isinstance(visibility, InUnit)
    return covered(visibility, reader.scopes[Read.PERSONAL], s, "t")


def _moves(
    before: _View, after: _View, affected: Iterable[UUID], found: Mapping[str, Mapping[UUID, int]]
) -> list[ReformMove]:
    counts: dict[tuple[str, UUID | None, UUID | None], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("org_units", *_COUNTED), 0)
    )
    for unit in affected:
        for level in before.levels(unit) | after.levels(unit):
            source, target = before.of_level(unit, level), after.of_level(unit, level)
            if source == target:
                continue
            row = counts[level, source, target]
            row["org_units"] += 1
            for name, numbers in found.items():
                row[name] += numbers.get(unit, 0)
    rows = [
        ReformMove(
            level=level, source=_maybe(source, after), target=_maybe(target, after), **numbers
        )
        for (level, source, target), numbers in counts.items()
    ]
    return sorted(rows, key=lambda one: (one.level, _code(one.source), _code(one.target)))


def _maybe(unit: UUID | None, view: _View) -> ReformUnit | None:
    return _named(view.units[unit]) if unit in view.units else None  # type: ignore[index]


def _code(unit: ReformUnit | None) -> str:
    return unit.code if unit is not None else ""


async def _groups(
    reader: Reader, supposed: Supposed, touched: Collection[UUID], today: date
) -> list[ReformGroup]:
    text = _GROUPS.format(member=GROUP_MEMBER.physical, group=GROUP.physical)
    return [
        ReformGroup(
            code=row["code"],
            name=row["name"],
            member=_named(supposed.units[row["unit"]]),
            ends=row["unit"] in supposed.ended,
            successors=[
                _named(supposed.units[part]) for part in supposed.ended.get(row["unit"], ())
            ],
        )
        for row in await reader.fetch(text, list(touched), today)
    ]


def _left_behind(supposed: Supposed, after: _View) -> list[ReformLeft]:
    found = []
    for unit in supposed.units.values():
        path = after.known.tree.path(unit.id, after.day)
        if unit.open and len(path) > 1 and path[1] in supposed.ended:
            parent = supposed.units[path[1]]
            found.append(ReformLeft(org_unit=_named(unit), parent=_named(parent)))
    return sorted(found, key=lambda one: one.org_unit.code)


# ── figures ───────────────────────────────────────────────────────────────────────────────────


async def _validated(reader: Reader, asked: Asked) -> list[Any]:
    s = Statement()
    narrowed = ""
    if asked.fiscal_year is not None:
        narrowed = f" AND t.fiscal_year = {s.bind(asked.fiscal_year, 'integer')}"
    text = _VALIDATED.format(
        mentee=MENTEE.physical, narrowed=narrowed, scope=_by_name("Mentee", reader, s)
    )
    return await reader.fetch(text, *s.binds)


def _figures(
    rows: Iterable[Any], before: _View, after: _View, level: str | None
) -> list[ReformFigure]:
    """Roll what is counted by unit up to a level, as units are and as they would be."""
    rows = list(rows)
    was = _rolled_up(rows, lambda unit: before.of_level(unit, level))
    would = _rolled_up(rows, lambda unit: after.of_level(unit, level))
    nothing = (0, 0, 0)
    figures = [
        ReformFigure(
            programme=programme,
            org_unit=_maybe(unit, after),
            before=_count(was.get((programme, unit), nothing)),
            after=_count(would.get((programme, unit), nothing)),
        )
        for programme, unit in was.keys() | would.keys()
        if was.get((programme, unit)) != would.get((programme, unit))
    ]
    return sorted(figures, key=lambda one: (one.programme, _code(one.org_unit)))


def _count(numbers: tuple[int, int, int]) -> ReformCount:
    mentees, validated, fully_validated = numbers
    return ReformCount(mentees=mentees, validated=validated, fully_validated=fully_validated)


def _rolled_up(
    rows: Iterable[Any], of: Callable[[UUID], UUID | None]
) -> dict[tuple[str, UUID | None], tuple[int, int, int]]:
    found: dict[tuple[str, UUID | None], tuple[int, int, int]] = {}
    for row in rows:
        key = (row["programme"], of(row["unit"]))
        mentees, validated, fully = found.get(key, (0, 0, 0))
        found[key] = (
            mentees + row["mentees"],
            validated + row["validated"],
            fully + row["fully_validated"],
        )
    return found
