"""Actions are owned by whoever does them, move, are dropped, and go up to who can solve them."""

from typing import Any

import pytest

from services.gateway.projections import ACTION_STEP, IMPROVEMENT_ACTION
from shared.domain import new_id
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_improvement_action_commands import agree, refused

WHY = {"reason": "There is no budget line before July."}


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


def shown(pair: Paired) -> Any:
    (row,) = pair.house.rows(IMPROVEMENT_ACTION)
    return row


async def test_an_action_is_owned_by_the_hospitals_director(pair: Paired) -> None:
    director = await pair.send(
        "healthWorkerRegister",
        givenNames="Jean",
        familyName="Mugisha",
        cadre="DOCTOR",
        orgUnitId=pair.facility,
        occurredOn=days_ago(40),
    )
    await agree(pair, ownerId=director.id)
    assert shown(pair)["owner_id"] == director.id


async def test_an_action_is_owned_by_an_office(pair: Paired) -> None:
    await agree(pair, ownerId=None, ownerOffice="Director", ownerUnitId=pair.facility)
    row = shown(pair)
    assert (row["owner_id"], row["owner_office"], row["owner_unit_id"]) == (
        None,
        "Director",
        pair.facility,
    )


async def test_an_owner_with_a_record_has_one_and_the_offices_unit_is_there(pair: Paired) -> None:
    asked = {
        "mentorshipId": pair.mentorship,
        "title": "Oxytocin is kept cold",
        "due": days_ago(0),
    }
    assert await refused(pair, "actionAgree", **asked, ownerId=new_id()) == "NOT_FOUND"
    office = {"ownerOffice": "Director", "ownerUnitId": new_id()}
    assert await refused(pair, "actionAgree", **asked, **office) == "NOT_FOUND"
    assert await refused(pair, "actionAgree", **asked) == "ACTION_OF_WHOM"


async def test_its_day_is_moved_its_progress_noted_and_it_is_dropped_with_a_reason(
    pair: Paired,
) -> None:
    action = {"improvementActionId": await agree(pair)}
    moved = action | {"due": days_ago(-30)}
    assert await refused(pair, "actionReschedule", **moved) == "REASON_MISSING"
    await pair.send("actionReschedule", **moved, **WHY)
    assert (shown(pair)["due"], shown(pair)["open_due"]) == (days_ago(-30), days_ago(-30))
    await pair.send("actionReportProgress", **action, note="Two offers were asked for.")
    assert await refused(pair, "actionDrop", **action) == "REASON_MISSING"
    await pair.send("actionDrop", **action, **WHY)
    assert (shown(pair)["status"], shown(pair)["open_due"]) == ("DROPPED", None)
    steps = sorted(pair.house.rows(ACTION_STEP), key=lambda row: row["number"])
    assert [(row["kind"], row["reason"]) for row in steps] == [
        ("RESCHEDULED", WHY["reason"]),
        ("PROGRESSED", None),
        ("DROPPED", WHY["reason"]),
    ]


async def test_it_is_escalated_to_the_district_the_ministry_an_agency_and_comes_back(
    pair: Paired,
) -> None:
    action = {"improvementActionId": await agree(pair)}
    for to in (
        {"toOrgUnitId": pair.district},
        {"toOrgUnitId": pair.country},
        {"toOffice": "National supply agency"},
    ):
        await pair.send("actionEscalate", **action, **to, **WHY)
    assert shown(pair)["escalated_to_office"] == "National supply agency"
    down = action | {"toOrgUnitId": pair.district} | WHY
    assert await refused(pair, "actionEscalate", **down) == "NOT_A_UNIT_ABOVE"
    assert await refused(pair, "actionReturn", **action) == "REASON_MISSING"
    await pair.send("actionReturn", **action, **WHY)
    assert (shown(pair)["status"], shown(pair)["escalated_to"]) == ("ESCALATED", pair.country)
    for _ in range(2):
        await pair.send("actionReturn", **action, **WHY)
    assert (shown(pair)["status"], shown(pair)["escalated_to"]) == ("OPEN", None)
    await pair.send("actionComplete", **action, result="The hospital bought one.")
