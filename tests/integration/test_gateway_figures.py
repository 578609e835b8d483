"""What the gateway counts, over the story's read models in a real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    DEVIATION,
    FACILITY_BASELINE,
    MENTEE,
    TABLES,
    VALIDATION_FACT,
)
from services.gateway.projector import KEPT
from shared.access.facts import ORG_UNIT_PLACE
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.rows import Rows
from tests.support.servers import PostgresServer
from tests.support.story import happenings
from tests.support.story_registry import CLUSTER, GISHAMVU, KINAZI, RUSATIRA, SECOND_COHORT
from tests.support.story_validation import NUMBER
from tests.support.telling import CENTRE, COHORT, HOSPITAL, MENTOR, RWANDA, SOUTH, VERSION, day

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(gateway: RunningGateway) -> None:
    """Write what the story leaves in every read model, and give some grants."""
    rows = Rows()
    for happening in happenings():
        rows.happen(KEPT, happening)
    for table in (*TABLES.values(), ORG_UNIT_PLACE):
        for row in rows.of(table.name):
            await gateway.insert(table, **row)
    await gateway.grant("of the south", "COORDINATOR", SOUTH)
    await gateway.grant("of the hospital", "COORDINATOR", HOSPITAL)
    await gateway.grant("mani", "VIEWER", programme="MANI")
    await gateway.grant("ministry", "VIEWER", RWANDA)
    await gateway.told()


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


TABLE = """
query Table($by: ValidationTableBy!, $year: Int, $asOf: Date, $hierarchy: HierarchyView! = AS_WAS,
            $level: OrgUnitKind) {
  validationTable(programme: "INGOBYI", by: $by, fiscalYear: $year, asOf: $asOf,
                  hierarchy: $hierarchy, level: $level) {
    rows { key mentees validated fullyValidated mentors }
    total { mentees validated fullyValidated mentors }
  }
}
"""


async def table(
    gateway: RunningGateway, by: str, subject: str = "operator@test", **more: Any
) -> dict[str | None, tuple[int, ...]]:
    """Return each row's mentees, validated, fully validated and mentors; the total under TOTAL."""
    if by != "FISCAL_YEAR":
        more.setdefault("year", 2021)
    answer = (await gateway.ask(TABLE, subject, by=by, **more))["validationTable"]
    columns = ("mentees", "validated", "fullyValidated", "mentors")
    rows = {row["key"]: tuple(row[c] for c in columns) for row in answer["rows"]}
    return {**rows, "TOTAL": tuple(answer["total"][c] for c in columns)}


async def test_the_table_counts_what_counts_now(gateway: RunningGateway) -> None:
    # Of the story's five enrolments one is validated still: one was revoked, one lapsed.
    assert await table(gateway, "AREA") == {
        "OBS": (3, 0, 0, 1),
        "PAED": (2, 1, 1, 1),
        "TOTAL": (5, 1, 1, 2),
    }


async def test_the_table_as_of_a_day_counts_what_counted_then(gateway: RunningGateway) -> None:
    before = await table(gateway, "AREA", asOf=day(55).isoformat())
    assert before == {"OBS": (1, 0, 0, 0), "PAED": (1, 1, 0, 1), "TOTAL": (2, 1, 0, 1)}
    between = await table(gateway, "AREA", asOf=day(121).isoformat())
    assert between["OBS"] == (3, 1, 0, 0)
    assert between["PAED"] == (2, 2, 1, 1)
    after = await table(gateway, "AREA", asOf=day(125).isoformat())
    assert after["OBS"][1] == 0


async def test_the_table_by_fiscal_year_goes_without_one(gateway: RunningGateway) -> None:
    assert await table(gateway, "FISCAL_YEAR") == {
        "2021": (5, 1, 1, 2),
        "TOTAL": (5, 1, 1, 2),
    }
    answer = await gateway.send(TABLE, by="AREA")
    assert answer["errors"][0]["extensions"]["code"] == "MALFORMED"


