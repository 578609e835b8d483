"""What the gateway answers, from read models that stand in a real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    AUDIT_EVENT,
    AUDIT_TRAIL,
    COHORT,
    COMPETENCY_PROGRESS,
    HEALTH_WORKER,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_PARTY,
    ORG_UNIT,
    ORG_UNIT_PARENT,
    PROGRAMME_VERSION,
    SESSION,
    SESSION_ATTENDANCE,
)
from services.gateway.read.pool import ReadPool
from shared.access.facts import ORG_UNIT_PLACE
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAMME = "INGOBYI"


class House:
    """Two districts with a hospital each, and the same things in both."""

    def __init__(self, gateway: RunningGateway) -> None:
        self.gateway = gateway
        self.country, self.version = uuid4(), uuid4()
        self.district = {name: uuid4() for name in "AB"}
        self.hospital = {name: uuid4() for name in "AB"}
        self.mentees: dict[str, list[UUID]] = {"A": [], "B": []}
        self.workers: dict[str, list[UUID]] = {"A": [], "B": []}
        self.cohort = {name: uuid4() for name in "AB"}
        self.mentor = {name: uuid4() for name in "AB"}
        self.mentorship = {name: uuid4() for name in "AB"}
        self.session = {name: uuid4() for name in "AB"}
        self._position = 0

    def _record(self) -> dict[str, int]:
        self._position += 1
        return {"record_version": 1, "position": self._position}

    async def unit(self, id: UUID, code: str, kind: str, parent: UUID | None) -> None:
        since = date(2015, 1, 1)
        await self.gateway.insert(
            ORG_UNIT, id=id, code=code, name=f"Unit {code}", unit_kind=kind, parent_id=parent,
            since=since, state="ACTIVE", predecessors=[], successors=[], **self._record(),
        )  # fmt: skip
        await self.gateway.insert(ORG_UNIT_PARENT, org_unit_id=id, since=since, parent_id=parent)
        await self.gateway.insert(
            ORG_UNIT_PLACE, org_unit_id=id, since=since, parent_id=parent, position=self._position
        )

    async def mentee(self, where: str, number: int, validated: bool) -> None:
        worker, mentee = uuid4(), uuid4()
        await self.gateway.insert(
            HEALTH_WORKER, id=worker, number=f"{where}{number}", given_names="Aline",
            family_name="Uwase", phone="+250 788", cadre="nurse", languages=["rw"],
            org_unit_id=self.hospital[where], since=date(2018, 1, 1), **self._record(),
        )  # fmt: skip
        proved = date(2021, 3, 1) if validated else None
        await self.gateway.insert(
            MENTEE, id=mentee, health_worker_id=worker, cohort_id=self.cohort[where],
            programme_version_id=self.version, programme=PROGRAMME, area="RPA-AREA",
            association="RPA", technical_area="NEONATAL", org_unit_id=self.hospital[where],
            since=date(2020, 11, 1 + number), fiscal_year=2021, status="ENROLLED",
            org_unit_now_id=self.hospital[where], needs=[], languages=[], record_version=1,
            registry_position=self._position, first_validated_on=proved,
        )  # fmt: skip
        for code in ("BREATHING", "CORD"):
            await self.gateway.insert(
                COMPETENCY_PROGRESS, mentee_id=mentee, competency=code, name=code.title(),
                framework="F", framework_version=1, attempts=1, raw=17, max=20, technique=True,
                reached=validated, assessed_on=date(2021, 3, 1), validated_on=proved,
            )  # fmt: skip
        for version in (1, 2, 3):
            event, position = uuid4(), self._position * 10 + version
            recorded = datetime(2021, version, 1, 12, tzinfo=UTC)
            await self.gateway.insert(
                AUDIT_TRAIL, health_worker_id=worker, event_id=event, service="registry",
                recorded=recorded, position=position,
            )  # fmt: skip
            await self.gateway.insert(
                AUDIT_EVENT, event_id=event, service="registry",
                epoch=1, position=position, stream=mentee, kind="Mentee",
                version=version, topic="registry.enrolment.enrolled",
                occurred_on=date(2021, version, 1), recorded=recorded, actor="coordinator",
                org_unit_id=self.hospital[where], command_id=uuid4(), correlation_id=uuid4(),
                causation_id=uuid4(),
                details={"area": "RPA-AREA"},
            )  # fmt: skip
        self.workers[where].append(worker)
        self.mentees[where].append(mentee)

    async def fill(self) -> None:
        await self.unit(self.country, "RW", "COUNTRY", None)
        await self.gateway.insert(
            PROGRAMME_VERSION, id=self.version, programme=PROGRAMME, version=1, name="Ingobyi",
            digest="d", published_on=date(2018, 1, 1),
            definition={"areas": [{"association": "RPA", "associationName": "Paediatrics"}]},
            **self._record(),
        )  # fmt: skip
        for where in "AB":
            await self._district(where)
        await self.gateway.grant("viewer-a", "VIEWER", self.district["A"])
        await self.gateway.grant("coordinator-a", "COORDINATOR", self.district["A"])
        await self.gateway.grant("auditor-a", "AUDITOR", self.district["A"])
        await self.gateway.grant("other-programme", "AUDITOR", programme="MANI")
        await self.gateway.told()

    async def _district(self, where: str) -> None:
        await self.unit(self.district[where], f"D-{where}", "DISTRICT", self.country)
        await self.unit(self.hospital[where], f"H-{where}", "FACILITY", self.district[where])
        unit = self.hospital[where]
        await self.gateway.insert(
            COHORT, id=self.cohort[where], programme_version_id=self.version,
            programme=PROGRAMME, code=f"C-{where}", name="Cohort", org_unit_id=unit,
            starts=date(2020, 10, 1), ends=date(2021, 9, 30), status="OPEN", **self._record(),
        )  # fmt: skip
        for number in range(5):
            await self.mentee(where, number, validated=number < 3)
        worker, mentee = self.workers[where][0], self.mentees[where][0]
        await self.gateway.insert(
            MENTOR, id=self.mentor[where], health_worker_id=worker,
            programme_version_id=self.version, programme=PROGRAMME, area="RPA-AREA",
            org_unit_id=unit, status="CERTIFIED", nominated_on=date(2020, 1, 1),
            nominated_by="SELECTION", criteria=[], skills=[], languages=[], **self._record(),
        )  # fmt: skip
        await self.gateway.insert(
            MENTORSHIP, id=self.mentorship[where], cohort_id=self.cohort[where],
            programme_version_id=self.version, programme=PROGRAMME, org_unit_id=unit,
            proposed_on=date(2020, 12, 1), status="ACCEPTED", matched=False, reasons=[],
            letters=True, counts=True, **self._record(),
        )  # fmt: skip
        await self.gateway.insert(
            MENTORSHIP_PARTY, mentorship_id=self.mentorship[where], health_worker_id=worker,
            side="MENTOR", areas=["RPA-AREA"], mentor_id=self.mentor[where],
        )  # fmt: skip
        await self.gateway.insert(
            MENTORSHIP_MENTEE, mentorship_id=self.mentorship[where], mentee_id=mentee,
            health_worker_id=worker, area="RPA-AREA", joined_on=date(2020, 12, 1),
        )  # fmt: skip
        await self.gateway.insert(
            SESSION, id=self.session[where], mentorship_id=self.mentorship[where],
            programme_version_id=self.version, programme=PROGRAMME, org_unit_id=unit,
            status="HELD", day=date(2021, 1, 5), held_on=date(2021, 1, 5), mode="IN_PERSON",
            minutes=120, steps=["ENTRY"], consent_recorded=True, corrected=False,
            facts_id=self.session[where], facts_version=1, **self._record(),
        )  # fmt: skip
        await self.gateway.insert(
            SESSION_ATTENDANCE, facts_id=self.session[where], session_id=self.session[where],
            side="MENTOR", health_worker_id=worker, present=True, minutes=120, credited=120,
            held_on=date(2021, 1, 5),
        )  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A gateway over two districts, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as gateway:
        built = House(gateway)
        await built.fill()
        yield built
    await postgres.drop_database(name)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that reads run, as they run."""
    ran: list[str] = []
    fetch = ReadPool.fetch

    async def counted(self: ReadPool, query: str, *args: object) -> object:
        ran.append(query)
        return await fetch(self, query, *args)

    monkeypatch.setattr(ReadPool, "fetch", counted)
    return ran


