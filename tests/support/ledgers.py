"""Makers of transactions, and the check that a history is whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid4

from shared.ledger import Entry, NewEvent, StreamAppend, Transaction
from shared.proof.hashing import NOTHING, chain_hash, stream_hash


def an_event(payload: bytes = b'{"count":1}', *, topic: str = "tests.thing.counted") -> NewEvent:
    return NewEvent(id=uuid4(), topic=topic, meta=b'{"actor":"tests"}', payload=payload)


def onto(
    stream: UUID, expected: int, *events: NewEvent, count: int = 1, key: UUID | None = None
) -> StreamAppend:
    """Append `events`, or `count` made ones, to a stream seen at version `expected`."""
    return StreamAppend(
        stream=stream,
        kind="thing",
        key=key or stream,
        expected=expected,
        events=events or tuple(an_event() for _ in range(count)),
    )


def a_command(
    *appends: StreamAppend,
    command_id: UUID | None = None,
    asks: bytes = b"",
    claims: Iterable[str] = (),
    releases: Iterable[str] = (),
    rests_on: Iterable[tuple[UUID, int]] = (),
) -> Transaction:
    """Make a transaction; the same `asks` under the same id is the same command."""
    return Transaction(
        command_id=command_id or uuid4(),
        fingerprint=sha256(asks).digest(),
        appends=appends,
        claims=tuple(claims),
        releases=tuple(releases),
        rests_on=tuple(rests_on),
    )


@dataclass(slots=True)
class Witness:
    """Reads a feed as a relay does and notes whatever a relay could not live with."""

    position: int = 0
    faults: list[str] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)

    def see(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.position != self.position + 1:
                self.faults.append(f"position {entry.position} after {self.position}")
            if entry.version != (known := self.versions.get(entry.stream, 0)) + 1:
                self.faults.append(f"{entry.stream}: version {entry.version} after {known}")
            self.position = entry.position
            self.versions[entry.stream] = entry.version


def chained(entries: Iterable[Entry]) -> bytes:
    """Recompute every hash of a whole history from its contents, and return the ledger's."""
    streams: dict[UUID, bytes] = {}
    chain = NOTHING
    for entry in entries:
        computed = stream_hash(
            streams.get(entry.stream, NOTHING),
            stream=entry.stream,
            version=entry.version,
            recorded=entry.recorded,
            topic=entry.topic,
            meta=entry.meta,
            payload=entry.payload,
        )
        assert entry.hash == computed, f"entry {entry.position} does not bear its hash"
        streams[entry.stream] = computed
        chain = chain_hash(chain, entry.seal or computed)
    return chain


@dataclass(slots=True)
class Answers:
    """What writers were answered, command by command."""

    recorded: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    refused: set[UUID] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Take in a line of `tests.support.ledger_writer`."""
        match line.split():
            case ["recorded", command, first, last]:
                self.acknowledge(UUID(command), int(first), int(last))
            case ["refused", command]:
                self.refused.add(UUID(command))

    def acknowledge(self, command: UUID, first: int, last: int) -> None:
        """Note a receipt; a command that is answered twice must be answered the same."""
        if self.recorded.setdefault(command, (first, last)) != (first, last):
            self.faults.append(f"{command} was answered {self.recorded[command]}, then {first}")

    def compare(self, entries: Iterable[Entry]) -> list[str]:
        """Return what these answers and that history do not agree on."""
        written: dict[UUID, list[int]] = {}
        for entry in entries:
            written.setdefault(entry.command_id, []).append(entry.position)
        faults = list(self.faults)
        for command, (first, last) in self.recorded.items():
            if written.get(command) != list(range(first, last + 1)):
                faults.append(f"{command}, recorded at {first}-{last}, is {written.get(command)}")
        faults += [f"{command}, refused, was written" for command in self.refused & written.keys()]
        return faults