async def test_mentees_are_rolled_up_to_the_parents_of_their_day_or_of_today(
    gateway: RunningGateway,
) -> None:
    by_unit = await table(gateway, "ORG_UNIT")
    assert by_unit["H-1"] == (2, 1, 1, 1)
    assert by_unit["C-1"] == (3, 0, 0, 1)
    by_district = await table(gateway, "ORG_UNIT", level="DISTRICT", hierarchy="AS_IS")
    assert by_district == {"RW-S-1": (5, 1, 1, 2), "TOTAL": (5, 1, 1, 2)}
    by_province = await table(gateway, "ORG_UNIT", level="PROVINCE")
    assert by_province == {"RW-S": (5, 1, 1, 2), "TOTAL": (5, 1, 1, 2)}


async def test_the_table_is_of_ones_own_units_alone(gateway: RunningGateway) -> None:
    assert await table(gateway, "AREA", "of the hospital") == {
        "OBS": (1, 0, 0, 0),
        "PAED": (1, 1, 1, 1),
        "TOTAL": (2, 1, 1, 1),
    }
    assert await table(gateway, "AREA", "mani") == {"TOTAL": (0, 0, 0, 0)}


async def test_an_indicators_change_names_its_formula(gateway: RunningGateway) -> None:
    definition = {
        "indicators": [
            {"code": "CONFIDENCE", "name": "Confidence", "numerator": "n", "denominator": "d",
             "most": 10, "formula": "CHANGE_OF_MEANS", "decimals": 0}
        ]
    }  # fmt: skip
    await gateway.insert(
        TABLES["programme_version"], id=uuid4(), programme="INGOBYI", version=99, name="Newer",
        digest="d", published_on=day(0), definition=definition, record_version=1, position=9999,
    )  # fmt: skip
    document = """
    query Report($cohort: ID) {
      indicatorReport(programme: "INGOBYI", cohortId: $cohort) {
        indicator name formula measured n undefined baselineMean lastMean change
      }
    }
    """
    (line,) = (await gateway.ask(document))["indicatorReport"]
    assert line == {
        "indicator": "CONFIDENCE", "name": "Confidence", "formula": "CHANGE_OF_MEANS",
        "measured": 1, "n": 1, "undefined": 0, "baselineMean": "4", "lastMean": "7",
        "change": "0.75",
    }  # fmt: skip
    (other,) = (await gateway.ask(document, cohort=global_id("Cohort", COHORT)))["indicatorReport"]
    assert (other["n"], other["change"]) == (0, None)
    (unseen,) = (await gateway.ask(document, "of the hospital"))["indicatorReport"]
    assert unseen["measured"] == 0


COHORT_REPORT = """
query Report($id: ID!) {
  cohortReport(cohortId: $id) {
    enrolled completed withdrawn mentorshipsAgreed disengagements certificatesIssued sessionsHeld
    withdrawnByCause { cause mentees }
  }
}
"""


async def test_a_cohort_report_tells_what_became_of_its_people(gateway: RunningGateway) -> None:
    id = global_id("Cohort", SECOND_COHORT)
    report = (await gateway.ask(COHORT_REPORT, id=id))["cohortReport"]
    assert report == {
        "enrolled": 3, "completed": 1, "withdrawn": 1, "mentorshipsAgreed": 1,
        "disengagements": 1, "certificatesIssued": 0, "sessionsHeld": 0,
        "withdrawnByCause": [{"cause": "LEFT_SERVICE", "mentees": 1}],
    }  # fmt: skip
    first = (await gateway.ask(COHORT_REPORT, id=global_id("Cohort", COHORT)))["cohortReport"]
    assert (first["enrolled"], first["mentorshipsAgreed"]) == (2, 1)
    assert first["sessionsHeld"] >= 1
    hidden = (await gateway.ask(COHORT_REPORT, "mani", id=id))["cohortReport"]
    assert hidden.pop("withdrawnByCause") == []
    assert set(hidden.values()) == {0}


CERTIFICATE = """
query Certificate($number: String!) {
  certificate(number: $number) {
    number name programme status issuedOn revokedOn inDoubtSince doubt
  }
}
"""


