"""A list of units beside what stands: only what lands is prepared for, what differs is told by
column.
"""

from dataclasses import replace
from typing import Any

from mshauri.api import Answer, Api, UserError, Wish
from mshauri.importing.known import Unit as Standing
from mshauri.importing.lists.facilities import FACILITIES
from mshauri.importing.mapping import read_mapping
from mshauri.importing.outcome import result_lines
from mshauri.importing.plan import Listed
from mshauri.importing.planned import Outcome, Planned, Sent
from mshauri.importing.send import send_list
from mshauri.importing.standing_units import still_empty
from tests.support.lists import SINCE, held, told, tree, units, warned

MAPPING = """
name: a list
country: {code: ML, name: Mali}
columns: {code: code, name: name, type: type, ownership: owner, beds: beds}
above: [{kind: DISTRICT, name: district}]
"""


def plan(*rows: str) -> Listed:
    return units(read_mapping(MAPPING), "code,name,type,owner,beds,district", *rows)


def standing(found: Listed, **changes: dict[str, Any]) -> dict[str, Standing]:
    """Return what stands: all of a list, with other facts of some facilities by their names."""
    known = {}
    for unit in tree(found).units:
        differs = changes.get(unit.name, {})
        known[unit.code] = Standing(
            id=f"id-{unit.code}",
            name=differs.get("name", unit.name),
            kind=unit.kind,
            parent=differs.get("parent", unit.parent),
            facility={"operational": True, **(unit.facility or {}), **differs.get("facility", {})},
            version=3,
        )
    return known


class Scripted(Api):
    """Records every command, but refuses those of some names; keeps what was sent."""

    def __init__(self, *refused: str) -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.refused = refused
        self.sent: list[Wish] = []

    async def caught_up(self, positions: Any) -> None:
        """Nothing is read here."""

    async def _batch(self, wishes: Any) -> list[Answer]:
        self.sent += wishes
        no = Answer(errors=(UserError("NO", "Not so.", "occurredOn"),))
        return [no if wish.name in self.refused else Answer("id") for wish in wishes]


async def sent(planned: list[Planned], api: Api) -> list[Sent]:
    said: list[Sent] = []
    async with api:
        await send_list(planned, api, FACILITIES, tell=said.append)
    return said


def new(planned: list[Planned]) -> list[str]:
    return [one.draft.text("name") for one in planned if one.wishes and one.changes is None]


def test_a_level_is_established_only_for_a_row_that_lands() -> None:
    first = plan("1,A,Clinic,PUBLIC,4,Kati", "2,B,Clinic,PUBLIC,4,Kati")
    again = plan("1,A,Clinic,PRIVATE,4,Ktai", "2,B,Clinic,PUBLIC,4,Kati")
    assert new(held(again, standing(first))) == []
    assert new(held(plan("x y,A,,,,Ktai"))) == []
    assert new(held(plan("1,A,,,,Kati"))) == ["Mali", "Kati", "A"]


async def test_a_level_is_sent_when_the_one_above_it_has_landed_and_not_if_it_has_not() -> None:
    api = Scripted()
    await sent(held(plan("1,A,,,,Kati", "2,B,,,,Kita")), api)
    assert api.sent[0].command["code"] == "ML"
    assert {wish.command["code"] for wish in api.sent[1:3]} == {"ML/KATI", "ML/KITA"}
    found = plan("1,A,,,,Kati")
    said = await sent(held(found), Scripted("orgUnitEstablish"))
    assert {one.outcome for one in said} == {Outcome.REFUSED}
    codes = sorted(code for _, _, code in told(found))
    assert codes == ["NO", "PARENT_NOT_ESTABLISHED", "PARENT_NOT_ESTABLISHED"]


