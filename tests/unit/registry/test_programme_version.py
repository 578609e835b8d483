"""Programme versions: the fiscal year is the programme's own, and a digest tells rules apart."""

from datetime import date

import pytest
from msgspec.structs import replace

from services.registry.aggregates.programme_version import (
    AreaUnknown,
    ProgrammeVersion,
    digest_of,
    fiscal_year,
)
from shared.contracts.definition import Calendar, Definition
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.domain import new_id
from tests.support.definitions import definition


def starting(month_day: str) -> Definition:
    return replace(
        definition(), calendar=Calendar(zone="Africa/Kigali", fiscal_year_start=month_day)
    )


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2018, 9, 30), 2018),
        (date(2018, 10, 1), 2019),
        (date(2019, 9, 30), 2019),
        (date(2019, 10, 1), 2020),
    ],
)
def test_a_year_from_october_is_named_by_the_year_it_ends_in(day: date, year: int) -> None:
    assert fiscal_year(starting("10-01"), day) == year


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2019, 12, 31)])
def test_a_year_from_january_is_the_calendar_year(day: date) -> None:
    assert fiscal_year(starting("01-01"), day) == 2019


def test_an_area_that_the_programme_lacks_is_refused_with_those_it_has() -> None:
    rules = definition()
    version = ProgrammeVersion.begin(
        new_id(),
        ProgrammeVersionPublished(
            programme=rules.programme,
            programme_version=1,
            digest=digest_of(rules),
            definition=rules,
        ),
    )
    assert version.area("RAM").association == "RAM"
    with pytest.raises(AreaUnknown, match="RPX"):
        version.area("RPX")


def test_the_digest_changes_with_the_smallest_rule() -> None:
    rules = definition()
    changed = replace(rules, validation=replace(rules.validation, threshold=84))
    assert digest_of(rules) == digest_of(definition())
    assert digest_of(rules) != digest_of(changed)
