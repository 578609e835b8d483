"""Supervision visits and coordination meetings, by command: where units are, by whoever may."""

import pytest

from services.gateway.projections import ORG_UNIT
from shared.contracts.sessions.oversight import CoordinationMeetingHeld, SupervisionVisitHeld
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules())


async def refused(pair: Paired, name: str, **content: object) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


def visit(pair: Paired, **changes: object) -> dict[str, object]:
    return {
        "programmeVersionId": pair.version,
        "orgUnitId": pair.facility,
        "supervisors": ["District medical officer"],
        "findings": ["The fridge is off at night."],
        "joint": True,
        "occurredOn": days_ago(3),
        **changes,
    }


def meeting(pair: Paired, **changes: object) -> dict[str, object]:
    return {
        "programmeVersionId": pair.version,
        "orgUnitId": pair.district,
        "participants": 12,
        "decisions": ["A solar fridge for each maternity."],
        "occurredOn": days_ago(3),
        **changes,
    }


async def test_a_visit_and_a_meeting_are_logged_whether_the_programme_has_a_rhythm_or_not(
    pair: Paired,
) -> None:
    held = await pair.send("supervisionVisitLog", **visit(pair))
    (visited,) = await pair.house.events(held.id)
    assert isinstance(visited, SupervisionVisitHeld)
    assert (visited.programme, visited.held_on, visited.joint) == (
        "test-hospital",
        days_ago(3),
        True,
    )
    met = await pair.send("coordinationMeetingLog", **meeting(pair))
    (told,) = await pair.house.events(met.id)
    assert isinstance(told, CoordinationMeetingHeld)
    assert (told.org_unit_id, told.participants) == (pair.district, 12)


async def test_it_was_held_somewhere_under_some_programme(pair: Paired) -> None:
    name = "supervisionVisitLog"
    assert await refused(pair, name, **visit(pair, orgUnitId=new_id())) == "NOT_FOUND"
    assert await refused(pair, name, **visit(pair, programmeVersionId=new_id())) == "NOT_FOUND"
    name = "coordinationMeetingLog"
    assert await refused(pair, name, **meeting(pair, orgUnitId=new_id())) == "NOT_FOUND"
    assert await refused(pair, name, **meeting(pair, programmeVersionId=new_id())) == "NOT_FOUND"


async def test_somebody_visited_and_somebody_met(pair: Paired) -> None:
    assert await refused(pair, "supervisionVisitLog", **visit(pair, supervisors=[])) == "MALFORMED"
    nobody = meeting(pair, participants=0)
    assert await refused(pair, "coordinationMeetingLog", **nobody) == "MALFORMED"


async def test_nobody_visits_a_unit_that_is_no_more(pair: Paired) -> None:
    await pair.send(
        "orgUnitClose", orgUnitId=pair.elsewhere, reason="It was flooded.", occurredOn=days_ago(5)
    )
    name = "supervisionVisitLog"
    assert await refused(pair, name, **visit(pair, orgUnitId=pair.elsewhere)) == "UNIT_NO_MORE"
    await pair.send(name, **visit(pair, orgUnitId=pair.elsewhere, occurredOn=days_ago(6)))


async def test_whoever_names_a_unit_that_is_no_more_is_led_to_what_stands_in_its_place(
    pair: Paired,
) -> None:
    day = days_ago(5)
    parts = [{"code": code, "name": f"Part {code}"} for code in ("FLOOD-N", "FLOOD-S")]
    await pair.send("orgUnitSplit", orgUnitId=pair.elsewhere, successors=parts, occurredOn=day)
    (south,) = pair.house.rows(ORG_UNIT, code="FLOOD-S")
    await pair.send("orgUnitChangeCode", orgUnitId=south["id"], code="S-2")
    with pytest.raises(MshauriError) as told:
        await pair.send("supervisionVisitLog", **visit(pair, orgUnitId=pair.elsewhere))
    assert "FLOOD-N (Part FLOOD-N), S-2 (Part FLOOD-S)" in told.value.remedy


async def test_mentors_do_not_supervise(pair: Paired) -> None:
    for name, content in (
        ("supervisionVisitLog", visit(pair)),
        ("coordinationMeetingLog", meeting(pair)),
    ):
        assert await refused(pair, name, **content, as_="person-0") == "ACCESS_DENIED"