def test_a_new_level_with_one_row_is_a_warning_that_names_what_is_like_it() -> None:
    held(found := plan("1,A,,,,Bandiagara", "2,B,,,,Bandiagara", "3,C,,,,Bandiagra"))
    assert warned(found) == [(4, "district", "LONE_LEVEL")]
    assert "there is a Bandiagara" in found.warnings[0].remedy
    held(found := plan("3,C,,,,Bandiagra"))
    said = [line for line in result_lines(found, []) if line.outcome == "WARNING"]
    assert [(line.row, line.kind, line.key) for line in said] == [(2, "DISTRICT", "ML/BANDIAGRA")]
    known = standing(plan("3,C,,,,Bandiagra"))
    held(found := plan("4,D,,,,Bandiagra"), known)
    assert warned(found) == [], "it was seen before"


def test_what_stands_otherwise_is_told_by_column_with_what_stands() -> None:
    found = plan("1,A,Hospital,NGO,40,Kati")
    held(found, standing(found, A={"facility": {"type": "Clinic", "beds": None}}))
    assert [(error.column, error.code, error.value) for error in found.errors] == [
        ("type", "STANDS_OTHERWISE", "Hospital"),
        ("beds", "STANDS_OTHERWISE", "40"),
    ]
    assert "Clinic" in found.errors[0].problem
    assert "--update" in found.errors[0].remedy


async def test_with_update_what_differs_is_changed_and_each_change_is_told() -> None:
    found = plan("1,A,Hospital,,40,Kati", "2,B,,,,Kati")
    known = standing(
        found,
        A={"name": "Aa", "parent": "ML", "facility": {"type": "Clinic", "ownership": "NGO"}},
    )
    api = Scripted()
    said = await sent(held(found, known, update=True), api)
    assert {wish.name: wish.command for wish in api.sent} == {
        "orgUnitRename": {**common(api, 0), "name": "A"},
        "orgUnitReparent": {**common(api, 1), "parentId": "id-ML/KATI"},
        "orgUnitChangeFacility": {**common(api, 2), "type": "Hospital"},
    }
    lines = [one for one in result_lines(found, said) if one.key == "1"]
    assert [(one.outcome, one.column, one.value, one.problem) for one in lines] == [
        ("UPDATED", "name", "A", "It was Aa"),
        ("UPDATED", "district", "Kati", "It was ML"),
        ("UPDATED", "type", "Hospital", "It was Clinic"),
    ]


def common(api: Scripted, place: int) -> dict[str, Any]:
    command = api.sent[place].command
    return {
        "commandId": command["commandId"],
        "orgUnitId": "id-1",
        "occurredOn": SINCE.isoformat(),
    }


async def test_what_a_list_writes_in_other_letters_stays_as_it_is_whatever_else_changes() -> None:
    found = plan("1,A,HOSPITAL,,40,Kati")
    known = standing(found, A={"facility": {"type": "Hospital", "beds": 3}})
    api = Scripted()
    (one,) = [x for x in await sent(held(found, known, update=True), api) if x.planned.listed]
    assert [change.column for change in one.changes] == ["beds"]
    assert [(wish.name, wish.command["beds"]) for wish in api.sent] == [
        ("orgUnitChangeFacility", 40)
    ]
    assert "type" not in api.sent[0].command


async def test_a_change_that_is_refused_is_told_beside_those_that_landed() -> None:
    found = plan("1,A,Hospital,,,Kati")
    known = standing(found, A={"name": "B", "facility": {"type": "X"}})
    planned = held(found, known, update=True)
    (one,) = [x for x in await sent(planned, Scripted("orgUnitRename")) if x.planned.listed]
    assert one.outcome is Outcome.REFUSED
    assert told(found) == [(2, "name", "NO")]
    lines = [(line.outcome, line.column) for line in result_lines(found, [one])]
    assert sorted(lines) == [("REFUSED", "name"), ("UPDATED", "type")]


async def test_what_was_changed_to_and_fro_is_another_command() -> None:
    ids = set()
    for version in (3, 5):
        found = plan("1,A,Hospital,,,Kati")
        known = standing(found, A={"facility": {"type": "Clinic"}})
        known["1"] = replace(known["1"], version=version)
        api = Scripted()
        await sent(held(found, known, update=True), api)
        ids |= {wish.command["commandId"] for wish in api.sent}
    assert len(ids) == 2


