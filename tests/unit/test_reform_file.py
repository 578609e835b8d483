"""`mshauri reform`: what it reads in a file, what it sends, and what it prints."""

from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from rich.console import Console

import shared.contracts.registry  # noqa: F401  (fill `commands`)
from mshauri.api import global_id, local_id
from mshauri.reform.file import BadReform, Reform, draft_of, read_reform
from mshauri.reform.report import broken_table, effect_tables
from shared.contracts.base import commands

TEXT = """
name: Districts anew
within: RW
effectiveOn: 2027-07-01
reason: Law 12 of 2027
changes:
  - establish: RW-NEW
    name: New province
    kind: PROVINCE
    under: RW
  - {move: D1, under: RW-NEW}
  - split: D2
    into:
      - {code: D2N, name: North}
      - {code: D2S, name: South}
    children: {F1: D2N}
    rest: D2S
  - {merge: D3, into: D4}
  - {rename: D4, name: Both}
  - close: D5
"""
KNOWN = {code: uuid4() for code in ("RW", "D1", "D2", "D3", "D4", "D5", "F1")}


@pytest.fixture
def reform() -> Reform:
    return read_reform(TEXT)


def plain(value: Any) -> Any:
    """Return a value as the services take it: ids alone."""
    if isinstance(value, dict):
        return {
            name: str(local_id(one)) if name in REFS and one else plain(one)
            for name, one in value.items()
        }
    return [plain(one) for one in value] if isinstance(value, list) else value


REFS = {"orgUnitId", "parentId", "intoId", "childrenTo"}


def test_a_file_makes_the_command_that_its_verbs_say(reform: Reform) -> None:
    wish = draft_of(reform, KNOWN)
    command: Any = msgspec.convert(plain(wish.command), commands[wish.name])
    assert (command.effective_on, command.org_unit_id) == (date(2027, 7, 1), KNOWN["RW"])
    new, moved, parted, merged, renamed, closed = command.changes
    north, south = parted.successors
    assert (new.code, new.parent_id, moved.parent_id) == ("RW-NEW", KNOWN["RW"], new.id)
    assert [(one.org_unit_id, one.parent_id) for one in parted.children] == [
        (KNOWN["F1"], north.id)
    ]
    assert (parted.children_to, south.code) == (south.id, "D2S")
    assert (merged.org_unit_id, merged.into_id) == (KNOWN["D3"], KNOWN["D4"])
    assert (renamed.name, closed.org_unit_id) == ("Both", KNOWN["D5"])


def test_the_same_file_makes_the_same_command_and_a_changed_one_another(reform: Reform) -> None:
    first = draft_of(reform, KNOWN)
    assert draft_of(read_reform(TEXT), KNOWN) == first
    other = draft_of(read_reform(TEXT.replace("Both", "Two")), KNOWN)
    assert other.command["commandId"] != first.command["commandId"]


def test_units_that_are_not_there_are_all_named_before_anything_is_sent(reform: Reform) -> None:
    known = {code: id for code, id in KNOWN.items() if code not in ("D2", "F1")}
    with pytest.raises(BadReform, match="D2, F1"):
        draft_of(reform, known)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("  - close: D5", "  - {close: D5, move: D1}"),
        ("  - close: D5", "  - {name: D5}"),
        ("  - close: D5", "  - {shut: D5}"),
        ("  - close: D5", "  - {close: 10482}"),
        ("name: Districts anew", "title: Districts anew"),
        ("reason: Law 12 of 2027", "reason: [Law"),
    ],
)
def test_what_is_no_reform_is_said_to_be_none(wrong: str, right: str) -> None:
    with pytest.raises(BadReform):
        read_reform(TEXT.replace(wrong, right))


def test_a_code_of_digits_is_asked_for_in_quotes() -> None:
    with pytest.raises(BadReform, match="quotes"):
        read_reform(TEXT.replace("close: D5", "close: 10482"))
    assert read_reform(TEXT.replace("close: D5", "close: '00482'")).changes[-1].unit == "00482"


def printed(*tables: Any) -> str:
    out = StringIO()
    console = Console(file=out, width=140)
    for table in tables:
        console.print(table)
    return out.getvalue()


def test_a_broken_rule_is_told_by_the_change_of_the_file(reform: Reform) -> None:
    broken = {
        "field": "changes[3].intoId", "message": "Kinds differ.", "remedy": "Name a DISTRICT."
    }  # fmt: skip
    text = printed(broken_table(reform, [broken]))
    assert "merge D3" in text
    assert "Kinds differ. Name a DISTRICT." in text


def test_what_it_would_do_is_printed_side_by_side() -> None:
    unit = {"code": "D3", "name": "Third"}
    count = {"mentees": 71, "validated": 60, "fullyValidated": 3}
    effects: dict[str, Any] = {
        "grants": [],
        "grantsThatStay": 4,
        "moves": [
            {
                "level": "DISTRICT", "from": unit, "to": None, "orgUnits": 12,
                "healthWorkers": 340, "mentees": 71, "mentorships": 36, "cohorts": 2,
            }
        ],
        "groups": [{"code": "LAKE", "member": unit, "ends": True, "successors": []}],
        "figures": [
            {
                "programme": "INGOBYI", "orgUnit": unit, "before": count,
                "after": dict.fromkeys(count, 0),
            }
        ],
        "leftBehind": [],
    }  # fmt: skip
    text = printed(*effect_tables(effects))
    for said in ("4 stay as they are", "340", "71 → 0", "is no more", "D3 Third", "–"):
        assert said in text
    assert "Left behind" not in text


def test_ids_travel_as_the_api_takes_them() -> None:
    id = UUID(int=7)
    assert local_id(global_id("OrgUnit", id)) == id
