"""What is read of workshops, and by whom: the story is folded, its rows stand in PostgreSQL."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projector import KEPT
from shared.access.facts import ACCESS_GRANT
from shared.projection.schema import tables_of
from tests.support.gateway import SINCE, RunningGateway, running_gateway
from tests.support.rows import Rows
from tests.support.servers import PostgresServer
from tests.support.story import STORY, happenings
from tests.support.story_registry import KEZA
from tests.support.telling import CENTRE, HUYE, MENTEE, RWANDA

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        tables, rows = {table.name: table for table in tables_of(KEPT)}, Rows()
        for happening in happenings(STORY):
            rows.happen(KEPT, happening)
        for told in rows.tables:
            for row in rows.of(told):
                filled = {column: value for column, value in row.items() if value is not None}
                await running.insert(tables[told], **filled)
        for subject, role, unit, person in (
            ("coordinator", "COORDINATOR", RWANDA, None),
            ("viewer", "VIEWER", RWANDA, None),
            ("viewer", "VIEWER", HUYE, None),
            ("of the centre", "COORDINATOR", CENTRE, None),
            ("mentee", "MENTEE", RWANDA, MENTEE),
        ):
            await running.insert(
                ACCESS_GRANT,
                grant_id=uuid4(),
                subject=subject,
                role=role,
                org_unit_id=unit,
                since=SINCE,
                position=uuid4().int % 2**40,
                **({} if person is None else {"health_worker_id": person}),
            )
        await running.told()
        yield running
    await postgres.drop_database(name)


WORKSHOPS = """
query Workshops($filter: WorkshopFilter) { workshops(first: 9, filter: $filter) { nodes {
  kind title place status starts days course attendees others corrected notes
  cohort { code } orgUnit { code }
  facilitators { name organisation healthWorker { givenNames } }
  modules { topic methods minutes days }
  attendance { days modules preTest postTest healthWorker { givenNames } } } } }"""


async def titles(gateway: RunningGateway, **filter: object) -> list[str]:
    """Return what workshops are found, as a coordinator."""
    read = await gateway.ask(WORKSHOPS, "coordinator", filter=filter)
    return [one["title"] for one in read["workshops"]["nodes"]]


async def test_a_workshop_is_read_with_all_that_is_told_of_it(gateway: RunningGateway) -> None:
    read = await gateway.ask(WORKSHOPS, "coordinator", filter={"kind": "TRAINING"})
    (one,) = read["workshops"]["nodes"]
    assert (one["title"], one["place"], one["course"], one["corrected"]) == (
        "Care of the newborn",
        "A hotel in Huye",
        "NEWBORN",
        True,
    )
    assert len(one["days"]) == 3
    assert (one["attendees"], one["others"]) == (1, 4)
    assert one["notes"] == "Two asked for a second day at the manikin."
    assert [(each["name"], each["organisation"]) for each in one["facilitators"]] == [
        (None, None),
        ("Sister Immaculee", "A college of midwives"),
    ]
    assert [(each["topic"], each["methods"]) for each in one["modules"]] == [
        ("BREATHING", ["SIMULATION", "FILM"]),
        ("WARMTH", []),
    ]
    (there,) = one["attendance"]
    assert (there["preTest"], there["postTest"]) == (40, 85)
    assert there["healthWorker"]["givenNames"] == "Diane"


async def test_workshops_are_found_by_what_they_were_and_who_was_there(
    gateway: RunningGateway,
) -> None:
    both = ["Care of the newborn", "Looking back"]
    assert await titles(gateway) == both
    assert await titles(gateway, orgUnitId=global_id("OrgUnit", HUYE)) == both
    assert await titles(gateway, kind="CLOSING") == both[1:]
    assert await titles(gateway, course="NEWBORN") == both[:1]
    assert await titles(gateway, topic="WARMTH") == both[:1]
    assert await titles(gateway, status="VOIDED") == []
    assert await titles(gateway, healthWorkerId=global_id("HealthWorker", MENTEE)) == both[1:]
    assert await titles(gateway, healthWorkerId=global_id("HealthWorker", KEZA)) == both[:1]


async def test_who_oversees_the_unit_sees_it_and_words_are_for_who_reads_names(
    gateway: RunningGateway,
) -> None:
    read = await gateway.ask(WORKSHOPS, "viewer")
    assert [one["notes"] for one in read["workshops"]["nodes"]] == [None, None]
    names = [each["name"] for one in read["workshops"]["nodes"] for each in one["facilitators"]]
    assert names == [None, None]
    assert (await gateway.ask(WORKSHOPS, "of the centre"))["workshops"]["nodes"] == []


async def test_a_person_shows_the_workshops_they_were_at(gateway: RunningGateway) -> None:
    asked = """query Person($id: ID!) { healthWorker(id: $id) {
      workshops { days status workshop { title } }
      enrolments { trainings { training days voided factsVersion workshop { title } } } } }"""

    async def of(person: UUID, subject: str) -> dict[str, object]:
        id = global_id("HealthWorker", person)
        return (await gateway.ask(asked, subject, id=id))["healthWorker"]  # type: ignore[no-any-return]

    read = await of(KEZA, "coordinator")
    assert [one["workshop"]["title"] for one in read["workshops"]] == ["Care of the newborn"]  # type: ignore[attr-defined]
    trainings = [each for one in read["enrolments"] for each in one["trainings"]]  # type: ignore[attr-defined]
    assert {"training": "Care of the newborn", "days": 3, "voided": False, "factsVersion": 4,
            "workshop": {"title": "Care of the newborn"}} in trainings  # fmt: skip
    own = await of(MENTEE, "mentee")
    assert [one["workshop"] for one in own["workshops"]] == [None]  # type: ignore[attr-defined]


REPORT = """
query Report($unit: ID, $until: Date) {
  workshopReport(programme: "INGOBYI", orgUnitId: $unit, until: $until) {
    byKind { kind workshops attendees others } peopleTrained
    byCourse { course people byCadre { cadre people } byOrgUnit { orgUnit { code } people } } } }"""


async def test_people_trained_are_counted_by_course_cadre_and_unit(
    gateway: RunningGateway,
) -> None:
    report = (await gateway.ask(REPORT, "coordinator"))["workshopReport"]
    assert report["byKind"] == [
        {"kind": "CLOSING", "workshops": 1, "attendees": 1, "others": 0},
        {"kind": "TRAINING", "workshops": 1, "attendees": 1, "others": 4},
    ]
    assert report["peopleTrained"] == 1, "in two courses"
    (newborn, by_name) = report["byCourse"]
    assert (newborn["course"], newborn["people"]) == ("NEWBORN", 1)
    assert newborn["byCadre"] == [{"cadre": "Midwife", "people": 1}]
    assert [one["people"] for one in newborn["byOrgUnit"]] == [1]
    assert (by_name["course"], by_name["people"]) == (None, 1)


async def test_who_merely_views_is_not_told_of_one_who_was_trained(
    gateway: RunningGateway,
) -> None:
    report = (await gateway.ask(REPORT, "viewer"))["workshopReport"]
    assert report["peopleTrained"] is None
    assert [one["people"] for one in report["byCourse"]] == [None, None]
    assert [one["attendees"] for one in report["byKind"]] == [None, None]


async def test_the_report_is_of_a_time_and_of_units(gateway: RunningGateway) -> None:
    early = (await gateway.ask(REPORT, "coordinator", until="2020-12-01"))["workshopReport"]
    assert early == {"byKind": [], "peopleTrained": 0, "byCourse": []}
    none = (await gateway.ask(REPORT, "of the centre"))["workshopReport"]
    assert none["byKind"] == []