async def test_whoever_holds_a_grant_can_check_a_certificates_number(
    gateway: RunningGateway,
) -> None:
    for subject in ("operator@test", "mani"):
        proof = (await gateway.ask(CERTIFICATE, subject, number=NUMBER))["certificate"]
        assert proof["status"] == "REVOKED"
        assert proof["revokedOn"] == day(400).isoformat()
    assert await gateway.ask(CERTIFICATE, number="NONE-1") == {"certificate": None}
    assert await gateway.ask(CERTIFICATE, "nobody", number=NUMBER) == {"certificate": None}


async def test_certificates_with_their_holders_are_for_those_who_oversee_them(
    gateway: RunningGateway,
) -> None:
    document = "{ certificates(first: 5) { nodes { status approvals { step } mentee { area } } } }"
    (seen,) = (await gateway.ask(document, "of the hospital"))["certificates"]["nodes"]
    assert [each["step"] for each in seen["approvals"]] == ["DISTRICT", "MINISTRY"]
    assert (await gateway.ask(document, "mani"))["certificates"]["nodes"] == []


async def test_the_cascade_map_names_who_may_mentor_whom_and_why(gateway: RunningGateway) -> None:
    document = """
    query Cascade($status: RightStatus) {
      cascadeMap(first: 9, filter: {programme: "INGOBYI", status: $status}) {
        nodes { programme area tier tierArea because status lostBecause
                mentee { validated } mentor { status } }
      }
    }
    """
    nodes = (await gateway.ask(document, status="HELD"))["cascadeMap"]["nodes"]
    assert [(n["area"], n["tier"], n["because"]) for n in nodes] == [
        ("PAED", "INGOBYI-POST", ["CPAP", "RESUS"])
    ]
    (lost,) = (await gateway.ask(document, status="LOST"))["cascadeMap"]["nodes"]
    assert lost["lostBecause"] == "BIRTH"


LOOKS = """
query Looks($day: Date) {
  facilityProgress(programme: "LOOKED-AT", first: 9, asOf: $day) {
    looks firstOn firstRaw lastOn lastRaw lastMax orgUnit { id }
    areas { area firstRaw lastRaw }
  }
}
"""


async def test_a_facility_is_compared_with_what_it_was_when_first_looked_at(
    gateway: RunningGateway,
) -> None:
    told: tuple[tuple[UUID, str, int, dict[str, Any]], ...] = (
        (CENTRE, "2021-03-01", 4, {}),
        (CENTRE, "2020-03-01", 2, {}),
        (CENTRE, "2022-03-01", 9, {"voided_on": date(2022, 4, 1)}),
        (CENTRE, "2022-05-01", 9, {"unsigned": True}),
        (HOSPITAL, "2020-03-01", 8, {}),
        (HOSPITAL, "2021-04-01", 5, {}),
    )
    for attempt, (unit, on, raw, more) in enumerate(told, start=1):
        row = {
            "id": unit,
            "attempt": attempt,
            "org_unit_id": unit,
            "programme_version_id": VERSION,
            "programme": "LOOKED-AT",
            "areas": [{"area": "WATER", "items": [], "raw": raw, "max": 10}],
            "raw": raw,
            "max": 10,
            "assessed_on": date.fromisoformat(on),
            "recorded_by": "somebody",
            "unsigned": False,
        }
        await gateway.insert(FACILITY_BASELINE, **row | more)
    worse, better = (await gateway.ask(LOOKS, day=None))["facilityProgress"]
    assert (worse["orgUnit"]["id"], worse["firstRaw"], worse["lastRaw"]) == (
        global_id("OrgUnit", HOSPITAL),
        8,
        5,
    )
    assert better == {
        "orgUnit": {"id": global_id("OrgUnit", CENTRE)},
        "looks": 2,
        "firstOn": "2020-03-01",
        "firstRaw": 2,
        "lastOn": "2021-03-01",
        "lastRaw": 4,
        "lastMax": 10,
        "areas": [{"area": "WATER", "firstRaw": 2, "lastRaw": 4}],
    }
    before = (await gateway.ask(LOOKS, day="2020-12-31"))["facilityProgress"]
    assert [one["looks"] for one in before] == [1, 1]
    table = FACILITY_BASELINE.physical
    await gateway.database.execute(f"DELETE FROM {table} WHERE programme = 'LOOKED-AT'")


