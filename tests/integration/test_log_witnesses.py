"""Witnesses: what they saw is remembered outside the database, and cosigned only if it goes on."""

import asyncio
import base64
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.ledger.postgres import PostgresLedger
from shared.proof.checkpoints import Checkpoint, LogKey, open_checkpoint
from shared.proof.errors import NoteMalformed
from shared.proof.notes import COSIGNATURE, Signer, Verifier, read_note
from shared.proof.tree import EMPTY, Frontier, leaf_hash
from shared.transparency.cosigning import Cosigning
from shared.transparency.errors import BehindWitness
from shared.transparency.published import PublishedLog
from shared.transparency.sealing import Sealing
from shared.transparency.store import read_all
from shared.transparency.witnessing import (
    DirectoryWitness,
    HttpWitness,
    WitnessRefused,
    last_of_log,
    last_witnessed,
)
from tests.support.judges import built
from tests.support.ledgers import a_command, onto

HOUSE, SEED = "test.invalid", bytes(range(32))
ORIGIN = f"{HOUSE}/registry"
LOG = Signer(ORIGIN, SEED)


async def _no_proof(_before: int) -> list[bytes]:
    return []


def _tree(size: int, name: str = "") -> Checkpoint:
    tree = Frontier()
    for number in range(size):
        tree.append(leaf_hash(f"{name}{number}".encode()))
    return Checkpoint(ORIGIN, size, tree.root())


async def test_a_directory_remembers_and_cosigns_what_goes_on(tmp_path: Path) -> None:
    witness = DirectoryWitness(tmp_path, f"{HOUSE}/witness")
    assert last_witnessed(tmp_path, HOUSE, "registry") is None
    note = _tree(2).signed_by(LOG)
    (signature,) = await witness.cosign(note, _no_proof)
    assert note.with_signatures([signature]).by(witness.verifier) is not None
    # The same key, and the same memory, after it was opened anew.
    again = DirectoryWitness(tmp_path, f"{HOUSE}/witness")
    assert again.verifier == witness.verifier

    async def proof(before: int) -> list[bytes]:
        assert before == 2
        return [leaf_hash(b"2")]

    await again.cosign(_tree(3).signed_by(LOG), proof)
    seen = last_witnessed(tmp_path, HOUSE, "registry")
    assert seen is not None
    assert (seen.epoch, seen.checkpoint) == (1, _tree(3))
    assert last_of_log(tmp_path, ORIGIN) == _tree(3)
    assert last_witnessed(tmp_path, HOUSE, "sessions") is None
    second = replace(_tree(1), origin=f"{ORIGIN}/12")
    await again.cosign(second.signed_by(Signer(second.origin, SEED)), _no_proof)
    seen = last_witnessed(tmp_path, HOUSE, "registry")
    assert seen is not None
    assert seen.epoch == 12


@pytest.mark.parametrize("other", [_tree(2), _tree(3, "other"), _tree(5, "other"), _tree(5)])
async def test_a_directory_cosigns_no_other_past(tmp_path: Path, other: Checkpoint) -> None:
    witness = DirectoryWitness(tmp_path, f"{HOUSE}/witness")
    await witness.cosign(_tree(3).signed_by(LOG), _no_proof)
    with pytest.raises(WitnessRefused) as refused:
        await witness.cosign(other.signed_by(LOG), _no_proof)
    assert refused.value.code == "WITNESS_REFUSED"
    assert last_of_log(tmp_path, ORIGIN) == _tree(3)


async def test_a_memory_that_was_altered_is_not_believed(tmp_path: Path) -> None:
    witness = DirectoryWitness(tmp_path, f"{HOUSE}/witness")
    await witness.cosign(_tree(3).signed_by(LOG), _no_proof)
    (file,) = tmp_path.glob("*/checkpoint")
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b"\n3\n", b"\n2\n"))
    with pytest.raises(NoteMalformed):
        last_of_log(tmp_path, ORIGIN)
    file.write_bytes(_tree(2).signed_by(LOG).encode())
    with pytest.raises(WitnessRefused):
        last_witnessed(tmp_path, HOUSE, "registry")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


@asynccontextmanager
async def a_log(database: str, cosigning: dict[str, Any], **sealing: Any) -> AsyncIterator[Any]:
    async with (
        asyncpg.create_pool(database) as pool,
        PostgresLedger(pool, service="registry") as ledger,
    ):
        showing = Cosigning("registry", pool, **cosigning)
        one = Sealing(
            "registry", pool, ledger, house=HOUSE, seed=SEED, tell=showing.tell, **sealing
        )
        await one.prepare()
        task = asyncio.create_task(showing.run())
        try:
            yield pool, ledger, one, showing
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _cosigned(pool: Any, size: int) -> bytes:
    async with asyncio.timeout(20):
        while True:
            (kept,) = await read_all(pool)
            if kept.cosigned_size == size:
                return bytes(kept.cosigned_note or b"")
            await asyncio.sleep(0.02)


