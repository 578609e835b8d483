"""Witnesses: who saw a log's checkpoint last, and cosigns one that goes on from it.

A witness of one's own is a directory outside the database: a restore that takes the ledger back
does not take it back, so it tells what was lost. It is laid out as a witness's monitoring prefix is
(C2SP tlog-witness), so any web server can show it:

    key                          its private key, for its owner's eyes only
    vkey                         its public one
    <SHA-256 of the origin>/checkpoint

Others are asked over HTTP: `add-checkpoint` with a proof from what they saw last.
"""

import asyncio
import base64
import fcntl
import os
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from re import escape, fullmatch
from typing import NamedTuple, Protocol

import httpx

from shared.domain.errors import MshauriError, Unavailable
from shared.ledger.epochs import Witnessed
from shared.proof.checkpoints import Checkpoint, origin_of, read_checkpoint
from shared.proof.errors import NotProven
from shared.proof.notes import (
    COSIGNATURE,
    Note,
    Signature,
    Signer,
    Verifier,
    read_note,
    read_signatures,
)
from shared.proof.tree import EMPTY, must_continue

Prove = Callable[[int], Awaitable[list[bytes]]]
"""Returns the proof that the checkpoint goes on from the log as it was at a size."""


class WitnessRefused(MshauriError):
    """A witness does not cosign a checkpoint."""

    code = "WITNESS_REFUSED"
    template = "The witness {witness} does not cosign the checkpoint of {origin}: {why}."
    remedy_template = "Compare what it saw with the log: one of the two is not the log's past."


class Witness(Protocol):
    """Somebody who remembers how large a log was, and cosigns what goes on from there."""

    @property
    def verifier(self) -> Verifier:
        """The key it cosigns with."""
        ...

    async def cosign(self, note: Note, prove: Prove) -> list[Signature]:
        """Return the signatures of a witness under a checkpoint.

        Raises:
            WitnessRefused: it saw another tree.
            Unavailable: it does not answer.
        """
        ...


class DirectoryWitness:
    """A witness that is a directory."""

    def __init__(self, directory: Path, name: str) -> None:
        """Open it, or make it, with a key of its own.

        Args:
            name: under which it cosigns, such as `mshauri.local/witness`.
        """
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        seed = base64.b64decode(_kept(directory / "key", secrets.token_bytes(32)))
        self._signer = Signer(name, seed, COSIGNATURE)
        _write(directory / "vkey", f"{self.verifier.vkey}\n".encode())

    @property
    def verifier(self) -> Verifier:
        """The key it cosigns with."""
        return self._signer.verifier

    async def cosign(self, note: Note, prove: Prove) -> list[Signature]:
        """See `Witness.cosign`; the file is on the disk before the signature is given out."""
        checkpoint = read_checkpoint(note.text)
        before = await asyncio.to_thread(self._last, checkpoint.origin)
        proof = await prove(before.size) if 0 < before.size < checkpoint.size else []
        return await asyncio.to_thread(self._cosign, note, checkpoint, before, proof)

    def _cosign(
        self, note: Note, checkpoint: Checkpoint, seen: Checkpoint, proof: list[bytes]
    ) -> list[Signature]:
        with self._alone():
            before = self._last(checkpoint.origin)
            if before.size > seen.size:  # another process was faster, and that is well
                return []
            try:
                must_continue(before.size, before.root, checkpoint.size, checkpoint.root, proof)
            except NotProven as error:
                raise WitnessRefused(
                    witness=self.verifier.name, origin=checkpoint.origin, why=error.message
                ) from error
            signature = self._signer.sign(note.text)
            where = self._directory / _place(checkpoint.origin)
            where.mkdir(exist_ok=True)
            _write(where / "checkpoint", note.with_signatures([signature]).encode())
        return [signature]

    def _last(self, origin: str) -> Checkpoint:
        return _last_of(self._directory, origin) or Checkpoint(origin, 0, EMPTY)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class HttpWitness:
    """A witness that is asked over HTTP (C2SP tlog-witness)."""

    def __init__(self, url: str, verifier: Verifier, client: httpx.AsyncClient) -> None:
        """Name one.

        Args:
            url: its submission prefix.
            verifier: the key it cosigns with; other signatures that it gives are passed over.
        """
        self.verifier = verifier
        self._url = f"{url.rstrip('/')}/add-checkpoint"
        self._client = client
        self._saw: dict[str, int] = {}

    async def cosign(self, note: Note, prove: Prove) -> list[Signature]:
        """See `Witness.cosign`."""
        checkpoint = read_checkpoint(note.text)
        origin = checkpoint.origin
        for _ in range(2):
            old = min(self._saw.get(origin, 0), checkpoint.size)
            proof = await prove(old) if 0 < old < checkpoint.size else []
            answer = await self._ask(old, proof, note)
            if answer.status_code == httpx.codes.CONFLICT:
                saw = answer.text.strip()
                if not fullmatch(r"\d{1,19}", saw) or int(saw) > checkpoint.size:
                    raise self._refused(origin, f"it saw {saw[:20]} entries")
                self._saw[origin] = int(saw)
                continue
            if answer.status_code != httpx.codes.OK:
                raise self._refused(origin, f"it answers {answer.status_code}: {answer.text[:200]}")
            self._saw[origin] = checkpoint.size
            signatures = read_signatures(answer.text)
            return [
                one
                for one in signatures
                if self.verifier.signed(one) and self.verifier.verifies(note.text, one)
            ]
        raise self._refused(origin, "it saw another size each time")

    async def _ask(self, old: int, proof: list[bytes], note: Note) -> httpx.Response:
        lines = "".join(f"{base64.b64encode(one).decode()}\n" for one in proof)
        body = f"old {old}\n{lines}\n".encode() + note.encode()
        try:
            return await self._client.post(self._url, content=body)
        except httpx.HTTPError as error:
            raise Unavailable(part=f"the witness {self.verifier.name}") from error

    def _refused(self, origin: str, why: str) -> WitnessRefused:
        return WitnessRefused(witness=self.verifier.name, origin=origin, why=why)