def test_no_unit_becomes_one_of_another_kind() -> None:
    found = plan("1,A,,,,Kati")
    known = standing(found)
    known["1"] = Standing("id-1", "A", "WARD", "ML/KATI", {})
    held(found, known, update=True)
    assert [(error.code, error.problem) for error in found.errors] == [
        ("STANDS_OTHERWISE", "It stands already, with another kind: WARD")
    ]


def test_another_of_the_same_name_in_the_same_place_is_a_warning() -> None:
    held(found := plan("1,Saint Luc,,,,Kati", "2,SAINT  LUC,,,,Kati", "3,Saint Luc,,,,Kita"))
    assert warned(found, "SAME_NAME") == [(2, "name", "SAME_NAME"), (3, "name", "SAME_NAME")]
    assert "place: 2" in next(one for one in found.warnings if one.code == "SAME_NAME").problem
    known = standing(plan("9,saint luc,,,,Kita"))
    held(found := plan("3,Saint Luc,,,,Kita"), known)
    assert warned(found) == [(2, "name", "SAME_NAME")]
    held(found := plan("9,Saint Luc,,,,Kita"), known)
    assert warned(found) == []


def test_a_level_that_is_known_by_its_name_alone_is_not_renamed_by_its_signs() -> None:
    found = plan("1,A,,,,Saint-Luc / Nord")
    known = standing(plan("1,A,,,,Saint Luc/nord"))
    assert not any(one.wishes for one in held(found, known))
    assert told(found) == []


async def test_a_level_whose_rows_the_api_refused_is_told() -> None:
    found = plan("1,A,,,,Kati", "2,B,,,,Kita")

    class Picky(Scripted):
        async def _batch(self, wishes: Any) -> list[Answer]:
            no = Answer(errors=(UserError("NO", "Not so."),))
            return [no if wish.command["code"] == "2" else Answer("id") for wish in wishes]

    said = await sent(held(found), Picky())
    assert [(one.row, one.code, one.value) for one in still_empty(found, said)] == [
        (3, "LEFT_EMPTY", "Kita")
    ]


def test_a_country_is_never_changed_by_what_a_mapping_calls_it() -> None:
    found = plan("1,A,,,,Kati")
    known = standing(found, Mali={"name": "République du Mali"})
    assert not any(one.changes for one in held(found, known, update=True))
    assert [(error.code, error.remedy) for error in found.errors] == [
        ("STANDS_OTHERWISE", "Correct the country in the mapping.")
    ]


CODED = f"{MAPPING}codes: {{DHIS2: uid, HR: hr}}\n"


def coded(*rows: str) -> Listed:
    return units(read_mapping(CODED), "code,name,type,owner,beds,district,uid,hr", *rows)


async def test_a_code_in_another_list_is_established_compared_and_changed() -> None:
    (new_unit,) = tree(coded("1,A,,,,Kati,u1,")).listed
    assert new_unit.command("x")["codes"] == [{"system": "DHIS2", "code": "u1"}]
    found = coded("1,A,,,,Kati,u1,7")
    known = standing(found)
    known["1"] = replace(known["1"], codes={"DHIS2": "u0", "HR": "7"})
    held(found, known)
    assert told(found) == [(2, "uid", "STANDS_OTHERWISE")]
    assert "another uid: u0" in found.errors[0].problem
    api = Scripted()
    found = coded("1,A,,,,Kati,u1,7")
    (one,) = [x for x in await sent(held(found, known, update=True), api) if x.planned.listed]
    assert one.outcome is Outcome.UPDATED
    assert [wish.command for wish in api.sent] == [
        {**common(api, 0), "system": "DHIS2", "code": "u1"}
    ]
    assert [wish.name for wish in api.sent] == ["orgUnitChangeCode"]
