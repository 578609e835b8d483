"""Ledgers, logs and bundles of evidence, made up whole: for tests of what judges them."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.evidence.bundle import Occasion, Proven, Rule, Told, Withheld, drafted, in_order
from shared.evidence.proving import sealed
from shared.ledger import Entry
from shared.ledger.ledger import Ledger, NewEvent, StreamAppend, Transaction
from shared.ledger.memory import MemoryLedger
from shared.privacy.sealing import DataKey, bound_to
from shared.proof.checkpoints import Checkpoint, read_checkpoint
from shared.proof.errors import NotProven
from shared.proof.notes import Signer, read_note
from shared.proof.statement import statement_of
from shared.proof.tiles import bundle, bundles_of, tiles_of
from shared.proof.tree import (
    Node,
    consistency,
    hash_of,
    inclusion,
    leaf_hash,
    node_hash,
    proof,
    root_of,
)

HOUSE = "made.up"
SEED = bytes(range(32))
WRONG_SEED = bytes(range(1, 33))
BEGAN = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
PERSON = UUID("00000000-0000-4000-8000-00000000aaaa")
RULES = UUID("00000000-0000-4000-8000-00000000bbbb")
KEY = DataKey(bytes(31) + b"\x07")


def signer(service: str, seed: bytes = SEED) -> Signer:
    """Return the key of a service's log."""
    return Signer(f"{HOUSE}/{service}", seed)


def trusted(*services: str, retired: str = "") -> str:
    """Return a file of the logs' keys."""
    behind = f" retired {retired}" if retired else ""
    keys = (signer(service).verifier.vkey + behind for service in services)
    return "# made up\n" + "\n".join(keys) + "\n"


