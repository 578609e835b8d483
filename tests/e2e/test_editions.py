"""Two editions of a master facility list of 1,400, one after the other, into a whole running stack:
all lands but the invented mistakes, and what can be read afterwards is what the list says.
"""

import asyncio
import csv
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from mshauri.api import Api
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.support.editions import MAPPING, Edition, Stands, editions
from tests.support.servers import temporary_directory

FIRST, SECOND, LATER = "2024-01-01", "2025-01-01", "2025-06-01"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]

UNITS = """
query Units($after: Cursor) {
  orgUnits(first: 100, after: $after) {
    nodes {
      code name kind since parent { name kind parent { name kind } }
      facilityType facilityLevel facilityOwnership latitude longitude beds operational
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True)
class Result:
    """The result file of an import."""

    lines: list[dict[str, str]]

    def facilities(self, outcome: str) -> Counter[str]:
        """Count the lines of each facility that had an outcome."""
        return Counter(
            line["unit_code"]
            for line in self.lines
            if line["outcome"] == outcome and line["kind"] == "FACILITY"
        )

    def told(self, outcome: str) -> set[tuple[int, str, str]]:
        """Return row, column and code of every line that tells why it had an outcome."""
        return {
            (int(line["row"]), line["column"], line["error_code"])
            for line in self.lines
            if line["outcome"] == outcome
        }

    def mistakes(self) -> Counter[str]:
        """Count the refusals by code."""
        return Counter(line["error_code"] for line in self.lines if line["outcome"] == "REFUSED")


@dataclass(frozen=True)
class House:
    """A running stack, how the command line reaches it, and where lists are."""

    gateway: str
    token: str
    directory: Path

    async def land(self, name: str, edition: Edition, since: str) -> tuple[int, str, Result]:
        """Import an edition with `--update`; return how it ended, what it said, and its result."""
        file, mapping = self.directory / name, self.directory / "zanga.yaml"
        file.write_text(edition.text(), encoding="utf-8")
        mapping.write_text(MAPPING, encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mshauri", "import", "facilities", str(file)),
            *("--map", str(mapping), "--since", since, "--update"),
            env={
                **os.environ,
                "MSHAURI_GATEWAY_URL": self.gateway,
                "MSHAURI_TOKEN": self.token,
                "COLUMNS": "200",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        with file.with_suffix(".result.csv").open(encoding="utf-8", newline="") as lines:
            return process.returncode, said.decode(), Result(list(csv.DictReader(lines)))

    async def facilities(self) -> dict[str, Stands]:
        """Return every facility as GraphQL shows it, by its code."""
        found: dict[str, Stands] = {}
        page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        async with Api(self.gateway, self.token) as api:
            while page["hasNextPage"]:
                answer = (await api.ask(UNITS, after=page["endCursor"]))["orgUnits"]
                page = answer["pageInfo"]
                for node in answer["nodes"]:
                    if node["kind"] == "FACILITY":
                        found[node["code"]] = _stands(node)
        return found


def _stands(node: dict[str, Any]) -> Stands:
    district = node["parent"]
    assert (district["kind"], district["parent"]["kind"]) == ("DISTRICT", "PROVINCE")
    return Stands(
        name=node["name"],
        type=node["facilityType"],
        level=node["facilityLevel"],
        ownership=node["facilityOwnership"],
        province=district["parent"]["name"],
        district=district["name"],
        latitude=node["latitude"],
        longitude=node["longitude"],
        beds=node["beds"],
        operational=node["operational"],
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    """One stack for the module."""
    with temporary_directory() as data, temporary_directory() as lists:
        async with Stack(data, environ={}) as stack:
            yield House(stack.gateway_url, DevelopmentIssuer(data).mint(OPERATOR), lists)


async def test_two_editions_land_one_after_the_other_and_nothing_is_refused_but_the_mistakes(
    house: House,
) -> None:
    first, second = editions()

    code, said, result = await house.land("first.csv", first, FIRST)
    assert code == 1, said
    must_be_told(result, first)
    assert await house.facilities() == first.stands

    code, said, result = await house.land("second.csv", second, SECOND)
    assert code == 1, said
    must_be_told(result, second)
    assert await house.facilities() == second.stands

    # Once more, on another day: nothing is left to do, and the mistakes are the same.
    code, said, result = await house.land("second.csv", second, LATER)
    assert code == 1, said
    landed = second.new | second.changed | second.same
    assert set(result.facilities("ALREADY_THERE")) == landed
    assert not {line["outcome"] for line in result.lines} & {"ESTABLISHED", "UPDATED"}
    assert result.told("REFUSED") == second.refused
    assert await house.facilities() == second.stands


def must_be_told(result: Result, edition: Edition) -> None:
    """Check what an import told of each row against what becomes of it."""
    assert result.told("REFUSED") == edition.refused
    assert result.mistakes() == edition.refused_by_code()
    assert result.told("LEFT_OUT") == edition.left_out
    assert result.told("WARNING") == edition.warned
    assert set(result.facilities("ESTABLISHED")) == edition.new
    updated = result.facilities("UPDATED")
    assert (set(updated), updated.total()) == (edition.changed, edition.changes)
    assert set(result.facilities("ALREADY_THERE")) == edition.same
