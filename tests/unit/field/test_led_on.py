"""Whoever names a unit that is no more is led to what stands in its place today."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import COHORT, MENTORSHIP, ORG_UNIT, SESSION
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.registry.test_org_unit_commands import Country, two

SPLIT, MERGED, CLOSED = date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)


async def reformed() -> tuple[Country, UUID]:
    """Return a country where a unit was split up into North and South, and South became a part of
    Great; with the unit.
    """
    country = await Country.founded()
    top = await country.establish("COUNTRY")
    unit, great = await country.establish(parent=top), await country.establish(parent=top)
    await country.ask("orgUnitRename", great, SPLIT, name="Great")
    await country.ask("orgUnitChangeCode", great, SPLIT, code="G-1")
    await country.ask("orgUnitSplit", unit, SPLIT, successors=two("N", "S"))
    south = next(row["id"] for row in country.house.rows(ORG_UNIT) if row["code"] == "S")
    await country.ask("orgUnitMerge", south, MERGED, intoId=str(great))
    return country, unit


async def told(country: Country, name: str, /, **content: Any) -> MshauriError:
    with pytest.raises(MshauriError) as refused:
        await country.house.send(name, **content)
    return refused.value


PERSON = {"givenNames": "Invented", "cadre": "Nurse"}


@pytest.mark.parametrize(
    ("name", "field", "content"),
    [
        ("orgUnitRename", "orgUnitId", {"name": "Later"}),
        ("orgUnitEstablish", "parentId", {"code": "F", "name": "F", "unitKind": "FACILITY"}),
        ("healthWorkerRegister", "orgUnitId", PERSON),
        ("accessGrantGive", "orgUnitId", {"subjectName": "c", "role": "COORDINATOR"}),
    ],
)
async def test_a_refusal_names_what_is_there_today_by_code_and_name(
    name: str, field: str, content: dict[str, Any]
) -> None:
    country, unit = await reformed()
    refused = await told(country, name, **{field: str(unit)}, **content)
    assert refused.field == field
    assert "N (Part N)" in refused.remedy
    assert "G-1 (Great)" in refused.remedy
    assert "S (Part S)" not in refused.remedy


async def test_of_a_unit_that_nothing_took_the_place_of_nothing_is_named() -> None:
    country, _ = await reformed()
    (north,) = (row["id"] for row in country.house.rows(ORG_UNIT) if row["code"] == "N")
    (south,) = (row["id"] for row in country.house.rows(ORG_UNIT) if row["code"] == "S")
    await country.ask("orgUnitClose", north, CLOSED, reason="Empty")
    refused = await told(country, "orgUnitRename", orgUnitId=str(north), name="Later")
    assert (refused.code, refused.remedy) == ("ORG_UNIT_CLOSED", "Name a unit that is open.")
    later = CLOSED + timedelta(days=1)
    refused = await told(
        country, "healthWorkerRegister", orgUnitId=str(south), occurredOn=str(later), **PERSON
    )
    assert "G-1 (Great)" in refused.remedy
    assert "N (" not in refused.remedy


# ── leading over what still points there ──────────────────────────────────────────────────────


async def closed_under_a_mentorship() -> tuple[Paired, UUID]:
    """Return a mentorship whose facility became part of another a week ago; with the other one."""
    pair = await paired(rules())
    whole = await pair.send(
        "orgUnitEstablish", code="W", name="Whole", unitKind="FACILITY", parentId=pair.district,
        occurredOn=days_ago(40),
    )  # fmt: skip
    on = days_ago(7)
    await pair.send("orgUnitMerge", orgUnitId=pair.facility, intoId=whole.id, occurredOn=on)
    return pair, whole.id


def session(pair: Paired, held_on: date) -> dict[str, Any]:
    return {
        "mentorshipId": pair.mentorship,
        "occurredOn": held_on,
        "minutes": 60,
        "mode": "IN_PERSON",
        "present": [pair.mentors[0], pair.mentees[0]],
    }


async def test_a_mentorship_is_led_over_and_what_it_held_before_stays_where_it_was() -> None:
    pair, whole = await closed_under_a_mentorship()
    await pair.send(
        "mentorshipMove", mentorshipId=pair.mentorship, orgUnitId=whole, occurredOn=days_ago(7)
    )
    (row,) = pair.house.rows(MENTORSHIP, id=pair.mentorship)
    assert row["org_unit_id"] == whole
    at = {}
    for ago in (8, 7):  # the earlier one comes in late
        answer = await pair.send("sessionLog", **session(pair, days_ago(ago)))
        (held,) = pair.house.rows(SESSION, id=answer.id)
        at[ago] = held["org_unit_id"]
    assert at == {8: pair.facility, 7: whole}


async def test_what_was_held_since_is_weighed_again_once_a_mentorship_moved() -> None:
    pair, whole = await closed_under_a_mentorship()
    pair.house.outcomes.clear()
    await pair.send("sessionLog", **session(pair, days_ago(3)))
    await pair.send(
        "mentorshipMove", mentorshipId=pair.mentorship, orgUnitId=whole, occurredOn=days_ago(7)
    )
    assert ("weighing", "sessionsWeigh") in {one[:2] for one in pair.house.outcomes}


async def test_a_mentorship_moves_to_another_unit_that_is_there_one_day_after_another() -> None:
    pair, whole = await closed_under_a_mentorship()
    care = {"mentorshipId": pair.mentorship}

    async def refused(to: UUID, ago: int) -> str:
        with pytest.raises(MshauriError) as refused:
            await pair.send("mentorshipMove", **care, orgUnitId=to, occurredOn=days_ago(ago))
        return refused.value.code

    assert await refused(pair.facility, 6) == "ORG_UNIT_MERGED"
    await pair.send("mentorshipMove", **care, orgUnitId=whole, occurredOn=days_ago(5))
    assert await refused(whole, 4) == "MENTORSHIP_THERE"
    assert await refused(pair.district, 6) == "DAY_OUT_OF_ORDER"


async def test_a_cohort_is_led_over() -> None:
    pair, whole = await closed_under_a_mentorship()
    (care,) = pair.house.rows(MENTORSHIP, id=pair.mentorship)
    cohort = {"cohortId": care["cohort_id"]}
    await pair.send("cohortMove", **cohort, orgUnitId=whole, occurredOn=days_ago(5))
    (row,) = pair.house.rows(COHORT, id=care["cohort_id"])
    assert row["org_unit_id"] == whole
    with pytest.raises(MshauriError) as refused:
        await pair.send("cohortMove", **cohort, orgUnitId=whole)
    assert refused.value.code == "COHORT_THERE"


@pytest.mark.parametrize("name", ["mentorshipMove", "cohortMove"])
async def test_who_leads_over_answers_for_both_units(name: str) -> None:
    pair, _ = await closed_under_a_mentorship()
    (care,) = pair.house.rows(MENTORSHIP, id=pair.mentorship)
    await pair.send(
        "accessGrantGive", subjectName="here", role="COORDINATOR", orgUnitId=pair.district
    )
    await pair.send("cohortMove", cohortId=care["cohort_id"], orgUnitId=pair.district)
    far = {"code": "FAR", "name": "Far", "unitKind": "FACILITY", "parentId": pair.elsewhere}
    other = await pair.send("orgUnitEstablish", **far)
    what = {"mentorshipId": pair.mentorship, "cohortId": care["cohort_id"]}
    field = "mentorshipId" if name == "mentorshipMove" else "cohortId"
    with pytest.raises(MshauriError) as refused:
        await pair.send(name, **{field: what[field]}, orgUnitId=other.id, as_="here")
    assert refused.value.code == "ACCESS_DENIED"
