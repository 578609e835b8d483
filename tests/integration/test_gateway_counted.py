"""What every figure is asked for alike, over the story's read models in a real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import CONTACT, PROGRAMME_VERSION
from tests.integration.test_gateway_figures import fill
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.servers import PostgresServer
from tests.support.telling import CENTRE, HOSPITAL, day

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENCOUNTERS = """
query Encounters($of: FigureInput!) {
  encounterFigure(of: $of) {
    rows { keys { by key label } values { encounters sessions contacts minutes suppressed } }
    cut
    total { encounters sessions contacts inPerson virtual minutes suppressed }
  }
}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running)
        yield running
    await postgres.drop_database(name)


async def figure(gateway: RunningGateway, subject: str = "operator@test", **of: Any) -> Any:
    return (await gateway.ask(ENCOUNTERS, subject, of=of))["encounterFigure"]


async def refused(gateway: RunningGateway, **of: Any) -> str:
    (error,) = (await gateway.send(ENCOUNTERS, of=of))["errors"]
    assert error["extensions"]["code"] == "MALFORMED"
    return str(error["message"])


@pytest.mark.parametrize(
    "by",
    ["MONTH", "QUARTER", "FISCAL_YEAR", "PROGRAMME", "LEVEL", "OWNERSHIP", "ORG_UNIT", "MODE"],
)
async def test_rows_that_share_nothing_add_up_to_the_total(
    gateway: RunningGateway, by: str
) -> None:
    for hierarchy in ("AS_WAS", "AS_IS"):
        told = await figure(gateway, by=[by], hierarchy=hierarchy)
        assert told["total"]["encounters"] > 1
        assert not told["cut"]
        for name in ("encounters", "sessions", "contacts", "minutes"):
            assert sum(row["values"][name] for row in told["rows"]) == told["total"][name]
        two = await figure(gateway, by=[by, "MODE" if by != "MODE" else "MONTH"])
        counts = [row["values"]["encounters"] for row in two["rows"]]
        assert sum(counts) == told["total"]["encounters"]


async def test_a_figure_is_narrowed_to_a_unit_and_to_a_group(gateway: RunningGateway) -> None:
    everywhere = (await figure(gateway))["total"]["encounters"]
    unit = await figure(gateway, orgUnitId=global_id("OrgUnit", HOSPITAL), by=["ORG_UNIT"])
    assert {row["keys"][0]["key"] for row in unit["rows"]} == {"H-1"}
    assert unit["total"]["encounters"] == everywhere
    elsewhere = await figure(gateway, orgUnitId=global_id("OrgUnit", CENTRE))
    assert elsewhere["total"]["encounters"] == 0
    nobody = await figure(gateway, groupId=global_id("Group", uuid4()))
    assert nobody["total"]["encounters"] == 0


async def test_two_calendars_stand_side_by_side(gateway: RunningGateway) -> None:
    one = await figure(gateway, by=["FISCAL_YEAR"], fiscalYearStart=7)
    other = await figure(gateway, by=["FISCAL_YEAR"], fiscalYearStart=10)
    assert {row["keys"][0]["label"][4:10] for row in one["rows"]} == {"-07-01"}
    assert {row["keys"][0]["label"][4:10] for row in other["rows"]} == {"-10-01"}
    for row in one["rows"]:
        year = await figure(gateway, fiscalYear=int(row["keys"][0]["key"]), fiscalYearStart=7)
        assert year["total"]["encounters"] == row["values"]["encounters"]


TWO_YEARS = """
query TwoYears($programme: String!, $year: Int!) {
  july: encounterFigure(of: {programme: $programme, fiscalYear: $year, fiscalYearStart: 7,
                             by: [QUARTER]}) { ...counted }
  october: encounterFigure(of: {programme: $programme, fiscalYear: $year, fiscalYearStart: 10,
                                by: [QUARTER]}) { ...counted }
  own: encounterFigure(of: {programme: $programme, fiscalYear: $year, by: [QUARTER]}) { ...counted }
  months: encounterFigure(of: {programme: $programme, by: [MONTH]}) { ...counted }
}
fragment counted on EncounterCountsFigure {
  rows { keys { key label } values { encounters } }
  total { encounters }
}
"""


async def test_one_programme_is_told_by_either_fiscal_year_in_one_operation(
    gateway: RunningGateway,
) -> None:
    # The story meets from October on: June, July and September tell the two years apart.
    added = [date(2020, 6, 30), date(2020, 7, 1), date(2020, 9, 30), date(2021, 9, 30)]
    of = {"programme": "INGOBYI", "mode": "PHONE", "reached_by": "MENTOR", "recorded_by": "she"}
    for on in added:
        people = {"mentorship_id": uuid4(), "mentee": uuid4(), "mentor": uuid4()}
        where = {"made_on": on, "org_unit_id": HOSPITAL, "voided": False}
        told = {"id": uuid4(), "record_version": 1, "position": 1}
        await gateway.insert(CONTACT, **told, **of, **people, **where)
    try:
        answer = await gateway.ask(TWO_YEARS, programme="INGOBYI", year=2021)
    finally:
        await gateway.database.execute(
            f'DELETE FROM "{CONTACT.physical}" WHERE made_on = ANY ($1)', added
        )

    def counted(name: str) -> dict[str, int]:
        rows = answer[name]["rows"]
        assert (
            sum(row["values"]["encounters"] for row in rows) == answer[name]["total"]["encounters"]
        )
        return {row["keys"][0]["key"]: row["values"]["encounters"] for row in rows}

    months = counted("months")
    assert {"2020-06", "2020-07", "2020-09", "2021-09"} <= months.keys()
    for name, first in (("july", 7), ("october", 10)):
        wanted: dict[str, int] = {}
        for month, encounters in months.items():
            place = 12 * int(month[:4]) + int(month[5:]) - (12 * 2020 + first)
            if 0 <= place < 12:
                quarter = f"2021-Q{place // 3 + 1}"
                wanted[quarter] = wanted.get(quarter, 0) + encounters
        assert counted(name) == wanted
        labels = {row["keys"][0]["label"] for row in answer[name]["rows"]}
        assert f"2020-{first:02}-01" in {label[:10] for label in labels}
    assert counted("own") == counted("october"), "the programme's own begins in October"
    assert answer["july"]["total"] != answer["october"]["total"]


