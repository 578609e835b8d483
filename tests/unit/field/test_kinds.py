"""Kinds of places are a country's own: sectors, cells, villages, training colleges, offices."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import ORG_UNIT
from shared.domain.errors import MshauriError
from tests.support.house import House

KINDS: list[dict[str, Any]] = [
    {"code": "COUNTRY", "name": "Country"},
    {"code": "DISTRICT", "name": "District", "aliases": ["Akarere"], "below": ["COUNTRY"]},
    {"code": "SECTOR", "name": "Sector", "aliases": ["Umurenge"], "below": ["DISTRICT"]},
    {"code": "CELL", "name": "Cell", "aliases": ["Akagari"], "below": ["SECTOR"]},
    {"code": "VILLAGE", "name": "Village", "below": ["CELL"]},
    {"code": "FACILITY", "name": "Facility", "below": ["DISTRICT", "SECTOR"], "facility": True},
    {"code": "HEALTH-POST", "name": "Health post", "below": ["CELL"], "facility": True},
    {"code": "COLLEGE", "name": "Training college", "below": ["DISTRICT"]},
    {"code": "HR-OFFICE", "name": "HR office"},
]


class Land:
    """A country, and what is established in it by the code of a kind."""

    house: House
    root: UUID

    async def drawn(self, *, listed: bool = True) -> "Land":
        self.house = await House.built()
        self.root = await self.place("COUNTRY", None)
        if listed:
            await self.tell(KINDS)
        return self

    async def tell(self, kinds: list[dict[str, Any]]) -> None:
        content: dict[str, Any] = {
            "orgUnitId": str(self.root),
            "list": "UNIT_KIND",
            "entries": kinds,
        }
        await self.house.send("codeListTell", **content)

    async def place(self, kind: str, under: UUID | None, **content: Any) -> UUID:
        given = {"code": f"{kind[:3]}{len(self.house.rows(ORG_UNIT))}", "name": f"A {kind}"}
        said = {"kindCode": kind, "parentId": under and str(under), **content}
        return (await self.house.send("orgUnitEstablish", **given, **said)).id

    async def refused(self, kind: str | None, under: UUID | None, **content: Any) -> MshauriError:
        with pytest.raises(MshauriError) as refused:
            await self.place(kind or "X", under, **({"kindCode": kind} | content))
        return refused.value

    def shown(self, unit: UUID) -> tuple[str, bool]:
        (row,) = self.house.rows(ORG_UNIT, id=unit)
        return row["unit_kind"], row["sees_patients"]


async def test_sector_cell_and_village_stand_where_the_country_says() -> None:
    land = await Land().drawn()
    district = await land.place("DISTRICT", land.root)
    sector = await land.place("umurenge", district)  # by what people call it
    cell = await land.place("CELL", sector)
    village = await land.place("Village", cell)
    assert [land.shown(one) for one in (sector, cell, village)] == [
        ("SECTOR", False), ("CELL", False), ("VILLAGE", False),
    ]  # fmt: skip
    astray = await land.refused("VILLAGE", sector)
    assert (astray.code, astray.field) == ("ORG_UNIT_KIND_NOT_UNDER", "parentId")
    assert "CELL" in astray.remedy


async def test_what_sees_patients_is_said_by_the_list_and_may_be_described() -> None:
    land = await Land().drawn()
    district = await land.place("DISTRICT", land.root)
    cell = await land.place("CELL", await land.place("SECTOR", district))
    post = await land.place("HEALTH-POST", cell)
    college = await land.place("COLLEGE", district)
    assert land.shown(post) == ("HEALTH-POST", True)
    facts: dict[str, Any] = {"type": "Health post", "beds": 0}
    await land.house.send("orgUnitChangeFacility", orgUnitId=str(post), **facts)
    with pytest.raises(MshauriError) as refused:
        await land.house.send("orgUnitChangeFacility", orgUnitId=str(college), **facts)
    assert refused.value.code == "NOT_A_FACILITY"


async def test_a_kind_without_a_word_on_its_place_may_lie_anywhere() -> None:
    land = await Land().drawn()
    district = await land.place("DISTRICT", land.root)
    for under in (land.root, district):
        assert land.shown(await land.place("HR-OFFICE", under)) == ("HR-OFFICE", False)


async def test_what_is_not_on_the_list_is_refused_with_what_is_near() -> None:
    land = await Land().drawn()
    unknown = await land.refused("SEKTOR", land.root)
    assert (unknown.code, unknown.field) == ("KIND_NOT_LISTED", "kindCode")
    assert "SECTOR" in unknown.remedy
    # A standard kind is one of the country's only where its list has it.
    ward = await land.refused(None, land.root, unitKind="WARD")
    assert (ward.code, ward.field) == ("KIND_NOT_LISTED", "unitKind")


async def test_where_no_list_was_told_the_standard_kinds_are_all_there_is() -> None:
    land = await Land().drawn(listed=False)
    assert land.shown(await land.place("district", land.root)) == ("DISTRICT", False)
    unknown = await land.refused("SECTOR", land.root)
    assert (unknown.code, unknown.field) == ("KIND_NOT_TOLD", "kindCode")
    assert "FACILITY" in unknown.remedy


@pytest.mark.parametrize(
    "said", [{}, {"unitKind": "WARD", "kindCode": "WARD"}, {"unitKind": "OTHER"}]
)
async def test_a_kind_is_said_in_one_way(said: dict[str, str]) -> None:
    land = await Land().drawn(listed=False)
    refused = await land.refused(None, land.root, **({"kindCode": None} | said))
    assert refused.code == "MALFORMED"


async def test_a_list_that_is_told_anew_says_where_what_there_is_may_be_put_from_then_on() -> None:
    land = await Land().drawn()
    district = await land.place("DISTRICT", land.root)
    sector = await land.place("SECTOR", district)
    cell = await land.place("CELL", sector)
    into = {"orgUnitId": str(cell), "parentId": str(district)}
    with pytest.raises(MshauriError) as refused:
        await land.house.send("orgUnitReparent", **into)
    assert refused.value.code == "ORG_UNIT_KIND_NOT_UNDER"
    wider = [
        {**kind, "below": ["SECTOR", "DISTRICT"]} if kind["code"] == "CELL" else kind
        for kind in KINDS
    ]
    await land.tell(wider)
    await land.house.send("orgUnitReparent", **into)


async def test_units_of_a_countrys_own_kind_are_split_and_merged_as_others_are() -> None:
    land = await Land().drawn()
    district = await land.place("DISTRICT", land.root)
    sector, other = await land.place("SECTOR", district), await land.place("SECTOR", district)
    halves = [{"code": "S-N", "name": "North"}, {"code": "S-S", "name": "South"}]
    await land.house.send("orgUnitSplit", orgUnitId=str(sector), successors=halves)
    (north,) = land.house.rows(ORG_UNIT, code="S-N")
    assert land.shown(north["id"]) == ("SECTOR", False)
    await land.house.send("orgUnitMerge", orgUnitId=str(other), intoId=str(north["id"]))
