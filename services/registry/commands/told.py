"""What is told of a person, as it is recorded: a phone in one form, a cadre by its code."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from services.registry.commands.lists import listed, root_of
from services.registry.countries import region_of
from services.registry.phones import e164
from shared.contracts.registry.code_list import CodeListKind
from shared.contracts.registry.org_unit import OrgUnitKind
from shared.deciding.work import Work
from shared.domain.folding import folded_text


async def phone_told(phone: str | None, unit_id: UUID, work: Work[Any]) -> str | None:
    """Return a phone as it is recorded, by the plan of the country that a unit lies in.

    Where nothing tells of which country it is, it stays as it was typed: digits and single spaces.

    Raises:
        PhoneImpossible: no number has these digits.
    """
    if phone is None:
        return None
    country = await root_of(unit_id, work)
    stands_for = country.unit_kind == OrgUnitKind.COUNTRY
    region = region_of(country.code, country.name) if stands_for else None
    told = e164(phone, region or work.country, field="phone")
    return told or " ".join(re.sub(r"[().-]", " ", phone).split())


async def cadre_told(
    cadre: str, unit_id: UUID, work: Work[Any], *, field: str, known: Collection[str] = ()
) -> str:
    """Return a cadre as it is recorded: by its code, where a list holds at a unit.

    Args:
        known: what they were said to be before a list was told, and may be said to have been.

    Raises:
        CadreNotListed: a list holds, and does not have it; the error names near ones.
    """
    cadres = await listed(work, unit_id, CodeListKind.CADRE)
    if cadres is None or cadre in known:
        return cadre
    return cadres.code_of(cadre, field=field)


async def words_for(cadre: str, unit_id: UUID, work: Work[Any]) -> tuple[str, ...]:
    """Return what else a cadre is called where a list holds at a unit: its name and aliases.

    What was recorded before there was a list is found by any of its words.
    """
    cadres = await listed(work, unit_id, CodeListKind.CADRE)
    entry = cadres and cadres.entry(cadres.words.get(folded_text(cadre), cadre))
    return (entry.code, entry.name, *entry.aliases) if entry else ()