async def test_what_cannot_be_asked_is_told(gateway: RunningGateway) -> None:
    assert "either a fiscal year or days" in await refused(gateway, fiscalYear=2021, period={})
    assert "SEX" in await refused(gateway, by=["SEX"])
    assert "up to 2" in await refused(gateway, by=["MONTH", "MODE", "QUARTER"])
    assert "up to 2" in await refused(gateway, by=["MONTH", "MONTH"])
    assert "1 to 12" in await refused(gateway, fiscalYearStart=13)
    assert "rolled up" in await refused(gateway, level="DISTRICT", by=["MODE"])
    days = {"from": "2021-02-01", "to": "2021-01-01"}
    assert "after the last" in await refused(gateway, period=days)


REACH = """
query Reach($of: FigureInput!) {
  reachFigure(of: $of) { total { reached carriedOver enrolled suppressed } }
}
"""


async def test_who_merely_views_sees_no_small_cell(gateway: RunningGateway) -> None:
    everything = await figure(gateway, by=["MONTH"])
    viewed = await figure(gateway, "ministry", by=["MONTH"])
    assert everything["total"]["encounters"] == 4
    assert viewed["total"]["encounters"] is None
    assert viewed["total"]["suppressed"]
    assert {row["values"]["encounters"] for row in viewed["rows"]} == {None}
    people = await gateway.ask(REACH, "ministry", of={"programme": "INGOBYI"})
    assert people["reachFigure"]["total"]["reached"] is None


async def test_who_merely_views_has_one_figure_of_the_same_people_at_a_time(
    gateway: RunningGateway,
) -> None:
    document = """
    query Both($one: FigureInput!, $other: FigureInput!) {
      one: validationFigure(of: $one) { total { mentees } }
      other: validationFigure(of: $other) { total { mentees } }
    }
    """

    async def code(one: dict[str, Any], other: dict[str, Any]) -> str | None:
        answer = await gateway.send(document, "ministry", one=one, other=other)
        errors = answer.get("errors")
        return errors[0]["extensions"]["code"] if errors else None

    assert await code({"by": ["AREA"]}, {"by": ["SEX"]}) is None
    assert await code({"by": ["AREA"]}, {"by": ["TECHNICAL_AREA"]}) == "COUNTED_TWICE"
    assert await code({"by": ["AREA", "SEX"]}, {"by": ["SEX"]}) == "COUNTED_TWICE"
    assert await code({}, {"fiscalYear": 2021}) == "COUNTED_TWICE"
    hospital = {"orgUnitId": global_id("OrgUnit", HOSPITAL)}
    assert await code({}, hospital) == "COUNTED_TWICE"
    assert await code(hospital, {**hospital, "hierarchy": "AS_IS"}) == "COUNTED_TWICE"


async def test_the_figure_of_validations_is_the_table_of_them(gateway: RunningGateway) -> None:
    document = """
    query Validated($of: FigureInput!, $asOf: Date) {
      validationFigure(of: $of) {
        rows { keys { key label } values { mentees validated fullyValidated ratio } }
      }
      validationTable(programme: "INGOBYI", by: AREA, fiscalYear: 2021, asOf: $asOf) {
        rows { key mentees validated fullyValidated ratio }
      }
    }
    """
    for on in (None, "2021-03-01", "2021-06-01", "2022-01-01"):
        of = {"programme": "INGOBYI", "fiscalYear": 2021, "by": ["AREA"], "asOf": on}
        answer = await gateway.ask(document, of=of, asOf=on)
        figure = [
            {"key": row["keys"][0]["key"], **row["values"]}
            for row in answer["validationFigure"]["rows"]
        ]
        assert figure == answer["validationTable"]["rows"]


async def test_areas_are_called_what_the_newest_version_calls_them(gateway: RunningGateway) -> None:
    areas = [{"code": "OBS", "name": "Obstetrics"}, {"code": "PAED", "name": "Paediatrics"}]
    told = {"programme": "INGOBYI", "name": "Newer", "digest": "d", "record_version": 1}
    await gateway.insert(
        PROGRAMME_VERSION, id=uuid4(), version=99, published_on=day(0), position=9999,
        definition={"areas": areas}, **told,
    )  # fmt: skip
    document = """
    query Validated($of: FigureInput!) {
      validationFigure(of: $of) { rows { keys { label } } }
    }
    """
    of = {"programme": "INGOBYI", "by": ["AREA"]}
    rows = (await gateway.ask(document, of=of))["validationFigure"]["rows"]
    assert [row["keys"][0]["label"] for row in rows] == ["Obstetrics", "Paediatrics"]
