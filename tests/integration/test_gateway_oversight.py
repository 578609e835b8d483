"""Which supervision visits and coordination meetings are missing, over a real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    COORDINATION_MEETING,
    MENTORSHIP,
    PAUSE,
    PROGRAMME_VERSION,
    SUPERVISION_VISIT,
    TABLES,
)
from services.gateway.projector import KEPT
from shared.access.facts import ORG_UNIT_PLACE
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.rows import Rows
from tests.support.servers import PostgresServer
from tests.support.story import happenings
from tests.support.story_sessions import MEETING, VISIT
from tests.support.telling import CENTRE, COHORT, HOSPITAL, HUYE, VERSION
from tests.support.telling import MENTORSHIP as STORYS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKS = '{"supervision": "MONTH", "meeting": "QUARTER"}'


async def fill(gateway: RunningGateway) -> None:
    """Write the story, under rules that ask for a visit a month and a meeting a quarter.

    The one mentorship was agreed in October 2020; it was visited on 30 December, and the district
    met on the 31st.
    """
    rows = Rows()
    for happening in happenings():
        rows.happen(KEPT, happening)
    for table in (*TABLES.values(), ORG_UNIT_PLACE):
        for row in rows.of(table.name):
            await gateway.insert(table, **row)
    await gateway.database.execute(
        f'UPDATE "{PROGRAMME_VERSION.physical}"'
        f" SET definition = jsonb_set(definition, '{{oversight}}', '{ASKS}') WHERE id = $1",
        VERSION,
    )
    mentorships = MENTORSHIP.physical
    await gateway.database.execute(f'DELETE FROM "{mentorships}" WHERE id <> $1', STORYS)
    await gateway.database.execute(f'UPDATE "{mentorships}" SET concluded_on = NULL')
    for table, held, on in (
        (SUPERVISION_VISIT, VISIT, date(2020, 12, 30)),
        (COORDINATION_MEETING, MEETING, date(2020, 12, 31)),
    ):
        await gateway.database.execute(f'DELETE FROM "{table.physical}" WHERE id <> $1', held)
        await gateway.database.execute(f'UPDATE "{table.physical}" SET held_on = $1', on)
    await gateway.grant("of the centre", "COORDINATOR", CENTRE)
    await gateway.told()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story, for all tests here."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running)
        yield running
    await postgres.drop_database(name)


OVERDUE = """query Overdue($asOf: Date, $unit: ID, $of: OrgUnitKind! = DISTRICT,
                                $code: String) {
  overdueOversight(programme: "INGOBYI", first: 9, asOf: $asOf, orgUnitId: $unit,
                   supervisionOf: $of, supervisionOfCode: $code) {
    kind every lastHeld due daysOverdue missed orgUnit { id } } }"""


async def owed(
    gateway: RunningGateway, on: str, subject: str = "operator@test", **more: Any
) -> list[tuple[str, str, int, str | None]]:
    """Return what is owed on a day: what, since when, how often, and when it was held last."""
    rows = (await gateway.ask(OVERDUE, subject, asOf=on, **more))["overdueOversight"]
    assert all(row["daysOverdue"] == _days(row["due"], on) for row in rows)
    return [(row["kind"], row["due"], row["missed"], row["lastHeld"]) for row in rows]


def _days(since: str, on: str) -> int:
    return (date.fromisoformat(on) - date.fromisoformat(since)).days


async def test_a_visit_is_missing_once_a_whole_period_went_by_without_one(
    gateway: RunningGateway,
) -> None:
    assert await owed(gateway, "2020-11-30") == [], "October was half over at the agreement"
    assert await owed(gateway, "2020-12-01") == [("SUPERVISION", "2020-11-30", 1, None)]
    assert await owed(gateway, "2020-12-29") == [("SUPERVISION", "2020-11-30", 1, None)]


async def test_it_is_made_up_for_by_the_next_and_reckoned_anew_from_there(
    gateway: RunningGateway,
) -> None:
    assert await owed(gateway, "2020-12-30") == []
    assert await owed(gateway, "2021-01-31") == []
    assert await owed(gateway, "2021-02-01") == [("SUPERVISION", "2021-01-31", 1, "2020-12-30")]


async def test_what_was_not_held_after_all_makes_up_for_nothing(gateway: RunningGateway) -> None:
    tables = (SUPERVISION_VISIT, COORDINATION_MEETING)
    for table in tables:
        await gateway.database.execute(
            f'UPDATE "{table.physical}" SET voided_on = $1', date(2021, 1, 4)
        )
    try:
        assert await owed(gateway, "2021-04-01") == [
            ("SUPERVISION", "2020-11-30", 5, None),
            ("MEETING", "2021-03-31", 1, None),
        ]
    finally:
        for table in tables:
            await gateway.database.execute(f'UPDATE "{table.physical}" SET voided_on = NULL')


async def test_a_meeting_is_missing_likewise_and_the_longest_overdue_comes_first(
    gateway: RunningGateway,
) -> None:
    assert await owed(gateway, "2021-04-01") == [
        ("SUPERVISION", "2021-01-31", 3, "2020-12-30"),
        ("MEETING", "2021-03-31", 1, "2020-12-31"),
    ]


async def test_it_is_the_districts_or_the_hospitals_as_it_is_asked(gateway: RunningGateway) -> None:
    async def where(of: str = "DISTRICT", unit: Any = None, code: str | None = None) -> list[str]:
        asked: dict[str, Any] = {
            "unit": unit and global_id("OrgUnit", unit),
            "of": of,
            "code": code,
        }
        rows = (await gateway.ask(OVERDUE, asOf="2020-12-01", **asked))["overdueOversight"]
        return [row["orgUnit"]["id"] for row in rows]

    assert await where("DISTRICT") == [global_id("OrgUnit", HUYE)]
    assert await where("FACILITY") == [global_id("OrgUnit", HOSPITAL)]
    assert await where(code="FACILITY") == [global_id("OrgUnit", HOSPITAL)]
    assert await where("SUB_COUNTY") == [global_id("OrgUnit", HOSPITAL)], "there is none above it"
    assert await where("DISTRICT", HOSPITAL) == [], "the district is not below the hospital"
    assert await owed(gateway, "2020-12-01", "of the centre") == []


async def test_a_period_that_the_cohort_paused_in_is_not_owed_and_nothing_is_while_it_pauses(
    gateway: RunningGateway,
) -> None:
    await gateway.insert(
        PAUSE, record_id=COHORT, since=date(2020, 11, 20), until=date(2020, 11, 23), cause="STRIKE"
    )
    await gateway.insert(PAUSE, record_id=COHORT, since=date(2021, 3, 5), cause="LOCKDOWN")
    try:
        assert await owed(gateway, "2020-12-01") == []
        assert await owed(gateway, "2021-03-04") == [
            ("SUPERVISION", "2021-01-31", 2, "2020-12-30"),
        ]
        assert await owed(gateway, "2021-03-05") == []
    finally:
        await gateway.database.execute(f'DELETE FROM "{PAUSE.physical}"')


async def test_nothing_is_owed_to_where_nobody_is_mentored_any_more(
    gateway: RunningGateway,
) -> None:
    table = MENTORSHIP.physical
    await gateway.database.execute(f'UPDATE "{table}" SET concluded_on = $1', date(2020, 12, 10))
    try:
        assert await owed(gateway, "2020-12-09") == [("SUPERVISION", "2020-11-30", 1, None)]
        assert await owed(gateway, "2020-12-10") == []
    finally:
        await gateway.database.execute(f'UPDATE "{table}" SET concluded_on = NULL')


async def test_a_programme_without_oversight_owes_nothing(gateway: RunningGateway) -> None:
    document = OVERDUE.replace("INGOBYI", "MANI")
    assert (await gateway.ask(document, asOf="2021-04-01"))["overdueOversight"] == []