RICH = """
query Rich($first: Int!) {
  mentees(first: $first, orderBy: SINCE) {
    nodes {
      id area validated
      healthWorker { number givenNames orgUnit { code parent { code } } }
      cohort { code programmeVersion { version } }
      competencies { competency raw max validatedOn }
      auditTrail(first: 2) {
        nodes { topic orgUnit { code } } totalCount { value } pageInfo { hasNextPage }
      }
    }
    totalCount { value isExact }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_a_page_of_mentees_with_all_around_them(house: House) -> None:
    page = (await house.gateway.ask(RICH, first=3))["mentees"]
    assert page["totalCount"] == {"value": 10, "isExact": True}
    assert page["pageInfo"]["hasNextPage"]
    first = page["nodes"][0]
    assert first["healthWorker"]["givenNames"] == "Aline"
    assert first["healthWorker"]["orgUnit"]["parent"]["code"].startswith("D-")
    assert [c["competency"] for c in first["competencies"]] == ["BREATHING", "CORD"]
    assert first["auditTrail"]["totalCount"]["value"] == 3
    assert first["auditTrail"]["pageInfo"]["hasNextPage"]
    assert len(first["auditTrail"]["nodes"]) == 2


async def test_more_rows_take_no_more_statements(house: House, statements: list[str]) -> None:
    await house.gateway.ask(RICH, first=1)
    few = len(statements)
    statements.clear()
    await house.gateway.ask(RICH, first=10)
    # Two relations to the same type share a statement if both ask in the same turn of the loop, so
    # that one more or less is chance; ten rows more would be thirty.
    assert len(statements) <= few + 2
    assert few <= 12


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(house: House) -> None:
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page = (
            await house.gateway.ask(
                "query P($after: Cursor) { mentees(first: 3, after: $after, orderBy: SINCE_DESC)"
                " { nodes { id since } pageInfo { hasNextPage endCursor hasPreviousPage } } }",
                after=cursor,
            )
        )["mentees"]
        seen += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (cursor is not None)
        cursor = page["pageInfo"]["endCursor"]
    assert not page["pageInfo"]["hasNextPage"]
    assert len(seen) == len(set(seen)) == 10


CURSOR = "query C($after: Cursor) { mentees(first: 3, after: $after) { pageInfo { endCursor } } }"


async def test_a_cursor_is_good_for_its_own_list_order_and_scope_alone(house: House) -> None:
    good = (await house.gateway.ask(CURSOR))["mentees"]["pageInfo"]["endCursor"]
    assert (await house.gateway.ask(CURSOR, after=good))["mentees"]
    altered = ("A" if good[0] != "A" else "B") + good[1:]
    others = (
        (CURSOR, "operator@test", altered),
        (CURSOR.replace("first: 3", "first: 3, orderBy: SINCE_DESC"), "operator@test", good),
        (CURSOR.replace("mentees", "sessions"), "operator@test", good),
        (CURSOR, "viewer-a", good),
        (CURSOR, "operator@test", "nonsense!"),
    )
    for document, subject, cursor in others:
        answer = await house.gateway.send(document, subject, after=cursor)
        error = answer["errors"][0]
        assert error["extensions"]["code"] == "BAD_CURSOR"
        assert error["extensions"]["field"] == "after"
        assert error["extensions"]["traceId"]


@pytest.mark.parametrize("first", [0, 101, -1])
async def test_a_page_holds_one_to_a_hundred_rows(house: House, first: int) -> None:
    answer = await house.gateway.send(RICH, first=first)
    assert answer["errors"][0]["extensions"]["code"] in {"FIRST_OUT_OF_RANGE", "COST_LIMIT"}
    assert answer["data"] is None


EVERYTHING = {
    "healthWorkers": "healthWorkers(first: 50) { nodes { number } }",
    "mentees": "mentees(first: 50) { nodes { healthWorker { number } } }",
    "mentors": "mentors(first: 50) { nodes { orgUnit { code } } }",
    "mentorships": "mentorships(first: 50) { nodes { orgUnit { code } parties { areas } "
    "mentees { mentee { orgUnit { code } } } sessions(first: 5) { nodes { minutes } } } }",
    "sessions": "sessions(first: 50) { nodes { orgUnit { code } attendance "
    "{ healthWorker { number } } } }",
    "cohorts": "cohorts(first: 50) { nodes { code } }",
    "programmeVersions": "programmeVersions(first: 5) { nodes { cohorts(first: 9) "
    "{ nodes { code } } } }",
}


@pytest.mark.parametrize("field", EVERYTHING)
async def test_a_viewer_of_one_district_sees_nothing_of_another(house: House, field: str) -> None:
    document = f"{{ {EVERYTHING[field]} }}"
    everything = str(await house.gateway.ask(document))
    seen = str(await house.gateway.ask(document, "viewer-a"))
    assert any(mark in everything for mark in ("B0", "H-B", "C-B"))
    assert any(mark in seen for mark in ("A0", "H-A", "C-A"))
    assert not any(mark in seen for mark in ("B0", "B1", "H-B", "C-B", "D-B"))


@pytest.mark.parametrize("kind", ["HealthWorker", "Mentee", "Mentor", "Mentorship", "Session",
                                  "Cohort"])  # fmt: skip
async def test_a_thing_out_of_scope_reads_as_not_found(house: House, kind: str) -> None:
    things = {
        "HealthWorker": house.workers["B"][0],
        "Mentee": house.mentees["B"][0],
        "Mentor": house.mentor["B"],
        "Mentorship": house.mentorship["B"],
        "Session": house.session["B"],
        "Cohort": house.cohort["B"],
    }
    name = kind[0].lower() + kind[1:]
    document = f"query One($id: ID!) {{ {name}(id: $id) {{ id }} node(id: $id) {{ id }} }}"
    id = global_id(kind, things[kind])
    there = await house.gateway.ask(document, id=id)
    assert there == {name: {"id": id}, "node": {"id": id}}
    assert await house.gateway.ask(document, "viewer-a", id=id) == {name: None, "node": None}


async def test_without_a_grant_nothing_is_seen(house: House) -> None:
    document = "{ " + " ".join(EVERYTHING.values()) + " orgUnits(first: 9) { nodes { code } } }"
    data = await house.gateway.ask(document, "nobody")
    assert all(connection == {"nodes": []} for connection in data.values())
    assert await house.gateway.ask(TABLE, "nobody", by="ASSOCIATION") == {
        "validationTable": {"rows": [], "total": {"mentees": 0, "validated": 0, "ratio": None}}
    }


async def test_a_grant_for_another_programme_opens_nothing_of_this_one(house: House) -> None:
    document = "{ " + " ".join(EVERYTHING.values()) + " }"
    data = await house.gateway.ask(document, "other-programme")
    published = data.pop("programmeVersions")
    assert all(connection == {"nodes": []} for connection in data.values())
    assert published["nodes"] == [{"cohorts": {"nodes": []}}]


async def test_names_are_for_who_may_read_names(house: House) -> None:
    document = "{ healthWorkers(first: 1) { nodes { number givenNames familyName phone } } }"
    hidden = (await house.gateway.ask(document, "viewer-a"))["healthWorkers"]["nodes"][0]
    shown = (await house.gateway.ask(document, "coordinator-a"))["healthWorkers"]["nodes"][0]
    assert hidden["number"]
    assert [hidden[k] for k in ("givenNames", "familyName", "phone")] == [None] * 3
    assert [shown[k] for k in ("givenNames", "familyName")] == ["Aline", "Uwase"]


TRAIL = """
query Trail($id: ID!, $asOf: DateTime) {
  mentee(id: $id) {
    auditTrail(first: 10, asOf: $asOf) { nodes { topic recorded details } totalCount { value } }
  }
}
"""


async def test_the_audit_trail_is_for_auditors(house: House) -> None:
    id = global_id("Mentee", house.mentees["A"][0])
    viewed = await house.gateway.ask(TRAIL, "viewer-a", id=id)
    assert viewed["mentee"]["auditTrail"] == {"nodes": [], "totalCount": {"value": 0}}
    audited = (await house.gateway.ask(TRAIL, "auditor-a", id=id))["mentee"]["auditTrail"]
    assert audited["totalCount"] == {"value": 3}
    assert audited["nodes"][0]["recorded"] == "2021-01-01T12:00:00Z"
    assert audited["nodes"][0]["details"] == {"area": "RPA-AREA"}


async def test_the_audit_trail_as_it_was_known_on_a_day(house: House) -> None:
    id = global_id("Mentee", house.mentees["A"][0])
    known = await house.gateway.ask(TRAIL, id=id, asOf="2021-02-15T00:00:00Z")
    assert len(known["mentee"]["auditTrail"]["nodes"]) == 2


EVENTS = """
query Events($filter: RecordedEventFilter) {
  recordedEvents(first: 50, filter: $filter) {
    nodes { topic actor occurredOn reason orgUnit { id } } totalCount { value }
  }
}
"""


async def recorded(house: House, as_: str = OPERATOR, **filter: Any) -> list[dict[str, Any]]:
    data = await house.gateway.ask(EVENTS, as_, filter=filter)
    return list(data["recordedEvents"]["nodes"])


async def test_what_was_recorded_is_for_the_auditors_of_its_unit_alone(house: House) -> None:
    assert await recorded(house, "viewer-a") == []
    seen = await recorded(house, "auditor-a")
    assert seen, "an auditor reads what was recorded in their district"
    everything = {str(one["orgUnit"]) for one in await recorded(house)}
    assert {str(one["orgUnit"]) for one in seen} < everything
    # A filter leads nobody out of their scope.
    elsewhere = global_id("OrgUnit", house.district["B"])
    assert await recorded(house, "auditor-a", orgUnitId=elsewhere) == []


async def test_what_was_recorded_is_found_by_unit_actor_topic_and_day(house: House) -> None:
    district = global_id("OrgUnit", house.district["A"])
    all_of_it = await recorded(house, orgUnitId=district)
    assert {one["actor"] for one in all_of_it} == {"coordinator"}
    assert await recorded(house, orgUnitId=district, actor="coordinator") == all_of_it
    assert await recorded(house, actor="somebody-else") == []
    assert await recorded(house, topic="registry.enrolment.withdrawn") == []
    march = await recorded(house, orgUnitId=district, occurredSince="2021-03-01")
    assert {one["occurredOn"] for one in march} == {"2021-03-01"}
    earlier = await recorded(house, orgUnitId=district, recordedBefore="2021-03-01T12:00:00Z")
    assert len(march) + len(earlier) == len(all_of_it)
    assert await recorded(house, orgUnitId=district, withReason=True) == []


TABLE = """
query Table($by: ValidationTableBy!) {
  validationTable(programme: "INGOBYI", fiscalYear: 2021, by: $by) {
    rows { key label mentees validated fullyValidated ratio }
    total { mentees validated ratio }
  }
}
"""


async def test_the_validation_table_counts_before_it_divides(house: House) -> None:
    table = (await house.gateway.ask(TABLE, by="ASSOCIATION"))["validationTable"]
    assert table["rows"] == [
        {"key": "RPA", "label": "Paediatrics", "mentees": 10, "validated": 6,
         "fullyValidated": 0, "ratio": "0.6"}
    ]  # fmt: skip
    assert table["total"] == {"mentees": 10, "validated": 6, "ratio": "0.6"}


async def test_the_validation_table_counts_ones_own_district_alone(house: House) -> None:
    table = (await house.gateway.ask(TABLE, "viewer-a", by="ORG_UNIT"))["validationTable"]
    assert [row["key"] for row in table["rows"]] == ["H-A"]
    assert table["total"]["mentees"] == 5


async def test_filters_narrow_a_list(house: House) -> None:
    async def count(filter: str) -> int:
        document = f"{{ mentees(first: 1, filter: {{{filter}}}) {{ totalCount {{ value }} }} }}"
        data = await house.gateway.ask(document)
        value: int = data["mentees"]["totalCount"]["value"]
        return value

    district = global_id("OrgUnit", house.district["A"])
    assert await count("") == 10
    assert await count(f'orgUnitId: "{district}"') == 5
    assert await count('programme: "INGOBYI", fiscalYear: 2021, association: "RPA"') == 10
    assert await count("fiscalYear: 2020") == 0
    assert await count("validated: true") == 6
    assert await count("validated: false") == 4
    assert await count("fullyValidated: true") == 0
    assert await count(f'cohortId: "{global_id("Cohort", house.cohort["B"])}"') == 5


async def test_an_id_of_another_kind_is_refused(house: House) -> None:
    worker = global_id("HealthWorker", house.workers["A"][0])
    for document in (
        "query One($id: ID!) { mentee(id: $id) { id } }",
        "query All($id: ID!) { mentees(first: 1, filter: {cohortId: $id}) { nodes { id } } }",
    ):
        error = (await house.gateway.send(document, id=worker))["errors"][0]["extensions"]
        assert error["code"] == "WRONG_ID_KIND"
        assert error["field"] in {"id", "filter.cohortId"}
        assert error["remedy"]


async def test_org_units_above_on_a_day_and_below_now(house: House) -> None:
    document = """
    query Unit($code: String!, $asOf: Date) {
      orgUnit(code: $code) {
        kind parents(asOf: $asOf) { code } standings { since parent { code } }
        children(first: 5) { nodes { code } }
      }
    }
    """
    unit = (await house.gateway.ask(document, code="H-A"))["orgUnit"]
    assert unit["kind"] == "FACILITY"
    assert [each["code"] for each in unit["parents"]] == ["D-A", "RW"]
    moved = uuid4()
    await house.unit(moved, "P-A", "FACILITY", house.district["A"])
    await house.gateway.insert(
        ORG_UNIT_PLACE, org_unit_id=moved, since=date(2022, 1, 1),
        parent_id=house.district["B"], position=10**6,
    )  # fmt: skip
    await house.gateway.told()
    now = (await house.gateway.ask(document, code="P-A"))["orgUnit"]
    before = (await house.gateway.ask(document, code="P-A", asOf="2021-12-31"))["orgUnit"]
    assert [each["code"] for each in now["parents"]] == ["D-B", "RW"]
    assert [each["code"] for each in before["parents"]] == ["D-A", "RW"]
    country = (await house.gateway.ask(document, code="RW"))["orgUnit"]
    assert [each["code"] for each in country["children"]["nodes"]] == ["D-A", "D-B"]


async def test_an_enrolment_that_has_not_arrived_yet_is_not_shown(house: House) -> None:
    early = uuid4()
    await house.gateway.insert(MENTEE, id=early, validated=1, competencies=4)
    id = global_id("Mentee", early)
    data = await house.gateway.ask("query One($id: ID!) { mentee(id: $id) { area } }", id=id)
    assert data == {"mentee": None}
    listed = await house.gateway.ask("{ mentees(first: 1) { totalCount { value } } }")
    assert listed["mentees"]["totalCount"]["value"] == 10
