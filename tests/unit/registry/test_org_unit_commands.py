"""Org units as they are asked for: what ends a unit changes no earlier day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.projections import ORG_UNIT
from shared.access.facts import ORG_UNIT_PLACE
from shared.contracts.registry.org_unit import (
    OrgUnitEstablished,
    OrgUnitKind,
    OrgUnitSplitUp,
)
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.house import House

SINCE, DAY = date(2018, 1, 1), date(2020, 7, 1)


class Country:
    """A house with a country of districts, and what is asked of it in these tests."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._codes = 0

    @classmethod
    async def founded(cls) -> "Country":
        return cls(await House.built())

    async def establish(
        self, kind: str = "DISTRICT", parent: UUID | None = None, day: date = SINCE
    ) -> UUID:
        self._codes += 1
        answer = await self.house.send(
            "orgUnitEstablish",
            code=f"U{self._codes}",
            name="A unit",
            unitKind=kind,
            parentId=parent and str(parent),
            occurredOn=str(day),
        )
        return answer.id

    async def ask(self, name: str, unit: UUID, day: date = DAY, /, **content: Any) -> None:
        await self.house.send(name, orgUnitId=str(unit), occurredOn=str(day), **content)

    async def refusal(
        self, name: str, unit: UUID, day: date = DAY, /, **content: Any
    ) -> tuple[str, str | None]:
        with pytest.raises(MshauriError) as refused:
            await self.ask(name, unit, day, **content)
        return refused.value.code, refused.value.field

    def row(self, unit: UUID) -> Mapping[str, Any]:
        """Return a unit as readers see it."""
        (row,) = (row for row in self.house.rows(ORG_UNIT) if row["id"] == unit)
        return row

    def parents(self, until: date) -> list[tuple[UUID, list[UUID | None]]]:
        """Return under whom every unit of that time stood, day by day until `until`."""
        rows = sorted(self.house.rows(ORG_UNIT_PLACE), key=lambda row: row["since"])
        days = [SINCE + timedelta(days=n) for n in range((until - SINCE).days)]
        units = {row["org_unit_id"] for row in rows if row["since"] < until}
        return [
            (unit, [_parent_on(day, [r for r in rows if r["org_unit_id"] == unit]) for day in days])
            for unit in sorted(units)
        ]


def _parent_on(day: date, rows: list[dict[str, Any]]) -> UUID | None:
    return next((row["parent_id"] for row in reversed(rows) if row["since"] <= day), None)


def two(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "name": f"Part {code}"} for code in codes or ("N", "S")]


async def test_the_successors_of_a_split_stand_where_the_unit_stood() -> None:
    country = await Country.founded()
    top = await country.establish("COUNTRY")
    unit = await country.establish(parent=top)
    await country.ask("orgUnitSplit", unit, successors=two())
    split = (await country.house.events(unit))[-1]
    assert isinstance(split, OrgUnitSplitUp)
    for code, successor in zip("NS", split.successors, strict=True):
        assert await country.house.events(successor) == [
            OrgUnitEstablished(
                code=code,
                name=f"Part {code}",
                unit_kind=OrgUnitKind.DISTRICT,
                parent_id=top,
                since=DAY,
                predecessors=(unit,),
            )
        ]


async def test_the_successors_of_a_split_are_told_apart() -> None:
    country = await Country.founded()
    unit, other = await country.establish(), await country.establish()
    code = await country.refusal("orgUnitSplit", unit, successors=two("N", "N"))
    assert code == ("SUCCESSORS_ALIKE", "successors[1].code")
    id = str(new_id())
    same = [{**successor, "id": id} for successor in two()]
    code = await country.refusal("orgUnitSplit", unit, successors=same)
    assert code == ("SUCCESSORS_ALIKE", "successors[1].id")
    taken = await country.refusal("orgUnitSplit", unit, successors=two("N", "U2"))
    assert taken == ("ALREADY_TAKEN", "successors[1].code")
    assert [type(event) for event in await country.house.events(unit)] == [OrgUnitEstablished]
    await country.ask("orgUnitSplit", other, successors=two())  # no code was taken by a refusal


async def test_what_the_master_list_says_of_a_facility_is_updated_as_a_whole() -> None:
    country = await Country.founded()
    unit = await country.establish("FACILITY")
    says = {"type": "Clinic", "ownership": "NGO", "beds": 12, "latitude": -1.9, "longitude": 30.1}
    await country.ask("orgUnitUpdateFacility", unit, facility=says)
    row = country.row(unit)
    assert {name: row[f"facility_{name}"] for name in says} == says
    assert row["facility_operational"] is True
    await country.ask("orgUnitUpdateFacility", unit, facility={"beds": 15, "operational": False})
    row = country.row(unit)
    assert (row["facility_beds"], row["facility_type"]) == (15, None)
    assert row["facility_operational"] is False
    district = await country.establish()
    code = await country.refusal("orgUnitUpdateFacility", district, facility={})
    assert code == ("NOT_A_FACILITY", "orgUnitId")


