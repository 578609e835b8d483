"""Which moment is meant: a day is its end in a zone; what is none, or has not come, is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mshauri.replaying.cut import NoMoment, NoSuchZone, moment_of
from shared.domain.as_of import AsOfBeforeFirstEvent, AsOfInFuture, AsOfWithoutZone

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_a_day_means_its_last_instant_in_its_zone() -> None:
    meant = moment_of("2021-09-30", "Africa/Kigali", NOW)

    assert meant.instant == datetime(2021, 9, 30, 21, 59, 59, 999999, tzinfo=UTC)
    assert meant.day == date(2021, 9, 30)


def test_the_day_of_a_zone_west_of_greenwich_is_that_zones_though_it_is_the_next_in_utc() -> None:
    meant = moment_of("2021-09-30", "America/New_York", NOW)

    assert meant.instant.date() == date(2021, 10, 1)
    assert meant.day == date(2021, 9, 30)


def test_of_a_day_whose_last_hour_comes_twice_the_second_one_ends_it() -> None:
    # In Cuiaba the clocks went back from midnight to 23:00 of that day.
    before = moment_of("2019-02-15", "America/Cuiaba", NOW)
    meant = moment_of("2019-02-16", "America/Cuiaba", NOW)

    assert meant.instant - before.instant == timedelta(hours=25)


def test_an_instant_is_taken_with_its_offset_and_a_local_time_with_its_zone() -> None:
    same = datetime(2021, 9, 30, 16, tzinfo=UTC)

    assert moment_of("2021-09-30T18:00:00+02:00", None, NOW).instant == same
    assert moment_of("2021-09-30T18:00:00", "Africa/Kigali", NOW).instant == same
    assert moment_of("2021-09-30T23:30:00Z", "Africa/Kigali", NOW).day == date(2021, 10, 1)


@pytest.mark.parametrize("given", ["2021-09-30", "2021-09-30T18:00:00"])
def test_what_is_another_instant_in_every_zone_is_refused(given: str) -> None:
    with pytest.raises(AsOfWithoutZone) as refused:
        moment_of(given, None, NOW)

    assert refused.value.code == "AS_OF_WITHOUT_ZONE"
    assert given in refused.value.message


@pytest.mark.parametrize(
    "given", ["2024-05-01", "2024-05-02", "9999-12-31", "2024-05-01T12:00:00.000001Z"]
)
def test_a_moment_that_has_not_come_is_refused(given: str) -> None:
    with pytest.raises(AsOfInFuture) as refused:
        moment_of(given, "Africa/Kigali", NOW)

    assert refused.value.code == "AS_OF_IN_FUTURE"


@pytest.mark.parametrize("given", ["0001-01-01", "1899-12-31", "0001-01-01T00:00:00+14:00"])
def test_a_year_that_nothing_reckons_with_lies_before_everything(given: str) -> None:
    with pytest.raises(AsOfBeforeFirstEvent) as refused:
        moment_of(given, "Africa/Kigali", NOW)

    assert refused.value.code == "AS_OF_BEFORE_FIRST_EVENT"


@pytest.mark.parametrize(
    "given", ["", "yesterday", "2021-02-30", "30/09/2021", "2021-09-30T25:00Z"]
)
def test_what_is_no_moment_is_refused(given: str) -> None:
    with pytest.raises(NoMoment):
        moment_of(given, "Africa/Kigali", NOW)


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(NoSuchZone):
        moment_of("2021-09-30", "Kigali", NOW)
