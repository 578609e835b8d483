"""Real life: a facility is looked at, by somebody, and what is assessed there rests on it."""

from datetime import date
from typing import Any

import pytest

from services.gateway.projections import (
    ASSESSMENT,
    COMPETENCY_PROGRESS,
    DEVIATION,
    FACILITY_BASELINE,
    MENTEE,
)
from shared.contracts.definition import Conduct, Gate, Validation
from shared.contracts.definition.assessment import End
from shared.domain import new_id
from tests.support.hospital import Hospital
from tests.support.records import WATER

SEEN = {"areas": [{"area": "water", "items": [{"item": "tap", "points": 1}]}]}
WHY = "Another paper."


async def facility(**changes: Any) -> Hospital:
    """Return a hospital that is looked at before anybody is assessed there."""
    rules = {"facility_baseline": (WATER,), "gates": (Gate.FACILITY_BASELINE,)}
    here = await Hospital.built(**{**rules, "conduct": Conduct(), **changes})
    for subject, role, person in (
        ("clerk", "COORDINATOR", None),
        ("uwase", "MENTOR", here.mentor),
        ("keza", "MENTOR", here.mentee),
    ):
        await here.send(
            "accessGrantGive",
            "2018-10-01",
            subjectName=subject,
            role=role,
            orgUnitId=here.unit,
            healthWorkerId=person,
        )
    return here


def there(here: Hospital, **more: Any) -> dict[str, Any]:
    return {"orgUnitId": here.unit, "programmeVersionId": here.version, **more}


async def look(here: Hospital, day: str, **more: Any) -> None:
    await here.send("facilityBaselineAssess", day, **there(here, **SEEN, **more))


def looked(here: Hospital) -> Any:
    return max(here.house.rows(FACILITY_BASELINE), key=lambda row: row["attempt"])


def validated_on(here: Hospital) -> Any:
    (row,) = here.house.rows(COMPETENCY_PROGRESS)
    return row["validated_on"]


def shown(here: Hospital) -> Any:
    tables = (ASSESSMENT, COMPETENCY_PROGRESS, DEVIATION, MENTEE)
    told = ("position", "version")
    return [
        sorted(
            (
                {name: value for name, value in row.items() if not name.endswith(told)}
                for row in here.house.gateway.tables.of(table)
            ),
            key=str,
        )
        for table in tables
    ]


async def test_who_looked_and_who_recorded_it_are_told_apart() -> None:
    here = await facility()
    await look(here, "2018-11-20", as_="uwase")
    row = looked(here)
    assert (row["assessor_id"], row["recorded_for_another"]) == (here.mentor, False)
    await look(here, "2018-11-21", as_="clerk", assessorId=str(here.mentor))
    row = looked(here)
    assert (row["assessor_id"], row["recorded_for_another"]) == (here.mentor, True)
    assert (row["recorded_by"], row["unsigned"]) == ("clerk", False)
    await look(here, "2018-11-22", as_="clerk")
    row = looked(here)
    assert (row["assessor_id"], row["recorded_for_another"]) == (None, None)


async def test_a_mentor_tells_of_no_look_in_anothers_name() -> None:
    here = await facility()
    colleague = new_id()
    await here.register(colleague, "Mukamana")
    await here.certify(new_id(), colleague)
    await here.send(
        "accessGrantGive",
        "2018-10-01",
        subjectName="mukamana",
        role="MENTOR",
        orgUnitId=here.unit,
        healthWorkerId=colleague,
    )
    other = there(here, **SEEN, assessorId=here.mentor)
    assert await here.refused("facilityBaselineAssess", **other, as_="mukamana") == "ACCESS_DENIED"
    await look(here, "2018-11-20", as_="uwase")
    again = there(here, **SEEN, attempt=1, assessedOn="2018-11-20", reason=WHY)
    assert await here.refused("facilityBaselineCorrect", **again, as_="mukamana") == "ACCESS_DENIED"
    void = there(here, attempt=1, reason=WHY)
    assert await here.refused("facilityBaselineVoid", **void, as_="mukamana") == "ACCESS_DENIED"
    await here.send("facilityBaselineVoid", **void, as_="uwase")