async def test_a_unit_is_not_merged_into_what_lies_below_it() -> None:
    country = await Country.founded()
    unit = await country.establish("FACILITY")
    between = await country.establish("FACILITY", parent=unit)
    below = await country.establish("FACILITY", parent=between)
    code = await country.refusal("orgUnitMerge", unit, intoId=str(below))
    assert code == ("OWN_ANCESTOR", "intoId")
    await country.ask("orgUnitMerge", below, intoId=str(unit))


async def test_a_unit_is_closed_once_nothing_open_is_below_it() -> None:
    country = await Country.founded()
    unit, other = await country.establish(), await country.establish()
    below = await country.establish("FACILITY", parent=unit)
    moved = await country.establish("FACILITY", parent=unit)
    assert await country.refusal("orgUnitClose", unit) == ("REASON_MISSING", "reason")
    why = {"reason": "Not needed any more"}
    assert await country.refusal("orgUnitClose", unit, **why) == ("ORG_UNITS_BELOW", "orgUnitId")
    await country.ask("orgUnitClose", below, **why)
    assert await country.refusal("orgUnitClose", unit, **why) == ("ORG_UNITS_BELOW", "orgUnitId")
    await country.ask("orgUnitReparent", moved, parentId=str(other))
    await country.ask("orgUnitClose", unit, **why)


@pytest.mark.parametrize(
    ("ending", "content", "code"),
    [
        ("orgUnitSplit", {"successors": two()}, "ORG_UNIT_SPLIT_UP"),
        ("orgUnitMerge", {"intoId": None}, "ORG_UNIT_MERGED"),
        ("orgUnitClose", {"reason": "Empty"}, "ORG_UNIT_CLOSED"),
    ],
)
async def test_nothing_new_happens_at_a_unit_that_is_no_more(
    ending: str, content: dict[str, Any], code: str
) -> None:
    country = await Country.founded()
    unit, other = await country.establish(), await country.establish()
    if "intoId" in content:
        content = {"intoId": str(other)}
    await country.ask(ending, unit, **content)

    for name, more, field in (
        ("orgUnitRename", {"name": "Later"}, "orgUnitId"),
        ("orgUnitReparent", {"parentId": str(other)}, "orgUnitId"),
        ("orgUnitUpdateFacility", {"facility": {"beds": 3}}, "orgUnitId"),
        ("orgUnitSplit", {"successors": two("A", "B")}, "orgUnitId"),
        ("orgUnitMerge", {"intoId": str(other)}, "orgUnitId"),
        ("orgUnitClose", {"reason": "Empty"}, "orgUnitId"),
        (
            "healthWorkerRegister",
            {"givenNames": "Given", "familyName": "Family", "cadre": "Nurse"},
            "orgUnitId",
        ),
        ("accessGrantGive", {"subjectName": "c@moh", "role": "COORDINATOR"}, "orgUnitId"),
    ):
        assert await country.refusal(name, unit, **more) == (code, field), name
    under = await country.refusal("orgUnitReparent", other, parentId=str(unit))
    assert under == (code, "parentId")
    with pytest.raises(MshauriError) as refused:
        await country.establish(parent=unit, day=DAY)
    assert (refused.value.code, refused.value.field) == (code, "parentId")


async def test_who_worked_there_before_a_unit_ended_may_become_known_later() -> None:
    country = await Country.founded()
    unit = await country.establish("FACILITY")
    await country.ask("orgUnitClose", unit, reason="Empty")
    person = {"givenNames": "Given", "familyName": "Family", "cadre": "Nurse"}
    await country.ask("healthWorkerRegister", unit, DAY - timedelta(days=1), **person)
    assert await country.refusal("healthWorkerRegister", unit, **person) == (
        "ORG_UNIT_CLOSED",
        "orgUnitId",
    )


days = st.integers(min_value=1, max_value=60)
moves = st.lists(st.tuples(days, st.integers(0, 3), st.integers(0, 1)), max_size=6)
"""On which day which facility moved into which district."""


