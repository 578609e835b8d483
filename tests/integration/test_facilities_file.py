"""The real Kenyan list, planned: skipped, saying so, where it is not beside the repository."""

from collections import Counter
from pathlib import Path

import pytest

from mshauri.importing.job import Job
from mshauri.importing.lists.facilities import FACILITIES
from mshauri.importing.plan import Listed
from mshauri.importing.tree import grow
from shared.contracts.registry.org_unit import OrgUnitKind

FILE = Path(__file__).parents[3] / "shared" / "data" / "kmhfl-seven-counties.csv"

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"the Kenyan facility list is not at {FILE}"
)


def plan(*, swap: bool) -> Listed:
    return Job(FACILITIES, FILE, map="kmhfl", swap=swap).read()


def test_1993_facilities_land_and_three_without_a_code_are_refused() -> None:
    found = plan(swap=True)
    assert found.rows == 1996
    assert len(grow(found).listed) == 1993
    assert [error.code for error in found.errors] == ["MISSING_CODE"] * 3
    assert [error.row for error in found.errors] == [579, 925, 1450]


def test_the_tree_above_them_is_complete() -> None:
    kinds = Counter(unit.kind for unit in grow(plan(swap=True)).units)
    assert kinds[OrgUnitKind.COUNTY] == 7
    assert kinds[OrgUnitKind.SUB_COUNTY] == 53
    assert kinds[OrgUnitKind.WARD] == 260


def test_stray_spaces_are_counted() -> None:
    assert plan(swap=True).sheet.trimmed_cells == 36


def test_swapped_coordinates_are_seen_and_the_option_named() -> None:
    found = plan(swap=False)
    codes = Counter(error.code for error in found.errors)
    assert codes["COORDINATES_SWAPPED"] == 1847
    assert all(
        "--swap-coordinates" in error.remedy
        for error in found.errors
        if error.code == "COORDINATES_SWAPPED"
    )
