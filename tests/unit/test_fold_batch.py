"""A poll's changes, brought together, have the outcome of applying them one by one."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.projection import Change, Column, Delete, ImpossibleChange, Patch, Table, Upsert
from shared.projection.batch import Batch

T = Table(
    name="thing",
    version=1,
    key=("id",),
    columns={
        "id": Column(type="integer"),
        "a": Column(type="integer"),
        "b": Column(type="integer", nullable=True),
        "c": Column(type="text", nullable=True),
    },
)
Rows = dict[tuple[Any, ...], dict[str, Any]]
EMPTY = {"a": None, "b": None, "c": None}


def one_by_one(changes: Iterable[Change]) -> Rows:
    """Apply changes as their docstrings say, one at a time."""
    rows: Rows = {}
    for change in changes:
        if isinstance(change, Delete):
            rows.pop(change.key, None)
        elif isinstance(change, Upsert):
            rows[change.key] = rows.get(change.key, EMPTY) | change.values
        elif change.key in rows:
            rows[change.key] = rows[change.key] | change.values
    return rows


def carried_out(batches: Iterable[Batch]) -> Rows:
    """Carry out each batch's operations, in the order the writer does."""
    rows: Rows = {}
    for batch in batches:
        for work in batch.work():
            for key in work.removals:
                rows.pop(key, None)
            for group in work.patches.values():
                for key, values in group:
                    if key in rows:
                        rows[key] = rows[key] | values
            for group in work.upserts.values():
                for key, values in group:
                    rows[key] = rows.get(key, EMPTY) | values
    return rows


KEYS = st.tuples(st.integers(1, 3))
OPTIONAL = {
    "b": st.none() | st.integers(0, 9),
    "c": st.none() | st.sampled_from("xyz"),
}
CHANGES = st.one_of(
    st.builds(
        Upsert,
        st.just(T),
        KEYS,
        st.fixed_dictionaries({"a": st.integers(0, 9)}, optional=OPTIONAL),
    ),
    st.builds(
        Patch,
        st.just(T),
        KEYS,
        st.fixed_dictionaries({}, optional={"a": st.integers(0, 9), **OPTIONAL}),
    ),
    st.builds(Delete, st.just(T), KEYS),
)


@given(st.lists(st.lists(CHANGES, max_size=4), max_size=12), st.integers(1, 12))
def test_the_outcome_is_that_of_one_change_after_the_other(
    events: list[list[Change]], size: int
) -> None:
    batches = []
    for start in range(0, len(events), size):
        batch = Batch()
        for changes in events[start : start + size]:
            batch.add(changes)
        batches.append(batch)
    assert carried_out(batches) == one_by_one(change for event in events for change in event)


@given(st.lists(CHANGES, max_size=30))
def test_a_key_is_written_at_most_once_in_each_way(changes: list[Change]) -> None:
    batch = Batch()
    batch.add(changes)
    for work in batch.work():
        for way in (
            work.removals,
            [key for group in work.patches.values() for key, _ in group],
            [key for group in work.upserts.values() for key, _ in group],
        ):
            assert len(way) == len(set(way))


def test_a_row_that_is_made_again_has_nothing_of_the_one_removed() -> None:
    batch = Batch()
    batch.add([Delete(T, (1,)), Upsert(T, (1,), {"a": 1})])
    (work,) = batch.work()
    assert work.removals == []
    assert list(work.upserts.values()) == [[((1,), {"a": 1, "b": None, "c": None})]]


def test_a_fold_keeps_its_own_values() -> None:
    values = {"a": 1}
    batch = Batch()
    batch.add([Upsert(T, (1,), values), Patch(T, (1,), {"a": 2})])
    assert values == {"a": 1}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Upsert(T, (1,), {"b": 1}), "cannot be made without a"),
        (Upsert(T, (1,), {"a": None}), "a may not be empty"),
        (Patch(T, (1,), {"a": None}), "a may not be empty"),
        (Patch(T, (1,), {"d": 1}), "no column d"),
        (Patch(T, (1,), {"id": 2}), "id belongs to the key"),
        (Patch(T, (1,), {"a": "1"}), "a is integer, not str of that content"),
        (Patch(T, (1,), {"a": True}), "a is integer, not bool of that content"),
        (Patch(T, (1,), {"a": 2**31}), "a is integer, not int of that content"),
        (Patch(T, (1,), {"c": "nul \x00"}), "c is text, not str of that content"),
        (Delete(T, (1, 2)), "takes 1 values, not 2"),
        (Delete(T, (None,)), "id may not be empty"),
    ],
)
def test_an_impossible_change_is_refused_whatever_else_the_poll_holds(
    change: Change, says: str
) -> None:
    batch = Batch()
    with pytest.raises(ImpossibleChange, match=says):
        batch.add([Upsert(T, (7,), {"a": 1}), change])
    assert not batch, "the event's possible changes are left out too"


WHEN = datetime(2021, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        ("uuid", UUID(int=1), str(UUID(int=1))),
        ("bigint", 2**40, 2**63),
        ("date", date(2021, 3, 1), WHEN),
        ("timestamptz", WHEN, datetime(2021, 3, 1)),
        ("boolean", True, 1),
        ("numeric", 3, 3.5),
        ("bytea", b"\x00", "0"),
        ("uuid[]", [UUID(int=1)], [str(UUID(int=1))]),
        ("text[]", ("a", "b"), "ab"),
    ],
)
def test_each_column_type_takes_its_own_values_alone(type: str, good: object, bad: object) -> None:
    table = Table(
        name="t", version=1, key=("k",), columns={"k": Column(type="text"), "v": Column(type=type)}
    )
    Batch().add([Upsert(table, ("k",), {"v": good})])
    with pytest.raises(ImpossibleChange):
        Batch().add([Upsert(table, ("k",), {"v": bad})])


def test_a_table_of_unknown_types_or_columns_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="varchar is none of"):
        Table(name="t", version=1, key=("k",), columns={"k": Column(type="varchar")})
    with pytest.raises(ValueError, match="no such columns"):
        Table(name="t", version=1, key=("k",), columns={"l": Column(type="text")})
