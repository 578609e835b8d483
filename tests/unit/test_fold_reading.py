"""What one poll comes to: duplicates passed over, gaps and alterations seen, people parked."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from shared.bus.delivery import Delivered
from shared.ledger import Entry
from shared.projection import Change, Happening, Projection, ProjectorStopped, Upsert
from shared.projection.breaker import Breaker
from shared.projection.progress import Cursor, Reached, Stream
from shared.projection.reading import Folds, Reading
from tests.support.projecting import (
    MENTEES,
    Assessed,
    Enrolled,
    History,
    JsonDecoder,
    Unheeded,
    person,
    projections,
    unit,
)

ONE, TWO = person(1), person(2)


def assessed(raw: int) -> Assessed:
    return Assessed(competency="triage", raw=raw, maximum=20)


def enrolled() -> Enrolled:
    return Enrolled(name="Ange", unit=unit(1))


def read(
    entries: Iterable[Entry],
    *,
    cursors: dict[Stream, Cursor] | None = None,
    waiting: set[UUID] | None = None,
    breaker: Breaker | None = None,
    more: Iterable[Projection] = (),
) -> Reading:
    folds = Folds([*projections(), *more], JsonDecoder())
    reading = Reading(folds, breaker or Breaker(), cursors or {}, waiting or set())
    for offset, entry in enumerate(entries):
        reading.take(Delivered(service="registry", entry=entry, partition=3, offset=offset))
    return reading


def faults(reading: Reading) -> list[str | None]:
    return [parked.fault.code if parked.fault else None for parked in reading.parked]


def failing(*people: UUID) -> Projection:
    projection = Projection("failing")

    @projection.on(Assessed)
    def fold(event: Assessed, it: Happening) -> Iterator[Change]:
        if it.stream in people:
            raise KeyError("a bug")
        yield from ()

    return projection


def test_each_event_is_applied_once_however_often_it_is_delivered() -> None:
    first, second, third = History("registry").happen(ONE, enrolled(), assessed(1), assessed(2))
    reading = read([first, second, first, second, second, third, first, third])
    assert reading.moved == {("registry", ONE): Cursor(3, third.hash, 1, third.position)}
    assert reading.parked == []
    assert reading.reached == {("registry", 3): (8, Reached(1, 3))}


def test_a_missing_event_parks_its_person_and_no_other() -> None:
    history = History("registry")
    first, missing, third = history.happen(ONE, enrolled(), assessed(1), assessed(2))
    other = history.happen(TWO, enrolled())
    reading = read([first, third, *other])
    assert missing.version == 2
    assert faults(reading) == ["MISSING_EVENT"]
    assert reading.broken
    assert reading.moved[("registry", TWO)].version == 1


@pytest.mark.parametrize(
    "altered",
    [
        {"payload": b'{"competency":"triage","raw":20,"maximum":20}'},
        {"meta": b"{}"},
        {"topic": "test.withdrawn"},
        {"hash": bytes(32)},
    ],
)
def test_an_altered_event_is_seen(altered: dict[str, Any]) -> None:
    first, second = History("registry").happen(ONE, enrolled(), assessed(1))
    reading = read([first, replace(second, **altered)])
    assert faults(reading) == ["ALTERED_EVENT"]
    assert reading.moved[("registry", ONE)].version == 1


def test_another_past_under_a_known_version_is_seen() -> None:
    (first,) = History("registry").happen(ONE, enrolled())
    (other,) = History("registry").happen(ONE, Enrolled(name="Another", unit=unit(1)))
    assert faults(read([first, other])) == ["ALTERED_EVENT"]


def test_later_events_of_a_person_wait_behind_a_failed_one_whatever_their_stream() -> None:
    history = History("registry")
    history.happen(ONE, enrolled(), assessed(1))
    history.happen(TWO, enrolled(), key=ONE)
    history.happen(ONE, assessed(2))
    history.happen(person(3), enrolled())
    reading = read(history.entries, more=[failing(ONE)])
    assert [parked.delivered.entry.position for parked in reading.parked] == [2, 3, 4]
    assert faults(reading) == ["KeyError", None, None]
    assert set(reading.moved) == {("registry", ONE), ("registry", person(3))}


def test_a_failed_event_leaves_no_row_of_any_read_model() -> None:
    history = History("registry")
    history.happen(ONE, enrolled())
    reading = read(history.happen(ONE, assessed(1)), cursors=_at(history, 1), more=[failing(ONE)])
    assert not reading.batch


def test_what_a_parked_person_waits_for_moves_the_queue_when_it_comes() -> None:
    history = History("registry")
    history.happen(ONE, enrolled(), assessed(1), assessed(2), assessed(3))
    cursors = _at(history, 1)
    assert read(history.entries[2:], cursors=dict(cursors), waiting={ONE}).retry == set()
    assert read(history.entries[1:2], cursors=dict(cursors), waiting={ONE}).retry == {ONE}


def test_an_event_nobody_folds_is_not_even_decoded() -> None:
    history = History("registry")
    history.happen(ONE, Unheeded(), enrolled())
    reading = read(history.entries)
    assert reading.moved[("registry", ONE)].version == 2
    assert reading.parked == []


def test_an_impossible_row_is_the_events_own_fault() -> None:
    projection = Projection("wrong")

    @projection.on(Assessed)
    def fold(event: Assessed, it: Happening) -> Iterator[Change]:
        yield Upsert(MENTEES, (it.stream,), {"name": event.raw})

    history = History("registry")
    history.happen(ONE, enrolled(), assessed(1))
    assert faults(read(history.entries, more=[projection])) == ["IMPOSSIBLE_CHANGE"]


def test_a_bug_that_meets_everybody_stops_the_engine() -> None:
    history = History("registry")
    people = [person(number) for number in range(5)]
    for one in people:
        history.happen(one, enrolled(), assessed(1))
    with pytest.raises(ProjectorStopped, match=r"5 people's .* test\.assessed.*KeyError") as stop:
        read(history.entries, more=[failing(*people)], breaker=Breaker(4, stops=""))
    assert "a bug" not in str(stop.value), "a fault's text may be personal"
    enough, told = Breaker(5, stops=""), Breaker(4)
    assert len(read(history.entries, more=[failing(*people)], breaker=enough).parked) == 5
    assert len(read(history.entries, more=[failing(*people)], breaker=told).parked) == 5
    assert told.broken["test.assessed"][0] == 5


def test_a_success_in_between_means_that_not_everybody_is_met() -> None:
    history = History("registry")
    for number in range(6):
        history.happen(person(number), enrolled(), assessed(1))
    even = [person(number) for number in (0, 2, 4)]
    assert (
        len(read(history.entries, more=[failing(*even)], breaker=Breaker(1, stops="")).parked) == 3
    )


def _at(history: History, version: int) -> dict[Stream, Cursor]:
    """Return the cursors once the first stream's first `version` events are applied."""
    entry = history.entries[version - 1]
    return {("registry", entry.stream): Cursor(version, entry.hash)}
