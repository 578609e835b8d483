"""A reform's changes, carried out one after the other by the sentences that decide each alone.

What one of them refuses is found with its place in the list, and the rest is looked at all the
same, as far as it does not rest on it: whoever asks is told all of it at once.
"""

from asyncio import gather
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.reform import (
    MOST_RECORDS,
    LeftBehind,
    NotAChild,
    Reform,
    ReformTooLarge,
    RestsOnBroken,
)
from services.registry.commands import org_unit as sentences
from services.registry.views.places import ORG_UNIT
from shared.contracts.definition import Conduct
from shared.contracts.registry.org_unit import (
    OrgUnitClose,
    OrgUnitEstablish,
    OrgUnitMerge,
    OrgUnitRename,
    OrgUnitReparent,
    OrgUnitSplit,
)
from shared.contracts.registry.reform import ReformChange, ReformChangeKind
from shared.deciding.work import Work
from shared.domain.findings import Findings

NO_RULES = Conduct()
"""No programme has a say in how a country is divided."""


def with_ids(changes: Sequence[ReformChange], work: Work[Any]) -> tuple[ReformChange, ...]:
    """Return the changes with an id for every unit that they bring."""

    def named(place: int, change: ReformChange) -> ReformChange:
        path = f"reform/{place}"
        successors = tuple(
            replace(part, id=work.new_id(part.id, f"{path}/{at}"))
            for at, part in enumerate(change.successors)
        )
        if change.kind is not ReformChangeKind.ESTABLISH:
            return replace(change, successors=successors)
        return replace(change, id=work.new_id(change.id, path), successors=successors)

    return tuple(named(place, change) for place, change in enumerate(changes))


async def try_out(changes: Sequence[ReformChange], on: date, work: Work[Any]) -> None:
    """Look at all of a reform as if it were carried out, and record nothing of it.

    Raises:
        Refusal: what is broken, each with its place in the list.
        AccessDenied: who asks may not do all of it.
    """
    aside = work.aside(on)
    try:
        await carry_out(changes, aside)
    finally:
        work.by_memory |= aside.by_memory


async def carry_out(changes: Sequence[ReformChange], work: Work[Any]) -> None:
    """Have all of a reform recorded; see `try_out`."""
    findings = work.findings(NO_RULES)
    await _read(work, (unit for change in changes for unit in _named(change)))
    broken: set[UUID] = set()
    for place, change in enumerate(changes):
        before = len(findings.all)
        with findings.weighing(), work.part(f"changes[{place}]"):
            if not broken.isdisjoint(_named(change)):
                raise RestsOnBroken("kind")
            Reform.must_say_what_it_needs(change)
            await _CARRIED_OUT[change.kind](change, work)
        if len(findings.all) > before:
            broken.update(_brought(change))
    await _must_be_free(work, findings)
    changed = [unit for unit in work.at_hand(OrgUnit) if unit.has_recorded]
    if len(changed) > MOST_RECORDS:
        with findings.weighing():
            raise ReformTooLarge("changes", count=len(changed), most=MOST_RECORDS)
    await _tell_left_behind(work)
    findings.must_be_recorded()


async def _read(work: Work[Any], units: Iterable[UUID]) -> None:
    """Have units at hand, read side by side: one after the other, many take long."""
    await gather(*(work.find(OrgUnit, unit) for unit in dict.fromkeys(units)))


def _named(change: ReformChange) -> Iterator[UUID]:
    named = (change.org_unit_id, change.parent_id, change.into_id, change.children_to)
    yield from (unit for unit in named if unit is not None)
    yield from (child.parent_id for child in change.children)


def _brought(change: ReformChange) -> Iterator[UUID]:
    new = (change.id, *(part.id for part in change.successors))
    yield from (unit for unit in new if unit is not None)


async def _must_be_free(work: Work[Any], findings: Findings) -> None:
    """Find each code that is another unit's already."""
    for taken in await work.already_taken():
        with findings.weighing():
            raise taken


