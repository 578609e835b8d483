"""The collector looks seldom, and still finds what only it can."""

import gc
from collections.abc import Iterator

import pytest

from shared.runtime.garbage import look_seldom


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def looks() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


def test_what_comes_to_stay_is_not_looked_through_with_every_command() -> None:
    look_seldom()
    before = looks()
    remembered = [[number] for number in range(10_000)]
    assert looks() - before <= 1
    assert remembered


def test_what_refers_to_itself_is_let_go_of_all_the_same() -> None:
    look_seldom()
    before = len(gc.get_objects())
    for _ in range(100_000):
        lost: list[object] = []
        lost.append(lost)
    assert len(gc.get_objects()) - before < 50_000
