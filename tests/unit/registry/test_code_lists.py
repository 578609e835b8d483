"""Code lists: what a country takes for cadres, kinds of units and nicknames, told as a whole."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mshauri.lists import Wrong, read_lists, tell_wishes
from services.gateway.projections import CODE_LIST_ENTRY
from services.registry.aggregates.code_list import (
    BelowNotListed,
    CadreNotListed,
    CodeLeftOut,
    CodeList,
    KindNotListed,
    ListedTwice,
    ListUnchanged,
    NotOfACountry,
    NotOfThisList,
    must_be_a_list,
)
from shared.contracts.registry.code_list import CodeListEntry, CodeListKind, CodeListTold
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.house import House

SHIPPED = sorted((Path(__file__).parents[3] / "lists").glob("*.yaml"))
MIDWIFE = CodeListEntry(code="MIDWIFE", name="Midwife", aliases=("Sage-femme",), isco="2222")
NURSE = CodeListEntry(code="NURSE", name="Nurse", aliases=("Infirmière",), isco="2221")
AUXILIARY = CodeListEntry(code="AUXILIARY", name="Auxiliary", retired=True)


def a_list(*entries: CodeListEntry, of: CodeListKind = CodeListKind.CADRE) -> CodeList:
    must_be_a_list(of, entries)
    told = CodeListTold(list=of, entries=entries)
    known = CodeList.begin(CodeList.id_of(None, of), told)
    known.collect()
    return known


@pytest.mark.parametrize("word", ["MIDWIFE", "midwife", " Midwife ", "sage-femme", "SAGE-FEMME"])
def test_a_word_of_the_list_is_taken_by_its_code(word: str) -> None:
    assert a_list(MIDWIFE, NURSE).code_of(word, field="cadre") == "MIDWIFE"


def test_accents_do_not_matter() -> None:
    assert a_list(MIDWIFE, NURSE).code_of("infirmiere", field="cadre") == "NURSE"


def test_a_word_that_is_not_listed_is_refused_with_what_is_near() -> None:
    with pytest.raises(CadreNotListed) as refused:
        a_list(MIDWIFE, NURSE).code_of("Midwive", field="cadre")
    assert refused.value.field == "cadre"
    assert refused.value.params["candidates"].split(", ")[0] == "MIDWIFE"
    with pytest.raises(CadreNotListed) as far:
        a_list(MIDWIFE, NURSE).code_of("qqqq", field="cadre")
    assert far.value.params["candidates"] == "–"


def test_a_kind_of_unit_that_is_not_listed_is_refused_as_such() -> None:
    sector = CodeListEntry(code="SECTOR", name="Sector", aliases=("Umurenge",))
    with pytest.raises(KindNotListed):
        a_list(sector, of=CodeListKind.UNIT_KIND).code_of("Cell", field="kindCode")


def test_what_is_retired_stays_on_the_list_and_is_taken_no_more() -> None:
    known = a_list(MIDWIFE, AUXILIARY)
    assert known.entry("AUXILIARY") == AUXILIARY
    with pytest.raises(CadreNotListed):
        known.code_of("Auxiliary", field="cadre")


def test_a_word_stands_for_one_thing_but_a_nickname_for_several_names() -> None:
    with pytest.raises(ListedTwice) as refused:
        a_list(MIDWIFE, CodeListEntry(code="SM", name="Sister", aliases=("SAGE-FEMME",)))
    assert refused.value.field == "entries[1]"
    pat = a_list(
        CodeListEntry(code="PATRICK", name="Patrick", aliases=("Pat",)),
        CodeListEntry(code="PATRICIA", name="Patricia", aliases=("Pat",)),
        of=CodeListKind.NICKNAME,
    )
    assert pat.words["pat"] == "PATRICK"


@pytest.mark.parametrize(
    ("entry", "of"),
    [
        (MIDWIFE, CodeListKind.UNIT_KIND),
        (CodeListEntry(code="A", name="A", below=("A",)), CodeListKind.CADRE),
        (CodeListEntry(code="A", name="A", facility=True), CodeListKind.NICKNAME),
    ],
)
def test_an_entry_says_only_what_is_said_in_its_list(
    entry: CodeListEntry, of: CodeListKind
) -> None:
    with pytest.raises(NotOfThisList):
        a_list(entry, of=of)


def test_kinds_lie_under_kinds_of_the_list() -> None:
    with pytest.raises(BelowNotListed) as refused:
        a_list(
            CodeListEntry(code="CELL", name="Cell", below=("SECTOR",)), of=CodeListKind.UNIT_KIND
        )
    assert refused.value.field == "entries[0].below"


def test_what_records_may_name_is_retired_and_not_left_out() -> None:
    known = a_list(MIDWIFE, NURSE)
    with pytest.raises(CodeLeftOut):
        known.tell(CodeListTold(list=CodeListKind.CADRE, entries=(MIDWIFE,)))
    with pytest.raises(ListUnchanged):
        known.tell(CodeListTold(list=CodeListKind.CADRE, entries=(MIDWIFE, NURSE)))


def test_a_nickname_may_be_left_out() -> None:
    liz, bob = CodeListEntry(code="ELIZA", name="Eliza"), CodeListEntry(code="ROB", name="Rob")
    known = a_list(liz, bob, of=CodeListKind.NICKNAME)
    known.tell(CodeListTold(list=CodeListKind.NICKNAME, entries=(liz,)))
    (told,) = known.collect()
    assert isinstance(told, CodeListTold)
    assert told.removed == ("ROB",)


# ── and in the house ──────────────────────────────────────────────────────────────────────────

ENTRIES = [{"code": "MIDWIFE", "name": "Midwife", "aliases": ["Sage-femme"], "isco": "2222"}]


async def a_country(house: House) -> tuple[UUID, UUID]:
    country, district = new_id(), new_id()
    await house.send("orgUnitEstablish", id=country, code="ZZ", name="Zed", unitKind="COUNTRY")
    await house.send(
        "orgUnitEstablish",
        id=district,
        code="ZZ-1",
        name="First",
        unitKind="DISTRICT",
        parentId=country,
    )
    return country, district


async def test_a_country_tells_a_list_and_tells_it_anew() -> None:
    house = await House.built()
    country, _ = await a_country(house)
    await house.send("codeListTell", orgUnitId=country, list="CADRE", entries=ENTRIES)
    more: list[dict[str, Any]] = [*ENTRIES, {"code": "NURSE", "name": "Nurse"}]
    await house.send("codeListTell", orgUnitId=country, list="CADRE", entries=more)
    shown = sorted(house.rows(CODE_LIST_ENTRY), key=lambda row: row["place"])
    assert [(row["code"], row["isco"], row["org_unit_id"]) for row in shown] == [
        ("MIDWIFE", "2222", country),
        ("NURSE", None, country),
    ]
    with pytest.raises(MshauriError) as refused:
        await house.send("codeListTell", orgUnitId=country, list="CADRE", entries=more)
    assert refused.value.code == "LIST_UNCHANGED"


async def test_a_list_is_of_a_country_and_not_of_a_district() -> None:
    house = await House.built()
    _, district = await a_country(house)
    with pytest.raises(NotOfACountry) as refused:
        await house.send("codeListTell", orgUnitId=district, list="CADRE", entries=ENTRIES)
    assert refused.value.params["root"] == "ZZ"


# ── what is shipped ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_file_tells_three_lists_that_hold_together(file: Path) -> None:
    told = read_lists(file.read_bytes())
    assert set(told.lists) == set(CodeListKind)
    for list, entries in told.lists.items():
        must_be_a_list(list, entries)
    assert all(entry.isco for entry in told.lists[CodeListKind.CADRE])


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
async def test_the_house_takes_a_shipped_file(file: Path) -> None:
    house = await House.built()
    country, _ = await a_country(house)
    told = read_lists(file.read_bytes())
    for wish in tell_wishes(told, str(country)).values():
        content = {name: value for name, value in wish.command.items() if name != "commandId"}
        await house.send(wish.name, **content)
    assert len(house.rows(CODE_LIST_ENTRY)) == sum(map(len, told.lists.values()))


def test_a_file_that_tells_no_lists_is_said_to_be_none() -> None:
    with pytest.raises(Wrong):
        read_lists(b"lists: {CADRES: []}")
    with pytest.raises(Wrong):
        read_lists(b"country: [")
