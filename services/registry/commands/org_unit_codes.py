"""Deciding on the codes of org units: which are whose, in which list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.registry.aggregates.org_unit import OrgUnit
from services.registry.aggregates.unit_codes import must_be_one_a_list
from services.registry.commands.handlers import handlers
from shared.contracts.registry.org_unit_codes import (
    OWN,
    CodeIn,
    OrgUnitChangeCode,
    OrgUnitCorrectCodes,
    OrgUnitGiveUpCode,
)
from shared.deciding.claims import forms_of
from shared.deciding.work import Work
from shared.domain.phrases import Phrase


@handlers.decides(OrgUnitChangeCode)
async def change_code(command: OrgUnitChangeCode, work: Work[OrgUnitChangeCode]) -> OrgUnit:
    """Give a unit a code that is nobody else's in its list."""
    unit = await _unit(command.org_unit_id, work)
    before = unit.codes_kept(command.system)
    unit.change_code(command.system, command.code.strip(), work.day)
    _claim_and_release(unit, command.system, before, "code", work)
    return unit


@handlers.decides(OrgUnitGiveUpCode)
async def give_up_code(command: OrgUnitGiveUpCode, work: Work[OrgUnitGiveUpCode]) -> OrgUnit:
    """Let others have the codes that a unit had in a list."""
    unit = await _unit(command.org_unit_id, work)
    before = unit.codes_kept(command.system)
    unit.give_up_code(command.system, work.day)
    _claim_and_release(unit, command.system, before, "system", work)
    return unit


@handlers.decides(OrgUnitCorrectCodes)
async def correct_codes(command: OrgUnitCorrectCodes, work: Work[OrgUnitCorrectCodes]) -> OrgUnit:
    """Say anew which codes a unit had; those that it never had, others may have."""
    unit = await _unit(command.org_unit_id, work)
    work.reason()
    for place, one in enumerate(command.codes):
        work.must_have_come(one.since, f"codes[{place}].since")
    before = unit.codes_kept(command.system)
    unit.correct_codes(command.system, command.codes)
    _claim_and_release(unit, command.system, before, "codes", work)
    return unit


def claim_code(code: str, field: str, work: Work[Any], system: str = OWN) -> None:
    """Make a code a unit's alone in its list."""
    work.claim_identifier(_claims(system), code, field=field, what=_named(code, system))


def claim_codes(codes: Iterable[CodeIn], work: Work[Any]) -> None:
    """Make the codes of a new unit in other lists its alone.

    Raises:
        CodesAlike: two are of one list, or one is of the list of own codes.
    """
    codes = tuple(codes)
    must_be_one_a_list(codes, "codes")
    for place, one in enumerate(codes):
        claim_code(one.code, f"codes[{place}].code", work, one.system)


def _claim_and_release(
    unit: OrgUnit, system: str, before: Iterable[str], field: str, work: Work[Any]
) -> None:
    # What it had stays claimed as it was: the codes that a split gave are claimed by the unit that
    # was split up, and stay so even where they are given back.
    kept = {form: code for code in unit.codes_kept(system) for form in forms_of(code)}
    had = {form for code in before for form in forms_of(code)}
    for form in kept.keys() - had:
        key = f"{_claims(system)}:{form}"
        work.claim(key, field=field, what=_named(kept[form], system))
    for form in had - kept.keys():
        work.release(f"{_claims(system)}:{form}")


def _claims(system: str) -> str:
    # Own codes are claimed as all codes were, before there were other lists; they have no colon.
    return "org_unit:code" if system == OWN else f"org_unit:code:{system}"


def _named(code: str, system: str) -> Phrase:
    if system == OWN:
        return Phrase("The code {code}", code=code)
    return Phrase("The code {code} in {system}", code=code, system=system)


async def _unit(unit: UUID, work: Work[Any]) -> OrgUnit:
    found = await work.get(OrgUnit, unit, field="orgUnitId")
    await work.allow(at=found.id)
    return found
