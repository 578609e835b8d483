"""Others' tools accept our logs, and refuse them altered: Tessera's `fsck`, Go's `note`, `tlog`."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.ledger.epochs import begin_epoch
from shared.ledger.postgres import PostgresLedger
from shared.proof.checkpoints import LogKey
from shared.proof.errors import NotProven
from shared.proof.growing import Edge
from shared.proof.notes import COSIGNATURE, Signer
from shared.proof.statement import statement_of
from shared.proof.tiles import bundle, bundles_of, unbundle
from shared.proof.tree import leaf_hash
from shared.transparency.mirroring import mirror
from shared.transparency.proving import prove_consistency, prove_inclusion, root_at
from shared.transparency.published import PublishedLog
from shared.transparency.sealing import Sealing
from tests.support.judges import REFUSED_AFTER_S, accepted, built, judged
from tests.support.ledgers import a_command, onto
from tests.support.tampering import tampered

HOUSE, SEED = "test.invalid", bytes(range(32))
ORIGIN = f"{HOUSE}/registry"
KEY = LogKey(Signer(ORIGIN, SEED).verifier)
VKEY = KEY.verifier.vkey
ENTRIES = 600

pytestmark = pytest.mark.timeout(240)
"""The first one that needs a judge builds it."""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("judges")


class Sealed:
    """A ledger and its log, in a database of their own."""

    def __init__(self, pool: Any, ledger: PostgresLedger, database: str) -> None:
        self.pool = pool
        self.ledger = ledger
        self.database = database
        self.sealing = Sealing("registry", pool, ledger, house=HOUSE, seed=SEED)
        self.log = PublishedLog("registry", pool, ledger)

    async def grow(self, events: int) -> None:
        while events > 0:
            some = min(events, 90)
            await self.ledger.append(a_command(onto(uuid4(), 0, count=some)))
            events -= some

    async def copied(self, directory: Path, epoch: int = 1) -> Path:
        """Copy the log as it stands into a directory, checking nothing."""
        kept = await self.log.checkpoint(epoch)
        await mirror(partial(self.fetch, epoch=epoch), [KEY], directory)
        assert (directory / "checkpoint").read_bytes() == kept.note
        return directory

    async def fetch(self, path: str, epoch: int = 1) -> bytes:
        if path == "checkpoint":
            return (await self.log.checkpoint(epoch)).note
        return await self.log.part(path.removeprefix("tile/"), epoch)


@pytest_asyncio.fixture
async def sealed(database: str) -> AsyncIterator[Sealed]:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        one = Sealed(pool, ledger, database)
        await one.sealing.prepare()
        yield one


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """Show a directory as any web server would."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_where_there_is_no_go_a_judge_judges_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(pytest.skip.Exception, match=r"judges nothing: there is no Go"):
        built("fsck", tmp_path)


def test_where_its_modules_cannot_be_had_a_judge_judges_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "nothing"))
    with pytest.raises(pytest.skip.Exception, match=r"fsck is not built here, and judges nothing"):
        built("fsck", tmp_path)


@pytest.mark.parametrize("entries", [1, 255, 256, 257, 700])
async def test_fsck_accepts_a_log_of_any_size_by_file_and_over_http(
    sealed: Sealed, tools: Path, tmp_path: Path, entries: int
) -> None:
    fsck = built("fsck", tools)
    await sealed.grow(entries)
    await sealed.sealing.seal()
    copy = await sealed.copied(tmp_path / "log")
    said = await asyncio.to_thread(accepted, fsck, f"file://{copy}", VKEY, tmp_path)
    assert said == ""
    with served(copy) as url:
        assert await asyncio.to_thread(accepted, fsck, url, VKEY, tmp_path) == ""


async def test_fsck_accepts_both_logs_of_a_restored_ledger(
    sealed: Sealed, tools: Path, tmp_path: Path
) -> None:
    fsck = built("fsck", tools)
    await sealed.grow(300)
    await sealed.sealing.seal()
    async with sealed.pool.acquire() as connection:
        await begin_epoch(connection, "a test")
    await sealed.grow(300)
    await sealed.sealing.seal()
    second = LogKey(Signer(f"{ORIGIN}/2", SEED).verifier)
    for epoch, key in ((1, KEY), (2, second)):
        to = tmp_path / str(epoch)
        await mirror(partial(sealed.fetch, epoch=epoch), [key], to, origin=key.verifier.name)
        said = await asyncio.to_thread(accepted, fsck, f"file://{to}", key.verifier.vkey, tmp_path)
        assert said == ""