EVERYTHING = """
query Everything($unit: ID!) {
  orgUnit(id: $unit) { state endedOn successors { id } predecessors { id } mergedInto { id } }
  groups(first: 5) { nodes { id kind members { since until orgUnit { code } } } }
  suspectedDuplicates(first: 5) {
    nodes { state grounds score healthWorker { id } other { id mergedInto { id } } }
  }
  facilityBaselines(first: 5) { nodes { raw max areas orgUnit { id } } }
  cohorts(first: 5, filter: {status: CLOSED}) {
    nodes { status approvedBy matchScore unmatched { constraint mentee { id } } }
  }
  mentors(first: 5) {
    nodes { status nominatedBy skills places earnedIn { area } load { mentorship { id } } }
  }
  mentees(first: 9, filter: {status: COMPLETED}) {
    nodes {
      status needs orgUnitNow { id } supervisor { id }
      goals { goal text reachedOn } trainings { training days } selfRatings { skill level }
      programmeVersions { since reason } coachingPlans { actions }
      indicators { indicator round score } competencies { competency endedBy }
    }
  }
  mentorships(first: 5, filter: {status: CONCLUDED}) {
    nodes {
      phase score reasons phases { phase since reason } parties { leftOn }
      disengagements { notified due team }
    }
  }
}
"""


async def test_everything_else_can_be_read(gateway: RunningGateway) -> None:
    data = await gateway.ask(EVERYTHING, unit=global_id("OrgUnit", RUSATIRA))
    assert data["orgUnit"]["state"] == "SPLIT"
    successors = {global_id("OrgUnit", id) for id in (KINAZI, GISHAMVU)}
    assert {each["id"] for each in data["orgUnit"]["successors"]} == successors
    assert data["groups"]["nodes"][0]["id"] == global_id("Group", CLUSTER)
    assert {node["state"] for node in data["suspectedDuplicates"]["nodes"]} == {"DISMISSED"}
    assert data["facilityBaselines"]["nodes"][0]["orgUnit"]["id"] == global_id("OrgUnit", CENTRE)
    (cohort,) = data["cohorts"]["nodes"]
    assert cohort["unmatched"][0]["constraint"] == "NO_AVAILABILITY"
    assert {node["nominatedBy"] for node in data["mentors"]["nodes"]} == {"SELECTION", "CASCADE"}
    (mentee,) = data["mentees"]["nodes"]
    assert [goal["goal"] for goal in mentee["goals"]] == ["G1", "G2"]
    assert mentee["competencies"][0]["endedBy"] == "REVOKED"
    (mentorship,) = data["mentorships"]["nodes"]
    assert mentorship["disengagements"][0]["notified"][0]["role"] == "FOCAL-PERSON"


@pytest.mark.parametrize(
    "field",
    [
        "suspectedDuplicates(first: 5) { nodes { state } }",
        "facilityBaselines(first: 5) { nodes { raw } }",
        "cascadeMap(first: 5) { nodes { tier } }",
        "certificates(first: 5) { nodes { name } }",
    ],
)
async def test_a_grant_elsewhere_opens_none_of_it(gateway: RunningGateway, field: str) -> None:
    name = field.partition("(")[0]
    assert (await gateway.ask(f"{{ {field} }}"))[name]["nodes"]
    assert (await gateway.ask(f"{{ {field} }}", "mani"))[name]["nodes"] == []


