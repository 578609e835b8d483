"""`viewer` tells whoever asks who they are and what each of their grants opens; `nodes`, things."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from tests.integration.test_gateway_happenings import fill, grant
from tests.support.days import today
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.marking import with_marks
from tests.support.servers import PostgresServer
from tests.support.story import STORY
from tests.support.telling import MENTEE, RWANDA

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEWER = """
{ viewer { subjectName operator language languages
    grants { role meaning reads mutations programme own since until holds orgUnit { id } }
    healthWorkers { id familyName } cost { limit available restoreRate most } } }
"""
NODES = "query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on OrgUnit { name } } }"
TODAY = today()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway for all tests here."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running, map(with_marks, STORY))
        await grant(running, "amina", "COORDINATOR", unit=RWANDA, programme="INGOBYI")
        await grant(running, "bola", "AUDITOR", until=TODAY - timedelta(days=1))
        await grant(running, "bola", "VIEWER", since=TODAY + timedelta(days=9))
        await grant(running, "ada", "MENTEE", person=MENTEE, unit=RWANDA)
        await grant(running, "chidi", "MENTOR", unit=RWANDA)
        await running.told()
        yield running
    await postgres.drop_database(name)


async def test_a_coordinator_sees_what_their_grant_opens(gateway: RunningGateway) -> None:
    viewer = (await gateway.ask(VIEWER, "amina"))["viewer"]
    assert (viewer["subjectName"], viewer["operator"]) == ("amina", False)
    (grant,) = viewer["grants"]
    assert grant["role"] == "COORDINATOR"
    assert grant["programme"] == "INGOBYI"
    assert grant["orgUnit"] == {"id": global_id("OrgUnit", RWANDA)}
    assert grant["reads"] == ["CATALOGUE", "FIGURES", "RECORDS", "PERSONAL"]
    assert {"sessionLog", "menteeEnrol"} <= set(grant["mutations"])
    assert "programmePublish" not in grant["mutations"]
    assert grant["holds"]
    assert not grant["own"]
    assert grant["meaning"].startswith("Runs cohorts")
    assert viewer["healthWorkers"] == []
    cost = viewer["cost"]
    assert 0 < cost["available"] <= cost["limit"]


async def test_what_ended_is_not_told_and_what_will_begin_is(gateway: RunningGateway) -> None:
    begins = TODAY + timedelta(days=9)
    (grant,) = (await gateway.ask(VIEWER, "bola"))["viewer"]["grants"]
    assert (grant["role"], grant["holds"], grant["since"]) == ("VIEWER", False, begins.isoformat())
    assert grant["mutations"] == []


async def test_who_is_a_health_worker_finds_themselves(gateway: RunningGateway) -> None:
    viewer = (await gateway.ask(VIEWER, "ada"))["viewer"]
    (mine,) = viewer["healthWorkers"]
    assert mine["id"] == global_id("HealthWorker", MENTEE)
    assert mine["familyName"]
    assert viewer["grants"][0]["own"]


async def test_who_holds_nothing_is_told_so_and_the_operator_that_they_may_all(
    gateway: RunningGateway,
) -> None:
    nobody = (await gateway.ask(VIEWER, "nobody"))["viewer"]
    assert (nobody["grants"], nobody["operator"]) == ([], False)
    assert (await gateway.ask(VIEWER, OPERATOR))["viewer"]["operator"]


async def test_it_speaks_the_language_that_is_asked_for(gateway: RunningGateway) -> None:
    answer = await gateway.client.post(
        f"{gateway.url}/graphql",
        json={"query": VIEWER},
        headers={"Authorization": f"Bearer {gateway.token('chidi')}", "Accept-Language": "fr"},
    )
    viewer = answer.json()["data"]["viewer"]
    assert viewer["language"] == "fr"
    assert viewer["languages"] == ["en", "fr", "sw", "rw"]
    assert viewer["grants"][0]["meaning"].startswith("Encadre")


async def test_nodes_come_in_the_order_of_their_ids_with_null_where_there_is_none(
    gateway: RunningGateway,
) -> None:
    ids = [
        global_id("HealthWorker", MENTEE),
        global_id("OrgUnit", uuid4()),
        global_id("OrgUnit", RWANDA),
    ]
    found = (await gateway.ask(NODES, ids=ids))["nodes"]
    assert [each and each["id"] for each in found] == [ids[0], None, ids[2]]
    assert found[2]["name"]


async def test_more_nodes_than_one_answer_holds_are_refused(gateway: RunningGateway) -> None:
    ids = [global_id("OrgUnit", uuid4()) for _ in range(101)]
    answer = await gateway.send(NODES, ids=ids)
    assert answer["errors"][0]["extensions"]["code"] == "TOO_MANY_IDS"
    assert answer["errors"][0]["extensions"]["field"] == "ids"
