"""Ledger entries for tests of the bus: a small history of several people, hashes and all."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from shared.ledger import Entry
from shared.proof.hashing import NOTHING, stream_hash


def a_history(entries: int, *, people: int = 40, seed: int = 1, after: int = 0) -> list[Entry]:
    """Make the entries at positions `after` + 1, …: one stream a person, the same for a seed."""
    random = Random(seed)
    streams = [UUID(int=random.getrandbits(128), version=4) for _ in range(people)]
    hashes = dict.fromkeys(streams, NOTHING)
    versions = {stream: count(1) for stream in streams}
    recorded = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
    made = []
    for position in range(after + 1, after + entries + 1):
        stream = random.choice(streams)
        recorded += timedelta(microseconds=random.randrange(1_000_000))
        version = next(versions[stream])
        event = {
            "topic": "tests.health_worker.registered",
            "meta": b'{"actor":"tests","occurredOn":"2026-03-01"}',
            "payload": b'{"cadre":"NURSE","count":%d}' % position,
        }
        hashes[stream] = stream_hash(
            hashes[stream], stream=stream, version=version, recorded=recorded, **event
        )
        made.append(
            Entry(
                position=position,
                epoch=1,
                id=UUID(int=random.getrandbits(128), version=4),
                stream=stream,
                kind="health_worker",
                version=version,
                key=stream,
                recorded=recorded,
                command_id=UUID(int=random.getrandbits(128), version=4),
                hash=hashes[stream],
                **event,
            )
        )
    return made
