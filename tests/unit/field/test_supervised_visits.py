"""A programme may have its visits supervised: what nobody supervised is told, and is no secret."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from services.gateway.projections import CPD_ACCOUNT, DEVIATION, SESSION
from shared.contracts.definition import Conduct
from shared.contracts.definition.conduct import ConductRule, Judgement
from shared.contracts.definition.visits import GuestRole, Oversight
from shared.contracts.sessions.session import SessionHeld
from tests.support.paired import Paired, paired, rules
from tests.unit.field.test_sessions_of_a_day import deviations
from tests.unit.sessions.test_deviations import POINTS
from tests.unit.sessions.test_session_commands import again, log, refused, told

RULE = ConductRule.SESSION_NOT_SUPERVISED
BY_HOSPITAL = Oversight(supervised_by=(GuestRole.SUPERVISOR, GuestRole.CHW_SUPERVISOR))
SUPERVISOR = [{"role": "SUPERVISOR", "name": "Sister Agnes"}]


async def supervised(judgement: Judgement = Judgement.COUNT) -> Paired:
    """Return the house of a programme whose visits are supervised."""
    lists: dict[Judgement, dict[str, Any]] = {
        Judgement.REFUSE: {"refuse": (RULE,)},
        Judgement.RECORD: {"record": (RULE,)},
        Judgement.COUNT: {"count": (RULE,)},
    }
    conduct = Conduct(**lists[judgement])
    return await paired(replace(rules(cpd=POINTS), oversight=BY_HOSPITAL, conduct=conduct))


def earned(pair: Paired) -> bool:
    return any(row["balance"] for row in pair.house.rows(CPD_ACCOUNT))


async def test_a_visit_that_nobody_supervised_counts_and_is_on_the_list() -> None:
    pair = await supervised()
    session = await log(pair)
    (row,) = pair.house.rows(DEVIATION)
    assert (row["record_id"], row["rule"], row["counts"]) == (session, RULE.value, True)
    assert json.loads(row["params"]) == {"roles": "SUPERVISOR, CHW_SUPERVISOR"}
    assert earned(pair)


@pytest.mark.parametrize("role", ["SUPERVISOR", "CHW_SUPERVISOR"])
async def test_one_guest_of_a_role_that_supervises_is_enough(role: str) -> None:
    pair = await supervised()
    session = await log(pair, guests=[{"role": "DIRECTOR"}, {"role": role}])
    assert deviations(pair, session) == []


async def test_a_director_supervises_nothing() -> None:
    pair = await supervised()
    session = await log(pair, guests=[{"role": "DIRECTOR"}])
    assert deviations(pair, session) == [RULE.value]


async def test_a_call_is_no_visit() -> None:
    pair = await supervised()
    assert deviations(pair, await log(pair, mode="PHONE")) == []


async def test_a_correction_with_the_guest_takes_the_deviation_back() -> None:
    pair = await supervised()
    session = await log(pair)
    await pair.send("sessionCorrect", **again(pair, session, guests=SUPERVISOR))
    assert deviations(pair, session) == []
    await pair.send("sessionCorrect", **again(pair, session))
    assert deviations(pair, session) == [RULE.value]


async def test_a_version_may_let_it_count_for_nothing() -> None:
    pair = await supervised(Judgement.RECORD)
    session = await log(pair)
    (row,) = pair.house.rows(SESSION)
    assert (row["counts"], deviations(pair, session), earned(pair)) == (False, [RULE.value], False)
    await pair.send("sessionCorrect", **again(pair, session, guests=SUPERVISOR))
    assert earned(pair)


async def test_a_version_may_refuse_it() -> None:
    pair = await supervised(Judgement.REFUSE)
    refusal = await refused(pair, "sessionLog", **told(pair))
    assert refusal == ("SESSION_NOT_SUPERVISED", "guests")
    await log(pair, guests=SUPERVISOR)


async def test_a_form_is_told_beforehand() -> None:
    pair = await supervised()
    answer = await pair.send("sessionLog", **told(pair, dryRun=True))
    assert [(one.code, one.severity) for one in answer.findings] == [(RULE.value, Judgement.COUNT)]
    assert pair.house.rows(SESSION) == []


async def test_a_programme_that_names_nobody_asks_for_nobody() -> None:
    pair = await paired(replace(rules(), conduct=Conduct(otherwise=Judgement.REFUSE)))
    (said,) = [
        event
        for event in await pair.house.events(await log(pair))
        if isinstance(event, SessionHeld)
    ]
    assert said.deviations == ()
