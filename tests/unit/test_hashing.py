"""The hash of an entry: the same for ever, and different for any difference."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.proof.hashing import NOTHING, chain_hash, stream_hash

ENTRY: dict[str, Any] = {
    "stream": UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    "version": 3,
    "recorded": datetime(2025, 3, 14, 9, 26, 53, 589793, tzinfo=UTC),
    "topic": "registry.health_worker.registered",
    "meta": b'{"actor":"mentor-17"}',
    "payload": b'{"cadre":"nurse"}',
}


def test_the_hash_of_an_entry_is_what_it_was_when_the_first_evidence_was_signed() -> None:
    # Changed by any change of the format: then every hash that was ever handed out is void.
    hashed = stream_hash(NOTHING, **ENTRY)
    assert hashed.hex() == ("c52ff151d39e0daf6910f5a43e3d9f48f99160b2d8ea290c6c8aaddecd04f3de")
    assert chain_hash(NOTHING, hashed).hex() == (
        "028d778211a317866977aca72aac8f6ccc6123dfe9d7b12e8fc0c48ebdf0af97"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"stream": UUID(int=1)},
        {"version": 4},
        {"recorded": ENTRY["recorded"] + timedelta(microseconds=1)},
        {"topic": "registry.health_worker.renamed"},
        {"meta": b'{"actor":"mentor-18"}'},
        {"payload": b'{"cadre":"doctor"}'},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_change_in_any_field_changes_the_hash(other: dict[str, Any]) -> None:
    assert stream_hash(NOTHING, **ENTRY | other) != stream_hash(NOTHING, **ENTRY)


def test_a_change_in_the_past_changes_the_hash() -> None:
    assert stream_hash(bytes(31) + b"\x01", **ENTRY) != stream_hash(NOTHING, **ENTRY)


def test_the_same_instant_in_another_zone_is_the_same() -> None:
    kigali = ENTRY["recorded"].astimezone(timezone(timedelta(hours=2)))
    assert stream_hash(NOTHING, **ENTRY | {"recorded": kigali}) == stream_hash(NOTHING, **ENTRY)


@given(st.text(max_size=6), st.binary(max_size=6), st.binary(max_size=6))
def test_no_byte_can_move_from_one_field_to_its_neighbour(
    topic: str, meta: bytes, payload: bytes
) -> None:
    joined = meta + payload
    splits = [(joined[:at], joined[at:]) for at in range(len(joined) + 1)]
    hashes = [
        stream_hash(NOTHING, **ENTRY | {"topic": topic, "meta": left, "payload": right})
        for left, right in splits
    ]
    assert all(one != other for one, other in combinations(hashes, 2))


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_are_told_apart_to_the_microsecond(one: datetime, other: datetime) -> None:
    same = stream_hash(NOTHING, **ENTRY | {"recorded": one}) == stream_hash(
        NOTHING, **ENTRY | {"recorded": other}
    )
    assert same == (one == other)


def test_an_entry_s_hash_and_the_ledger_s_are_of_two_kinds() -> None:
    # The leading byte keeps a link of the chain from passing for an entry.
    hashed = stream_hash(NOTHING, **ENTRY)
    assert chain_hash(NOTHING, hashed) != chain_hash(hashed, NOTHING)
    assert chain_hash(NOTHING, hashed) != hashed
