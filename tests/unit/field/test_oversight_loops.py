"""What supervisors find and what meetings decide is owned, due, and followed up like any action."""

import json
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import (
    COORDINATION_MEETING,
    IMPROVEMENT_ACTION,
    OVERSIGHT_PERSON,
    SUPERVISION_VISIT,
)
from shared.contracts.sessions.oversight import CoordinationMeetingHeld, SupervisionVisitHeld
from shared.domain import new_id
from tests.support.paired import Paired, days_ago, paired, rules
from tests.unit.sessions.test_oversight_commands import meeting, refused, visit

ASKED: dict[str, Any] = {
    "title": "A solar fridge for the maternity",
    "ownerOffice": "District pharmacy",
    "due": days_ago(-30),
    "occurredOn": days_ago(2),
}


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


async def visited(pair: Paired, **changes: object) -> UUID:
    return (await pair.send("supervisionVisitLog", **visit(pair, **changes))).id


async def met(pair: Paired, **changes: object) -> UUID:
    return (await pair.send("coordinationMeetingLog", **meeting(pair, **changes))).id


def shown(pair: Paired) -> Any:
    (row,) = pair.house.rows(IMPROVEMENT_ACTION)
    return row


async def test_a_finding_has_an_owner_and_a_day_and_goes_up_to_whom_can_solve_it(
    pair: Paired,
) -> None:
    found = await visited(pair)
    agreed = await pair.send("actionAgree", **ASKED, supervisionVisitId=found, finding=1)
    row = shown(pair)
    assert (row["arose_from"], row["supervision_visit_id"], row["finding"]) == (
        "SUPERVISION_VISIT",
        found,
        1,
    )
    assert (row["org_unit_id"], row["programme"], row["mentorship_id"]) == (
        pair.facility,
        "test-hospital",
        None,
    )
    action = {"improvementActionId": agreed.id, "reason": "There is no budget line."}
    await pair.send("actionReportProgress", **action, note="Two offers were asked for.")
    await pair.send("actionEscalate", **action, toOrgUnitId=pair.district)
    await pair.send("actionEscalate", **action, toOffice="National supply agency")
    await pair.send("actionReturn", **action)
    assert shown(pair)["escalated_to"] == pair.district
    await pair.send("actionResolve", **action, result="The district bought one.")
    assert (shown(pair)["status"], shown(pair)["open_due"]) == ("DONE", None)


async def test_a_decision_is_carried_out_by_a_person_who_need_not_be_of_any_mentorship(
    pair: Paired,
) -> None:
    decided = await met(pair)
    somebody = pair.mentees[1]
    asked = ASKED | {"ownerOffice": None, "ownerId": somebody}
    agreed = await pair.send("actionAgree", **asked, coordinationMeetingId=decided, decision=1)
    row = shown(pair)
    assert (row["arose_from"], row["coordination_meeting_id"], row["decision"]) == (
        "COORDINATION_MEETING",
        decided,
        1,
    )
    assert (row["owner_id"], row["org_unit_id"]) == (somebody, pair.district)
    action = {"improvementActionId": agreed.id}
    assert await refused(pair, "actionDrop", **action) == "REASON_MISSING"
    await pair.send("actionDrop", **action, reason="A donor gave one.")
    assert shown(pair)["status"] == "DROPPED"


async def test_an_action_arises_from_one_thing(pair: Paired) -> None:
    found, decided = await visited(pair), await met(pair)
    assert await refused(pair, "actionAgree", **ASKED) == "ACTION_FROM_WHAT"
    both = ASKED | {"supervisionVisitId": found, "coordinationMeetingId": decided}
    assert await refused(pair, "actionAgree", **both) == "ACTION_FROM_WHAT"
    also = ASKED | {"supervisionVisitId": found, "mentorshipId": pair.mentorship}
    assert await refused(pair, "actionAgree", **also) == "ACTION_FROM_WHAT"
    at_session = ASKED | {"supervisionVisitId": found, "sessionId": new_id()}
    assert await refused(pair, "actionAgree", **at_session) == "ACTION_FROM_WHAT"
    nowhere = ASKED | {"supervisionVisitId": new_id()}
    assert await refused(pair, "actionAgree", **nowhere) == "NOT_FOUND"
    nowhere = ASKED | {"coordinationMeetingId": new_id()}
    assert await refused(pair, "actionAgree", **nowhere) == "NOT_FOUND"


async def test_it_answers_what_was_told_there(pair: Paired) -> None:
    found, decided = await visited(pair), await met(pair)
    for names in (
        {"supervisionVisitId": found, "finding": 2},
        {"supervisionVisitId": found, "decision": 1},
        {"coordinationMeetingId": decided, "decision": 2},
        {"coordinationMeetingId": decided, "finding": 1},
        {"mentorshipId": pair.mentorship, "finding": 1},
    ):
        assert await refused(pair, "actionAgree", **ASKED, **names) == "NOTHING_TOLD"


async def test_nothing_arises_from_what_was_not_held_yet(pair: Paired) -> None:
    early = ASKED | {"occurredOn": days_ago(4)}
    found = {"supervisionVisitId": await visited(pair)}
    assert await refused(pair, "actionAgree", **early, **found) == "BEFORE_IT_WAS_HELD"
    decided = {"coordinationMeetingId": await met(pair)}
    assert await refused(pair, "actionAgree", **early, **decided) == "BEFORE_IT_WAS_HELD"