async def test_a_validation_holds_between_its_day_and_its_own_end(gateway: RunningGateway) -> None:
    # Validated from 10 to 20, and, as was told late, from 15 on; then revoked, and proved anew.
    late = uuid4()
    story = Rows()
    for happening in happenings():
        story.happen(KEPT, happening)
    like = next(row for row in story.of("mentee") if row["programme"] == "INGOBYI")
    await gateway.insert(MENTEE, **{**like, "id": late, "programme": "LATE", "since": day(1)})
    told = ((10, True), (20, False), (15, True), (30, False), (40, True))
    for version, (number, counts) in enumerate(told, start=2):
        await gateway.insert(
            VALIDATION_FACT,
            mentee_id=late,
            competency="BIRTH",
            record_version=version,
            day=day(number),
            counts=counts,
        )
    query = TABLE.replace("INGOBYI", "LATE")

    async def validated(number: int) -> int:
        answer = await gateway.ask(query, by="FISCAL_YEAR", asOf=day(number).isoformat())
        return int(answer["validationTable"]["total"]["validated"])

    held = [number for number in (9, 10, 16, 20, 29, 30, 39, 40) if await validated(number)]
    assert held == [10, 16, 20, 29, 40]


async def test_what_fell_never_held_and_what_was_told_in_its_place_did(
    gateway: RunningGateway,
) -> None:
    fallen = uuid4()
    story = Rows()
    for happening in happenings():
        story.happen(KEPT, happening)
    like = next(row for row in story.of("mentee") if row["programme"] == "INGOBYI")
    await gateway.insert(MENTEE, **{**like, "id": fallen, "programme": "FELL", "since": day(1)})
    told = ((10, True, None), (20, False, None), (10, False, True), (15, True, None))
    for version, (number, counts, afresh) in enumerate(told, start=2):
        await gateway.insert(
            VALIDATION_FACT,
            mentee_id=fallen,
            competency="BIRTH",
            record_version=version,
            day=day(number),
            counts=counts,
            afresh=afresh,
        )
    query = TABLE.replace("INGOBYI", "FELL")

    async def validated(number: int) -> int:
        answer = await gateway.ask(query, by="FISCAL_YEAR", asOf=day(number).isoformat())
        return int(answer["validationTable"]["total"]["validated"])

    held = [number for number in (10, 14, 15, 20, 30) if await validated(number)]
    assert held == [15, 20, 30]


async def test_a_number_that_was_superseded_stands_for_what_was_issued_anew(
    gateway: RunningGateway,
) -> None:
    query = '{ certificate(number: "%s") { number supersedes status } }'
    shown = {
        "number": "INGOBYI-2022-2BBBBBBB-2",
        "supersedes": "INGOBYI-2022-1AAAAAAA-1",
        "status": "REVOKED",
    }
    for number in (shown["number"], shown["supersedes"]):
        assert (await gateway.ask(query % number))["certificate"] == shown
    assert (await gateway.ask(query % "INGOBYI-2022-3CCCCCCC-3"))["certificate"] is None


ENROLLED = """cohortReport(cohortId: $cohort) { suppressed enrolled completed sessionsHeld }"""
BY = 'validationTable(programme: "INGOBYI", fiscalYear: 2021, by: {by}) {{ {fields} }}'
COUNTS = "suppressed mentees validated fullyValidated mentors ratio"
CELLS = f"rows {{ key {COUNTS} }} total {{ {COUNTS} }}"


async def test_a_viewer_sees_no_count_of_a_few_people(gateway: RunningGateway) -> None:
    document = f"{{ {BY.format(by='AREA', fields=CELLS)} }}"
    seen = (await gateway.ask(document, "ministry"))["validationTable"]
    # Three and two of them are five together, of whom one is validated.
    for row in seen["rows"]:
        assert {row.pop("key"), row.pop("suppressed")} < {"OBS", "PAED", True}
        assert set(row.values()) == {None}
    assert (seen["total"]["mentees"], seen["total"]["validated"]) == (5, None)
    assert (seen["total"]["suppressed"], seen["total"]["ratio"]) == (True, None)
    all_of_it = (await gateway.ask(document))["validationTable"]
    assert not any(row["suppressed"] for row in (*all_of_it["rows"], all_of_it["total"]))
    assert [row["mentees"] for row in all_of_it["rows"]] == [3, 2]


