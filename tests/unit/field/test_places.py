"""A reform that was typed with the wrong day or the wrong parent, one found late, and a facility
closed by mistake: the tree is as it is said now, on every day.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import ORG_UNIT_PARENT
from shared.access.facts import ORG_UNIT_PLACE
from tests.unit.registry.test_org_unit_commands import SINCE, Country

FIRST, SECOND, THIRD = date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)
WHY = "The gazette says otherwise."


class Reform:
    """A country of three provinces; a district of the first of them, with a facility."""

    country: Country
    root: UUID
    provinces: list[UUID]
    district: UUID
    facility: UUID

    async def drawn(self) -> "Reform":
        self.country = country = await Country.founded()
        self.root = await country.establish("COUNTRY")
        self.provinces = [await country.establish("PROVINCE", self.root) for _ in range(3)]
        self.district = await country.establish("DISTRICT", self.provinces[0])
        self.facility = await country.establish("FACILITY", self.district)
        return self

    async def moved(self, to: int, on: date) -> None:
        parent = str(self.provinces[to])
        await self.country.ask("orgUnitReparent", self.district, on, parentId=parent)

    def said(self, *line: tuple[date, UUID | None]) -> dict[str, Any]:
        places = [{"since": str(on), "parentId": parent and str(parent)} for on, parent in line]
        return {"places": places, "reason": WHY}

    async def corrected(self, *line: tuple[date, int]) -> None:
        said = self.said(*((on, self.provinces[to]) for on, to in line))
        await self.country.ask("orgUnitCorrectPlaces", self.district, date(2022, 1, 1), **said)

    async def refused(self, *line: tuple[date, UUID | None]) -> tuple[str, str | None]:
        said = self.said(*line)
        unit, on = self.district, date(2022, 1, 1)
        return await self.country.refusal("orgUnitCorrectPlaces", unit, on, **said)

    def line(self) -> list[tuple[date, int]]:
        """Return where the district stood since when; readers and the policy see the same."""
        of = {"org_unit_id": self.district}
        seen, decided = (
            sorted((row["since"], row["parent_id"]) for row in self.country.house.rows(table, **of))
            for table in (ORG_UNIT_PARENT, ORG_UNIT_PLACE)
        )
        assert seen == decided
        assert self.country.row(self.district)["parent_id"] == seen[-1][1]
        return [(since, self.provinces.index(parent)) for since, parent in seen]


@pytest.fixture
async def reform() -> Reform:
    return await Reform().drawn()


async def test_a_reform_that_is_found_late_is_put_between(reform: Reform) -> None:
    await reform.moved(2, THIRD)
    await reform.moved(1, SECOND)
    assert reform.line() == [(SINCE, 0), (SECOND, 1), (THIRD, 2)]


async def test_it_stood_meanwhile_under_what_is_no_more(reform: Reform) -> None:
    await reform.moved(2, SECOND)
    await reform.country.ask("orgUnitClose", reform.provinces[1], THIRD, reason="It was dissolved.")
    await reform.moved(1, FIRST)
    assert reform.line() == [(SINCE, 0), (FIRST, 1), (SECOND, 2)]


async def test_a_correction_followed_by_its_undoing_restores_every_row(reform: Reform) -> None:
    await reform.moved(1, SECOND)
    before = reform.line()
    await reform.corrected((SINCE, 0), (FIRST, 2))
    assert reform.line() == [(SINCE, 0), (FIRST, 2)]
    await reform.corrected((SINCE, 0), (SECOND, 1))
    assert reform.line() == before


async def test_a_move_that_was_none_is_taken_back(reform: Reform) -> None:
    await reform.moved(1, SECOND)
    await reform.corrected((SINCE, 0))
    assert reform.line() == [(SINCE, 0)]


async def test_the_line_begins_when_the_unit_did_and_changes_something(reform: Reform) -> None:
    first, second, _ = reform.provinces
    assert await reform.refused() == ("LINE_EMPTY", "places")
    assert await reform.refused((SINCE, first)) == ("LINE_UNCHANGED", "places")
    assert await reform.refused((FIRST, first)) == ("BEFORE_LAST_CHANGE", "places")
    assert await reform.refused((SINCE, first), (SINCE, second)) == ("DATED_TWICE", "places")
    late = await reform.refused((SINCE, first), (date(2022, 1, 2), second))
    assert late == ("OCCURRED_IN_FUTURE", "places[1].since")


async def test_a_unit_stood_under_what_was_there_and_could_take_it_in(reform: Reform) -> None:
    country = reform.country
    first, second, third = reform.provinces
    below = await reform.refused((SINCE, first), (FIRST, reform.facility))
    assert below == ("OWN_ANCESTOR", "places[1].parentId")
    own = await reform.refused((SINCE, first), (FIRST, reform.district))
    assert own == ("OWN_ANCESTOR", "places[1].parentId")
    other = await country.establish("FACILITY", first)
    kind = await reform.refused((SINCE, first), (FIRST, other))
    assert kind == ("ORG_UNIT_KIND_NOT_UNDER", "places[1].parentId")
    await country.ask("orgUnitClose", third, SECOND, reason="One of them went.")
    gone = await reform.refused((SINCE, first), (THIRD, third), (date(2021, 6, 1), second))
    assert gone == ("ORG_UNIT_CLOSED", "places[1].parentId")
    now = await reform.refused((SINCE, first), (FIRST, third))
    assert now == ("ORG_UNIT_CLOSED", "places[1].parentId")
    await reform.corrected((SINCE, 0), (FIRST, 2), (date(2019, 6, 1), 1))


async def test_a_facility_closed_by_mistake_is_open_as_before(reform: Reform) -> None:
    country, unit = reform.country, reform.facility
    before = dict(country.row(unit))
    await country.ask("orgUnitClose", unit, SECOND, reason="A road took it.")
    refused = await country.refusal("orgUnitRename", unit, THIRD, name="Karama")
    assert refused == ("ORG_UNIT_CLOSED", "orgUnitId")
    await country.ask("orgUnitReopen", unit, THIRD, reason=WHY)
    after = dict(country.row(unit))
    for row in (before, after):
        del row["record_version"], row["position"]
    assert after == before
    await country.ask("orgUnitClose", unit, FIRST, reason="It took it earlier.")
    assert country.row(unit)["ended_on"] == FIRST


async def test_what_is_open_again_has_others_below_it_again(reform: Reform) -> None:
    country = reform.country
    await country.ask("orgUnitClose", reform.facility, SECOND, reason="A road took it.")
    await country.ask("orgUnitReopen", reform.facility, SECOND, reason=WHY)
    refused = await country.refusal("orgUnitClose", reform.district, THIRD, reason=WHY)
    assert refused == ("ORG_UNITS_BELOW", "orgUnitId")


async def test_only_what_was_closed_is_opened_where_it_can_stand(reform: Reform) -> None:
    country = reform.country
    name = "orgUnitReopen"
    open_ = await country.refusal(name, reform.facility, THIRD, reason=WHY)
    assert open_ == ("ORG_UNIT_NOT_CLOSED", "orgUnitId")
    await country.ask("orgUnitClose", reform.facility, SECOND, reason="A road took it.")
    assert await country.refusal(name, reform.facility, THIRD) == ("REASON_MISSING", "reason")
    await country.ask("orgUnitClose", reform.district, SECOND, reason="It went too.")
    parent = await country.refusal(name, reform.facility, THIRD, reason=WHY)
    assert parent == ("ORG_UNIT_PARENT_ENDED", "orgUnitId")
    silent = reform.said((SINCE, reform.provinces[1])) | {"reason": None}
    refused = await country.refusal("orgUnitCorrectPlaces", reform.district, THIRD, **silent)
    assert refused == ("REASON_MISSING", "reason")
