"""Who looked: of every way to read of people, who read, whose, what and why is on record, and who
may see that.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from shared.contracts.access.operation import AccessKind, AccessPurpose
from tests.integration.test_gateway_happenings import fill, grant
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.looked import position, recorded, shown_by
from tests.support.marking import with_marks
from tests.support.servers import PostgresServer
from tests.support.story import STORY
from tests.support.telling import CENTRE, HOSPITAL, MENTEE, MENTOR, MENTORSHIP, RWANDA, id_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = "query Names { healthWorkers(first: 50) { nodes { id givenNames phone } } }"
PERSON = "query P($id: ID!) { healthWorker(id: $id) { number familyName } }"
NUMBERS = "{ healthWorkers(first: 50) { nodes { id number cadre } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running, map(with_marks, STORY))
        for role in ("ADMINISTRATOR", "COORDINATOR", "AUDITOR", "VIEWER"):
            await grant(running, role.lower(), role, unit=RWANDA)
        await grant(running, "the mentor", "MENTOR", person=MENTOR, unit=RWANDA, own=True)
        await grant(running, "the mentee", "MENTEE", person=MENTEE, unit=RWANDA)
        await grant(running, "auditor of the centre", "AUDITOR", unit=CENTRE)
        await running.told()
        yield running
    await postgres.drop_database(name)


def person(id: Any) -> str:
    return global_id("HealthWorker", id)


async def test_names_that_are_read_are_recorded_with_who_read_whose_and_what(
    gateway: RunningGateway,
) -> None:
    ((meta, shown),) = await shown_by(gateway, NAMES, "coordinator")

    assert meta.actor == "coordinator"
    assert {MENTEE, MENTOR} <= set(shown.people)
    assert shown.kinds == (AccessKind.PERSONAL,)
    assert set(shown.fields) == {"HealthWorker.givenNames", "HealthWorker.phone"}
    assert (shown.name, shown.asked) == ("Names", ("healthWorkers",))
    assert not shown.own
    assert not shown.operator


async def test_who_may_read_no_name_was_shown_none(gateway: RunningGateway) -> None:
    assert await shown_by(gateway, NAMES, "viewer") == []
    assert await shown_by(gateway, NUMBERS, "coordinator") == []