async def test_every_figure_hides_them(gateway: RunningGateway) -> None:
    figures = {
        "cohortReport": ENROLLED,
        "encounterReport": """encounterReport(programme: "INGOBYI") {
            total { suppressed sessions contacts minutes }
            byOrgUnit { suppressed sessions contacts inPerson virtual } }""",
        "deviationReport": """deviationReport(programme: "INGOBYI") {
            byRule { suppressed deviations counted } byMentor { suppressed deviations } }""",
        "supportResponse": """supportResponse(programme: "INGOBYI") {
            total { suppressed requests answered answerMedian }
            byArea { suppressed requests } }""",
        "facilityCoverage": """facilityCoverage(programme: "INGOBYI", first: 9) {
            suppressed mentees sessions }""",
        "indicatorReport": """indicatorReport(programme: "INGOBYI") {
            suppressed measured n undefined baselineMean lastMean change }""",
    }
    for name, figure in figures.items():
        named = "($cohort: ID!)" if "$cohort" in figure else ""
        asked = {"cohort": global_id("Cohort", COHORT)} if named else {}
        document = f"query Figure{named} {{ {figure} }}"
        hidden = (await gateway.ask(document, "ministry", **asked))[name]
        told = (await gateway.ask(document, **asked))[name]
        for (cell, seen), (_, true) in zip(_cells(hidden), _cells(told), strict=True):
            assert seen in (None, true), (name, cell)
            if isinstance(true, int) and 0 < true < 5:
                assert seen is None, (name, cell)


def _cells(found: Any, under: str = "") -> list[tuple[str, Any]]:
    """Return every value in an answer, but for whether it is one of those hidden."""
    if isinstance(found, dict):
        pairs = ((key, value) for key, value in found.items() if key != "suppressed")
        return [cell for key, value in pairs for cell in _cells(value, key)]
    if isinstance(found, list):
        return [cell for value in found for cell in _cells(value, under)]
    return [(under, found)]


async def test_few_departures_from_a_rule_are_hidden_where_they_happened(
    gateway: RunningGateway,
) -> None:
    for number in range(6):
        await gateway.insert(
            DEVIATION, id=uuid4(), stands=True, record_kind="session", record_id=uuid4(),
            rule="SESSION_TOO_SHORT", counts=False, params={}, programme="INGOBYI",
            programme_version_id=VERSION, org_unit_id=HOSPITAL if number else CENTRE,
            mentors=[MENTOR], day=day(60), recorded_by="she", record_version=1, position=1,
        )  # fmt: skip
    document = """{ deviationReport(programme: "INGOBYI") {
        byRule { rule suppressed deviations counted } byOrgUnit { suppressed deviations }
        byMentor { suppressed deviations } } }"""
    try:
        told = (await gateway.ask(document))["deviationReport"]
        assert [row["deviations"] for row in told["byOrgUnit"]] == [5, 1]
        seen = (await gateway.ask(document, "ministry"))["deviationReport"]
        assert seen["byRule"] == [
            {"rule": "SESSION_TOO_SHORT", "suppressed": False, "deviations": 6, "counted": 0}
        ]
        hidden = {"suppressed": True, "deviations": None}
        assert seen["byOrgUnit"] == [hidden, hidden], "the five would tell of the one"
        assert seen["byMentor"] == [{"suppressed": False, "deviations": 6}]
    finally:
        await gateway.database.execute(f'DELETE FROM "{DEVIATION.physical}"')


async def test_a_viewer_has_the_same_people_counted_in_one_way_at_a_time(
    gateway: RunningGateway,
) -> None:
    area, unit = (BY.format(by=by, fields="total { mentees }") for by in ("AREA", "ORG_UNIT"))
    association = BY.format(by="ASSOCIATION", fields="total { mentees }")
    assert await gateway.ask(f"{{ area: {area} unit: {unit} again: {area} }}", "ministry")
    cohort = {"cohort": global_id("Cohort", COHORT)}
    for document, asked in (
        (f"{{ area: {area} association: {association} }}", {}),
        (f"query Both($cohort: ID!) {{ {area} {ENROLLED} }}", cohort),
    ):
        answer = await gateway.send(document, "ministry", **asked)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["COUNTED_TWICE"]
        await gateway.ask(document, **asked)
