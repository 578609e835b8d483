"""Who and what is called by name in a list: found where one alone bears it, asked about if not."""

from typing import Any
from uuid import UUID

import pytest

from mshauri.api import Api, ApiFault, global_id
from mshauri.importing.known import Known
from mshauri.importing.lists.enrolments import ENROLMENTS
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.lookups import note_written_otherwise
from mshauri.importing.naming import resolve_names
from mshauri.importing.plan import plan_list
from tests.support.lists import read, told

HEADINGS = "number,givenNames,cadre,orgUnit"


class Searching(Api):
    """Answers every search with the same hits."""

    def __init__(self, *hits: dict[str, Any], fault: str = "") -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.hits, self.fault, self.asked = hits, fault, 0

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        self.asked += len(variables)
        if self.fault:
            raise ApiFault(self.fault, "No.")
        return {name: {"nodes": list(self.hits)} for name in variables}


def unit(code: str, name: str, matched: str = "") -> dict[str, Any]:
    found = {"id": global_id("OrgUnit", UUID(int=len(code))), "code": code, "name": name}
    return {"matched": matched or name, "found": found}


def person(number: str, matched: str) -> dict[str, Any]:
    found = {"id": global_id("HealthWorker", UUID(int=len(number))), "number": number}
    return {"matched": matched, "found": found}


async def at(name: str, *hits: dict[str, Any]) -> tuple[list[tuple[int, str, str]], str, Known]:
    """Return what becomes of a row that names a place."""
    listed = read(HEALTH_WORKERS, HEADINGS, f"N-1,A,Nurse,{name}")
    known = Known()
    await resolve_names(Searching(*hits), "OrgUnit", {name}, known)
    planned = plan_list(listed, known)
    said = listed.errors[0].problem if listed.errors else planned[0].wishes[0].command["orgUnitId"]
    return told(listed), said, known


async def test_a_place_that_alone_bears_the_name_is_meant_by_it_or_by_an_earlier_one() -> None:
    hit = unit("RW-0412", "Kabutare")
    mistakes, said, _ = await at("KABUTARE", hit, unit("RW-9", "Kabutare Post"))
    assert (mistakes, said) == ([], hit["found"]["id"])
    mistakes, said, _ = await at("Old Kabutare", unit("RW-0412", "Kabutare", "Old Kabutare"))
    assert (mistakes, said) == ([], hit["found"]["id"])


async def test_of_several_places_and_of_one_that_is_only_like_it_the_list_is_asked() -> None:
    both = unit("RW-1", "Kabutare"), unit("RW-22", "Kabutare")
    mistakes, said, _ = await at("Kabutare", *both)
    assert mistakes == [(2, "orgUnit", "UNSURE_ORG_UNIT")]
    assert "Kabutare (RW-1); Kabutare (RW-22)" in said
    mistakes, said, _ = await at("Kabutari", unit("RW-1", "Kabutare"))
    assert mistakes == [(2, "orgUnit", "UNSURE_ORG_UNIT")]
    assert "Kabutare (RW-1)" in said


async def test_a_place_that_nothing_is_like_waits_for_its_list() -> None:
    assert (await at("Kabutare"))[0] == [(2, "orgUnit", "UNKNOWN_ORG_UNIT")]


async def test_somebody_is_found_by_name_and_told_by_numbers_alone() -> None:
    row = "Uwase Aline,chw,FY24,MNH,2024-01-31"
    for hits, mistakes in (
        ([person("N-1", "Aline Uwase")], []),
        ([person("N-1", "Aline Uwase"), person("N-22", "Uwase Aline")], ["UNSURE_HEALTH_WORKER"]),
        ([], ["UNKNOWN_HEALTH_WORKER"]),
    ):
        listed = read(ENROLMENTS, "healthWorker,programme,cohort,area,occurredOn", row)
        known = Known(cohorts={("chw", "FY24"): "c"})
        known.people["N-1"] = {"id": "x", "enrolments": []}
        await resolve_names(Searching(*hits), "HealthWorker", {"Uwase Aline"}, known)
        plan_list(listed, known)
        assert [error.code for error in listed.errors] == mistakes
        if len(hits) == 2:
            assert "number N-1; N-22" in listed.errors[0].problem


async def test_codes_are_not_looked_for_and_an_api_that_cannot_search_finds_nothing() -> None:
    api = Searching(unit("RW-1", "HC 99"))
    await resolve_names(api, "OrgUnit", {"HC-99", "7", "?"}, Known())
    assert api.asked == 0
    known = Known()
    await resolve_names(Searching(fault="GRAPHQL_ERROR"), "OrgUnit", {"Kabutare"}, known)
    assert known.candidates == {}
    with pytest.raises(ApiFault):
        await resolve_names(Searching(fault="UNAUTHENTICATED"), "OrgUnit", {"Kabutare"}, known)


async def test_a_text_that_is_not_searched_for_leaves_the_others_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The API says so of a whole request: it parts words otherwise than we do."""
    many, api = "A-B-C-D-E-F-G Clinic", Searching(unit("RW-1", "Kabutare"))
    asked = api.ask

    async def ask(document: str, **variables: Any) -> dict[str, Any]:
        if many in variables.values():
            raise ApiFault("MALFORMED", "give no more than 6 words")
        return await asked(document, **variables)

    monkeypatch.setattr(api, "ask", ask)
    known = Known()
    await resolve_names(api, "OrgUnit", {many, "Kabutare"}, known)
    assert known.meant["OrgUnit"] == {"Kabutare": "RW-1"}
    assert many not in known.candidates


def test_a_code_in_another_case_is_that_code_and_one_without_its_zeros_may_be_another() -> None:
    known = Known()
    known.ids["HealthWorker"] = {"HO1-2": "a", "00482": "b", "77": "c"}
    note_written_otherwise("HealthWorker", {"ho1-2", "HO1-2.0", "482", "77.0", "9"}, known)
    assert known.meant["HealthWorker"] == {"ho1-2": "HO1-2", "HO1-2.0": "HO1-2", "77.0": "77"}
    assert known.candidates == {"482": ("00482",)}