def _flip(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at % len(content)] ^= 1
    file.write_bytes(bytes(content))


def _entries(file: Path, change: Any) -> None:
    entries = unbundle(file.read_bytes())
    change(entries)
    file.write_bytes(bundle(entries))


ALTERED: dict[str, Any] = {
    "a byte of a tile's first hash": lambda log: _flip(log / "tile/0/000", 0),
    "a byte of a tile's last hash": lambda log: _flip(log / "tile/0/001", -1),
    "a byte of the partial tile": lambda log: _flip(log / "tile/0/002.p/88", 40),
    "a byte of the tile above": lambda log: _flip(log / "tile/1/000.p/2", 33),
    "a byte of the first entry": lambda log: _flip(log / "tile/entries/000", 30),
    "a byte of the last entry": lambda log: _flip(log / "tile/entries/002.p/88", -2),
    "a length of an entry": lambda log: _flip(log / "tile/entries/001", 1),
    "the origin": lambda log: _flip(log / "checkpoint", 2),
    "the size": lambda log: _flip(log / "checkpoint", len(ORIGIN) + 2),
    "the root": lambda log: _flip(log / "checkpoint", len(ORIGIN) + 8),
    "the signature": lambda log: _flip(log / "checkpoint", -10),
    "an entry dropped": lambda log: _entries(log / "tile/entries/001", lambda e: e.pop(7)),
    "an entry doubled": lambda log: _entries(log / "tile/entries/001", lambda e: e.insert(7, e[7])),
    "an entry doubled over its neighbour": lambda log: _entries(
        log / "tile/entries/001", lambda e: e.__setitem__(8, e[7])
    ),
    "two entries swapped": lambda log: _entries(
        log / "tile/entries/000", lambda e: e.__setitem__(slice(3, 5), [e[4], e[3]])
    ),
    "the last entry dropped": lambda log: _entries(
        log / "tile/entries/002.p/88", lambda e: e.pop()
    ),
    "a bundle missing": lambda log: (log / "tile/entries/001").unlink(),
    "a tile missing": lambda log: (log / "tile/0/000").unlink(),
    "a tile cut short": lambda log: (log / "tile/0/000").write_bytes(bytes(8160)),
    "two tiles swapped": lambda log: shutil.copy(log / "tile/0/001", log / "tile/0/000"),
    "two bundles swapped": lambda log: shutil.copy(
        log / "tile/entries/001", log / "tile/entries/000"
    ),
}


async def test_fsck_refuses_each_of_twenty_altered_logs(
    sealed: Sealed, tools: Path, tmp_path: Path
) -> None:
    fsck = built("fsck", tools)
    await sealed.grow(ENTRIES)
    await sealed.sealing.seal()
    whole = await sealed.copied(tmp_path / "whole")
    assert len(ALTERED) >= 20

    def refused(number: int, alter: Any) -> str:
        altered = tmp_path / str(number)
        shutil.copytree(whole, altered / "log")
        alter(altered / "log")
        of = fsck, f"file://{altered}/log", VKEY, altered
        return accepted(*of, patience_s=REFUSED_AFTER_S)

    with ThreadPoolExecutor(len(ALTERED)) as beside:  # most of them wait
        why = list(beside.map(refused, count(), ALTERED.values()))
    believed = [name for name, refusal in zip(ALTERED, why, strict=True) if not refusal]
    assert believed == []
    assert await asyncio.to_thread(accepted, fsck, f"file://{whole}", VKEY, tmp_path) == ""


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger SET payload = payload || ' ' WHERE position = 300",
        "UPDATE ledger SET recorded = recorded + interval '1 microsecond' WHERE position = 300",
        "UPDATE ledger SET command_id = gen_random_uuid() WHERE position = 300",
        "UPDATE ledger SET meta = '{}' WHERE position = 1",
        "DELETE FROM ledger WHERE position = 600",
        "UPDATE log_tile SET hashes = overlay(hashes placing '\\x00' from 65) WHERE level = 0",
    ],
)
async def test_what_is_changed_in_the_ledger_after_it_was_sealed_shows_to_every_reader(
    sealed: Sealed, tmp_path: Path, change: str
) -> None:
    await sealed.grow(ENTRIES)
    await sealed.sealing.seal()
    await tampered(sealed.database, change)
    with pytest.raises(NotProven):
        await mirror(sealed.fetch, [KEY], tmp_path / "log")
    assert not (tmp_path / "log" / "checkpoint").exists()


