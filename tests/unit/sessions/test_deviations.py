"""What happened is recorded, whatever a programme wants; the version says what it counts for."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from services.gateway.projections import CPD_ACCOUNT, DEVIATION, SESSION
from services.registry.views.progress import ATTENDANCE
from shared.contracts.definition import Conduct
from shared.contracts.definition.assessment import End
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.definition.visits import CpdRule, CpdSide
from shared.deciding.commanding import AlreadyRecorded, Answer
from shared.domain.errors import AlreadyTaken
from tests.support.paired import Paired, paired, rules
from tests.unit.sessions.test_session_commands import again, log, told

POINTS = (CpdRule(code="HOUR", side=CpdSide.MENTEE, points_per_hour=Decimal(1)),)


async def gentle(conduct: Conduct | None = None, **changes: Any) -> Paired:
    return await paired(replace(rules(), conduct=conduct or Conduct(), **changes))


def deviations(pair: Paired) -> list[tuple[str, bool, bool | None]]:
    return sorted((row["rule"], row["counts"], row["stands"]) for row in pair.house.rows(DEVIATION))


async def test_a_call_of_ten_minutes_is_recorded_and_counts_nothing() -> None:
    pair = await gentle(end=End(sessions=1), cpd=POINTS)
    session = await log(pair, mode="PHONE", minutes=10)
    (row,) = pair.house.rows(SESSION)
    assert (row["id"], row["status"], row["counts"]) == (session, "HELD", False)
    assert deviations(pair) == [("SESSION_TOO_SHORT", False, True)]
    assert pair.house.rows(ATTENDANCE) == []
    assert pair.house.rows(CPD_ACCOUNT) == []
    assert not any(command == "menteeComplete" for _, command, _ in pair.house.outcomes)


async def test_a_deviation_says_which_version_and_why() -> None:
    pair = await gentle()
    await log(pair, minutes=45, reason="An emergency in the ward.")
    (row,) = pair.house.rows(DEVIATION)
    assert row["programme_version_id"] == pair.version
    assert (row["reason"], msgspec.json.decode(row["params"])) == (
        "An emergency in the ward.",
        {"minutes": 45, "least": 60},
    )
    assert list(row["mentors"]) == [pair.mentors[0]]


async def test_a_correction_takes_a_deviation_back_and_earns_what_it_earns() -> None:
    pair = await gentle(cpd=POINTS)
    session = await log(pair, minutes=10)
    await pair.send("sessionCorrect", **again(pair, session, minutes=120))
    assert deviations(pair) == []
    (account,) = pair.house.rows(CPD_ACCOUNT)
    assert account["balance"] == 2
    await pair.send("sessionCorrect", **again(pair, session, minutes=10))
    assert deviations(pair) == [("SESSION_TOO_SHORT", False, True)]
    (account,) = pair.house.rows(CPD_ACCOUNT)
    assert account["balance"] == 0


async def test_what_is_voided_deviates_from_nothing_until_it_is_reinstated() -> None:
    pair = await gentle()
    session = await log(pair, minutes=10)
    await pair.send("sessionVoid", sessionId=session, reason="It was another day.")
    assert deviations(pair) == [("SESSION_TOO_SHORT", False, None)]
    await pair.send("sessionReinstate", sessionId=session, reason="It was that day.")
    assert deviations(pair) == [("SESSION_TOO_SHORT", False, True)]
    assert pair.house.rows(SESSION)[0]["counts"] is False


async def tried(pair: Paired, name: str, /, **content: Any) -> Answer:
    before = await pair.house.history()
    answer = await pair.send(name, dryRun=True, **content)
    assert await pair.house.history() == before, "nothing is recorded"
    return answer


async def test_a_dry_run_tells_all_that_is_found_and_records_nothing() -> None:
    pair = await gentle(Conduct(count=(ConductRule.MODE_NOT_ALLOWED,)))
    answer = await tried(pair, "sessionLog", **told(pair, minutes=10, mode="VIDEO"))
    assert [(each.code, each.severity) for each in answer.findings] == [
        ("SESSION_TOO_SHORT", "RECORD"),
        ("MODE_NOT_ALLOWED", "COUNT"),
    ]
    assert (answer.positions, answer.version) == ([], 1)
    assert (
        answer.findings[0].detail == "10 minutes; the programme counts a session from 60 minutes."
    )


async def test_a_dry_run_is_refused_for_what_a_real_one_would_be() -> None:
    pair = await gentle()
    worker = {"givenNames": "Ines", "cadre": "NURSE", "orgUnitId": pair.facility, "number": "N-1"}
    await tried(pair, "healthWorkerRegister", **worker)
    first = await pair.send("healthWorkerRegister", **worker)
    with pytest.raises(AlreadyTaken) as taken:
        await pair.send("healthWorkerRegister", **worker, dryRun=True)
    assert taken.value.field == "number"
    again = {**worker, "number": "N-2", "id": first.id, "dryRun": True}
    with pytest.raises(AlreadyRecorded):
        await pair.send("healthWorkerRegister", **again)


async def test_what_was_tried_can_be_sent_under_the_same_id() -> None:
    pair = await gentle()
    content = {**told(pair), "commandId": "0199f0c4-0000-7000-8000-000000000001"}
    first = await tried(pair, "sessionLog", **content)
    assert (await pair.send("sessionLog", **content)).id == first.id
