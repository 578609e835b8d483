"""A facility list of Rwanda's structure, of invented rows, lands by a mapping alone: districts,
sectors, cells and villages above the facilities, and two columns of codes.
"""

from pathlib import Path

import pytest

from mshauri.importing.mapping import read_mapping
from mshauri.importing.tree import Tree
from mshauri.lists import read_lists
from services.gateway.projections import ORG_UNIT, ORG_UNIT_CODE
from shared.contracts.registry.code_list import CodeListKind
from shared.domain.errors import MshauriError
from tests.support.house import House
from tests.support.lists import tree, units

LISTS = Path(__file__).parents[2] / "lists" / "rwanda.yaml"
MAPPING = """
name: An invented list
country: {code: RW, name: Rwanda}
columns: {code: fosa, name: facility, type: category, level: level, beds: beds}
codes: {DHIS2: uid}
above:
  - {kind: DISTRICT, name: district}
  - {kind: SECTOR, name: sector}
  - {kind: CELL, name: cell}
  - {kind: VILLAGE, name: village}
"""
ROWS = """fosa,uid,facility,category,level,beds,district,sector,cell,village
9001,aB3dE5gH1jK,Ahatari Health Centre,Health centre,HC,12,Invented,Ahatari,Hose,Mugezi
9002,,Ahantu Health Post,Health post,HP,,Invented,Ahatari,Hose,Mugezi
9003,zY9xW7vU5tS,Kure Hospital,District hospital,DH,120,Invented,Kure,Hasi,Ruguru
"""


def planned() -> Tree:
    found = units(read_mapping(MAPPING), *ROWS.splitlines())
    assert found.errors == []
    return tree(found)


async def landed(*, listed: bool = True) -> House:
    """Return a house where the list is imported, once the country told its kinds."""
    house, found = await House.built(), planned()
    ids: dict[str, str] = {}
    for unit in found.units:
        if len(ids) == 1 and listed:
            kinds = read_lists(LISTS.read_bytes()).lists[CodeListKind.UNIT_KIND]
            content = {"orgUnitId": ids["RW"], "list": "UNIT_KIND", "entries": kinds}
            await house.send("codeListTell", **content)  # type: ignore[arg-type]
        answer = await house.send("orgUnitEstablish", **unit.command(ids.get(unit.parent or "")))
        ids[unit.code] = str(answer.id)
    return house


async def test_sectors_cells_and_villages_stand_above_their_facilities() -> None:
    house = await landed()
    rows = {row["id"]: row for row in house.rows(ORG_UNIT)}

    def line(code: str) -> list[str]:
        (row,) = (row for row in rows.values() if row["code"] == code)
        kinds = [row["unit_kind"]]
        while row["parent_id"] is not None:
            row = rows[row["parent_id"]]
            kinds.append(row["unit_kind"])
        return kinds

    assert line("9002") == ["FACILITY", "VILLAGE", "CELL", "SECTOR", "DISTRICT", "COUNTRY"]
    assert len(rows) == 1 + 1 + 2 + 2 + 2 + 3
    (centre,) = (row for row in rows.values() if row["code"] == "9001")
    assert (centre["facility_level"], centre["facility_beds"]) == ("HC", 12)


async def test_a_second_column_of_codes_is_a_list_of_its_own() -> None:
    house = await landed()
    coded = {row["code"] for row in house.rows(ORG_UNIT_CODE, system="DHIS2")}
    assert coded == {"aB3dE5gH1jK", "zY9xW7vU5tS"}


async def test_a_country_that_told_no_kinds_is_told_to() -> None:
    with pytest.raises(MshauriError) as refused:
        await landed(listed=False)
    assert refused.value.code == "KIND_NOT_TOLD"


def test_what_stood_before_kinds_were_data_is_the_same_wish() -> None:
    for unit in planned().units:
        command = unit.command(None)
        said = "kindCode" if unit.kind in ("SECTOR", "CELL", "VILLAGE") else "unitKind"
        assert command[said] == unit.kind
        assert len({"kindCode", "unitKind"} & command.keys()) == 1
