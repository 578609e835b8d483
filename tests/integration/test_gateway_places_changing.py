"""Places as they change: what a unit was on a day, by which codes it is found, what stands in its
place once it is no more, and what still points at it.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    COHORT,
    GROUP,
    GROUP_MEMBER,
    HEALTH_WORKER,
    MENTEE,
    MENTORSHIP,
    ORG_UNIT,
    ORG_UNIT_CODE,
    ORG_UNIT_FACILITY,
    ORG_UNIT_PARENT,
)
from shared.access.facts import ORG_UNIT_PLACE
from shared.domain.folding import folded_identifier
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

THEN, UPGRADED, ENDED = date(2018, 1, 1), date(2019, 7, 1), date(2022, 1, 1)
P = "INVENTED"
RECORD = {"record_version": 1, "position": 1}


class Land:
    """A district, where one centre became a hospital and others are no more."""

    def __init__(self, gateway: RunningGateway) -> None:
        self.gateway = gateway
        self.ids: dict[str, UUID] = {}

    def id(self, code: str) -> UUID:
        return self.ids.setdefault(code, uuid4())

    async def unit(self, code: str, kind: str, under: str | None, **more: Any) -> None:
        parent = None if under is None else self.id(under)
        shown = {
            "state": "ACTIVE", "predecessors": [], "successors": [], "since": THEN,
            "sees_patients": kind == "FACILITY", **RECORD, **more,
        }  # fmt: skip
        await self.gateway.insert(
            ORG_UNIT, id=self.id(code), code=code, name=f"Unit {code}", unit_kind=kind,
            parent_id=parent, **shown,
        )  # fmt: skip
        for table, besides in ((ORG_UNIT_PARENT, {}), (ORG_UNIT_PLACE, {"position": 1})):
            await self.gateway.insert(
                table, org_unit_id=self.id(code), since=THEN, parent_id=parent, **besides
            )

    async def coded(
        self, unit: str, system: str, code: str, since: date, until: date | None = None
    ) -> None:
        await self.gateway.insert(
            ORG_UNIT_CODE, org_unit_id=self.id(unit), system=system, since=since, until=until,
            code=code, code_folded=folded_identifier(code),
        )  # fmt: skip

    async def held(self, unit: str, since: date, **says: Any) -> None:
        await self.gateway.insert(
            ORG_UNIT_FACILITY, org_unit_id=self.id(unit), since=since,
            **{"operational": True, "services": [], **says},
        )  # fmt: skip

    async def fill(self) -> None:
        await self.unit("XX", "COUNTRY", None)
        for district in ("NORTH", "SOUTH"):
            await self.unit(district, "DISTRICT", "XX")
        await self.unit("SECTOR-1", "SECTOR", "NORTH")
        await self.unit("DH-7", "FACILITY", "SECTOR-1")
        await self.coded("DH-7", "OWN", "HC-7", THEN, UPGRADED)
        await self.coded("DH-7", "OWN", "DH-7", UPGRADED)
        await self.coded("DH-7", "MFL", "4711", THEN)
        await self.coded("DH-7", "DHIS2", "given up", THEN, UPGRADED)
        await self.held("DH-7", THEN, level="HC", beds=24, operational=False)
        await self.held("DH-7", UPGRADED, level="DH", beds=24, services=["CSECTION"])
        # Old was split into Half and Other; Other became part of Whole.
        halves = [self.id("HALF"), self.id("OTHER")]
        await self.unit("HALF", "FACILITY", "NORTH")
        await self.unit("WHOLE", "FACILITY", "NORTH")
        gone = {"ended_on": ENDED}
        await self.unit(
            "OTHER", "FACILITY", "NORTH", state="MERGED", into_id=self.id("WHOLE"), **gone
        )
        await self.unit(
            "OLD", "FACILITY", "NORTH", state="SPLIT", **(gone | {"successors": halves})
        )
        await self.unit("SHUT", "FACILITY", "SOUTH", state="CLOSED", **gone)
        await self.unit("POST", "FACILITY", "OLD")
        await self.coded("SHUT", "DHIS2", "given up", date(2017, 1, 1))
        await self.points()
        for reader, role, place, programme in (
            ("north", "COORDINATOR", "NORTH", None),
            ("south", "VIEWER", "SOUTH", None),
            ("follows", "VIEWER", "NORTH", None),
            ("invented", "VIEWER", "XX", P),
        ):
            await self.gateway.grant(reader, role, self.id(place), programme=programme)
        await self.gateway.grant("left over", "COORDINATOR", self.id("OLD"))
        await self.gateway.told()

    async def points(self) -> None:
        for unit in ("OLD", "SHUT", "HALF"):
            where = {"org_unit_id": self.id(unit)}
            await self.gateway.insert(
                HEALTH_WORKER, id=self.id(f"who {unit}"), number=unit, given_names="Invented",
                family_name="Name", cadre="nurse", languages=[], since=THEN, **where, **RECORD,
            )  # fmt: skip
        old = {"org_unit_id": self.id("OLD")}
        await self.gateway.insert(
            COHORT, id=self.id("cohort"), programme_version_id=uuid4(), programme=P, code="C",
            name="C", starts=THEN, ends=ENDED, status="STARTED", **old, **RECORD,
        )  # fmt: skip
        for name, status in (("care", "AGREED"), ("over", "CONCLUDED")):
            await self.gateway.insert(
                MENTORSHIP, id=self.id(name), cohort_id=self.id("cohort"),
                programme_version_id=uuid4(), programme=P, proposed_on=THEN, status=status,
                matched=False, reasons=[], letters=False, counts=True, **old, **RECORD,
            )  # fmt: skip
        for name, status in (("mentee", "ENROLLED"), ("done", "COMPLETED")):
            await self.gateway.insert(
                MENTEE, id=self.id(name), programme=P, since=THEN, fiscal_year=2019, area="A",
                status=status, org_unit_id=self.id("HALF"), org_unit_now_id=self.id("OLD"),
            )  # fmt: skip
        await self.gateway.insert(
            GROUP, id=self.id("group"), code="G", name="G", name_folded="g", group_kind="CLUSTER",
            since=THEN, **old, **RECORD,
        )  # fmt: skip
        for until, unit in ((None, "OLD"), (ENDED, "OTHER")):
            await self.gateway.insert(
                GROUP_MEMBER, group_id=self.id("group"), member_id=self.id(unit),
                org_unit_id=self.id(unit), since=THEN, until=until,
            )  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def land(postgres: PostgresServer, tmp_path_factory: Any) -> AsyncIterator[Land]:
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        land = Land(running)
        await land.fill()
        yield land
    await postgres.drop_database(name)


UNIT = """query Unit($code: String!, $system: String, $day: Date! = "2018-06-01") {
  orgUnit(code: $code, codeSystem: $system) {
    code kind kindCode inItsPlace { code } codes { system code since until }
    facilityOn(day: $day) { level beds services operational } facilityHistory { since level }
  } }"""


async def test_an_upgraded_centre_is_shown_as_it_was_on_a_day(land: Land) -> None:
    before = (await land.gateway.ask(UNIT, code="DH-7"))["orgUnit"]
    assert before["facilityOn"] == {
        "level": "HC", "beds": 24, "services": [], "operational": False,
    }  # fmt: skip
    since = (await land.gateway.ask(UNIT, code="DH-7", day="2019-07-01"))["orgUnit"]
    assert since["facilityOn"]["level"] == "DH"
    assert since["facilityOn"]["services"] == ["CSECTION"]
    assert [one["level"] for one in since["facilityHistory"]] == ["HC", "DH"]
    early = (await land.gateway.ask(UNIT, code="DH-7", day="2017-12-31"))["orgUnit"]
    assert early["facilityOn"] is None


@pytest.mark.parametrize(
    ("code", "system", "unit"),
    [
        ("DH-7", None, "DH-7"),
        ("HC-7", None, "DH-7"),
        ("hc-7", "OWN", "DH-7"),
        ("4711", "MFL", "DH-7"),
        ("given up", "DHIS2", "SHUT"),  # who has it now is meant, not who had it
        ("4711", None, None),
        ("4711", "DHIS2", None),
    ],
)
async def test_a_unit_is_found_by_its_codes_in_their_lists(
    land: Land, code: str, system: str | None, unit: str | None
) -> None:
    found = (await land.gateway.ask(UNIT, code=code, system=system))["orgUnit"]
    assert (found and found["code"]) == unit


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"code": "hc-7"}, {"DH-7"}),
        ({"codes": ["HC-7", "HALF", "4711"]}, {"DH-7", "HALF"}),
        ({"code": "4711", "codeSystem": "MFL"}, {"DH-7"}),
        ({"code": "DH-7", "codeSystem": "MFL"}, set()),
        ({"codeSystem": "DHIS2"}, {"DH-7", "SHUT"}),
        ({"kindCode": "SECTOR"}, {"SECTOR-1"}),
        ({"kind": "DISTRICT"}, {"NORTH", "SOUTH"}),
    ],
)
async def test_units_are_listed_by_code_and_kind(
    land: Land, asked: dict[str, Any], codes: set[str]
) -> None:
    document = "query Q($f: OrgUnitFilter) { orgUnits(first: 50, filter: $f) { nodes { code } } }"
    found = (await land.gateway.ask(document, f=asked))["orgUnits"]["nodes"]
    assert {one["code"] for one in found} == codes


async def test_a_kind_of_the_countrys_own_reads_other_where_none_else_was_published(
    land: Land,
) -> None:
    found = (await land.gateway.ask(UNIT, code="SECTOR-1"))["orgUnit"]
    assert (found["kind"], found["kindCode"]) == ("OTHER", "SECTOR")


@pytest.mark.parametrize(
    ("code", "heirs"),
    [("OLD", ["HALF", "WHOLE"]), ("OTHER", ["WHOLE"]), ("SHUT", []), ("HALF", [])],
)
async def test_whoever_reads_of_a_unit_that_is_no_more_is_led_to_what_stands_in_its_place(
    land: Land, code: str, heirs: list[str]
) -> None:
    found = (await land.gateway.ask(UNIT, code=code))["orgUnit"]
    assert sorted(one["code"] for one in found["inItsPlace"]) == heirs


LEFT = """query Left($unit: ID, $as: [LeftBehindAs!], $first: Int! = 100, $skip: Int! = 0) {
  leftBehind(orgUnitId: $unit, pointsAs: $as, first: $first, skip: $skip) {
    pointsAs recordId leadOver subject role orgUnit { code inItsPlace { code } }
    healthWorker { number } mentee { id } mentorship { id } cohort { code } group { code }
    below { code }
  } }"""


async def left(land: Land, as_: str | None = None, **asked: Any) -> list[dict[str, Any]]:
    who = {} if as_ is None else {"subject": as_}
    found: list[dict[str, Any]] = (await land.gateway.ask(LEFT, **who, **asked))["leftBehind"]
    return found


async def test_whatever_points_at_a_unit_that_is_no_more_is_listed_with_what_leads_it_on(
    land: Land,
) -> None:
    rows = await left(land)
    told = {(row["orgUnit"]["code"], row["pointsAs"]): row for row in rows}
    assert len(told) == len(rows) == 9
    assert {way for unit, way in told if unit == "OLD"} == {
        "POSTING",
        "ENROLMENT",
        "MENTORSHIP",
        "COHORT",
        "GROUP_KEPT",
        "GROUP_MEMBER",
        "ORG_UNIT",
        "GRANT",
    }
    assert told["SHUT", "POSTING"]["healthWorker"] == {"number": "SHUT"}
    posting, grant = told["OLD", "POSTING"], told["OLD", "GRANT"]
    assert posting["leadOver"] == "healthWorkerTransfer"
    assert posting["recordId"] == global_id("HealthWorker", land.id("who OLD"))
    assert {one["code"] for one in posting["orgUnit"]["inItsPlace"]} == {"HALF", "WHOLE"}
    assert (grant["subject"], grant["role"]) == ("left over", "COORDINATOR")
    assert told["OLD", "ORG_UNIT"]["below"] == {"code": "POST"}
    assert told["OLD", "MENTORSHIP"]["recordId"] == global_id("Mentorship", land.id("care"))
    assert told["OLD", "GROUP_MEMBER"]["group"] == {"code": "G"}


async def test_what_is_left_behind_is_asked_of_a_unit_in_some_ways_and_page_by_page(
    land: Land,
) -> None:
    south = await left(land, unit=global_id("OrgUnit", land.id("SOUTH")))
    assert [row["orgUnit"]["code"] for row in south] == ["SHUT"]
    ways: dict[str, Any] = {"as": ["GRANT", "COHORT"]}
    some = await left(land, **ways)
    assert [row["pointsAs"] for row in some] == ["COHORT", "GRANT"]
    whole = await left(land)
    assert [*await left(land, first=4), *await left(land, first=100, skip=4)] == whole


async def test_nobody_is_told_of_what_lies_outside_of_their_scope(land: Land) -> None:
    assert {row["orgUnit"]["code"] for row in await left(land, "south")} == {"SHUT"}
    assert {row["orgUnit"]["code"] for row in await left(land, "north")} == {"OLD"}
    assert {row["pointsAs"] for row in await left(land, "invented")} == {
        "ENROLMENT", "MENTORSHIP", "COHORT",
    }  # fmt: skip


async def test_who_holds_a_grant_over_such_a_unit_is_told_to_who_may_read_names(land: Land) -> None:
    grants = {"as": ["GRANT"]}
    assert [row["subject"] for row in await left(land, "north", **grants)] == ["left over"]
    assert await left(land, "follows", **grants) == []
    assert "POSTING" in {row["pointsAs"] for row in await left(land, "follows")}


COVERAGE = """query C($asOf: Date!) {
  facilityCoverage(programme: "NONE", first: 50, all: true, asOf: $asOf) { orgUnit { code } } }"""


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2018-06-01", {"HALF", "WHOLE", "OTHER", "OLD", "SHUT", "POST"}),
        ("2020-06-01", {"DH-7", "HALF", "WHOLE", "OTHER", "OLD", "SHUT", "POST"}),
        ("2022-06-01", {"DH-7", "HALF", "WHOLE", "POST"}),
    ],
)
async def test_which_facilities_there_were_to_visit_is_asked_of_that_day(
    land: Land, day: str, codes: set[str]
) -> None:
    rows = (await land.gateway.ask(COVERAGE, asOf=day))["facilityCoverage"]
    assert {row["orgUnit"]["code"] for row in rows} == codes


TABLE = """query T($level: OrgUnitKind, $code: String) {
  validationTable(programme: "ROLLED", by: ORG_UNIT, fiscalYear: 2019, level: $level,
                  levelCode: $code) { rows { key mentees } } }"""


async def test_a_table_is_rolled_up_to_a_kind_of_the_countrys_own(land: Land) -> None:
    for unit in ("DH-7", "HALF"):
        await land.gateway.insert(
            MENTEE, id=uuid4(), programme="ROLLED", since=UPGRADED, fiscal_year=2019, area="A",
            status="ENROLLED", org_unit_id=land.id(unit), org_unit_now_id=land.id(unit),
        )  # fmt: skip
    table = (await land.gateway.ask(TABLE, code="SECTOR"))["validationTable"]
    assert {row["key"]: row["mentees"] for row in table["rows"]} == {"SECTOR-1": 1, None: 1}
    both = await land.gateway.send(TABLE, level="DISTRICT", code="SECTOR")
    assert both["errors"][0]["extensions"]["code"] == "MALFORMED"