async def test_a_look_that_a_clerk_wrote_down_opens_the_gate_once_it_is_signed() -> None:
    rule = Validation(threshold=85, technique=True, countersigned=True)
    here = await facility(validation=rule)
    await look(here, "2018-11-20", as_="clerk", assessorId=here.mentor)
    assert looked(here)["unsigned"]
    await here.assess("HBB", as_="uwase")
    assert validated_on(here) is None
    sign, name = there(here, attempt=1), "facilityBaselineCountersign"
    assert await here.refused(name, **sign, as_="clerk") == "LOOK_SIGNED_BY_ANOTHER"
    await here.send(name, "2018-12-03", **sign, as_="uwase")
    assert (looked(here)["unsigned"], validated_on(here)) == (False, date(2018, 12, 1))
    assert await here.refused(name, **sign, as_="uwase") == "LOOK_NOT_UNSIGNED"


async def test_a_look_that_comes_late_takes_the_deviation_back() -> None:
    here = await facility()
    await here.assess("HBB")
    (deviation,) = here.house.rows(DEVIATION)
    assert (deviation["rule"], validated_on(here)) == ("FACILITY_BASELINE_MISSING", None)
    await look(here, "2018-11-20")
    assert (here.house.rows(DEVIATION), validated_on(here)) == ([], date(2018, 12, 1))


async def test_a_look_of_a_later_day_takes_none_back() -> None:
    here = await facility()
    await here.assess("HBB")
    before = shown(here)
    await look(here, "2018-12-02")
    assert shown(here) == before


async def test_what_rests_on_a_look_falls_with_it_and_stands_again() -> None:
    here = await facility(end=End(validated="all"))
    await look(here, "2018-11-20")
    for competency in ("HBB", "PPH"):
        await here.assess(competency)
    before = shown(here)
    (mentee,) = here.house.gateway.tables.of(MENTEE)
    assert mentee["status"] == "COMPLETED"
    void = there(here, attempt=1, reason=WHY)
    tried = await here.send("facilityBaselineVoid", "2019-01-15", **void, dryRun=True)
    named = [(each.code, each.params.get("competency")) for each in tried.findings]
    assert named == [
        ("JUDGED_AGAIN", None),
        ("VALIDATION_FALLS", "PPH"),
        ("VALIDATION_FALLS", "HBB"),
        ("COMPLETION_FALLS", "PPH"),
    ]
    await here.send("facilityBaselineVoid", "2019-01-15", **void)
    (mentee,) = here.house.gateway.tables.of(MENTEE)
    assert (mentee["status"], mentee["validated"]) == ("ENROLLED", 0)
    await here.send("facilityBaselineReinstate", "2019-01-16", **void)
    assert shown(here) == before


async def test_an_attempt_after_a_look_was_voided_is_judged_by_the_next_look() -> None:
    here = await facility()
    await look(here, "2018-11-20")
    await here.assess("HBB")
    await here.send("facilityBaselineVoid", **there(here, attempt=1, reason=WHY))
    await look(here, "2018-12-10")
    await here.assess("PPH", "2018-12-11")
    rules = [(row["rule"], row["day"]) for row in here.house.rows(DEVIATION)]
    assert rules == [("FACILITY_BASELINE_MISSING", date(2018, 12, 1))]


@pytest.mark.parametrize("day", ["2018-11-30", "2018-12-01"])
async def test_a_look_that_is_put_on_another_day_is_judged_by_that_day(day: str) -> None:
    here = await facility()
    await look(here, "2018-12-20")
    await here.assess("HBB")
    (told,) = here.house.rows(DEVIATION)
    again = there(here, **SEEN, attempt=1, assessedOn=day, reason=WHY)
    await here.send("facilityBaselineCorrect", "2019-01-01", **again)
    assert validated_on(here) == date(2018, 12, 1)
    again["assessedOn"] = "2018-12-20"
    await here.send("facilityBaselineCorrect", "2019-01-02", **again)
    assert validated_on(here) is None
    (deviation,) = here.house.rows(DEVIATION)
    assert (deviation["stands"], deviation["params"]) == (True, told["params"])
