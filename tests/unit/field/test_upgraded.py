"""A health centre becomes a hospital: its level and its code change from a day, and what it was on
any day before is still so; the ways in which that is told too late, wrongly, or again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.projections import ORG_UNIT_CODE, ORG_UNIT_FACILITY
from services.registry.views.places import ORG_UNIT
from shared.domain.errors import MshauriError
from tests.unit.registry.test_org_unit_commands import SINCE, Country

UPGRADED, EARLIER, LATER = date(2019, 7, 1), date(2018, 9, 1), date(2021, 1, 1)
CENTRE = {"type": "Health centre", "level": "HC", "ownership": "PUBLIC", "beds": 24}
HOSPITAL = {"type": "District hospital", "level": "DH"}
WHY = "The ministry's letter says otherwise."


class Facility:
    """A facility under a district, and what is told of it."""

    country: Country
    district: UUID
    unit: UUID

    async def built(self, **says: Any) -> "Facility":
        self.country = country = await Country.founded()
        self.district = await country.establish()
        self.unit = await country.establish("FACILITY", self.district)
        if says:
            await self.tell("orgUnitUpdateFacility", SINCE, facility=says)
        return self

    async def tell(self, name: str, on: date, /, **content: Any) -> None:
        await self.country.ask(name, self.unit, on, **content)

    async def changes(self, on: date, **facts: Any) -> None:
        await self.tell("orgUnitChangeFacility", on, **facts)

    async def refused(self, name: str, on: date, /, **content: Any) -> tuple[str, str | None]:
        return await self.country.refusal(name, self.unit, on, **content)

    def line(self) -> list[Mapping[str, Any]]:
        """Return what readers see that held, in order."""
        rows = self.country.house.rows(ORG_UNIT_FACILITY, org_unit_id=self.unit)
        return sorted(rows, key=lambda row: row["since"])

    def on(self, day: date, *names: str) -> tuple[Any, ...] | None:
        """Return what held on a day; None: nothing is known of it."""
        held = [row for row in self.line() if row["since"] <= day]
        return tuple(held[-1][name] for name in names) if held else None

    def now(self, *names: str) -> tuple[Any, ...]:
        row = self.country.row(self.unit)
        return tuple(row[f"facility_{name}"] for name in names)


async def test_an_upgraded_centre_is_what_it_was_on_any_day_before() -> None:
    here = await Facility().built(**CENTRE)
    await here.changes(UPGRADED, **HOSPITAL)
    assert here.on(UPGRADED - timedelta(days=1), "level", "type", "beds") == (
        "HC", "Health centre", 24,
    )  # fmt: skip
    assert here.on(UPGRADED, "level", "type", "beds", "ownership") == (
        "DH", "District hospital", 24, "PUBLIC",
    )  # fmt: skip
    assert here.now("level", "beds") == ("DH", 24)


async def test_what_changed_earlier_and_is_told_late_holds_until_it_was_said_again() -> None:
    here = await Facility().built(**CENTRE)
    await here.changes(UPGRADED, **HOSPITAL)
    await here.changes(EARLIER, beds=31, level="HC+")
    assert here.on(EARLIER, "level", "beds", "type") == ("HC+", 31, "Health centre")
    assert here.on(UPGRADED, "level", "beds") == ("DH", 31)  # nobody counted beds that day
    assert here.now("level", "beds") == ("DH", 31)


async def test_what_the_list_says_late_as_a_whole_leaves_later_changes_as_they_are() -> None:
    here = await Facility().built(**CENTRE)
    await here.changes(UPGRADED, **HOSPITAL)
    whole = {"type": "Health centre", "ownership": "FAITH", "operational": False}
    await here.tell("orgUnitUpdateFacility", EARLIER, facility=whole)
    assert here.on(EARLIER, "ownership", "level", "beds") == ("FAITH", None, None)
    assert here.on(UPGRADED, "ownership", "level", "operational") == ("FAITH", "DH", False)


async def test_what_a_facility_was_is_said_anew_with_a_reason_and_nothing_else_stays() -> None:
    here = await Facility().built(**CENTRE)
    await here.changes(UPGRADED, **HOSPITAL)
    line = [
        {"since": str(SINCE), "facility": CENTRE},
        {"since": str(LATER), "facility": {**CENTRE, **HOSPITAL}},
    ]
    said = {"facilities": line}
    no_reason = await here.refused("orgUnitCorrectFacility", LATER, **said)
    assert no_reason == ("REASON_MISSING", "reason")
    await here.tell("orgUnitCorrectFacility", LATER, **said, reason=WHY)
    assert [row["since"] for row in here.line()] == [SINCE, LATER]
    assert here.on(UPGRADED, "level") == ("HC",)
    assert await here.refused("orgUnitCorrectFacility", LATER, **said, reason=WHY) == (
        "LINE_UNCHANGED",
        "facilities",
    )
    assert await here.refused("orgUnitCorrectFacility", LATER, facilities=[], reason=WHY) == (
        "LINE_EMPTY",
        "facilities",
    )


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({}, ("NOTHING_SAID", "orgUnitId")),
        ({"latitude": -1.9}, ("COORDINATES_INCOMPLETE", "latitude")),
        ({"latitude": 0.0, "longitude": 0.0}, ("COORDINATES_NOUGHT", "facility")),
        ({"beds": 3, "forget": ["BEDS"]}, ("SAID_AND_FORGOTTEN", "forget")),
        ({"forget": ["OPERATIONAL"]}, ("OPERATIONAL_IS_KNOWN", "forget")),
        ({"latitude": 91.0, "longitude": 30.0}, ("MALFORMED", None)),
    ],
)
async def test_what_no_facility_is_is_refused(
    facts: dict[str, Any], refused: tuple[str, str | None]
) -> None:
    here = await Facility().built(**CENTRE)
    code, field = await here.refused("orgUnitChangeFacility", UPGRADED, **facts)
    assert code == refused[0]
    assert refused[1] is None or field == refused[1]
    assert len(here.line()) == 1


@pytest.mark.parametrize("command", ["orgUnitEstablish", "orgUnitUpdateFacility"])
async def test_half_a_coordinate_is_refused_wherever_it_is_said(command: str) -> None:
    here = await Facility().built()
    where: dict[str, Any] = {"facility": {"longitude": 30.1}}
    if command == "orgUnitEstablish":
        where |= {"code": "H", "name": "H", "unitKind": "FACILITY"}
    else:
        where |= {"orgUnitId": str(here.unit)}
    with pytest.raises(MshauriError) as refused:
        await here.country.house.send(command, **where)
    assert (refused.value.code, refused.value.field) == ("COORDINATES_INCOMPLETE", "facility")


async def test_of_what_was_forgotten_nothing_is_known_from_that_day_on() -> None:
    here = await Facility().built(**CENTRE, latitude=-1.9, longitude=30.1)
    await here.changes(UPGRADED, forget=["COORDINATES", "BEDS"])
    assert here.on(EARLIER, "latitude", "longitude", "beds") == (-1.9, 30.1, 24)
    assert here.on(UPGRADED, "latitude", "longitude", "beds") == (None, None, None)


async def test_the_matching_knows_where_a_facility_lies_now() -> None:
    here = await Facility().built(**CENTRE)
    await here.changes(UPGRADED, latitude=-1.9, longitude=30.1)
    await here.changes(EARLIER, latitude=-2.5, longitude=29.0)
    (row,) = here.country.house.rows(ORG_UNIT, id=here.unit)
    assert (row["latitude"], row["longitude"]) == (-1.9, 30.1)
    line = [{"since": str(SINCE), "facility": {**CENTRE, "latitude": -2.5, "longitude": 29.0}}]
    await here.tell("orgUnitCorrectFacility", LATER, facilities=line, reason=WHY)
    (row,) = here.country.house.rows(ORG_UNIT, id=here.unit)
    assert (row["latitude"], row["longitude"]) == (-2.5, 29.0)


async def test_what_held_before_a_facility_was_closed_may_become_known_later() -> None:
    here = await Facility().built(**CENTRE)
    await here.tell("orgUnitClose", LATER, reason="Empty")
    await here.changes(UPGRADED, **HOSPITAL)
    assert here.on(UPGRADED, "level") == ("DH",)
    assert (await here.refused("orgUnitChangeFacility", LATER, beds=1))[0] == "ORG_UNIT_CLOSED"


FACTS = {"level": ("HC", "DH"), "ownership": ("PUBLIC", "FAITH"), "beds": (1, 2)}
told = st.tuples(
    st.integers(1, 6),
    st.dictionaries(st.sampled_from(sorted(FACTS)), st.integers(0, 1), min_size=1),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(told, min_size=1, max_size=6, unique_by=lambda one: one[0]), st.randoms())
async def test_what_held_on_a_day_is_the_same_in_whatever_order_it_was_told(
    changes: Sequence[tuple[int, dict[str, int]]], order: Any
) -> None:
    here = await Facility().built(**CENTRE)
    known = [
        (SINCE + timedelta(days=day), {name: FACTS[name][value] for name, value in facts.items()})
        for day, facts in changes
    ]
    shuffled = list(known)
    order.shuffle(shuffled)
    for day, facts in shuffled:
        await here.changes(day, **facts)
    for day in (SINCE + timedelta(days=n) for n in range(8)):
        expected = dict(CENTRE)
        for since, facts in sorted(known, key=lambda one: one[0]):
            if since <= day:
                expected |= facts
        assert here.on(day, *FACTS) == tuple(expected[name] for name in FACTS)


# ── codes ─────────────────────────────────────────────────────────────────────────────────────


def codes(here: Facility) -> list[tuple[str, str, date, date | None]]:
    rows = here.country.house.rows(ORG_UNIT_CODE, org_unit_id=here.unit)
    return sorted((row["system"], row["code"], row["since"], row["until"]) for row in rows)


async def test_an_upgraded_centre_gets_another_code_and_is_found_by_the_old_one() -> None:
    here = await Facility().built(**CENTRE)
    await here.tell("orgUnitChangeCode", UPGRADED, code="DH-7")
    assert here.country.row(here.unit)["code"] == "DH-7"
    assert codes(here) == [("OWN", "DH-7", UPGRADED, None), ("OWN", "U2", SINCE, UPGRADED)]
    taken = {"name": "Another", "unitKind": "FACILITY"}
    for code in ("u2", "dh-7"):  # nobody else takes either
        with pytest.raises(MshauriError) as refused:
            await here.country.house.send("orgUnitEstablish", code=code, **taken)
        assert refused.value.code == "ALREADY_TAKEN"


async def test_lists_of_codes_stand_side_by_side_each_unique_in_its_own() -> None:
    here = await Facility().built(**CENTRE)
    other = await here.country.establish("FACILITY", here.district)
    await here.tell("orgUnitChangeCode", SINCE, system="MFL", code="4711")
    await here.country.ask("orgUnitChangeCode", other, SINCE, system="DHIS2", code="4711")
    again = await here.country.refusal(
        "orgUnitChangeCode", other, UPGRADED, system="MFL", code=" 4711"
    )
    assert again == ("ALREADY_TAKEN", "code")
    same = await here.refused("orgUnitChangeCode", UPGRADED, system="MFL", code="4711")
    assert same == ("CODE_UNCHANGED", "code")


async def test_a_unit_is_established_with_its_codes_in_other_lists() -> None:
    country = await Country.founded()
    hospital = {"code": "H1", "name": "Invented Hospital", "unitKind": "FACILITY"}
    mfl, uid = {"system": "MFL", "code": "4711"}, {"system": "DHIS2", "code": "aB3dE5gH1jK"}
    answer = await country.house.send("orgUnitEstablish", **hospital, codes=[mfl, uid])
    rows = country.house.rows(ORG_UNIT_CODE, org_unit_id=answer.id)
    assert {(row["system"], row["code"]) for row in rows} == {
        ("OWN", "H1"), ("MFL", "4711"), ("DHIS2", "aB3dE5gH1jK"),
    }  # fmt: skip
    for twice in ([mfl, mfl], [{"system": "OWN", "code": "H3"}]):
        with pytest.raises(MshauriError) as refused:
            await country.house.send("orgUnitEstablish", **{**hospital, "code": "H2"}, codes=twice)
        assert refused.value.code == "CODES_ALIKE"
    with pytest.raises(MshauriError) as refused:
        await country.house.send("orgUnitEstablish", **{**hospital, "code": "H2"}, codes=[mfl])
    assert (refused.value.code, refused.value.field) == ("ALREADY_TAKEN", "codes[0].code")


async def test_a_code_that_was_given_up_may_be_anothers() -> None:
    here = await Facility().built(**CENTRE)
    other = await here.country.establish("FACILITY", here.district)
    await here.tell("orgUnitChangeCode", SINCE, system="MFL", code="4711")
    await here.tell("orgUnitChangeCode", EARLIER, system="MFL", code="4712")
    await here.tell("orgUnitGiveUpCode", UPGRADED, system="MFL")
    assert [one for one in codes(here) if one[0] == "MFL"] == [
        ("MFL", "4711", SINCE, EARLIER),
        ("MFL", "4712", EARLIER, UPGRADED),
    ]
    for code in ("4711", "4712"):
        await here.country.ask("orgUnitChangeCode", other, LATER, system="MFL", code=code)
        await here.country.ask("orgUnitGiveUpCode", other, LATER + timedelta(days=1), system="MFL")
        other = await here.country.establish("FACILITY", here.district)
    gone = await here.refused("orgUnitGiveUpCode", LATER, system="MFL")
    assert gone == ("CODE_NOT_THERE", "system")
    own = await here.refused("orgUnitGiveUpCode", LATER, system="OWN")
    assert own == ("OWN_CODE_STAYS", "system")


async def test_a_code_that_it_never_had_is_taken_back_and_free() -> None:
    here = await Facility().built(**CENTRE)
    other = await here.country.establish("FACILITY", here.district)
    await here.tell("orgUnitChangeCode", SINCE, system="MFL", code="4711")
    right = {"system": "MFL", "codes": [{"since": str(SINCE), "code": "4717"}]}
    assert (await here.refused("orgUnitCorrectCodes", LATER, **right))[0] == "REASON_MISSING"
    await here.tell("orgUnitCorrectCodes", LATER, **right, reason=WHY)
    await here.country.ask("orgUnitChangeCode", other, SINCE, system="MFL", code="4711")
    assert [one for one in codes(here) if one[0] == "MFL"] == [("MFL", "4717", SINCE, None)]
    await here.tell("orgUnitCorrectCodes", LATER, system="MFL", codes=[], reason=WHY)
    assert [one for one in codes(here) if one[0] == "MFL"] == []
    await here.tell("orgUnitChangeCode", LATER, system="MFL", code="4717")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ([], "OWN_CODE_STAYS"),
        ([{"since": str(SINCE)}], "OWN_CODE_STAYS"),
        ([{"since": str(UPGRADED), "code": "X1"}], "BEFORE_LAST_CHANGE"),
        ([{"since": str(SINCE), "code": "not a code"}], "OWN_CODE_MALFORMED"),
    ],
)
async def test_a_unit_has_a_code_of_its_own_on_every_day(
    line: list[dict[str, str]], code: str
) -> None:
    here = await Facility().built(**CENTRE)
    said = {"system": "OWN", "codes": line, "reason": WHY}
    assert await here.refused("orgUnitCorrectCodes", LATER, **said) == (code, "codes")


async def test_a_code_that_is_told_late_is_put_between() -> None:
    here = await Facility().built(**CENTRE)
    await here.tell("orgUnitChangeCode", UPGRADED, code="DH-7")
    await here.tell("orgUnitChangeCode", EARLIER, code="HC-7")
    assert here.country.row(here.unit)["code"] == "DH-7"
    assert [one[1:] for one in codes(here)] == [
        ("DH-7", UPGRADED, None), ("HC-7", EARLIER, UPGRADED), ("U2", SINCE, EARLIER),
    ]  # fmt: skip
    twice = await here.refused("orgUnitChangeCode", EARLIER, code="HC-8")
    assert twice == ("DATED_TWICE", "occurredOn")