@settings(max_examples=25, deadline=None)
@given(moves=moves, split=st.integers(0, 5), ending=st.sampled_from(["split", "merge"]))
async def test_a_split_or_a_merge_changes_no_earlier_day(
    moves: list[tuple[int, int, int]], split: int, ending: str
) -> None:
    country = await Country.founded()
    top = await country.establish("COUNTRY")
    districts = [await country.establish(parent=top) for _ in range(2)]
    facilities = [await country.establish("FACILITY", districts[n % 2]) for n in range(4)]
    for day, facility, district in sorted(moves):
        await country.ask(
            "orgUnitReparent",
            facilities[facility],
            SINCE + timedelta(days=day),
            parentId=str(districts[district]),
        )
    end = SINCE + timedelta(days=61)
    before = country.parents(until=end)
    units = [*facilities, *districts]
    if ending == "split":
        await country.ask("orgUnitSplit", units[split], end, successors=two())
    else:
        into = facilities[split - 1] if split < len(facilities) else districts[split - 5]
        await country.ask("orgUnitMerge", units[split], end, intoId=str(into))
    assert country.parents(until=end) == before


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("DISTRICT", "FACILITY"),
        ("WARD", "FACILITY"),
        ("COUNTY", "FACILITY"),
        ("PROVINCE", "DISTRICT"),
        ("SUB_COUNTY", "WARD"),
        ("COUNTRY", "PROVINCE"),
        ("COUNTRY", "COUNTRY"),
        ("DISTRICT", "DISTRICT"),
    ],
)
async def test_a_unit_does_not_lie_under_one_of_a_lower_kind(kind: str, parent: str) -> None:
    country = await Country.founded()
    above, free = await country.establish(parent), await country.establish(kind)
    with pytest.raises(MshauriError) as refused:
        await country.establish(kind, parent=above)
    assert (refused.value.code, refused.value.field) == ("ORG_UNIT_KIND_NOT_UNDER", "parentId")
    assert kind in refused.value.message
    assert parent in refused.value.message
    moved = await country.refusal("orgUnitReparent", free, parentId=str(above))
    assert moved == ("ORG_UNIT_KIND_NOT_UNDER", "parentId")


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("FACILITY", "COUNTRY"),
        ("FACILITY", "FACILITY"),
        ("WARD", "DISTRICT"),
        ("DISTRICT", "COUNTY"),
        ("COUNTY", "DISTRICT"),
        ("PROVINCE", "COUNTRY"),
    ],
)
async def test_levels_may_be_skipped_and_named_as_the_country_names_them(
    kind: str, parent: str
) -> None:
    country = await Country.founded()
    above = await country.establish(parent)
    below = await country.establish(kind, parent=above)
    other = await country.establish(parent)
    await country.ask("orgUnitReparent", below, parentId=str(other))


async def test_a_refusal_of_a_kind_says_which_would_be_right() -> None:
    country = await Country.founded()
    ward, top = await country.establish("WARD"), await country.establish("COUNTRY")
    with pytest.raises(MshauriError) as refused:
        await country.establish("SUB_COUNTY", parent=ward)
    assert "COUNTRY, PROVINCE, COUNTY, DISTRICT" in (refused.value.remedy or "")
    with pytest.raises(MshauriError) as refused:
        await country.establish("COUNTRY", parent=top)
    assert "name no parent" in (refused.value.remedy or "")


async def test_nothing_is_put_under_a_unit_before_it_was_there() -> None:
    country = await Country.founded()
    facility = await country.establish("FACILITY")
    district = await country.establish(day=DAY)
    before = DAY - timedelta(days=1)
    early = await country.refusal("orgUnitReparent", facility, before, parentId=str(district))
    assert early == ("BEFORE_LAST_CHANGE", "occurredOn")
    with pytest.raises(MshauriError) as refused:
        await country.establish("FACILITY", parent=district, day=before)
    assert refused.value.code == "BEFORE_LAST_CHANGE"
    await country.ask("orgUnitReparent", facility, DAY, parentId=str(district))


async def test_a_unit_under_one_that_is_no_more_is_moved_before_it_is_split() -> None:
    country = await Country.founded()
    district = await country.establish()
    ward, other = await country.establish("WARD", parent=district), await country.establish()
    await country.ask("orgUnitMerge", district, intoId=str(other))
    later = DAY + timedelta(days=1)
    stuck = await country.refusal("orgUnitSplit", ward, later, successors=two())
    assert stuck == ("ORG_UNIT_PARENT_ENDED", "orgUnitId")
    await country.ask("orgUnitReparent", ward, DAY, parentId=str(other))
    await country.ask("orgUnitSplit", ward, later, successors=two())


@pytest.mark.parametrize("code", ["Nl-1", "nl-1", "NL-1"])
async def test_a_code_is_one_however_it_is_written(code: str) -> None:
    country = await Country.founded()
    await country.house.send("orgUnitEstablish", code="nL-1", name="North", unitKind="DISTRICT")
    with pytest.raises(MshauriError) as refused:
        await country.house.send("orgUnitEstablish", code=code, name="N", unitKind="DISTRICT")
    assert (refused.value.code, refused.value.field) == ("ALREADY_TAKEN", "code")


async def test_successors_are_told_apart_by_more_than_capitals() -> None:
    country = await Country.founded()
    unit = await country.establish()
    code = await country.refusal("orgUnitSplit", unit, successors=two("N-1", "n-1"))
    assert code == ("SUCCESSORS_ALIKE", "successors[1].code")
