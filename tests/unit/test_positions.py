"""A person's partition is Kafka's own choice."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2

from shared.positions import PARTITIONS, partition_of


@given(st.uuids())
def test_a_key_goes_where_kafka_itself_would_send_it(key: UUID) -> None:
    theirs = (murmur2(str(key).encode()) & 0x7FFFFFFF) % PARTITIONS
    assert partition_of(key) == theirs
