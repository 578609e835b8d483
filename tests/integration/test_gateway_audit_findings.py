"""Audit findings as they are asked for: by whom, page by page, with evidence, and dismissed."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from services.gateway.figures.findings.asked import id_of
from services.gateway.graphql.ids import split_id
from services.gateway.projections import PROJECTIONS, TABLES
from shared.access.facts import ACCESS
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.projection.schema import ensure
from tests.support.audited import Audited, day
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.models import Models
from tests.support.servers import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = """
query Findings($first: Int! = 50, $after: Cursor, $kinds: [AuditFindingKind!], $orgUnitId: ID,
               $severity: [AuditFindingSeverity!], $standing: AuditFindingStanding! = OPEN,
               $since: Date = "2018-10-01", $before: Date = "2019-10-01", $programme: String,
               $thresholds: AuditFindingThresholds) {
  auditFindings(first: $first, after: $after, kinds: $kinds, orgUnitId: $orgUnitId,
                severity: $severity, standing: $standing, since: $since, before: $before,
                programme: $programme, thresholds: $thresholds) {
    nodes {
      id kind severity since explanation figures falsePositives programme about actors peopleIds
      people { id } sessions { id } orgUnit { code } mentorship { id }
      evidence { topic recordId } dismissal { by reason }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
PLACES = AuditFindingKind.TWO_PLACES_AT_ONCE


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def models(postgres: PostgresServer) -> AsyncIterator[Models]:
    """Empty read models, for the house alone."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(await postgres.create_database(name))
    await ensure(connection, PROJECTIONS)
    yield Models(connection)
    await connection.close()
    await postgres.drop_database(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def audited(models: Models) -> Audited:
    """A mentor who was in two places at once on three days; one of them is told of as innocent."""
    audited = await Audited.built(models)
    for on in (60, 62, 64):
        await audited.meet(on, 120, at=8)
        await audited.meet(on, 120, at=9, where=audited.clinic)
    for subject, role, unit in (
        ("of the hospital", "AUDITOR", audited.hospital.unit),
        ("of the clinic", "AUDITOR", audited.clinic),
        ("of the ward", "AUDITOR", audited.ward),
        ("follows", "VIEWER", None),
        ("runs it", "COORDINATOR", audited.hospital.unit),
    ):
        await audited.send(
            "accessGrantGive", 0, subjectName=subject, role=role, orgUnitId=unit and str(unit)
        )
    (_, found, _) = await audited.found(PLACES)
    await audited.hospital.house.send(
        "auditFindingDismiss",
        as_="of the hospital",
        findingId=str(id_of(found)),
        finding=PLACES.value,
        orgUnitId=str(found.org_unit_id),
        programme=found.programme,
        people=[str(one) for one in found.people],
        about=found.about,
        reason="The clinic's clock was wrong.",
    )
    return audited


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory, audited: Audited
) -> AsyncIterator[RunningGateway]:
    """A gateway over all that."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        for table in (*TABLES.values(), *ACCESS.tables):
            for row in audited.hospital.house.gateway.tables.of(table):
                await running.insert(table, **row)
        await running.told()
        yield running
    await postgres.drop_database(name)


async def ask(gateway: RunningGateway, subject: str = OPERATOR, **asked: Any) -> Any:
    return (await gateway.ask(ASK, subject, **asked))["auditFindings"]


async def test_a_finding_says_what_it_is_about_and_shows_its_evidence(
    gateway: RunningGateway, audited: Audited
) -> None:
    page = await ask(gateway, "of the hospital", kinds=[PLACES])
    last, first = page["nodes"]
    assert (last["since"], first["since"]) == (str(day(64)), str(day(60)))
    assert last["severity"] == "HIGH"
    assert "120 minutes" in last["explanation"]
    assert "a clock was wrong" in last["falsePositives"]
    assert [one["id"] for one in last["people"]] == last["peopleIds"]
    assert len(last["sessions"]) == 1, "the other one is out of scope"
    assert [one["topic"] for one in last["evidence"]] == ["sessions.session.held"]
    of_all = (await ask(gateway, kinds=[PLACES]))["nodes"][0]
    assert len(of_all["sessions"]) == len(of_all["evidence"]) == 2
    held = {split_id(one["id"])[1] for one in of_all["sessions"]}  # type: ignore[index]
    assert {UUID(one["recordId"]) for one in of_all["evidence"]} == held
    assert page["pageInfo"]["hasNextPage"] is False


async def test_what_was_dismissed_says_by_whom_and_why(gateway: RunningGateway) -> None:
    (one,) = (await ask(gateway, kinds=[PLACES], standing="DISMISSED"))["nodes"]
    assert one["since"] == str(day(62))
    assert one["dismissal"] == {"by": "of the hospital", "reason": "The clinic's clock was wrong."}
    assert len((await ask(gateway, kinds=[PLACES], standing="ALL"))["nodes"]) == 3


async def test_who_audits_either_place_sees_it_and_nobody_else(gateway: RunningGateway) -> None:
    for subject, many in (
        (OPERATOR, 2),
        ("of the hospital", 2),
        ("of the clinic", 2),
        ("of the ward", 0),
        ("follows", 0),
        ("runs it", 0),
    ):
        assert len((await ask(gateway, subject, kinds=[PLACES]))["nodes"]) == many, subject


async def test_every_finding_comes_once_page_by_page(gateway: RunningGateway) -> None:
    asked: dict[str, Any] = {"standing": "ALL", "thresholds": {"minutesPerDay": 100}}
    whole = (await ask(gateway, **asked))["nodes"]
    assert len(whole) > 5
    paged, after = [], None
    while True:
        page = await ask(gateway, **asked, first=2, after=after)
        paged += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [one["id"] for one in paged] == [one["id"] for one in whole]
    assert len({one["id"] for one in whole}) == len(whole)
    answer = await gateway.send(ASK, "of the clinic", after=after)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_findings_are_narrowed_by_what_is_asked(
    gateway: RunningGateway, audited: Audited
) -> None:
    (one,) = (await ask(gateway, kinds=[PLACES], since=str(day(61))))["nodes"]
    assert one["since"] == str(day(64))
    assert {o["kind"] for o in (await ask(gateway, severity=["HIGH"]))["nodes"]} >= {PLACES.value}
    assert (await ask(gateway, severity=["LOW"], kinds=[PLACES]))["nodes"] == []
    assert (await ask(gateway, programme="another"))["nodes"] == []
    assert len((await ask(gateway, programme="test-hospital", kinds=[PLACES]))["nodes"]) == 2
    kinds = [AuditFindingKind.DAY_TOO_FULL]
    assert (await ask(gateway, kinds=kinds))["nodes"] == []
    assert (await ask(gateway, kinds=kinds, thresholds={"minutesPerDay": 100}))["nodes"]


async def test_an_explanation_is_in_the_language_that_was_asked_for(
    gateway: RunningGateway,
) -> None:
    said = []
    for language in ("en", "fr", "sw", "rw"):
        answer = await gateway.client.post(
            f"{gateway.url}/graphql",
            json={"query": ASK, "variables": {"kinds": [PLACES]}},
            headers={
                "Authorization": f"Bearer {gateway.token(OPERATOR)}",
                "Accept-Language": language,
            },
        )
        (node, *_) = answer.json()["data"]["auditFindings"]["nodes"]
        assert "120" in node["explanation"]
        said.append((node["explanation"], node["falsePositives"]))
    assert len(set(said)) == 4


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"thresholds": {"groupMost": 0}}, "THRESHOLD_OUT_OF_RANGE"),
        ({"since": "2019-01-01", "before": "2019-01-01"}, "FINDING_DAYS_OUT_OF_RANGE"),
        ({"since": "2010-01-01"}, "FINDING_DAYS_OUT_OF_RANGE"),
        ({"first": 0}, "FIRST_OUT_OF_RANGE"),
        ({"after": "nonsense"}, "BAD_CURSOR"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    gateway: RunningGateway, asked: dict[str, Any], code: str
) -> None:
    answer = await gateway.send(ASK, **asked)
    assert answer["errors"][0]["extensions"]["code"] == code
