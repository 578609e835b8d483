"""Targets beside what is counted for them, over the story's read models in a real PostgreSQL."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from services.gateway.figures.targets import MEASURED
from services.gateway.graphql.ids import global_id
from services.gateway.projections import GROUP, TARGET, TARGET_NUMBER
from shared.contracts.base import camel
from shared.contracts.registry.target import TargetMeasure
from tests.integration.test_gateway_figures import fill
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.servers import PostgresServer
from tests.support.story_registry import CLUSTER, ENROLLING, MEETING, REACHING, VALIDATING
from tests.support.telling import CENTRE, HOSPITAL, HUYE, day

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRESS = """
query Progress($measure: TargetMeasure, $asOf: Date, $orgUnitId: ID, $groupId: ID,
               $current: Boolean! = false) {
  targetProgress(programme: "INGOBYI", first: 20, measure: $measure, asOf: $asOf,
                 orgUnitId: $orgUnitId, groupId: $groupId, current: $current) {
    number expected counted share suppressed
    target { id measure starts ends area orgUnit { id } group { id } numbers { since number } }
  }
}
"""
OPERATOR = "operator@test"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running)
        await running.grant("views the hospital", "VIEWER", HOSPITAL)
        await running.told()
        for measure in TargetMeasure:
            await _target(running, measure, org_unit_id=HUYE)
        # Where nothing happened.
        await _target(running, TargetMeasure.ENCOUNTERS, org_unit_id=CENTRE)
        nobodys, named = uuid4(), {"code": "N", "name": "Nobody's", "name_folded": "nobody's"}
        more = {"group_kind": "CIRCLE", "since": day(0), "record_version": 1, "position": 1}
        await running.insert(GROUP, id=nobodys, **named, **more)
        await _target(running, TargetMeasure.ENCOUNTERS, group_id=nobodys)
        yield running
    await postgres.drop_database(name)


async def _target(gateway: RunningGateway, measure: TargetMeasure, **more: Any) -> None:
    """Let there be a target of 8 for the year before last of the story's."""
    id = uuid4()
    days = {"starts": day(0), "ends": day(729), "number": 8}
    of = {"programme": "INGOBYI", "measure": measure.value, "record_version": 1, "position": 1}
    await gateway.insert(TARGET, id=id, **days, **of, **more)
    await gateway.insert(TARGET_NUMBER, target_id=id, since=day(0), number=8)


async def progress(gateway: RunningGateway, subject: str = OPERATOR, **of: Any) -> Any:
    """Return what is told of each target, by its id."""
    answer = await gateway.ask(PROGRESS, subject, **of)
    return {row["target"]["id"]: row for row in answer["targetProgress"]}


async def of_figure(
    gateway: RunningGateway, target: Any, subject: str = OPERATOR, **more: Any
) -> int | None:
    """Return what the figure of a target's measure counts, asked for by itself."""
    declared, value = MEASURED[TargetMeasure(target["measure"])]
    name, shown = camel(declared.name), camel(value)
    of = {"programme": "INGOBYI", "period": {"from": target["starts"], "to": target["ends"]}}
    for key in ("orgUnit", "group"):
        if target[key] is not None:
            of[f"{key}Id"] = target[key]["id"]
    of["by"] = ["AREA"] if target["area"] else []
    document = f"""query Figure($of: FigureInput!) {{
      {name}(of: $of) {{ rows {{ keys {{ key }} values {{ {shown} }} }} total {{ {shown} }} }}
    }}"""
    answer = (await gateway.ask(document, subject, of={**of, **more}))[name]
    if not target["area"]:
        return answer["total"][shown]  # type: ignore[no-any-return]
    rows: dict[str, int | None] = {
        row["keys"][0]["key"]: row["values"][shown] for row in answer["rows"]
    }
    return rows.get(target["area"], 0)


async def test_progress_is_what_the_figure_counts(gateway: RunningGateway) -> None:
    everything = await progress(gateway)
    assert {row["target"]["measure"] for row in everything.values()} == set(TargetMeasure)
    as_of = str(day(40))
    then = await progress(gateway, asOf=as_of)
    assert then.keys() == everything.keys()
    for id, row in everything.items():
        target = row["target"]
        assert row["counted"] == await of_figure(gateway, target), target
        assert then[id]["counted"] == await of_figure(gateway, target, asOf=as_of), target
        assert Decimal(row["share"]) == pytest.approx(Decimal(row["counted"]) / row["number"])
    counts = {row["counted"] for row in everything.values()}
    assert len(counts) > 2, "and there is something to count"
    encounters = [
        row["counted"] for row in everything.values() if row["target"]["measure"] == "ENCOUNTERS"
    ]
    assert sorted(encounters) == [0, 0, 4], "at the centre, in a group of nobody, and in Huye"


