"""Checkpoints as C2SP tlog-checkpoint has them: how large a log is, and its root, signed.

A log is of one service and epoch. Its origin is `mshauri.local/registry`, of a later epoch
`mshauri.local/registry/2`; its key bears the same name, so that one secret makes a key a log.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from re import compile as pattern

from shared.proof.errors import AnotherLog, BeforeRestore, KeyRetired, NoteMalformed, NotSigned
from shared.proof.notes import Note, Signer, Verifier, read_note

_SIZE = pattern(r"0|[1-9][0-9]{0,18}")


def origin_of(house: str, service: str, epoch: int = 1) -> str:
    """Return the origin of the log of a service and epoch.

    Args:
        house: what the setting `MSHAURI_LOG_ORIGIN` says, such as `mshauri.local`.
    """
    return f"{house}/{service}" if epoch == 1 else f"{house}/{service}/{epoch}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root. `extensions` are further lines, which Mshauri writes none of."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, self.size, root, *self.extensions))

    def signed_by(self, *signers: Signer) -> Note:
        """Return it as a note that these keys signed."""
        return Note(self.text, tuple(signer.sign(self.text) for signer in signers))


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log's key, and the day it was retired, if it was: it signs nothing from then on."""

    verifier: Verifier
    retired: date | None = None


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Raises:
        NoteMalformed: it is none.
    """
    origin, *lines = text.removesuffix("\n").split("\n")
    if len(lines) < 2 or not origin or not all(lines):
        raise NoteMalformed(problem="an origin, a size and a root are not all there")
    size, encoded, *more = lines
    if not _SIZE.fullmatch(size):
        raise NoteMalformed(problem="its second line is no size")
    try:
        root = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        root = b""
    if len(root) != 32 or base64.b64encode(root).decode() != encoded:
        raise NoteMalformed(problem="its third line is no hash of 32 bytes in base64")
    return Checkpoint(origin, int(size), root, tuple(more))


def open_checkpoint(
    given: bytes,
    keys: Iterable[LogKey],
    *,
    origin: str | None = None,
    witnesses: Sequence[Verifier] = (),
) -> tuple[Checkpoint, Note]:
    """Read a signed checkpoint and verify that its log signed it.

    Args:
        keys: what is known of the log: today's keys and retired ones.
        origin: the log that is asked about, if it is known.
        witnesses: whose cosignature says that a checkpoint by a retired key was there before.

    Raises:
        NoteMalformed: it is no checkpoint, or bears a signature that does not verify.
        AnotherLog: it is of another log.
        NotSigned: no key signed it that is known to be its log's.
        KeyRetired: only a retired one did, and no witness saw it before.
    """
    note = read_note(given)
    found = read_checkpoint(note.text)
    if origin is not None and found.origin != origin:
        raise AnotherLog(origin=found.origin, expected=origin)
    signed = [
        key
        for key in keys
        if key.verifier.name == found.origin and note.by(key.verifier) is not None
    ]
    if not signed:
        raise NotSigned(origin=found.origin, why="whoever signed it is not known")
    retired = [key.retired for key in signed]
    if None not in retired:
        day = max(day for day in retired if day is not None)
        stamps = [one.stamp for known in witnesses if (one := note.by(known)) is not None]
        if not any(stamp.date() < day for stamp in stamps if stamp is not None):
            raise KeyRetired(origin=found.origin, size=found.size, retired=day)
    return found, note


def must_be_past(found: Checkpoint, cut: int | None) -> None:
    """Refuse a checkpoint of more entries than its ledger still has of that epoch.

    Args:
        cut: after which position the next epoch began; None where none did.

    Raises:
        BeforeRestore: it tells of entries that are gone.
    """
    if cut is not None and found.size > cut:
        raise BeforeRestore(origin=found.origin, size=found.size, cut=cut)
