"""Targets: set, changed from a day, corrected and withdrawn; and by whom."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from services.gateway.figures.frame.declared import DECLARED
from services.gateway.figures.targets import MEASURED, expected
from services.gateway.projections import TARGET, TARGET_NUMBER
from shared.contracts.registry.target import OF_NO_AREA, TargetMeasure
from shared.domain.errors import MshauriError
from shared.programmes.calendar import year_days
from tests.support.hospital import Hospital

SET = "2018-10-01"
YEAR: dict[str, Any] = {"programme": "test-hospital", "measure": "REACHED", "fiscalYear": 2019}


@pytest.fixture
async def hospital() -> Hospital:
    """A hospital, and a coordinator of it."""
    hospital = await Hospital.built()
    for subject, unit in (("hers", hospital.unit), ("ministry", None)):
        given = {"subjectName": subject, "role": "COORDINATOR", "orgUnitId": unit}
        await hospital.send("accessGrantGive", SET, **given)
    return hospital


async def refused(hospital: Hospital, name: str, on: str = SET, **content: Any) -> Any:
    with pytest.raises(MshauriError) as error:
        await hospital.send(name, on, **content)
    return error.value.code, error.value.field


def numbers(hospital: Hospital, target: Any) -> dict[str, int | None]:
    """Return what a target was since when, as everybody reads it."""
    rows = hospital.house.rows(TARGET_NUMBER, target_id=target)
    return {str(row["since"]): row["number"] for row in sorted(rows, key=lambda r: r["since"])}


def shown(hospital: Hospital, target: Any) -> Any:
    (row,) = hospital.house.rows(TARGET, id=target)
    return row


async def test_a_fiscal_year_is_the_programmes_own_or_another_that_is_named(
    hospital: Hospital,
) -> None:
    own = (await hospital.send("targetSet", SET, **YEAR, number=500)).id
    row = shown(hospital, own)
    assert (row["starts"], row["ends"]) == (date(2018, 10, 1), date(2019, 9, 30))
    assert (row["fiscal_year"], row["quarter"], row["number"]) == (2019, None, 500)
    july = (await hospital.send("targetSet", SET, **YEAR, fiscalYearStart=7, number=400)).id
    assert shown(hospital, july)["starts"] == date(2018, 7, 1)
    last = (await hospital.send("targetSet", SET, **YEAR, quarter=4, number=100)).id
    row = shown(hospital, last)
    assert (row["starts"], row["ends"]) == (date(2019, 7, 1), date(2019, 9, 30))


@pytest.mark.parametrize(
    ("starts", "quarters"),
    [
        ("01-01", ["2019-01-01", "2019-04-01", "2019-07-01", "2019-10-01"]),
        ("07-01", ["2018-07-01", "2018-10-01", "2019-01-01", "2019-04-01"]),
        ("02-15", ["2018-02-15", "2018-05-15", "2018-08-15", "2018-11-15"]),
    ],
)
def test_the_quarters_of_a_year_are_all_of_it(starts: str, quarters: list[str]) -> None:
    days = [year_days(starts, 2019, quarter) for quarter in (1, 2, 3, 4)]
    assert [str(first) for first, _ in days] == quarters
    assert (days[0][0], days[-1][1]) == year_days(starts, 2019)
    for (_, last), (first, _) in pairwise(days):
        assert (first - last).days == 1


async def test_a_target_is_changed_from_a_day_and_late_news_is_put_where_it_belongs(
    hospital: Hospital,
) -> None:
    target = (await hospital.send("targetSet", SET, **YEAR, number=500)).id
    again = await hospital.send("targetSet", "2019-03-01", **YEAR, number=600)
    assert again.id == target, "of these days there is one"
    await hospital.send("targetSet", "2019-01-01", **YEAR, number=550)
    assert numbers(hospital, target) == {SET: 500, "2019-01-01": 550, "2019-03-01": 600}
    assert shown(hospital, target)["number"] == 600
    same = await refused(hospital, "targetSet", "2019-02-01", **YEAR, number=550)
    assert same == ("TARGET_UNCHANGED", "number")
    later = await refused(hospital, "targetSet", "2019-04-01", **YEAR, number=600)
    assert later == ("TARGET_UNCHANGED", "number"), "what came late does not hold after the last"
    twice = await refused(hospital, "targetSet", "2019-03-01", **YEAR, number=700)
    assert twice == ("DATED_TWICE", "occurredOn")


async def test_a_target_is_withdrawn_for_a_reason_and_may_be_set_again(hospital: Hospital) -> None:
    target = (await hospital.send("targetSet", SET, **YEAR, number=500)).id
    this = {"targetId": target}
    assert await refused(hospital, "targetWithdraw", "2019-02-01", **this) == (
        "REASON_MISSING",
        "reason",
    )
    why = {"reason": "The money went elsewhere."}
    await hospital.send("targetWithdraw", "2019-02-01", **this, **why)
    assert shown(hospital, target)["number"] is None
    assert await refused(hospital, "targetWithdraw", "2019-03-01", **this, **why) == (
        "NO_TARGET",
        "occurredOn",
    )
    await hospital.send("targetSet", "2019-04-01", **YEAR, number=300)
    assert numbers(hospital, target) == {SET: 500, "2019-02-01": None, "2019-04-01": 300}
    await hospital.send("targetWithdraw", "2019-01-01", **this, **why)
    assert shown(hospital, target)["number"] == 300, "what came late ends before the last begins"


async def test_what_was_said_of_a_target_is_said_anew_whole(hospital: Hospital) -> None:
    target = (await hospital.send("targetSet", SET, **YEAR, number=500)).id
    await hospital.send("targetSet", "2019-03-01", **YEAR, number=60)
    right = [{"since": SET, "number": 500}, {"since": "2019-04-01", "number": 600}]
    this = {"targetId": target, "numbers": right}
    assert (await refused(hospital, "targetCorrect", "2019-05-01", **this))[0] == "REASON_MISSING"
    this["reason"] = "A nought was lost, and a month."
    await hospital.send("targetCorrect", "2019-05-01", **this)
    assert numbers(hospital, target) == {SET: 500, "2019-04-01": 600}
    assert shown(hospital, target)["number"] == 600
    assert (await refused(hospital, "targetCorrect", "2019-05-01", **this))[0] == "LINE_UNCHANGED"
    early = await refused(hospital, "targetCorrect", "2019-03-01", **this)
    assert early == ("OCCURRED_IN_FUTURE", "numbers[1].since")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"fiscalYear": None}, "TARGET_DAYS_UNCLEAR", "fiscalYear"),
        ({"starts": "2019-01-01"}, "TARGET_DAYS_UNCLEAR", "fiscalYear"),
        ({"fiscalYear": None, "starts": "2019-01-01"}, "TARGET_DAYS_UNCLEAR", "fiscalYear"),
        (
            {"fiscalYear": None, "starts": "2019-01-02", "ends": "2019-01-03", "quarter": 1},
            "TARGET_DAYS_UNCLEAR",
            "fiscalYear",
        ),
        (
            {"fiscalYear": None, "starts": "2019-01-02", "ends": "2019-01-01"},
            "TARGET_ENDS_BEFORE_START",
            "ends",
        ),
        ({"area": "RAM", "measure": "SESSIONS"}, "TARGET_NOT_OF_AN_AREA", "area"),
        ({"area": "NONE"}, "AREA_UNKNOWN", "area"),
        ({"programme": "none"}, "NO_SUCH_PROGRAMME", "programme"),
    ],
)
async def test_what_is_no_target_is_refused(
    hospital: Hospital, changes: Any, code: str, field: str
) -> None:
    asked = {**YEAR, "number": 1, **changes}
    assert await refused(hospital, "targetSet", **asked) == (code, field)


async def test_a_target_is_of_a_unit_or_of_a_group(hospital: Hospital) -> None:
    made = {"code": "G", "name": "Cluster", "groupKind": "CLUSTER"}
    group = (await hospital.send("groupEstablish", SET, **made)).id
    both: dict[str, Any] = {"orgUnitId": hospital.unit, "groupId": group}
    assert await refused(hospital, "targetSet", **YEAR, **both, number=5) == (
        "TARGET_OF_ONE_PLACE",
        "groupId",
    )
    targets = {
        (await hospital.send("targetSet", SET, **YEAR, **where, number=5)).id
        for where in ({}, {"orgUnitId": hospital.unit}, {"groupId": group}, {"area": "RAM"})
    }
    assert len(targets) == 4, "each of them is one of its own"


async def test_a_target_is_set_by_who_may_act_in_the_whole_of_what_it_is_of(
    hospital: Hospital,
) -> None:
    made = {"code": "G", "name": "Cluster", "groupKind": "CLUSTER"}
    group = (await hospital.send("groupEstablish", SET, **made)).id
    send, asked = hospital.house.send, {**YEAR, "number": 5, "occurredOn": SET}
    for where in ({}, {"groupId": str(group)}):
        with pytest.raises(MshauriError) as denied:
            await send("targetSet", **asked, **where, as_="hers")
        assert denied.value.code == "ACCESS_DENIED"
        await send("targetSet", **asked, **where, as_="ministry")
    circle = {"code": "Q", "name": "Circle", "groupKind": "CIRCLE", "orgUnitId": hospital.unit}
    own = str((await hospital.send("groupEstablish", SET, **circle)).id)
    await send("targetSet", **asked, groupId=own, as_="hers")
    hers = await send("targetSet", **asked, orgUnitId=str(hospital.unit), as_="hers")
    whole = hospital.house.rows(TARGET, org_unit_id=None, group_id=None)[0]["id"]
    told = {"occurredOn": SET, "reason": "She says so."}
    with pytest.raises(MshauriError) as denied:
        await send("targetWithdraw", **told, targetId=str(whole), as_="hers")
    assert denied.value.code == "ACCESS_DENIED"
    line = [{"since": SET, "number": 7}]
    await send("targetCorrect", **told, targetId=str(hers.id), numbers=line, as_="hers")


@pytest.mark.parametrize("measure", TargetMeasure)
def test_a_measure_is_a_count_of_a_figure(measure: TargetMeasure) -> None:
    figure, value = MEASURED[measure]
    assert DECLARED[figure.name] is figure
    assert value in {each.name for each in figure.measures}, "it hides what is few by itself"
    assert (measure in OF_NO_AREA) == ("area" not in figure.has)


def test_what_goes_evenly_goes_from_the_first_day_to_the_last() -> None:
    days = date(2021, 1, 1), date(2021, 1, 10)
    assert expected(50, *days, date(2020, 12, 31)) == 0
    assert expected(50, *days, date(2021, 1, 1)) == 5
    assert expected(50, *days, date(2021, 1, 9)) == 45
    assert expected(50, *days, date(2021, 1, 10)) == 50
    assert expected(50, *days, date(2022, 1, 1)) == 50
