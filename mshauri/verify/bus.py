"""What the bus has of the ledgers: each topic, read from its first record."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from mshauri.verify.ledger import Walked
from mshauri.verify.tally import Tally
from shared.bus.consumer import Consumer
from shared.bus.delivery import Delivered, Unreadable
from shared.positions import PARTITIONS
from shared.proof.statement import statement_of
from shared.proof.tree import leaf_hash

QUIET_S = 5.0
"""Seconds without a record after which what has not come is missing."""


@dataclass(slots=True)
class OnBus:
    """What a topic has.

    Attributes:
        leaves: of the history that the ledger has now.
        gone: events of a history that ended with a restore.
        unreadable: records that are no events of ours.
    """

    leaves: Tally
    gone: int = 0
    unreadable: int = 0
    altered: list[int] = field(default_factory=list)


async def heard(bootstrap_servers: str, ledgers: Mapping[str, Walked]) -> dict[str, OnBus]:
    """Read the topics until they told all that the ledgers have, or say nothing more.

    Raises:
        Unavailable: the broker is away, or a topic is not there.
    """
    found = {service: OnBus(Tally(one.head.position)) for service, one in ledgers.items()}
    consumer = Consumer(bootstrap_servers, ledgers)
    try:
        await consumer.topic_ids()
        await consumer.assign({(s, place): 0 for s in ledgers for place in range(PARTITIONS)})
        last = time.monotonic()
        while time.monotonic() < last + QUIET_S:
            if all(one.leaves.count == one.leaves.end for one in found.values()):
                break
            for record in await consumer.poll(2_000, 0.5):
                last = time.monotonic()
                if isinstance(record, Delivered):
                    _count(found[record.service], ledgers[record.service], record)
                elif isinstance(record, Unreadable):
                    found[record.service].unreadable += 1
    finally:
        await consumer.close()
    return found


def _count(one: OnBus, ledger: Walked, record: Delivered) -> None:
    entry = record.entry
    if ledger.is_history(entry.epoch, entry.position):
        one.leaves.add(entry.position, leaf_hash(statement_of(entry)))
    else:
        one.gone += 1