async def test_what_was_cosigned_is_kept_served_and_told_on_the_bus(
    database: str, tmp_path: Path
) -> None:
    witness = DirectoryWitness(tmp_path, f"{HOUSE}/witness")
    told: list[tuple[str, bytes]] = []

    async def publish(origin: str, note: bytes) -> None:
        told.append((origin, note))

    showing = {"near": [witness], "publish": publish, "shown_s": 0.05}
    async with a_log(database, showing) as (pool, ledger, sealing, _):
        for size in (300, 600, 601):
            await ledger.append(
                a_command(onto(uuid4(), 0, count=size - (await ledger.head()).position))
            )
            await sealing.seal()
            note = await _cosigned(pool, size)
            checkpoint, opened = open_checkpoint(note, [LogKey(LOG.verifier)])
            assert checkpoint.size == size
            assert opened.by(witness.verifier) is not None
            assert last_of_log(tmp_path, ORIGIN) == checkpoint
        log = PublishedLog("registry", pool, ledger)
        assert (await log.checkpoint()).note == note
        assert (await log.told()).witnesses == [witness.verifier.vkey]
        async with asyncio.timeout(10):
            while (ORIGIN, note) not in told:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_a_ledger_taken_back_unsaid_is_not_sealed_against_its_witness(
    database: str, tmp_path: Path
) -> None:
    witness = DirectoryWitness(tmp_path, f"{HOUSE}/witness")
    await witness.cosign(_tree(9).signed_by(LOG), _no_proof)

    async def saw(origin: str) -> Checkpoint | None:
        return last_of_log(tmp_path, origin)

    async with a_log(database, {}, last_witnessed=saw) as (pool, ledger, sealing, _):
        await ledger.append(a_command(onto(uuid4(), 0, count=5)))
        with pytest.raises(BehindWitness):
            await sealing.seal()
        assert await read_all(pool) == []


@asynccontextmanager
async def litewitness(binary: Path, directory: Path) -> AsyncIterator[tuple[str, Verifier]]:
    """Run torchwood's witness, with its key in an agent, knowing our log."""
    key = Ed25519PrivateKey.generate()
    file = directory / "witness.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
    )
    file.chmod(0o600)
    agent = directory / "agent"
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_started("ssh-agent", "-D", "-a", str(agent)))
        await _until(agent.exists)
        environment = {"SSH_AUTH_SOCK": str(agent), "PATH": "/usr/bin:/bin"}
        _said(environment, "ssh-add", str(file))
        fingerprint = _said(environment, "ssh-add", "-l").split()[1]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        name = "witness.invalid/w1"
        database = directory / "witness.db"
        command = [
            *(str(binary), "-db", str(database), "-name", name),
            *("-key", fingerprint, "-ssh-agent", str(agent)),
            *("-listen", f"127.0.0.1:{port}"),
        ]
        started.append(_started(*command))
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(trust_env=False) as client:
            await _until_answers(client, url)
        _know(database, LOG.verifier)
        public = key.public_key().public_bytes_raw()
        yield url, Verifier(name, public, COSIGNATURE)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _started(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _said(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout


def _know(database: Path, log: Verifier) -> None:
    """Tell the witness of a log, as torchwood's `witnessctl add-log` and `add-key` do."""
    with closing(sqlite3.connect(database)) as tables, tables:
        empty = base64.b64encode(EMPTY).decode()
        tables.execute("INSERT INTO log VALUES (?, 0, ?)", (log.name, empty))
        tables.execute("INSERT INTO key VALUES (?, ?)", (log.name, log.vkey))


async def _until(there: Any) -> None:
    async with asyncio.timeout(20):
        while not there():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def _until_answers(client: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_a_witness_of_the_field_cosigns_our_log_as_it_grows_and_no_fork_of_it(
    database: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if shutil.which("ssh-agent") is None:
        pytest.skip("ssh-agent is not installed here: torchwood's witness has its key in one")
    binary = built("litewitness", tmp_path_factory.mktemp("judges"))
    async with (
        litewitness(binary, tmp_path) as (url, verifier),
        httpx.AsyncClient(trust_env=False) as client,
    ):
        witness = HttpWitness(url, verifier, client)
        showing = {"far": [witness], "shown_s": 0.01}
        async with a_log(database, showing) as (pool, ledger, sealing, cosigning):
            for events in (5, 300, 1):
                await ledger.append(a_command(onto(uuid4(), 0, count=events)))
                await sealing.seal()
                size = (await ledger.head()).position
                note = read_note(await _cosigned(pool, size))
                signature = note.by(verifier)
                assert signature is not None
                assert signature.stamp is not None
            assert cosigning.problems == {}
            # One that has forgotten what the witness saw is told, and goes on.
            forgetful = HttpWitness(url, verifier, client)
            assert await forgetful.cosign(note, _no_proof) != []
        for wrong in (_tree(306, "other"), _tree(310, "other"), _tree(3)):
            with pytest.raises(WitnessRefused):
                await witness.cosign(wrong.signed_by(LOG), _no_proof)
        with pytest.raises(WitnessRefused, match="answers 403"):
            await witness.cosign(_tree(310).signed_by(Signer(ORIGIN, b"9" * 32)), _no_proof)
        unknown = Checkpoint("elsewhere.invalid/log", 1, bytes(32))
        with pytest.raises(WitnessRefused, match="answers 404"):
            await witness.cosign(unknown.signed_by(Signer(unknown.origin, SEED)), _no_proof)


async def test_a_witness_that_is_away_holds_up_nothing(database: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        away = HttpWitness(
            "http://127.0.0.1:1", Signer("away.invalid/w", SEED, COSIGNATURE).verifier, client
        )
        async with a_log(database, {"far": [away], "shown_s": 0.01}) as (
            pool,
            ledger,
            sealing,
            one,
        ):
            await ledger.append(a_command(onto(uuid4(), 0, count=5)))
            assert await sealing.seal() == 5
            async with asyncio.timeout(10):
                while not one.problems:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert one.problems["away.invalid/w"].code == "UNAVAILABLE"
            (kept,) = await read_all(pool)
            assert kept.cosigned_size is None