async def test_a_mirror_believes_no_tree_that_fits_itself_and_not_its_checkpoint(
    sealed: Sealed, tmp_path: Path
) -> None:
    await sealed.grow(300)
    await sealed.sealing.seal()
    whole = await sealed.copied(tmp_path / "whole")
    edge = Edge()
    for tile in bundles_of(300):
        file = whole / "tile" / tile.path
        entries = unbundle(file.read_bytes())
        entries[3] = entries[3].replace(b"version 4", b"version 5")
        file.write_bytes(bundle(entries))
        edge.extend([leaf_hash(entry) for entry in entries])
    for tile, hashes in edge.grown().items():
        (whole / "tile" / tile.path).write_bytes(hashes)

    async def forged(path: str) -> bytes:
        return (whole / path).read_bytes()

    with pytest.raises(NotProven, match="another root"):
        await mirror(forged, [KEY], tmp_path / "copy")


async def test_a_log_that_is_written_while_it_is_read_is_read_whole(
    sealed: Sealed, tools: Path, tmp_path: Path
) -> None:
    fsck = built("fsck", tools)
    await sealed.grow(10)
    await sealed.sealing.seal()
    reading = True

    async def write() -> None:
        while reading:
            await sealed.grow(35)
            await sealed.sealing.seal()

    writing = asyncio.create_task(write())
    sizes = []
    for number in range(6):
        copy = tmp_path / str(number)
        sizes.append((await mirror(sealed.fetch, [KEY], copy)).size)
        said = await asyncio.to_thread(accepted, fsck, f"file://{copy}", VKEY, tmp_path)
        assert said == ""
    reading = False
    await writing
    assert len(set(sizes)) > 1
    # A mirror that is taken up again reads only what it lacks.
    await mirror(sealed.fetch, [KEY], tmp_path / "0")
    assert await asyncio.to_thread(accepted, fsck, f"file://{tmp_path}/0", VKEY, tmp_path) == ""


async def test_note_and_tlog_accept_checkpoints_and_proofs_and_refuse_them_altered(
    sealed: Sealed, tools: Path
) -> None:
    proofs = built("proofs", tools)
    random, claims = Random(12), list[dict[str, Any]]()
    witness = Signer("witness.invalid/w1", b"\x07" * 32, COSIGNATURE)
    sizes = []
    for events in (1, 2, 253, 1, 400, 3):
        await sealed.grow(events)
        await sealed.sealing.seal()
        kept = await sealed.log.checkpoint()
        sizes.append(kept.size)
        claims.append(
            {
                "Kind": "checkpoint",
                "Vkey": VKEY,
                "Checkpoint": kept.note,
                "Origin": ORIGIN,
                "Size": kept.size,
                "Root": kept.root,
            }
        )
    kept = await sealed.log.checkpoint()
    cosigned = {
        **claims[-1],
        "Checkpoint": kept.note + witness.sign(_text(kept.note)).line.encode(),
    }
    entries = await sealed.ledger.feed(after=0, limit=2_000)
    for before in sizes:
        claims.append(
            {
                "Kind": "consistency",
                "Size": kept.size,
                "Root": kept.root,
                "Before": before,
                "OldRoot": await root_at(sealed.pool, before, kept.size),
                "Proof": await prove_consistency(sealed.pool, before, kept.size),
            }
        )
    for index in {0, 255, 256, kept.size - 1, *random.sample(range(kept.size), 20)}:
        entry = statement_of(entries[index])
        claims.append({"Kind": "leaf", "Entry": entry, "Leaf": leaf_hash(entry)})
        claims.append(
            {
                "Kind": "inclusion",
                "Size": kept.size,
                "Root": kept.root,
                "Index": index,
                "Leaf": leaf_hash(entry),
                "Proof": await prove_inclusion(sealed.pool, index, kept.size),
            }
        )
    claims.append(cosigned)
    assert judged(proofs, claims) == ["holds"] * len(claims)
    altered = [_altered(one) for one in claims if one.get("Before") != kept.size]
    assert "holds" not in judged(proofs, altered)


def _text(note: bytes) -> str:
    return note.decode().split("\n\n", 1)[0] + "\n"


def _altered(claim: dict[str, Any]) -> dict[str, Any]:
    if claim.get("Proof"):
        first, *others = claim["Proof"]
        return {**claim, "Proof": [bytes((first[0] ^ 1,)) + first[1:], *others]}
    if "Entry" in claim:
        return {**claim, "Entry": claim["Entry"].replace(b"epoch 1", b"epoch 2")}
    if "Before" in claim:
        return {**claim, "OldRoot": bytes(32)}
    return {**claim, "Checkpoint": claim["Checkpoint"].replace(b"\n\n", b"\nmore\n\n")}
