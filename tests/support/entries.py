"""Ledger entries for tests of the bus: a small history of several people, hashes and all."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from shared.ledger import Entry
from shared.proof.hashing import NOTHING, stream_hash

TOPIC = "tests.health_worker.registered"


def a_history(entries: int, *, people: int = 40, seed: int = 1) -> list[Entry]:
    """Make the first entries of a ledger: one stream a person, the same for the same seed."""
    random = Random(seed)
    streams = [UUID(int=random.getrandbits(128), version=4) for _ in range(people)]
    hashes = dict.fromkeys(streams, NOTHING)
    versions = {stream: count(1) for stream in streams}
    recorded = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
    made = []
    for position in range(1, entries + 1):
        stream = random.choice(streams)
        recorded += timedelta(microseconds=random.randrange(1_000_000))
        version = next(versions[stream])
        meta = b'{"actor":"tests","occurredOn":"2026-03-01"}'
        payload = b'{"cadre":"NURSE","count":%d}' % position
        hashes[stream] = stream_hash(
            hashes[stream],
            stream=stream,
            version=version,
            recorded=recorded,
            topic=TOPIC,
            meta=meta,
            payload=payload,
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
                topic=TOPIC,
                recorded=recorded,
                command_id=UUID(int=random.getrandbits(128), version=4),
                meta=meta,
                payload=payload,
                hash=hashes[stream],
            )
        )
    return made
