"""Two who have the same of a ledger tally alike, in any order; who has not is found out."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshauri.verify.tally import STRETCH, Tally

END = 2_500


def _digest(position: int) -> bytes:
    return (position * 7_919).to_bytes(32, "big")


def _whole() -> Tally:
    tally = Tally(END)
    for position in range(1, END + 1):
        tally.add(position, _digest(position))
    return tally


@given(st.integers(0, 1 << 32))
def test_order_and_repetition_make_no_difference(seed: int) -> None:
    came = [*range(1, END + 1), *range(40, 90)]
    Random(seed).shuffle(came)
    tally = Tally(END)
    for position in came:
        tally.add(position, _digest(position))
    assert tally.count == END
    assert tally.differs(_whole()) is None
    assert list(tally.missing()) == []


@pytest.mark.parametrize("position", [1, 999, 1_000, 1_001, END])
def test_what_is_missing_is_named(position: int) -> None:
    tally = Tally(END)
    for other in range(1, END + 1):
        if other != position:
            tally.add(other, _digest(other))
    assert list(tally.missing()) == [position]
    assert tally.count == END - 1


@pytest.mark.parametrize("position", [1, 999, 1_000, 1_001, END])
def test_where_something_else_stands_is_found_within_a_stretch(position: int) -> None:
    tally = Tally(END)
    for other in range(1, END + 1):
        tally.add(other, _digest(other if other != position else other + 1))
    among = tally.differs(_whole())
    assert among is not None
    assert position in among
    assert len(among) <= STRETCH


def test_what_came_after_the_count_was_begun_is_not_counted() -> None:
    tally = _whole()
    tally.add(END + 1, _digest(END + 1))
    tally.add(0, _digest(0))
    assert tally.count == END
    assert tally.differs(_whole()) is None


def test_tallies_of_two_lengths_are_not_held_against_each_other() -> None:
    with pytest.raises(ValueError, match="up to 2500 is held against one up to 3"):
        _whole().differs(Tally(3))
