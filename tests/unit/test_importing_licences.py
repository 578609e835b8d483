"""The licence that a row of a staff list tells of."""

from typing import Any

import pytest

from mshauri.importing.known import Known
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import plan_list
from tests.support.lists import read, told

HEADINGS = "number,givenNames,cadre,orgUnit,licenceBody,licenceNumber,licenceFrom,licenceUntil"
PERSON = "N-1,A,Nurse,H-1"


def house() -> Known:
    known = Known()
    known.ids["OrgUnit"] = {"H-1": "h1"}
    return known


def licences(cells: str, mapping: str = "{}") -> Any:
    """Return what the command of a row with these cells says of licences."""
    listed = read(HEALTH_WORKERS, HEADINGS, f"{PERSON},{cells}", mapping=read_mapping(mapping))
    (one,) = plan_list(listed, house())
    assert told(listed) == []
    return one.wishes[0].command.get("licences")


def test_a_licence_is_registered_with_its_person_as_far_as_it_is_told() -> None:
    assert licences("NCK,123,2026-01-01,31-Dec-2026") == [
        {
            "issuingBody": "NCK",
            "number": "123",
            "validFrom": "2026-01-01",
            "validUntil": "2026-12-31",
        }
    ]
    assert licences("NCK,123,,") == [{"issuingBody": "NCK", "number": "123"}]
    assert licences(",,,") is None


def test_who_issues_all_of_them_may_stand_in_the_mapping() -> None:
    default = "defaults: {licenceBody: NCK}"
    assert licences(",123,,", default) == [{"issuingBody": "NCK", "number": "123"}]
    assert licences(",,,", default) is None


@pytest.mark.parametrize(
    ("cells", "column"),
    [(",123,,", "licenceBody"), ("NCK,,,2026-12-31", "licenceNumber")],
)
def test_a_licence_has_a_number_and_a_body(cells: str, column: str) -> None:
    listed = read(HEALTH_WORKERS, HEADINGS, f"{PERSON},{cells}")
    assert told(listed) == [(2, column, "MISSING_VALUE")]


def test_a_licence_of_somebody_who_stands_is_not_compared_and_that_is_told() -> None:
    known = house()
    known.people["N-1"] = {"id": "x", "number": "N-1", "cadre": "Nurse"}
    listed = read(HEALTH_WORKERS, HEADINGS, f"{PERSON},NCK,123,,")
    plan_list(listed, known)
    (warning,) = listed.warnings
    assert (warning.code, warning.column, warning.value) == ("NOT_COMPARED", "licenceNumber", "")
