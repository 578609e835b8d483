"""Among all that was recorded between, exactly the events are named that changed the answer."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mshauri.replaying.differences import Difference
from mshauri.replaying.searching import PARTS, made_by
from shared.bus.delivery import Delivered
from shared.ledger import Entry

NOBODY = UUID(int=0)


def an_event(number: int) -> Delivered:
    entry = Entry(
        position=number,
        epoch=1,
        id=NOBODY,
        stream=NOBODY,
        kind="record",
        version=number,
        key=NOBODY,
        topic="registry.record.changed",
        recorded=datetime(2021, 1, 1, tzinfo=UTC),
        command_id=NOBODY,
        meta=b"",
        payload=b"",
        hash=b"",
        seal=None,
    )
    return Delivered(service="registry", entry=entry, partition=0, offset=number)


@dataclass
class Counting:
    """A copy whose answer is how many of the events that count it holds."""

    counting: frozenset[int]
    held: list[int] = field(default_factory=list)

    async def apply(self, events: Sequence[Delivered]) -> None:
        self.held += [one.offset for one in events]

    async def ask(self) -> object:
        # All that came before is there, whatever was looked at.
        assert self.held == list(range(1, len(self.held) + 1))
        return {"count": len(self.counting.intersection(self.held))}


async def named(count: int, counting: set[int]) -> list[int]:
    async def events() -> AsyncIterator[Delivered]:
        for number in range(1, count + 1):
            yield an_event(number)

    @asynccontextmanager
    async def copies() -> AsyncIterator[Counting]:
        yield Counting(frozenset(counting))

    make: Callable[[], AsyncIterator[Delivered]] = events
    made = await made_by(count, make, copies)
    assert [one.differences for one in made] == [
        (Difference("count", before, before + 1),) for before in range(len(counting))
    ]
    return [one.event.offset for one in made]


@pytest.mark.parametrize("count", [1, PARTS, PARTS + 1, PARTS**2, PARTS**2 * 3])
async def test_the_first_and_the_last_are_found_however_many_there_are(count: int) -> None:
    assert await named(count, {1, count}) == sorted({1, count})


async def test_where_nothing_was_recorded_nothing_made_a_difference() -> None:
    assert await named(0, set()) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3000), st.data())
async def test_each_is_found_and_no_other(count: int, data: st.DataObject) -> None:
    counting = data.draw(st.sets(st.integers(1, count), max_size=12))

    assert await named(count, counting) == sorted(counting)
