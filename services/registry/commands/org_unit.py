"""Deciding on org units."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.registry.aggregates.facility_line import must_be_somewhere
from services.registry.aggregates.org_unit import OrgUnit, SuccessorsAlike
from services.registry.commands.handlers import handlers
from services.registry.commands.kinds import kind_asked_for, kind_of
from services.registry.commands.org_unit_codes import claim_code, claim_codes
from services.registry.views.places import ORG_UNIT
from shared.contracts.registry.org_unit import (
    OrgUnitClose,
    OrgUnitCorrectPlaces,
    OrgUnitEstablish,
    OrgUnitEstablished,
    OrgUnitMerge,
    OrgUnitRename,
    OrgUnitReopen,
    OrgUnitReparent,
    OrgUnitSplit,
)
from shared.deciding.work import Work
from shared.domain.folding import folded_identifier
from shared.domain.phrases import Phrase


@handlers.decides(OrgUnitEstablish)
async def establish(command: OrgUnitEstablish, work: Work[OrgUnitEstablish]) -> OrgUnit:
    """Establish a unit; its code is nobody else's."""
    await work.allow(at=command.parent_id)
    parent = None
    if command.parent_id is not None:
        parent = await work.get(OrgUnit, command.parent_id, field="parentId")
    kind = await kind_asked_for(command, work)
    if parent is not None:
        parent.must_take_in(kind, work.day)
    if command.facility is not None:
        must_be_somewhere(command.facility, "facility")
    unit = OrgUnit.begin(
        work.new_id(command.id, "org_unit"),
        OrgUnitEstablished(
            code=command.code.strip(),
            name=command.name,
            unit_kind=kind.code,
            sees_patients=kind.sees_patients,
            parent_id=command.parent_id,
            since=work.day,
            facility=command.facility,
            codes=tuple(replace(one, code=one.code.strip()) for one in command.codes),
        ),
    )
    claim_code(command.code, "code", work)
    claim_codes(command.codes, work)
    work.add(unit)
    return unit


@handlers.decides(OrgUnitRename)
async def rename(command: OrgUnitRename, work: Work[OrgUnitRename]) -> OrgUnit:
    """Rename a unit."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    await work.allow(at=unit.id)
    unit.rename(command.name, work.day)
    return unit


@handlers.decides(OrgUnitReparent)
async def reparent(command: OrgUnitReparent, work: Work[OrgUnitReparent]) -> OrgUnit:
    """Move a unit, perhaps late; who does so answers for both the old place and the new one."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    parent = await work.get(OrgUnit, command.parent_id, field="parentId")
    await work.allow(at=parent.id)
    await work.allow(at=unit.id)
    still = work.day >= unit.placed
    ancestors = await _ancestors(parent, work, None if still else work.day)
    unit.must_be_open("orgUnitId")
    unit.must_not_lie_under_itself(parent.id, ancestors)
    parent.must_take_in(await kind_of(unit, work), work.day, still=still)
    unit.reparent(parent.id, ancestors, work.day)
    return unit