class LastWitnessed(NamedTuple):
    """The newest checkpoint of a service's newest log that a witness saw."""

    epoch: int
    checkpoint: Checkpoint


def last_witnessed(directory: Path, house: str, service: str) -> LastWitnessed | None:
    """Return what a witness directory says of a service, of the highest epoch that it saw.

    Args:
        house: `MSHAURI_LOG_ORIGIN`.

    Raises:
        MshauriError: what stands there is no checkpoint that this witness cosigned.
    """
    first = escape(origin_of(house, service))
    found = []
    for file in directory.glob("*/checkpoint"):
        checkpoint = _opened(directory, file)
        named = fullmatch(rf"{first}(?:/(\d+))?", checkpoint.origin)
        if named:
            found.append(LastWitnessed(int(named[1] or 1), checkpoint))
    return max(found, default=None)


def witnessed_of(service: str, directory: Path | None, house: str) -> Witnessed | None:
    """Return how far a witness directory saw a service's ledger; None: no one saw it.

    Raises:
        MshauriError: what stands there is no checkpoint that this witness cosigned.
    """
    last = last_witnessed(directory, house, service) if directory is not None else None
    return last and Witnessed(last.epoch, last.checkpoint.size)


def last_of_log(directory: Path, origin: str) -> Checkpoint | None:
    """Return what a witness directory saw last of one log.

    Raises:
        MshauriError: as `last_witnessed`.
    """
    return _last_of(directory, origin)


def _last_of(directory: Path, origin: str) -> Checkpoint | None:
    file = directory / _place(origin) / "checkpoint"
    return _opened(directory, file) if file.exists() else None


def _opened(directory: Path, file: Path) -> Checkpoint:
    note = read_note(file.read_bytes())
    checkpoint = read_checkpoint(note.text)
    verifier = Verifier.of((directory / "vkey").read_text())
    if note.by(verifier) is None:
        raise WitnessRefused(
            witness=verifier.name, origin=checkpoint.origin, why="what it kept, it did not cosign"
        )
    return checkpoint


def _place(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()


def _kept(path: Path, new: bytes) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    encoded = base64.b64encode(new).decode()
    with os.fdopen(descriptor, "w") as file:
        file.write(encoded)
        file.flush()
        os.fsync(file.fileno())
    return encoded


def _write(path: Path, content: bytes) -> None:
    """Put a file in another's place, whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