async def test_nothing_arises_from_what_was_not_held_after_all(pair: Paired) -> None:
    why = {"reason": "The road was closed.", "occurredOn": days_ago(2)}
    found = {"supervisionVisitId": await visited(pair)}
    await pair.send("supervisionVisitVoid", **found, **why)
    assert await refused(pair, "actionAgree", **ASKED, **found) == "RECORD_VOIDED"
    await pair.send("supervisionVisitReinstate", **found, **why)
    await pair.send("actionAgree", **ASKED, **found)
    decided = {"coordinationMeetingId": await met(pair)}
    await pair.send("coordinationMeetingVoid", **decided, **why)
    assert await refused(pair, "actionAgree", **ASKED, **decided) == "RECORD_VOIDED"


async def test_its_owner_has_a_record(pair: Paired) -> None:
    asked = ASKED | {"ownerOffice": None, "supervisionVisitId": await visited(pair)}
    assert await refused(pair, "actionAgree", **asked, ownerId=new_id()) == "NOT_FOUND"
    assert await refused(pair, "actionAgree", **asked) == "ACTION_OF_WHOM"


async def test_whoever_owns_it_says_that_it_is_done_and_nobody_elsewhere_does(
    pair: Paired,
) -> None:
    asked = ASKED | {"ownerOffice": None, "supervisionVisitId": await visited(pair)}
    theirs, own = asked | {"ownerId": pair.mentees[0]}, asked | {"ownerId": pair.mentors[0]}
    assert await refused(pair, "actionAgree", **theirs, as_="person-0") == "ACCESS_DENIED"
    agreed = await pair.send("actionAgree", **own, as_="person-0")
    done = {"improvementActionId": agreed.id, "result": "It hums."}
    assert await refused(pair, "actionComplete", **done, as_="person-1") == "ACCESS_DENIED"
    await pair.send("actionComplete", **done, as_="person-0")
    assert shown(pair)["status"] == "DONE"


async def test_a_visit_tells_whom_it_supervised_what_was_scored_and_when_the_next_is(
    pair: Paired,
) -> None:
    score = {"checklist": "Infection prevention", "points": 17, "most": 20}
    await visited(
        pair,
        mentors=[pair.mentors[0], pair.mentors[1], pair.mentors[0]],
        scores=[score],
        nextVisitOn=days_ago(-87),
    )
    (row,) = pair.house.rows(SUPERVISION_VISIT)
    assert (json.loads(row["scores"]), row["next_visit_on"]) == ([score], days_ago(-87))
    people = [one["health_worker_id"] for one in pair.house.rows(OVERSIGHT_PERSON)]
    assert sorted(people) == sorted(pair.mentors)


async def test_a_visit_tells_nothing_that_cannot_be(pair: Paired) -> None:
    name = "supervisionVisitLog"
    score = {"checklist": "Infection prevention", "points": 21, "most": 20}
    assert await refused(pair, name, **visit(pair, scores=[score])) == "SCORE_ABOVE_MOST"
    same = visit(pair, nextVisitOn=days_ago(3))
    assert await refused(pair, name, **same) == "NEXT_VISIT_NOT_AFTER"
    assert await refused(pair, name, **visit(pair, mentors=[new_id()])) == "NOT_FOUND"


async def test_a_meeting_tells_its_agenda_who_came_for_whom_and_what_was_presented(
    pair: Paired,
) -> None:
    await met(
        pair,
        agenda=["Reports", "The fridges"],
        attendees=[pair.mentors[0]],
        offices=["Ministry of Health"],
        reports=["Third quarter, hospital"],
    )
    (row,) = pair.house.rows(COORDINATION_MEETING)
    assert list(row["agenda"]) == ["Reports", "The fridges"]
    assert (list(row["offices"]), list(row["reports"])) == (
        ["Ministry of Health"],
        ["Third quarter, hospital"],
    )
    (person,) = pair.house.rows(OVERSIGHT_PERSON)
    assert person["health_worker_id"] == pair.mentors[0]


async def test_whoever_is_named_at_a_meeting_was_there(pair: Paired) -> None:
    name = "coordinationMeetingLog"
    three = meeting(pair, participants=2, attendees=[*pair.mentors, pair.mentees[0]])
    assert await refused(pair, name, **three) == "MORE_NAMED_THAN_CAME"
    assert await refused(pair, name, **meeting(pair, attendees=[new_id()])) == "NOT_FOUND"
    fewer = {
        "coordinationMeetingId": await met(pair, attendees=list(pair.mentors)),
        "heldOn": days_ago(3),
        "participants": 1,
        "reason": "They were counted again.",
    }
    assert await refused(pair, "coordinationMeetingCorrect", **fewer) == "MORE_NAMED_THAN_CAME"


def test_what_was_told_before_it_was_counted_is_counted_as_it_is_read() -> None:
    visited_once: dict[str, Any] = {"findings": ["The fridge is off.", "No key."]}
    SupervisionVisitHeld.upcast_v1_v2(visited_once)
    assert visited_once["told"] == 2
    met_once: dict[str, Any] = {}
    CoordinationMeetingHeld.upcast_v1_v2(met_once)
    assert met_once["told"] == 0
