"""A batch's body gives back the records that were put into it, and what is no body is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from shared.bus.envelope import Record
from shared.bus.framing import Framed, frame, headers_of, unframe

_headers = st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=200)), max_size=20)
_records = st.lists(
    st.builds(
        Record,
        st.binary(max_size=40),
        st.binary(max_size=300),
        _headers,
        st.integers(0, 2**41),
    ),
    min_size=1,
    max_size=70,
)


@given(_records, st.integers(0, 2**40))
def test_what_was_framed_comes_back_from_the_offset_the_broker_gave_it(
    records: list[Record], first: int
) -> None:
    body = frame(records, records[0].timestamp_ms)
    found = list(unframe(body, len(records), first))
    assert [(one.key, one.value, headers_of(one.headers)) for one in found] == [
        (one.key, one.value, one.headers) for one in records
    ]
    assert [one.offset for one in found] == list(range(first, first + len(records)))


def test_what_kafka_python_wrote_is_read_as_it_reads_it() -> None:
    builder = DefaultRecordBatchBuilder(2, 0, False, -1, -1, -1, 1 << 20)
    builder.append(0, 1_700_000_000_000, b"key", b"value" * 50, [("a", b"1"), ("b", b"2" * 99)])
    builder.append(1, 1_600_000_000_000, None, None, [])
    batch = DefaultRecordBatch(builder.build())
    body = bytes(batch._buffer[batch._pos :])
    assert [
        (one.offset, one.key, one.value, headers_of(one.headers)) for one in unframe(body, 2, 0)
    ] == [(one.offset, one.key, one.value, one.headers) for one in batch]


BODY = frame([Record(b"key", b"value", [("name", b"content")], 0)] * 2, 0)


@pytest.mark.parametrize("end", range(len(BODY)))
def test_a_body_that_is_cut_off_is_none(end: int) -> None:
    with pytest.raises((ValueError, IndexError)):
        list(unframe(BODY[:end], 2, 0))


@pytest.mark.parametrize("body", [BODY + b"\x00", b"\xff" * 30, b"\x01" + BODY])
def test_a_body_that_holds_something_else_is_none(body: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        list(unframe(body, 2, 0))


def test_headers_that_are_none_are_told_only_when_they_are_asked_for() -> None:
    [one] = unframe(BODY.replace(b"\x02\x08name", b"\x04\x08name")[: len(BODY) // 2], 1, 0)
    assert isinstance(one, Framed)
    with pytest.raises((ValueError, IndexError)):
        headers_of(one.headers)


def test_a_header_whose_name_is_no_text_hides_no_other() -> None:
    framed = b"\x04" + b"\x02\xff\x02x" + b"\x02a\x021"
    assert headers_of(framed) == [("\ufffd", b"x"), ("a", b"1")]


def test_a_header_without_a_value_is_not_there() -> None:
    assert headers_of(b"\x04" + b"\x02b\x01" + b"\x02a\x021") == [("a", b"1")]
