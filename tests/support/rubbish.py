"""Twenty kinds of records that are no events, as somebody else may write them to a topic."""

from uuid import UUID

from shared.bus.envelope import Header, encode
from shared.positions import partition_of
from tests.support.entries import a_history

PARTITION = 3


def rubbish_for(service: str) -> list[tuple[str, bytes | None, list[Header]]]:
    """Return each kind by name, with a value and headers; all for `PARTITION`."""
    [entry] = a_history(1)
    whole = encode(service, entry)

    def but(name: str, value: bytes | None) -> list[Header]:
        kept = [(n, v) for n, v in whole.headers if n != name]
        return kept if value is None else [*kept, (name, value)]

    elsewhere = str(_key_of_another_partition()).encode()
    return [
        ("nothing at all", b"", []),
        ("a tombstone", None, list(whole.headers)),
        ("bytes", bytes(range(256)), []),
        ("somebody's JSON", b'{"hello": "world"}', [("content-type", b"application/json")]),
        ("a megabyte", b"x" * 1_000_000, []),
        ("another version of CloudEvents", b"{}", but("ce_specversion", b"0.3")),
        ("of another source", b"{}", but("ce_source", b"/somebody/else")),
        ("no id", b"{}", but("ce_id", None)),
        ("an id that is none", b"{}", but("ce_id", b"1")),
        ("no type", b"{}", but("ce_type", None)),
        ("a type with a NUL", b"{}", but("ce_type", b"a\x00b")),
        ("a type that is no text", b"{}", but("ce_type", b"\xff\xfe")),
        ("no subject", b"{}", but("ce_subject", b"nothing")),
        ("a time that is none", b"{}", but("ce_time", b"yesterday")),
        ("a position beyond every ledger", b"{}", but("ce_position", b"9" * 30)),
        ("a negative version", b"{}", but("ce_streamversion", b"-1")),
        ("an epoch beyond every ledger", b"{}", but("ce_epoch", b"99999999999")),
        ("a hash of the wrong length", b"{}", but("ce_hash", b"00")),
        ("in another partition than its person", b"{}", but("ce_partitionkey", elsewhere)),
        ("a mark without an epoch", b"{}", [("ce_type", b"ledger.epoch_begun")]),
    ]


def _key_of_another_partition() -> UUID:
    return next(key for key in map(UUID, _some_keys()) if partition_of(key) != PARTITION)


def _some_keys() -> list[str]:
    return [f"00000000-0000-4000-8000-{number:012d}" for number in range(10)]
