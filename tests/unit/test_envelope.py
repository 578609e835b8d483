"""An entry survives the journey over the bus in every field, and a stranger's record is named."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.envelope import decode, encode
from shared.bus.errors import MalformedRecord
from shared.ledger import Entry
from tests.support.entries import a_history

[ENTRY] = a_history(1)

_names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
)
_counts = st.integers(min_value=0, max_value=2**63 - 1)
_small = st.integers(min_value=0, max_value=2**31 - 1)
_zones = st.builds(timezone, st.timedeltas(timedelta(hours=-12), timedelta(hours=14)))

entries = st.builds(
    Entry,
    position=_counts,
    epoch=_small,
    id=st.uuids(),
    stream=st.uuids(),
    kind=_names,
    version=_small,
    key=st.uuids(),
    topic=_names,
    recorded=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=_zones),
    command_id=st.uuids(),
    meta=st.binary(max_size=200),
    payload=st.binary(max_size=200),
    hash=st.binary(min_size=32, max_size=32),
    seal=st.none() | st.binary(min_size=32, max_size=32),
)


@given(entries)
def test_an_entry_comes_back_equal_in_every_field(entry: Entry) -> None:
    record = encode("registry", entry)
    assert decode("registry", record.value, record.headers) == entry


def test_the_payload_and_the_circumstances_travel_byte_for_byte() -> None:
    record = encode("registry", ENTRY)
    assert record.value == ENTRY.payload
    assert dict(record.headers)["ce_meta"] == ENTRY.meta


def test_a_reader_of_cloudevents_finds_the_attributes_it_knows() -> None:
    record = encode("registry", ENTRY)
    headers = dict(record.headers)
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_id"] == str(ENTRY.id).encode()
    assert headers["ce_source"] == b"/mshauri/registry"
    assert headers["ce_type"] == b"tests.health_worker.registered"
    assert headers["ce_subject"] == f"health_worker/{ENTRY.stream}".encode()
    assert headers["ce_time"] == ENTRY.recorded.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()
    assert headers["content-type"] == b"application/json"
    assert record.key == headers["ce_partitionkey"] == str(ENTRY.key).encode()


def test_names_of_extension_attributes_are_lower_case_letters_and_digits() -> None:
    names = [name.removeprefix("ce_") for name, _ in encode("registry", ENTRY).headers]
    assert all(name.isalnum() and name == name.lower() for name in names if name != "content-type")


def test_a_record_bears_the_instant_at_which_the_ledger_took_it() -> None:
    milliseconds = encode("registry", ENTRY).timestamp_ms
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert timedelta(0) <= ENTRY.recorded - instant < timedelta(milliseconds=1)


REQUIRED = [name for name, _ in encode("registry", ENTRY).headers if name != "content-type"]


@pytest.mark.parametrize("header", REQUIRED)
def test_a_missing_header_is_named(header: str) -> None:
    record = encode("registry", ENTRY)
    headers = [(name, value) for name, value in record.headers if name != header]
    with pytest.raises(MalformedRecord) as refused:
        decode("registry", record.value, headers, where="mshauri.registry.v1/3@17")
    assert refused.value.field == header
    assert "mshauri.registry.v1/3@17" in refused.value.message


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce_specversion", b"0.3"),
        ("ce_source", b"/mshauri/sessions"),
        ("ce_id", b"17"),
        ("ce_type", b"\xff"),
        ("ce_subject", b"0192f0c1-0000-7000-8000-000000000000"),
        ("ce_subject", b"health_worker/17"),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2026-03-01T08:30:00.000000"),
        ("ce_position", b"-1"),
        ("ce_position", b"1_000"),
        ("ce_position", "\u0663".encode()),
        ("ce_epoch", b""),
        ("ce_streamversion", b"1.5"),
        ("ce_partitionkey", b"somebody"),
        ("ce_commandid", b"\xff"),
        ("ce_hash", b"zz"),
    ],
)
def test_a_header_that_cannot_be_read_is_named(header: str, value: bytes) -> None:
    record = encode("registry", ENTRY)
    headers = [(name, value if name == header else old) for name, old in record.headers]
    with pytest.raises(MalformedRecord) as refused:
        decode("registry", record.value, headers)
    assert refused.value.field == header


def test_a_record_without_a_value_is_refused() -> None:
    with pytest.raises(MalformedRecord):
        decode("registry", None, encode("registry", ENTRY).headers)


def test_headers_of_somebody_in_between_do_no_harm() -> None:
    record = encode("registry", ENTRY)
    tracing = ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    assert decode("registry", record.value, [tracing, *record.headers]) == ENTRY
