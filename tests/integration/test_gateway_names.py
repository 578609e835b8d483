"""Names as people read them: sorted and found whatever their case, accents and Unicode form."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from unicodedata import normalize
from uuid import uuid4

import pytest

from services.gateway.projections.groups import GROUP
from services.gateway.projections.org_units import ORG_UNIT
from tests.support.gateway import RunningGateway, running_gateway

IN_ORDER = ["abak", "Éboko", "ebuka", "École A", "ecole B", normalize("NFD", "École C"), "Zulu"]
FIND = """query($part: String!) {
    orgUnits(first: 9, filter: {nameContains: $part}) { nodes { name } }
}"""
RECORD = {"since": date(2015, 1, 1), "record_version": 1, "position": 1}


@pytest.fixture
async def gateway(database: str, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(database, tmp_path) as running:
        yield running


async def named(gateway: RunningGateway, *names: str) -> None:
    """Show units of these names."""
    for name in names:
        await gateway.insert(
            ORG_UNIT, id=uuid4(), code=f"U-{uuid4()}", name=name, unit_kind="FACILITY",
            state="ACTIVE", predecessors=[], successors=[], **RECORD,
        )  # fmt: skip


async def pages(gateway: RunningGateway, order: str, first: int) -> list[str]:
    """Return the names of all units, a page at a time."""
    found: list[str] = []
    after = None
    while True:
        document = (
            f"query($after: Cursor) {{ orgUnits(first: {first}, after: $after, orderBy: {order})"
            " { nodes { name } pageInfo { hasNextPage endCursor } } }"
        )
        page = (await gateway.ask(document, after=after))["orgUnits"]
        found += [node["name"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_units_are_sorted_as_people_read_however_long_a_page_is(
    gateway: RunningGateway,
) -> None:
    await named(gateway, *sorted(IN_ORDER))
    for first in (1, 2, 3, 50):
        assert await pages(gateway, "NAME", first) == IN_ORDER
    assert await pages(gateway, "NAME_DESC", 2) == IN_ORDER[::-1]


async def test_units_of_one_name_are_each_listed_once(gateway: RunningGateway) -> None:
    await named(gateway, *["Clinique", "CLINIQUE", "clinique"] * 3, "Zulu")
    found = await pages(gateway, "NAME", 2)
    assert len(found) == 10
    assert found.count("Clinique") == found.count("CLINIQUE") == 3


async def test_a_name_is_found_by_part_of_it_in_any_form(gateway: RunningGateway) -> None:
    composed, apart = (f"Hôpital Régional {n}" for n in (1, 2))
    names = [normalize("NFC", composed), normalize("NFD", apart)]
    await named(gateway, *names, "Centre de Santé", "100% Santé")
    hopital = normalize("NFD", "Hôpital")
    for part in ("Hopital", "hôpital", hopital, "HÔPITAL r", "regional", "Hopital  Reg"):
        answer = await gateway.ask(FIND, part=part)
        assert sorted(node["name"] for node in answer["orgUnits"]["nodes"]) == sorted(names), part


async def test_signs_of_patterns_are_looked_for_as_they_are(gateway: RunningGateway) -> None:
    await named(gateway, "Hôpital", "100% Santé", "a_b", "a\\b")
    for part, name in (("%", "100% Santé"), ("_", "a_b"), ("\\", "a\\b")):
        answer = await gateway.ask(FIND, part=part)
        assert [node["name"] for node in answer["orgUnits"]["nodes"]] == [name]


async def test_groups_are_sorted_as_people_read(gateway: RunningGateway) -> None:
    for name in ("Zone", "équipe", "Entre", "Équipe 2"):
        await gateway.insert(
            GROUP, id=uuid4(), code=f"G-{uuid4()}", name=name, group_kind="CLUSTER", **RECORD
        )
    answer = await gateway.ask("{ groups(first: 9, orderBy: NAME) { nodes { name } } }")
    names = [node["name"] for node in answer["groups"]["nodes"]]
    assert names == ["Entre", "équipe", "Équipe 2", "Zone"]
