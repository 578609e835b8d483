"""What our relay writes is recognised at a glance, and nothing else is taken for it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.bus.envelope import Record, decode, encode
from shared.bus.framing import Framed, frame, unframe
from shared.bus.recognising import recognised
from shared.ledger import Entry
from shared.positions import partition_of
from shared.proof.sealing import seal_of
from tests.support.entries import a_history
from tests.support.goldens import every, read

_printed = st.characters(min_codepoint=32, exclude_categories=["Cs"])
_hashes = st.binary(min_size=32, max_size=32)
entries = st.builds(
    Entry,
    position=st.integers(0, 10**18 - 1),
    epoch=st.integers(0, 10**9 - 1),
    id=st.uuids(),
    stream=st.uuids(),
    kind=st.sampled_from(["mentee", "health_worker", "Enrolment"]),
    version=st.integers(0, 10**9 - 1),
    key=st.uuids(),
    topic=st.sampled_from([read(golden).topic for golden in every()]),
    recorded=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),
    command_id=st.uuids(),
    meta=st.text(_printed, min_size=1).map(str.encode),
    payload=st.binary(max_size=200),
    hash=_hashes,
    seal=st.none() | _hashes,
)

[BARE] = a_history(1)
ENTRY = replace(BARE, seal=seal_of(BARE))
ODD = (
    *(None, b"", b"0", b"-1", b" 7", b"1_000", b"9" * 18, b"9" * 30, b"\xff", b'"', b'","'),
    *(b"{00000000-0000-4000-8000-000000000000}", b"00000000-0000-4000-8000-00000000000A"),
    *(b"0" * 36, b"-" * 36, b"0" * 32, b"a" * 64, b"\x0ece_hash", b"/mshauri/sessions"),
    *(b"2026-03-01T08:30:00.000000Z", b"2026-03-01T08:30:00+00:00", b"2026-13-01T08:30:00.000000Z"),
    *(b"a/00000000-0000-4000-8000-000000000000", b"a/b/00000000-0000-4000-8000-000000000000"),
)
"""What may stand in a header, and be wrong, or right for `decode` alone; None: no such header."""


def on_the_bus(record: Record) -> Framed:
    [framed] = unframe(frame([record], record.timestamp_ms), 1, 17)
    return framed


@given(entries)
def test_every_entry_that_is_published_is_recognised(entry: Entry) -> None:
    framed = on_the_bus(encode("registry", entry))
    assert recognised("registry", partition_of(entry.key), framed) == entry


@pytest.mark.parametrize("name", [name for name, _ in encode("registry", ENTRY).headers])
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("moved", [False, True])
def test_what_is_recognised_is_what_reading_header_by_header_makes_of_it(
    name: str, odd: bytes | None, moved: bool
) -> None:
    record = encode("registry", ENTRY)
    altered = [] if odd is None else [(name, odd)]
    others = [[one] if one[0] != name else [] if moved else altered for one in record.headers]
    headers = [one for group in others for one in group] + (altered if moved else [])
    framed = on_the_bus(record._replace(headers=headers))
    found = recognised("registry", partition_of(ENTRY.key), framed)
    if found is not None:
        assert found == decode("registry", record.value, headers)


@given(entries)
def test_an_entry_of_another_partition_or_service_is_not_recognised(entry: Entry) -> None:
    framed = on_the_bus(encode("registry", entry))
    assert recognised("registry", (partition_of(entry.key) + 1) % 24, framed) is None
    assert recognised("sessions", partition_of(entry.key), framed) is None


@given(entries)
def test_a_record_without_a_value_is_not_recognised(entry: Entry) -> None:
    framed = on_the_bus(encode("registry", entry))._replace(value=None)
    assert recognised("registry", partition_of(entry.key), framed) is None