@handlers.decides(OrgUnitCorrectPlaces)
async def correct_places(
    command: OrgUnitCorrectPlaces, work: Work[OrgUnitCorrectPlaces]
) -> OrgUnit:
    """Say anew where a unit stood; who does so answers for every place that is new or left out."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    before = {parent for _, parent in unit.places}
    for parent_id in sorted({one.parent_id for one in command.places} ^ before, key=str):
        await work.allow(at=parent_id)
    await work.allow(at=unit.id)
    work.reason()
    kind = await kind_of(unit, work)
    last = max((one.since for one in command.places), default=work.day)
    for place, one in enumerate(command.places):
        work.must_have_come(one.since, f"places[{place}].since")
        if one.parent_id is None:
            continue
        field, still = f"places[{place}].parentId", unit.open and one.since == last
        parent = await work.get(OrgUnit, one.parent_id, field=field)
        ancestors = await _ancestors(parent, work, None if still else one.since)
        unit.must_not_lie_under_itself(parent.id, ancestors, field)
        parent.must_take_in(kind, one.since, field=field, still=still)
    unit.correct_places(command.places)
    return unit


@handlers.decides(OrgUnitSplit)
async def split(command: OrgUnitSplit, work: Work[OrgUnitSplit]) -> OrgUnit:
    """Split a unit up; who does so answers for the place where the new ones come to stand."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    await work.allow(at=unit.parent_id)
    await work.allow(at=unit.id)
    if unit.parent_id is not None:
        parent = await work.get(OrgUnit, unit.parent_id, field="orgUnitId")
        parent.must_be_there_for_successors()
    codes: set[str] = set()
    successors: list[UUID] = []
    for index, successor in enumerate(command.successors):
        id = work.new_id(successor.id, f"org_unit/{successor.code}")
        code = folded_identifier(successor.code)
        if code in codes:
            raise SuccessorsAlike(
                f"successors[{index}].code", what=Phrase("The code {code}", code=successor.code)
            )
        if id in (*successors, unit.id):
            raise SuccessorsAlike(f"successors[{index}].id", what=Phrase("The id {id}", id=id))
        codes.add(code)
        successors.append(id)
        if successor.facility is not None:
            must_be_somewhere(successor.facility, f"successors[{index}].facility")
        claim_code(successor.code, f"successors[{index}].code", work)
        work.add(
            OrgUnit.begin(
                id,
                OrgUnitEstablished(
                    code=successor.code.strip(),
                    name=successor.name,
                    unit_kind=unit.unit_kind,
                    sees_patients=unit.sees_patients,
                    parent_id=unit.parent_id,
                    since=work.day,
                    facility=successor.facility,
                    predecessors=(unit.id,),
                ),
            )
        )
    unit.split(tuple(successors), work.day)
    return unit


@handlers.decides(OrgUnitMerge)
async def merge(command: OrgUnitMerge, work: Work[OrgUnitMerge]) -> OrgUnit:
    """Merge a unit into another; who does so answers for both."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    into = await work.get(OrgUnit, command.into_id, field="intoId")
    await work.allow(at=into.id)
    await work.allow(at=unit.id)
    unit.merge(into, await _ancestors(into, work), work.day)
    return unit


@handlers.decides(OrgUnitClose)
async def close(command: OrgUnitClose, work: Work[OrgUnitClose]) -> OrgUnit:
    """Close a unit that nothing open belongs under."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    await work.allow(at=unit.id)
    work.reason()
    unit.close(await _open_below(unit, work), work.day)
    return unit


@handlers.decides(OrgUnitReopen)
async def reopen(command: OrgUnitReopen, work: Work[OrgUnitReopen]) -> OrgUnit:
    """Take back that a unit was closed; it stands where it stood."""
    unit = await work.get(OrgUnit, command.org_unit_id, field="orgUnitId")
    await work.allow(at=unit.id)
    work.reason()
    if unit.parent_id is not None:
        parent = await work.get(OrgUnit, unit.parent_id, field="orgUnitId")
        parent.must_be_there_for_successors()
    unit.reopen()
    return unit


async def _ancestors(unit: OrgUnit, work: Work[Any], day: date | None = None) -> tuple[UUID, ...]:
    """Return a unit's line upwards, on a day or now; it ends where two stand under each other."""
    line: list[UUID] = []
    while True:
        parent = unit.parent_id if day is None else unit.parent_on(day)
        if parent is None or parent in line:
            return tuple(line)
        unit = await work.get(OrgUnit, parent, field="parentId")
        line.append(unit.id)


async def _open_below(unit: OrgUnit, work: Work[Any]) -> UUID | None:
    # The view may be a moment behind: it says where to look, the unit itself how it stands.
    for row in await work.facts.rows(ORG_UNIT, parent_id=unit.id, open=True):
        child = await work.get(OrgUnit, row["id"], field="orgUnitId")
        if child.open and child.parent_id == unit.id:
            return child.id
    return None
