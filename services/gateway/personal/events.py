"""Every event that names a person, as the person may read it.

What is sealed with a key of theirs is theirs: their name, what they said, why something was done of
them. What is sealed with another's is another's, though it may be about them: that it is held is
said, and what it says is not. Of what is between two people the same is said to whoever asks for
somebody else: no auditor reads a journal, here neither.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import msgspec

from services.gateway.evidence.withholding import is_private
from services.gateway.projections.people import people_named
from shared.contracts.base import Event, personal_fields
from shared.following.decoding import EventDecoder
from shared.ledger import Entry
from shared.privacy.keys import KeySource
from shared.privacy.payload import UndecodableEvent, subject_in
from shared.privacy.reasons import reason_subject_in


class Told(Protocol):
    """A service's ledger, as it is asked here."""

    async def told_of(self, subjects: Collection[UUID]) -> list[Entry]:
        """See `shared.ledger.Ledger.told_of`."""
        ...


class Ledgers(Protocol):
    """Every service's ledger, with the keys of its people."""

    @property
    def of(self) -> Mapping[str, Told]:
        """Each by its service."""
        ...

    @property
    def keys(self) -> Mapping[str, KeySource]:
        """The keys of each service's people."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """The events that name somebody.

    Attributes:
        events: each as JSON has it, in each service's order.
        withheld: how often another's words are held, by the event and the field they stand in.
    """

    events: list[dict[str, Any]]
    withheld: dict[str, int]


async def events_naming(
    records: frozenset[UUID], ledgers: Ledgers, *, to_themselves: bool = True
) -> Named:
    """Return every event that names one of a person's records.

    Args:
        to_themselves: whether the person asks; else what is private is held back.

    Raises:
        Unavailable: a service does not answer now.
    """
    told: list[dict[str, Any]] = []
    withheld: Counter[str] = Counter()
    for service in sorted(ledgers.of):
        entries = await ledgers.of[service].told_of(records)
        decoder = EventDecoder(ledgers.keys)
        await decoder.prepare(entries)
        for entry in entries:
            if (one := _as_told(service, entry, records, decoder)) is not None:
                if not to_themselves and is_private(entry):
                    one = _held_back(one)
                told.append(one)
                withheld.update(f"{entry.topic} {name}" for name in one.get("withheld", ()))
    return Named(told, dict(sorted(withheld.items())))


def _as_told(
    service: str, entry: Entry, records: frozenset[UUID], decoder: EventDecoder
) -> dict[str, Any] | None:
    try:
        body = decoder.decode(entry)
    except UndecodableEvent:
        return None  # of a newer release: it is told once this process is of it, too
    alone = entry.key in records
    if not alone and records.isdisjoint(people_named(body)):
        return None
    meta = decoder.meta(entry)
    mine = frozenset({*records, *((entry.stream,) if alone else ())})
    withheld = _sealed_by_others(body, subject_in(entry.topic, entry.payload, entry.stream), mine)
    content = {
        name: value for name, value in msgspec.to_builtins(body).items() if name not in withheld
    }
    reason = meta.reason
    if reason is not None and reason_subject_in(entry) not in mine:
        reason, withheld = None, [*withheld, "reason"]
    return {
        "service": service,
        "position": entry.position,
        "epoch": entry.epoch,
        "event": str(entry.id),
        "topic": entry.topic,
        "record": entry.kind,
        "recordId": str(entry.stream),
        "recorded": entry.recorded.isoformat(),
        "occurredOn": meta.occurred_on.isoformat(),
        "actor": meta.actor,
        **({"onBehalfOf": meta.on_behalf_of} if meta.on_behalf_of else {}),
        **({"device": meta.device} if meta.device else {}),
        **({"reason": reason} if reason is not None else {}),
        "content": content,
        **({"withheld": withheld} if withheld else {}),
    }


def _held_back(told: dict[str, Any]) -> dict[str, Any]:
    """Return that an event is held, without what it says, or why."""
    without = {name: value for name, value in told.items() if name != "reason"}
    return {**without, "content": {}, "withheld": ["content"]}


def _sealed_by_others(body: Event, subject: UUID | None, mine: Collection[UUID]) -> list[str]:
    """Return the wire names of what an event says under a key that is not theirs."""
    if subject is None or subject in mine:
        return []
    kind = type(body)
    wire = dict(zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True))
    personal: Iterable[str] = personal_fields(kind)
    return [wire[name] for name in personal if getattr(body, name) not in (None, (), [])]