async def _tell_left_behind(work: Work[Any]) -> None:
    for unit in work.at_hand(OrgUnit):
        if unit.open and unit.parent_id is not None:
            parent = await work.get(OrgUnit, unit.parent_id, field="parentId")
            if not parent.open:
                work.tell(LeftBehind("changes", unit=unit.id, parent=parent.id))


# ── one change ────────────────────────────────────────────────────────────────────────────────


async def _establish(change: ReformChange, work: Work[Any]) -> None:
    unit = await sentences.establish(
        OrgUnitEstablish(
            command_id=work.command.command_id,
            id=change.id,
            code=change.code or "",
            name=change.name or "",
            unit_kind=change.unit_kind,
            kind_code=change.kind_code,
            parent_id=change.parent_id,
            facility=change.facility,
        ),
        work,
    )
    work.stands(unit.id, change.parent_id)


async def _rename(change: ReformChange, work: Work[Any]) -> None:
    await sentences.rename(
        OrgUnitRename(
            command_id=work.command.command_id,
            org_unit_id=_of(change),
            name=change.name or "",
        ),
        work,
    )


async def _move(change: ReformChange, work: Work[Any]) -> None:
    assert change.parent_id is not None, "it says all that it needs"
    await _reparent(_of(change), change.parent_id, work)


async def _split(change: ReformChange, work: Work[Any]) -> None:
    await sentences.split(
        OrgUnitSplit(
            command_id=work.command.command_id,
            org_unit_id=_of(change),
            successors=change.successors,
        ),
        work,
    )
    unit = await work.get(OrgUnit, _of(change), field="orgUnitId")
    for part in unit.heirs:
        work.stands(part, unit.parent_id)
    await _move_children(change, change.children_to, work)


async def _merge(change: ReformChange, work: Work[Any]) -> None:
    assert change.into_id is not None, "it says all that it needs"
    await sentences.merge(
        OrgUnitMerge(
            command_id=work.command.command_id,
            org_unit_id=_of(change),
            into_id=change.into_id,
        ),
        work,
    )
    await _move_children(change, change.children_to or change.into_id, work)


async def _close(change: ReformChange, work: Work[Any]) -> None:
    await sentences.close(
        OrgUnitClose(command_id=work.command.command_id, org_unit_id=_of(change)), work
    )


_CARRIED_OUT = {
    ReformChangeKind.ESTABLISH: _establish,
    ReformChangeKind.RENAME: _rename,
    ReformChangeKind.MOVE: _move,
    ReformChangeKind.SPLIT: _split,
    ReformChangeKind.MERGE: _merge,
    ReformChangeKind.CLOSE: _close,
}


async def _move_children(change: ReformChange, rest: UUID | None, work: Work[Any]) -> None:
    """Put each unit right under one that ended where the reform says; without a word, it stays."""
    waiting = {child.id: child for child in await _children(_of(change), work)}
    for at, named in enumerate(change.children):
        with work.part(f"children[{at}]"):
            if waiting.pop(named.org_unit_id, None) is None:
                raise NotAChild("orgUnitId")
            await _reparent(named.org_unit_id, named.parent_id, work)
    if rest is not None:
        with work.part("childrenTo"):
            for child in waiting:
                await _reparent(child, rest, work)


async def _children(unit: UUID, work: Work[Any]) -> list[OrgUnit]:
    """Return what is open right under a unit, as the changes so far have left it."""
    known = [row["id"] for row in await work.facts.rows(ORG_UNIT, parent_id=unit, open=True)]
    known += [each.id for each in work.at_hand(OrgUnit) if each.parent_id == unit]
    await _read(work, known)
    found = [await work.get(OrgUnit, id, field="orgUnitId") for id in dict.fromkeys(known)]
    return [child for child in found if child.open and child.parent_id == unit]


async def _reparent(unit: UUID, parent: UUID, work: Work[Any]) -> None:
    wish = OrgUnitReparent(command_id=work.command.command_id, org_unit_id=unit, parent_id=parent)
    await sentences.reparent(wish, work)


def _of(change: ReformChange) -> UUID:
    assert change.org_unit_id is not None, "it says all that it needs"
    return change.org_unit_id
