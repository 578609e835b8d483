"""Programme versions: the fiscal year is the programme's own, and a digest tells rules apart."""

from datetime import date

import pytest
from msgspec.structs import replace

from services.registry.aggregates.programme_version import (
    AreaUnknown,
    CriteriaNotMet,
    CriterionUnknown,
    OtherProgrammeVersion,
    ProgrammeVersion,
    VersionNotNewer,
    digest_of,
)
from shared.contracts.definition import Calendar, Definition
from shared.contracts.definition.people import Criterion
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.domain import new_id
from shared.programmes.calendar import fiscal_year
from tests.support.definitions import definition


def starting(month_day: str) -> Definition:
    return replace(
        definition(), calendar=Calendar(zone="Africa/Kigali", fiscal_year_start=month_day)
    )


def published(rules: Definition) -> ProgrammeVersion:
    return ProgrammeVersion.begin(
        new_id(),
        ProgrammeVersionPublished(
            programme=rules.programme,
            programme_version=rules.version,
            digest=digest_of(rules),
            definition=rules,
        ),
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
    version = published(definition())
    assert version.area("RAM").association == "RAM"
    with pytest.raises(AreaUnknown, match="RPX"):
        version.area("RPX")


def test_the_digest_changes_with_the_smallest_rule() -> None:
    rules = definition()
    assert rules.validation is not None
    changed = replace(rules, validation=replace(rules.validation, threshold=84))
    assert digest_of(rules) == digest_of(definition())
    assert digest_of(rules) != digest_of(changed)


def test_who_is_moved_is_moved_forward_within_the_programme() -> None:
    rules = definition()
    third = published(replace(rules, version=3))
    third.must_follow(rules)
    with pytest.raises(VersionNotNewer):
        third.must_follow(replace(rules, version=3))
    with pytest.raises(VersionNotNewer):
        third.must_follow(replace(rules, version=4))
    with pytest.raises(OtherProgrammeVersion):
        third.must_follow(replace(rules, programme="another"))


def test_a_mentor_fulfils_every_criterion_of_the_selection() -> None:
    chosen = published(
        replace(
            definition(),
            selection=(
                Criterion(code="LICENCE", name="Licensed"),
                Criterion(code="REPUTATION", name="Well spoken of"),
                Criterion(code="PRACTICE", name="In active practice"),
            ),
        )
    )
    chosen.must_be_met(("PRACTICE", "LICENCE", "REPUTATION"))
    with pytest.raises(CriteriaNotMet, match="LICENCE, PRACTICE"):
        chosen.must_be_met(("REPUTATION",))
    with pytest.raises(CriterionUnknown):
        chosen.must_be_met(("LICENCE", "REPUTATION", "PRACTICE", "COURAGE"))


def test_without_criteria_anybody_can_be_put_forward() -> None:
    published(definition()).must_be_met(())
