"""Days in a column: by the format that is said or that the column proves; else refused."""

import pytest

from mshauri.importing.days import BadCell, Days, Written, days_of
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.mapping import read_mapping
from tests.support.lists import read, told

HEADINGS = "number,givenNames,familyName,cadre,orgUnit,occurredOn"


def day(cell: str, *column: str, written: tuple[Written, ...] = ()) -> str:
    """Return what a cell of a column means, or why it means nothing."""
    try:
        return days_of([cell, *column], written).read(cell)
    except BadCell as bad:
        return bad.code


@pytest.mark.parametrize(
    "cell",
    [
        *("2021-06-30", "2021/6/30", "2021.06.30", "2021-06-30 00:00:00", "2021-06-30T00:00:00Z"),
        *("30-Jun-2021", "30 June 2021", "30th June 2021", "June 30, 2021", "30 juin 2021"),
        *("30 Juni 2021", "30-junho-2021", "30 Kamena 2021", "30.Jun.2021", "30JUN2021"),
        *("30/06/2021", "30-06-2021", "30.6.2021", "06/30/2021", "2021-06-30 14:05:00"),
    ],
)
def test_what_can_only_be_one_day_is_that_day(cell: str) -> None:
    assert day(cell) == "2021-06-30"


def test_what_may_be_two_days_is_the_one_that_its_column_proves() -> None:
    assert day("05/06/2021") == "AMBIGUOUS_DAY"
    assert day("05/06/2021", "30/06/2021") == "2021-06-05"
    assert day("05/06/2021", "06/30/2021") == "2021-05-06"
    assert day("05/06/2021", "30/06/2021", "06/30/2021") == "AMBIGUOUS_DAY", "two hands"
    assert day("05/06/2021", "2021-06-30", "30-Jun-2021") == "AMBIGUOUS_DAY", "they prove nothing"
    assert day("05/05/2021") == "2021-05-05"
    assert day("05/06/2021", "99/06/2021") == "AMBIGUOUS_DAY", "no day proves nothing"


def test_an_ambiguous_day_is_told_with_its_column_and_both_readings() -> None:
    found = read(HEALTH_WORKERS, HEADINGS, "N-1,A,B,Nurse,H-1,05/06/2021")
    assert told(found) == [(2, "occurredOn", "AMBIGUOUS_DAY")]
    said = found.errors[0]
    assert "5 June 2021 or 6 May 2021" in said.problem
    assert "occurredOn" in said.problem
    assert "days: DD/MM/YYYY" in said.remedy


def test_a_mapping_says_how_days_are_written_of_all_or_of_one_column() -> None:
    row = "N-1,A,B,Nurse,H-1,05/06/2021"
    for text in (
        "days: MM/DD/YYYY",
        "columns: {occurredOn: {heading: occurredOn, days: MM/DD/YYYY}}",
    ):
        (draft,) = read(HEALTH_WORKERS, HEADINGS, row, mapping=read_mapping(text)).sound
        assert draft.values["occurredOn"] == "2021-05-06"


def test_days_of_several_hands_are_read_by_the_ways_that_are_said() -> None:
    ways = (Written.DAY_FIRST, Written.SERIAL, Written.MONTH_NAMED_SHORT)
    column = ("05/06/2021", "44377", "30-Jun-21", "2021-06-30")
    read = days_of(column, ways)
    assert [read.read(cell) for cell in column] == [
        *("2021-06-05", "2021-06-30", "2021-06-30", "2021-06-30")
    ]


def test_numbers_of_days_are_read_where_the_whole_column_is_written_so() -> None:
    assert day("44377", "44378.0", "2021-07-01") == "2021-06-30"
    assert day("44377", "30/06/2021") == "BAD_DAY"
    assert day("44377", "many") == "BAD_DAY"


@pytest.mark.parametrize(
    "cell",
    [
        *("30/06/21", "30-Jun-21", "20210630", "2021-W26-3", "31/02/2021", "2021-13-01", "June"),
        *("2021-06-30T21:00:00Z", "30 Foo 2021", "٣٠/٠٦/٢٠٢١", "4437", "1/2"),
    ],
)
def test_what_is_no_whole_day_is_refused(cell: str) -> None:
    assert day(cell) == "BAD_DAY"


def test_a_year_of_two_figures_is_none_of_the_future() -> None:
    short = Days(written=frozenset({Written.DAY_FIRST_SHORT}))
    assert short.read("30/06/21") == "2021-06-30"
    assert short.read("30/06/99") == "1999-06-30"
