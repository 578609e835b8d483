"""Small words of the engine: partitions and notifications."""

import pytest

from shared.projection.ownership import parse_partitions
from shared.projection.progress import chunks


@pytest.mark.parametrize(
    ("spec", "partitions"),
    [("0-23", tuple(range(24))), ("7", (7,)), ("3-5, 1,4", (1, 3, 4, 5))],
)
def test_partitions_are_ranges_and_numbers(spec: str, partitions: tuple[int, ...]) -> None:
    assert parse_partitions(spec) == partitions


@pytest.mark.parametrize("spec", ["", "a", "0-24", "-1", "5-3", "1;2"])
def test_other_partitions_are_refused(spec: str) -> None:
    with pytest.raises(ValueError, match="partitions"):
        parse_partitions(spec)


def test_notifications_stay_below_what_postgresql_carries_and_lose_nothing() -> None:
    tokens = [f"registry.{partition}.{10**12 + partition}" for partition in range(1000)]
    payloads = chunks(tokens)
    assert max(len(payload.encode()) for payload in payloads) < 8000
    assert " ".join(payloads).split() == tokens
    assert len(payloads) == 4
    assert chunks([]) == []
