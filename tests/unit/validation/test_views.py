"""What validation has heard: where a mentee was on a day, by which rules, and who might assess."""

from datetime import date, timedelta
from typing import Any

from services.validation.views import as_of, may_assess

ENROLLED = {
    "id": "enrolment",
    "org_unit_id": "hospital",
    "programme_version_id": "version 1",
    "since": date(2018, 11, 1),
}


def since(month: int, unit: str | None = None, version: str | None = None) -> dict[str, Any]:
    return {"since": date(2019, month, 1), "org_unit_id": unit, "programme_version_id": version}


CHANGES = [since(6, version="version 2"), since(3, unit="centre"), since(9, unit="post")]


def standing(day: date) -> tuple[str, str]:
    known = as_of(day, ENROLLED, CHANGES)
    return known["org_unit_id"], known["programme_version_id"]


def test_a_fact_belongs_to_the_facility_and_the_rules_of_its_day() -> None:
    assert standing(date(2019, 2, 28)) == ("hospital", "version 1")
    assert standing(date(2019, 3, 1)) == ("centre", "version 1")
    assert standing(date(2019, 8, 1)) == ("centre", "version 2")
    assert standing(date(2019, 9, 1)) == ("post", "version 2")


def test_a_mentor_assesses_from_certification_on_and_not_while_suspended() -> None:
    rows = [
        {"since": date(2019, 1, 1), "may": True},
        {"since": date(2019, 7, 1), "may": True},
        {"since": date(2019, 5, 1), "may": False},
    ]
    eve = timedelta(days=1)
    assert not may_assess(date(2019, 1, 1) - eve, rows)
    assert may_assess(date(2019, 5, 1) - eve, rows)
    assert not may_assess(date(2019, 5, 1), rows)
    assert not may_assess(date(2019, 7, 1) - eve, rows)
    assert may_assess(date(2019, 7, 1), rows)
