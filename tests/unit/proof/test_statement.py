"""What a leaf says: the same for ever, different for any difference, and nothing personal."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import msgspec
import pytest

from shared.ledger import Entry
from shared.proof.statement import content_of, read_statement, statement_of
from shared.proof.tree import leaf_hash

ENTRY = Entry(
    position=1234,
    epoch=1,
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    stream=UUID("01890a5d-ac96-774b-bcce-b302099a8058"),
    kind="health_worker",
    version=3,
    key=UUID("01890a5d-ac96-774b-bcce-b302099a8058"),
    topic="registry.health_worker.renamed",
    recorded=datetime(2026, 3, 14, 9, 26, 53, 589793, tzinfo=UTC),
    command_id=UUID("01890a5d-ac96-774b-bcce-b302099a8059"),
    meta=b'{"actor":"mentor-17"}',
    payload=b'{"name":"AbCd"}',
    hash=bytes(range(32)),
)


def test_the_statement_of_an_entry_is_what_it_was_when_the_first_checkpoint_was_signed() -> None:
    # Changed by any change of the format: then no checkpoint that was ever handed out holds.
    assert statement_of(ENTRY).decode() == (
        "mshauri.entry.v1\n"
        "position 1234\n"
        "epoch 1\n"
        "stream 01890a5d-ac96-774b-bcce-b302099a8058\n"
        "version 3\n"
        "topic registry.health_worker.renamed\n"
        "recorded 2026-03-14T09:26:53.589793Z\n"
        "content f10304d949d17c90d10b3cd0033dcc9dc5bd837ac5cbe535030091687080e700\n"
    )
    assert leaf_hash(statement_of(ENTRY)).hex() == (
        "f9a76596970f70b9c3e0415560e9c02705589a38a24a26e2c1218d2097d2ebf8"
    )


@pytest.mark.parametrize(
    "other",
    [
        {"position": 1235},
        {"epoch": 2},
        {"id": UUID(int=1)},
        {"stream": UUID(int=1)},
        {"kind": "health_worke"},
        {"version": 4},
        {"key": UUID(int=1)},
        {"topic": "registry.health_worker.renamed2"},
        {"recorded": ENTRY.recorded + timedelta(microseconds=1)},
        {"command_id": UUID(int=1)},
        {"meta": b'{"actor":"mentor-18"}'},
        {"payload": b'{"name":"AbCe"}'},
        {"hash": bytes(32)},
        {"meta": ENTRY.meta + b"{", "payload": ENTRY.payload[1:]},
    ],
)
def test_any_difference_in_an_entry_is_one_in_its_statement(other: dict[str, object]) -> None:
    assert statement_of(msgspec.structs.replace(ENTRY, **other)) != statement_of(ENTRY)


def test_the_same_instant_is_said_alike_in_any_zone_and_always_to_the_microsecond() -> None:
    nairobi = ENTRY.recorded.astimezone(timezone(timedelta(hours=3)))
    assert statement_of(msgspec.structs.replace(ENTRY, recorded=nairobi)) == statement_of(ENTRY)
    whole = msgspec.structs.replace(ENTRY, recorded=ENTRY.recorded.replace(microsecond=0))
    assert b"09:26:53.000000Z" in statement_of(whole)


def test_a_statement_is_read_as_it_was_written() -> None:
    read = read_statement(statement_of(ENTRY))
    assert read._asdict() == {
        "position": 1234,
        "epoch": 1,
        "stream": ENTRY.stream,
        "version": 3,
        "topic": ENTRY.topic,
        "recorded": ENTRY.recorded,
        "content": content_of(ENTRY),
    }
    for wrong in (b"", statement_of(ENTRY)[:-1], statement_of(ENTRY).replace(b".v1", b".v2")):
        with pytest.raises(ValueError, match="no mshauri"):
            read_statement(wrong)


def test_nothing_that_was_said_stands_in_a_statement() -> None:
    assert b"mentor-17" not in statement_of(ENTRY)
    assert b"AbCd" not in statement_of(ENTRY)
