"""The API over read models that stand at a moment: data and days of then, rights of today, and
nothing recorded.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from services.gateway.app import Gateway
from services.gateway.clock import Moment
from services.gateway.graphql.ids import global_id
from services.gateway.projections import NOTICE, ORG_UNIT, ORG_UNIT_PARENT
from services.gateway.standing import Standing
from tests.support.gateway import (
    SINCE,
    RunningGateway,
    _build,
    listening,
    running_gateway,
)
from tests.support.projecting import MakeDatabase

THEN = Moment(datetime(2021, 9, 30, 21, 59, 59, 999999, tzinfo=UTC), date(2021, 9, 30))
SAID = {"kind": "knownAt", "knownAt": "2021-09-30T23:59:59.999999+02:00", "day": "2021-09-30"}
UNIT = uuid4()

UNITS = "{ orgUnits(first: 5) { nodes { name } } }"
OVERDUE = "{ notices(first: 5, filter: {overdue: true}) { nodes { role } } }"
"""What is overdue today, whichever day that is."""


@dataclass
class Both:
    """The API in use, and beside it the one that stands at a moment."""

    live: RunningGateway
    then: RunningGateway


@pytest_asyncio.fixture
async def both(database: str, make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Both]:
    of_then = await make_database()
    connection = await asyncpg.connect(of_then)
    await _build(connection)
    standing = Standing(
        database_url=of_then,
        moment=THEN,
        positions={"registry": (100, 1), "sessions": (50, 2)},
        said=SAID,
    )
    async with running_gateway(database, tmp_path) as live:
        gateway = Gateway(live.settings, standing)
        async with listening(gateway.app()) as url:
            then = RunningGateway(
                url, connection, live.services, live.issuer, live.client, gateway, live.settings
            )
            yield Both(live, then)
    await connection.close()


async def a_unit(gateway: RunningGateway, name: str) -> None:
    await gateway.insert(
        ORG_UNIT, id=UNIT, code="U", name=name, unit_kind="DISTRICT", since=SINCE, state="ACTIVE",
        predecessors=[], successors=[], record_version=1, position=1,
    )  # fmt: skip
    await gateway.insert(ORG_UNIT_PARENT, org_unit_id=UNIT, since=SINCE, parent_id=None)


async def a_notice(gateway: RunningGateway, role: str, due: date) -> None:
    await gateway.insert(
        NOTICE, id=uuid4(), mentorship_id=uuid4(), programme="made-up", org_unit_id=UNIT,
        role=role, due=due, open_due=due, record_version=1, position=1,
    )  # fmt: skip


async def test_each_answers_from_its_own_and_says_of_when(both: Both) -> None:
    await a_unit(both.live, "Renamed since")
    await a_unit(both.then, "As it was called")

    now = await both.live.send(UNITS)
    then = await both.then.send(UNITS)

    assert [one["name"] for one in now["data"]["orgUnits"]["nodes"]] == ["Renamed since"]
    assert [one["name"] for one in then["data"]["orgUnits"]["nodes"]] == ["As it was called"]
    assert "asOf" not in now["extensions"]
    assert then["extensions"]["asOf"] == [{"path": [], **SAID}]
    nonsense = await both.then.send("{ nonsense }")
    assert nonsense["extensions"]["asOf"] == [{"path": [], **SAID}]


async def test_what_goes_by_the_day_goes_by_that_day(both: Both) -> None:
    for gateway in (both.live, both.then):
        await a_unit(gateway, "Unit")
        await a_notice(gateway, "DUE_THE_DAY_BEFORE", date(2021, 9, 29))
        await a_notice(gateway, "DUE_THAT_DAY", date(2021, 9, 30))

    now, then = await both.live.ask(OVERDUE), await both.then.ask(OVERDUE)

    assert {one["role"] for one in now["notices"]["nodes"]} == {
        "DUE_THE_DAY_BEFORE",
        "DUE_THAT_DAY",
    }
    assert {one["role"] for one in then["notices"]["nodes"]} == {"DUE_THE_DAY_BEFORE"}


async def test_who_may_see_it_is_decided_by_what_is_granted_today(both: Both) -> None:
    for gateway in (both.live, both.then):
        await a_unit(gateway, "Unit")
        await a_notice(gateway, "MENTEE", date(2021, 9, 1))
    await both.live.grant("auditor of today", "AUDITOR", UNIT)
    await both.then.grant("auditor of then", "AUDITOR", UNIT)
    await both.live.told()

    of_today = await both.then.ask(OVERDUE, "auditor of today")
    of_then = await both.then.ask(OVERDUE, "auditor of then")

    assert len(of_today["notices"]["nodes"]) == 1
    assert of_then["notices"]["nodes"] == []


@pytest.mark.parametrize("tried", ["true", "false"])
async def test_nothing_is_recorded_there_not_even_tried(both: Both, tried: str) -> None:
    rename = (
        f'mutation {{ orgUnitRename(input: {{commandId: "{uuid4()}", '
        f'orgUnitId: "{global_id("OrgUnit", UNIT)}", name: "Y", dryRun: {tried}}}) {{ id }} }}'
    )
    batch = "mutation { commandBatch(input: {commands: []}) { __typename } }"
    for text in (rename, batch):
        said = await both.then.send(text)
        assert said["errors"][0]["extensions"]["code"] == "READ_ONLY", said
        assert said["data"] is None
    assert both.live.services.requests == []


async def test_nothing_is_followed_there(both: Both) -> None:
    said = await both.then.send('subscription { menteeProgress(id: "x") { positions } }')

    assert said["errors"][0]["extensions"]["code"] == "READ_ONLY"


async def test_positions_up_to_the_moment_are_there_and_later_ones_never_will_be(
    both: Both,
) -> None:
    async def code(position: str) -> str | None:
        text = "query ($after: [Position!]) { orgUnits(first: 1, afterPositions: $after) "
        said = await both.then.send(text + "{ nodes { id } } }", after=[position])
        return said["errors"][0]["extensions"]["code"] if said.get("errors") else None

    assert await code("registry.7.100") is None
    assert await code("sessions.7.60") is None  # of an epoch before
    assert await code("registry.7.101") == "AFTER_THE_MOMENT"
    assert await code("registry.7.1.2") == "AFTER_THE_MOMENT"
    assert await code("validation.7.1") == "AFTER_THE_MOMENT"


async def test_who_looked_is_told_by_another_ledger_and_is_not_answered_there(both: Both) -> None:
    for asked in ("nodes { actor }", "totalCount { value }"):
        said = await both.then.send(f"{{ accessEvents(first: 1) {{ {asked} }} }}")
        assert said["errors"][0]["extensions"]["code"] == "NOT_REPLAYED", said
    assert (await both.live.ask("{ accessEvents(first: 1) { nodes { actor } } }")) is not None
