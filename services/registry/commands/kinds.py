"""Of which kind a unit is: the standard ones, or those of its country's list."""

from typing import Any
from uuid import UUID

from services.registry.aggregates.nesting import STANDARD, Kind, KindNotTold
from services.registry.aggregates.org_unit import OrgUnit
from services.registry.commands.lists import listed
from shared.contracts.registry.code_list import CodeListKind
from shared.contracts.registry.org_unit import OrgUnitEstablish, OrgUnitKind
from shared.deciding.work import Work
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase


async def kind_asked_for(command: OrgUnitEstablish, work: Work[Any]) -> Kind:
    """Return the kind that a new unit is to be of.

    Raises:
        Malformed: it is said in neither way, or in both.
        KindNotListed: the country told its kinds, and it is none of them.
        KindNotTold: it told none, and it is none of the standard ones.
    """
    if (command.unit_kind is None) == (command.kind_code is None):
        raise Malformed(
            "kindCode",
            problem=Phrase("give either `unitKind` or `kindCode`"),
            expected="orgUnitEstablish",
        )
    if command.unit_kind is OrgUnitKind.OTHER:
        raise Malformed(
            "unitKind",
            problem=Phrase("a kind of the country's own is said by its `kindCode`"),
            expected="orgUnitEstablish",
        )
    if command.kind_code is not None:
        return await _named(command.kind_code, command.parent_id, "kindCode", work)
    return await _named(str(command.unit_kind), command.parent_id, "unitKind", work)


async def kind_of(unit: OrgUnit, work: Work[Any]) -> Kind:
    """Return the kind of a unit that there is, as its country says now under what it may lie."""
    told = await listed(work, unit.id, CodeListKind.UNIT_KIND)
    entry = told and told.entry(unit.unit_kind)
    return Kind(unit.unit_kind, unit.sees_patients, entry.below if entry else ())


async def _named(word: str, under: UUID | None, field: str, work: Work[Any]) -> Kind:
    told = await listed(work, under, CodeListKind.UNIT_KIND)
    if told is not None:
        entry = told.entry(told.code_of(word, field=field))
        assert entry is not None, "a word stands for what is on the list"
        return Kind(entry.code, entry.facility, entry.below)
    kind = STANDARD.get(word.strip().upper())
    if kind is None:
        raise KindNotTold(field, word=word, known=", ".join(STANDARD))
    return kind