async def test_a_target_is_told_as_it_stood_on_a_day(gateway: RunningGateway) -> None:
    reach = global_id("Target", REACHING)
    for on, number in ((0, 200), (59, 200), (60, 250)):
        row = (await progress(gateway, asOf=str(day(on))))[reach]
        assert row["number"] == number
        assert Decimal(row["expected"]) == pytest.approx(Decimal(number) * (on + 1) / 365)
    assert await progress(gateway, asOf=str(day(-1))) == {}
    assert reach not in await progress(gateway, asOf=str(day(365)), current=True)
    assert reach in await progress(gateway, asOf=str(day(364)), current=True)


async def test_progress_is_of_places_that_one_sees_the_whole_of(gateway: RunningGateway) -> None:
    told = {MEETING, ENROLLING, VALIDATING, REACHING}
    by_id = {global_id("Target", one): one for one in told}

    async def seen(subject: str, **of: Any) -> set[Any]:
        return {by_id[id] for id in await progress(gateway, subject, **of) if id in by_id}

    assert await seen(OPERATOR) == told
    assert await seen("of the hospital") == {VALIDATING}
    assert await seen("of the south") == {VALIDATING, ENROLLING, MEETING}
    assert await seen("nobody") == set()
    assert await seen(OPERATOR, groupId=global_id("Group", CLUSTER)) == {MEETING}
    assert await seen(OPERATOR, orgUnitId=global_id("OrgUnit", HOSPITAL)) == {VALIDATING}
    assert await seen(OPERATOR, measure="VALIDATED") == {VALIDATING}


async def test_who_merely_views_sees_no_more_of_a_target_than_of_its_figure(
    gateway: RunningGateway,
) -> None:
    everything = await progress(gateway)
    viewed = await progress(gateway, "ministry")
    assert viewed, "there are some"
    for id, row in viewed.items():
        shown = await of_figure(gateway, row["target"], "ministry")
        assert row["counted"] in (shown, None), "what it hides is hidden, or more"
        if 0 < everything[id]["counted"] < 5:
            assert row["counted"] is None
            assert row["share"] is None
            assert row["suppressed"]
    assert any(row["suppressed"] for row in viewed.values())


async def test_two_targets_that_would_tell_of_few_together_are_not_both_told(
    gateway: RunningGateway,
) -> None:
    document = """query Both { targetProgress(programme: "INGOBYI", first: 20, measure: VALIDATED) {
      counted suppressed target { id starts } } }"""
    nothing = {"number": 3, "starts": day(1000), "record_version": 1, "position": 1}
    of = {"programme": "INGOBYI", "measure": "VALIDATED", "org_unit_id": HOSPITAL}
    for ends in (1001, 1002):
        id = uuid4()
        await gateway.insert(TARGET, id=id, ends=day(ends), **nothing, **of)
        await gateway.insert(TARGET_NUMBER, target_id=id, since=day(0), number=3)
    answer = await gateway.ask(document, "views the hospital")
    told = [row for row in answer["targetProgress"] if row["target"]["starts"] == str(day(1000))]
    assert [row["counted"] for row in told] == [0, None]
    assert [row["suppressed"] for row in told] == [False, True]
    plain = await gateway.ask(document, "of the hospital")
    told = [row for row in plain["targetProgress"] if row["target"]["starts"] == str(day(1000))]
    assert [row["counted"] for row in told] == [0, 0]


async def test_targets_are_listed_as_they_are(gateway: RunningGateway) -> None:
    document = """query Targets($filter: TargetFilter) {
      targets(first: 50, filter: $filter) { nodes { id measure number numbers { number } } } }"""

    async def listed(**filter: Any) -> set[str]:
        found = await gateway.ask(document, "of the hospital", filter=filter)
        return {node["id"] for node in found["targets"]["nodes"]}

    group = {"groupId": global_id("Group", CLUSTER)}
    assert await listed(**group) == {global_id("Target", MEETING)}, "they are no secret"
    assert global_id("Target", REACHING) in await listed(programme="INGOBYI", stands=True)
    assert await listed(stands=False) == set()


async def test_a_hundred_targets_are_told_at_once_and_no_more(gateway: RunningGateway) -> None:
    await gateway.ask(PROGRESS.replace("first: 20", "first: 100"))
    # Somebody else asks: a hundred cost most of what one may ask for at once.
    answer = await gateway.send(PROGRESS.replace("first: 20", "first: 101"), "views the hospital")
    assert answer["errors"][0]["extensions"]["code"] == "FIRST_OUT_OF_RANGE"
