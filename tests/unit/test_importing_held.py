"""A list beside what stands: only what lands is prepared for, what differs is told by column."""

from datetime import date
from typing import Any

from mshauri.api import Answer, Api, UserError, Wish
from mshauri.importing.held import Held, Known, Outcome, Sent, hold, left_empty
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import Plan, plan_import
from mshauri.importing.read import read_text
from mshauri.importing.report import result_lines
from mshauri.importing.send import send_plan

MAPPING = """
name: a list
country: {code: ML, name: Mali}
columns: {code: code, name: name, type: type, ownership: owner, beds: beds}
above: [{kind: DISTRICT, name: district}]
"""
SINCE = date(2026, 1, 1)


def plan(*rows: str) -> Plan:
    text = "\n".join(["code,name,type,owner,beds,district", *rows])
    return plan_import(read_text(text), read_mapping(MAPPING))


def standing(found: Plan, **changes: dict[str, Any]) -> dict[str, Known]:
    """Return what stands: all of a plan, with other facts of some facilities by their names."""
    known = {}
    for unit in found.units:
        differs = changes.get(unit.name, {})
        known[unit.code] = Known(
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


async def sent(found: Plan, held: Held, api: Api) -> list[Sent]:
    told: list[Sent] = []
    async with api:
        await send_plan(found, api, since=SINCE, held=held, tell=told.append)
    return told


def test_a_level_is_established_only_for_a_row_that_lands() -> None:
    first = plan("1,A,Clinic,PUBLIC,4,Kati", "2,B,Clinic,PUBLIC,4,Kati")
    again = plan("1,A,Clinic,PRIVATE,4,Ktai", "2,B,Clinic,PUBLIC,4,Kati")
    held = hold(again, standing(first))
    assert [unit.code for level in held.new for unit in level] == []
    assert [unit.name for level in hold(plan("x y,A,,,,Ktai"), {}).new for unit in level] == []


def test_a_new_level_with_one_row_is_a_warning_that_names_what_is_like_it() -> None:
    held = hold(plan("1,A,,,,Bandiagara", "2,B,,,,Bandiagara", "3,C,,,,Bandiagra"), {})
    assert [(one.row, one.column, one.code) for one in held.warnings] == [
        (4, "district", "LONE_LEVEL")
    ]
    assert "there is a Bandiagara" in held.warnings[0].remedy
    found = plan("3,C,,,,Bandiagra")
    found.warnings += hold(found, {}).warnings
    told = [line for line in result_lines(found, []) if line.outcome == "WARNING"]
    assert [(line.row, line.kind, line.unit_code) for line in told] == [
        (2, "DISTRICT", "ML/BANDIAGRA")
    ]
    known = standing(plan("3,C,,,,Bandiagra"))
    assert hold(plan("4,D,,,,Bandiagra"), known).warnings == [], "it was seen before"


def test_what_stands_otherwise_is_told_by_column_with_what_stands() -> None:
    found = plan("1,A,Hospital,NGO,40,Kati")
    held = hold(found, standing(found, A={"facility": {"type": "Clinic", "beds": None}}))
    (one,) = [one for one in held.standing if one.unit.listed]
    assert one.outcome is Outcome.REFUSED
    assert [(error.column, error.code, error.value) for error in one.errors] == [
        ("type", "STANDS_OTHERWISE", "Hospital"),
        ("beds", "STANDS_OTHERWISE", "40"),
    ]
    assert "Clinic" in one.errors[0].problem
    assert "--update" in one.errors[0].remedy


async def test_with_update_what_differs_is_changed_and_each_change_is_told() -> None:
    found = plan("1,A,Hospital,,40,Kati", "2,B,,,,Kati")
    known = standing(
        found,
        A={"name": "Aa", "parent": "ML", "facility": {"type": "Clinic", "ownership": "NGO"}},
    )
    held = hold(found, known, update=True)
    api = Scripted()
    told = await sent(found, held, api)
    assert {wish.name: wish.command for wish in api.sent} == {
        "orgUnitRename": {**common(api, 0), "name": "A"},
        "orgUnitReparent": {**common(api, 1), "parentId": "id-ML/KATI"},
        "orgUnitChangeFacility": {**common(api, 2), "type": "Hospital"},
    }
    lines = [one for one in result_lines(found, told) if one.unit_code == "1"]
    assert [(one.outcome, one.column, one.value, one.problem) for one in lines] == [
        ("UPDATED", "name", "A", "It was Aa"),
        ("UPDATED", "parent", "ML/KATI", "It was ML"),
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
    held = hold(
        found, standing(found, A={"facility": {"type": "Hospital", "beds": 3}}), update=True
    )
    api = Scripted()
    (one,) = [x for x in await sent(found, held, api) if x.unit.listed]
    assert [change.what for change in one.changes] == ["beds"]
    assert [(wish.name, wish.command["beds"]) for wish in api.sent] == [
        ("orgUnitChangeFacility", 40)
    ]
    assert "type" not in api.sent[0].command


async def test_a_change_that_is_refused_is_told_beside_those_that_landed() -> None:
    found = plan("1,A,Hospital,,,Kati")
    held = hold(found, standing(found, A={"name": "B", "facility": {"type": "X"}}), update=True)
    (one,) = [x for x in await sent(found, held, Scripted("orgUnitRename")) if x.unit.listed]
    assert one.outcome is Outcome.REFUSED
    assert [(error.column, error.code) for error in one.errors] == [("name", "NO")]
    lines = [(line.outcome, line.column) for line in result_lines(found, [one])]
    assert lines == [("REFUSED", "name"), ("UPDATED", "type")]


async def test_what_was_changed_to_and_fro_is_another_command() -> None:
    found = plan("1,A,Hospital,,,Kati")
    ids = set()
    for version in (3, 5):
        known = standing(found, A={"facility": {"type": "Clinic"}})
        known["1"] = Known(
            **{**{f: getattr(known["1"], f) for f in Known.__slots__}, "version": version}
        )
        api = Scripted()
        await sent(found, hold(found, known, update=True), api)
        ids |= {wish.command["commandId"] for wish in api.sent}
    assert len(ids) == 2


def test_no_unit_becomes_one_of_another_kind() -> None:
    found = plan("1,A,,,,Kati")
    known = standing(found)
    known["1"] = Known("id-1", "A", "WARD", "ML/KATI", {})
    (one,) = [one for one in hold(found, known, update=True).standing if one.unit.listed]
    assert [(error.code, error.problem) for error in one.errors] == [
        ("STANDS_OTHERWISE", "It stands already, with another kind: WARD")
    ]


def test_another_of_the_same_name_in_the_same_place_is_a_warning() -> None:
    found = plan("1,Saint Luc,,,,Kati", "2,SAINT  LUC,,,,Kati", "3,Saint Luc,,,,Kita")
    told = [one for one in hold(found, {}).warnings if one.code == "SAME_NAME"]
    assert [(one.row, one.column) for one in told] == [(2, "name"), (3, "name")]
    assert "place: 2" in told[0].problem
    known = standing(plan("9,saint luc,,,,Kita"))
    told = hold(plan("3,Saint Luc,,,,Kita"), known).warnings
    assert [(one.row, one.code) for one in told] == [(2, "SAME_NAME")]
    assert hold(plan("9,Saint Luc,,,,Kita"), known).warnings == []


def test_a_level_that_is_known_by_its_name_alone_is_not_renamed_by_its_signs() -> None:
    found = plan("1,A,,,,Saint-Luc / Nord")
    known = standing(plan("1,A,,,,Saint Luc/nord"))
    assert {one.outcome for one in hold(found, known).standing} == {Outcome.ALREADY_THERE}


async def test_a_level_whose_rows_the_api_refused_is_told() -> None:
    found = plan("1,A,,,,Kati", "2,B,,,,Kita")

    class Picky(Scripted):
        async def _batch(self, wishes: Any) -> list[Answer]:
            no = Answer(errors=(UserError("NO", "Not so."),))
            return [no if wish.command["code"] == "2" else Answer("id") for wish in wishes]

    told = await sent(found, hold(found, {}), Picky())
    assert [(one.row, one.code, one.value) for one in left_empty(found, told)] == [
        (3, "LEFT_EMPTY", "Kita")
    ]


def test_a_country_is_never_changed_by_what_a_mapping_calls_it() -> None:
    found = plan("1,A,,,,Kati")
    known = standing(found, Mali={"name": "République du Mali"})
    held = hold(found, known, update=True)
    assert held.changed == []
    (country,) = [one for one in held.standing if one.unit.parent is None]
    assert [(error.code, error.remedy) for error in country.errors] == [
        ("STANDS_OTHERWISE", "Correct the country in the mapping.")
    ]