class FeedLog:
    """A log whose tree is made of all of the ledger anew, each time: right for small ones."""

    def __init__(self, ledger: Ledger, signer: Signer) -> None:
        """Say whose log it is, and by which key of its origin it is signed."""
        self._ledger, self._signer = ledger, signer

    async def proven(self, positions: Sequence[int], since: bytes | None) -> Proven:
        """See `Log.proven`."""
        head = await self._ledger.head()
        entries = await self._ledger.feed(after=0, limit=head.position)
        levels = [[leaf_hash(statement_of(entry)) for entry in entries]]
        while len(below := levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            levels.append([node_hash(left, right) for left, right in pairs])

        def read(node: Node) -> bytes:
            return levels[node.height][node.number]

        size = len(entries)
        origin = self._signer.verifier.name
        checkpoint = Checkpoint(origin, size, hash_of(0, size, read))
        before = 0
        if since is not None:
            old = read_checkpoint(read_note(since).text)
            before = old.size
            if old.root != hash_of(0, before, read):
                raise NotProven("since", what="that it goes on", why="its root is another one")
        return Proven(
            checkpoint=checkpoint.signed_by(self._signer).encode(),
            inclusion={p: proof(inclusion(p - 1, size), read) for p in positions},
            since=since,
            consistency=proof(consistency(before, size), read) if since else [],
            keys=[self._signer.verifier.vkey],
        )

    async def seal(self, manifest: bytes) -> bytes:
        """See `Log.seal`."""
        return sealed(self._signer, manifest)


async def a_ledger(service: str, entries: int, *, seed: int = 1) -> MemoryLedger:
    """Return a ledger: a person's history among others', a sealed name in each fifth entry."""
    random = Random(f"{service} {seed}")
    clock = iter(BEGAN + timedelta(seconds=7 * n) for n in range(entries + 1))
    ledger = MemoryLedger(service=service, now=lambda: next(clock))
    others = [UUID(int=random.getrandbits(128), version=4) for _ in range(3)]
    versions: dict[UUID, int] = {}
    for number in range(1, entries + 1):
        stream = RULES if number == 1 else random.choice([PERSON, PERSON, *others])
        event_id = UUID(int=random.getrandbits(128), version=4)
        content: dict[str, object] = {"count": number, "healthWorkerId": str(stream)}
        if number == 1:
            content = {"programme": "MADE-UP", "definition": {"pass": 85}}
        elif stream == PERSON and number % 5 == 0:
            content["givenNames"] = _sealed(f"Made {number}", event_id, "givenNames")
        meta: dict[str, object] = {"actor": "tests", "occurredOn": "2024-05-06"}
        if stream == PERSON and number % 7 == 0:
            reason = _sealed("It was made up", event_id, "meta.reason")
            meta["sealedReason"] = {"by": str(PERSON), **reason}
        event = NewEvent(
            id=event_id,
            topic=f"{service}.thing.happened",
            meta=msgspec.json.encode(meta),
            payload=msgspec.json.encode(content),
        )
        append = StreamAppend(
            stream=stream,
            kind="thing",
            key=stream,
            expected=versions.get(stream, 0),
            events=(event,),
        )
        versions[stream] = versions.get(stream, 0) + 1
        await ledger.append(
            Transaction(
                command_id=UUID(int=random.getrandbits(128), version=4),
                fingerprint=bytes(32),
                appends=(append,),
            )
        )
    return ledger


def _sealed(text: str, event_id: UUID, name: str) -> dict[str, str]:
    """Seal as the house does, but for the nonce: the same ledger is made each time."""
    nonce = event_id.bytes[:12]
    aad = bound_to(event_id, name)
    ciphertext = AESGCM(KEY.secret).encrypt(nonce, msgspec.json.encode(text), aad)
    return {"sealed": b64encode(nonce + ciphertext).decode()}


async def a_bundle(
    entries: int = 60,
    *,
    services: Sequence[str] = ("registry", "sessions"),
    since: int = 20,
    seed: bytes = SEED,
    only_of_the_person: bool = True,
    before_it_is_sealed: Callable[[MemoryLedger], None] = lambda _ledger: None,
) -> bytes:
    """Return a bundle about the person: a part of what the logs hold, some of it withheld."""
    told: list[Told] = []
    proven: dict[str, Proven] = {}
    logs: dict[str, FeedLog] = {}
    rules: list[Rule] = []
    for service in services:
        ledger = await a_ledger(service, entries)
        before_it_is_sealed(ledger)
        every = await ledger.feed(after=0, limit=entries)
        mine = [one for one in every if one.stream in (PERSON, RULES) or not only_of_the_person]
        told += [
            Told(
                service=service,
                entry=one,
                withheld=Withheld.PRIVATE if one.position % 11 == 0 else None,
            )
            for one in mine
        ]
        logs[service] = FeedLog(ledger, signer(service, seed))
        before = checkpoint_of(every[:since], signer(service, seed)) if since else None
        proven[service] = await logs[service].proven([one.position for one in mine], before)
        rules.append(
            Rule(
                kind="ProgrammeVersion",
                id=RULES,
                code="MADE-UP",
                version=1,
                service=service,
                position=1,
                says=msgspec.json.decode(every[0].payload),
            )
        )
    draft = drafted(
        Occasion(
            kind="mentee",
            about={"healthWorkerIds": [str(PERSON)]},
            asked_by="auditor@made.up",
            made_at=BEGAN,
        ),
        in_order(told),
        proven,
        {service: {PERSON: KEY} for service in services},
        rules,
        {"report.html": b"<!doctype html><title>Made up</title>"},
    )
    return draft.sealed(await logs[services[0]].seal(draft.digest))


def checkpoint_of(entries: Sequence[Entry], by: Signer, *witnesses: Signer) -> bytes:
    """Return the signed checkpoint of a log that holds these."""
    root = root_of(leaf_hash(statement_of(one)) for one in entries)
    return Checkpoint(by.verifier.name, len(entries), root).signed_by(by, *witnesses).encode()


async def a_directory(top: Path, service: str = "registry", entries: int = 600) -> Path:
    """Write a log as a directory of tiles, and return it."""
    ledger = await a_ledger(service, entries)
    every = await ledger.feed(after=0, limit=entries)
    write_log(top, every, signer(service))
    return top


def write_log(top: Path, entries: Sequence[Entry], by: Signer) -> None:
    """Write a log's files, as they are when it has these entries."""
    statements = [statement_of(one) for one in entries]
    rows = [[leaf_hash(one) for one in statements]]
    while len(rows[-1]) >= 256:
        row = rows[-1]
        rows.append([_folded(row[i : i + 256]) for i in range(0, len(row) - 255, 256)])
    size = len(entries)
    for tile in tiles_of(size):
        assert tile.level is not None
        row = rows[tile.level][tile.number * 256 :][: tile.width]
        _write(top / "tile" / tile.path, b"".join(row))
    for one in bundles_of(size):
        _write(top / "tile" / one.path, bundle(statements[one.number * 256 :][: one.width]))
    _write(top / "checkpoint", checkpoint_of(entries, by))


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[i : i + 2]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
