"""Units that a staff list names by the codes of another list."""

from typing import Any

import pytest

from mshauri.api import Api
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.mapping import BadMapping, read_mapping
from mshauri.importing.plan import Listed
from mshauri.importing.systems import by_own_codes
from tests.support.lists import read, told

BY_UID = "columns: {orgUnit: {heading: Unit UID, codeSystem: DHIS2}}"


class Coded(Api):
    """Answers with units, by their own codes and those in DHIS2."""

    def __init__(self, **units: str) -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.units = units

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        assert variables["system"] == "DHIS2"
        asked = {code.casefold() for code in variables["codes"]}
        nodes = [
            {
                "code": own,
                "name": f"Clinic {own}",
                "codes": [{"system": "OWN", "code": own}, {"system": "DHIS2", "code": uid}],
            }
            for own, uid in self.units.items()
            if uid.casefold() in asked
        ]
        return {"orgUnits": {"nodes": nodes}}


async def named(*uids: str, **units: str) -> Listed:
    """Return a list whose rows name units by their codes in DHIS2."""
    rows = (f"N-{place},A,Nurse,{uid}" for place, uid in enumerate(uids))
    lines = "number,givenNames,cadre,Unit UID", *rows
    listed = read(HEALTH_WORKERS, *lines, mapping=read_mapping(BY_UID))
    await by_own_codes(Coded(**units), listed)
    return listed


async def test_a_unit_is_known_by_its_code_in_another_list() -> None:
    listed = await named("aB3dE5gH1jK", F1="aB3dE5gH1jK", F2="zY9xW7vU5tS")
    assert (told(listed), listed.drafts[0].text("orgUnit")) == ([], "F1")


async def test_codes_that_differ_in_capitals_alone_are_two() -> None:
    listed = await named("AB3dE5gH1jK", F1="aB3dE5gH1jK", F2="AB3dE5gH1jK")
    assert (told(listed), listed.drafts[0].text("orgUnit")) == ([], "F2")
    listed = await named("ab3de5gh1jk", F1="aB3dE5gH1jK", F2="AB3dE5gH1jK")
    assert told(listed) == [(2, "Unit UID", "UNSURE_ORG_UNIT")]
    assert "Clinic F1 (F1); Clinic F2 (F2)" in listed.errors[0].problem


async def test_what_another_unit_is_called_in_another_list_is_not_meant() -> None:
    listed = await named("F9", "zY9xW7vU5tS", F1="F9", F9="zY9xW7vU5tS")
    assert told(listed) == []
    assert [draft.text("orgUnit") for draft in listed.drafts] == ["F1", "F9"]


async def test_a_code_that_no_unit_has_there_waits_though_it_is_another_unit_s_own() -> None:
    listed = await named("F1", F1="aB3dE5gH1jK")
    assert told(listed) == [(2, "Unit UID", "UNKNOWN_ORG_UNIT")]
    assert listed.drafts[0].waits


def test_only_a_column_of_units_is_of_a_list_of_codes() -> None:
    mapping = read_mapping("columns: {number: {heading: number, codeSystem: HR}}")
    with pytest.raises(BadMapping, match="No unit is named in number"):
        read(HEALTH_WORKERS, "number,givenNames,cadre,orgUnit", mapping=mapping)
