"""Signed notes as C2SP signed-note has them: a text, and lines of signatures by named keys.

Two kinds of signature are known here: Ed25519 over the text, by a log, and the timestamped
cosignature of C2SP tlog-cosignature, by a witness. Lines of other kinds, or by keys that nobody
asks about, are kept and passed over, as the standard asks.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from re import compile as pattern
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shared.proof.errors import NoteMalformed

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04

LONGEST: Final = 1_000_000
"""Bytes of a note that are read at all."""

MOST_SIGNATURES: Final = 64

_LINE = pattern(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")
_NAME = pattern(r"[^\s+]+")
_SIGNATURE = 64
_KEY = 32
_STAMP = 8


class Signature(NamedTuple):
    """A line under a note: who is said to have signed, by which key, and what."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """The line, with its newline."""
        return f"— {self.name} {_b64(self.key_id + self.blob)}\n"

    @property
    def stamp(self) -> datetime | None:
        """When a cosignature says that it was made; None of any other kind, as far as one sees."""
        if len(self.blob) != _STAMP + _SIGNATURE:
            return None
        seconds = int.from_bytes(self.blob[:_STAMP], "big")
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            return None


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key that signatures are checked by.

    Attributes:
        name: whose it is: a log's origin, or a witness's name.
        key: 32 bytes, as RFC 8032 has them.
        kind: `ED25519`, or `COSIGNATURE`.
    """

    name: str
    key: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that lead each of its signatures."""
        told = self.name.encode() + b"\n" + bytes((self.kind,)) + self.key
        return sha256(told).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as people hand it on."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes((self.kind,)) + self.key)}"

    @classmethod
    def of(cls, vkey: str) -> "Verifier":
        """Read a verifier key.

        Raises:
            ValueError: it is none, or of a kind that is not known here.
        """
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) != 1 + _KEY or raw[0] not in (ED25519, COSIGNATURE) or not _named(name):
            raise ValueError(f"{vkey!r} is no Ed25519 verifier key")
        verifier = cls(name, raw[1:], raw[0])
        if verifier.key_id.hex() != key_id.lower():
            raise ValueError(f"the key id in {vkey!r} is not that of its key")
        return verifier

    def signed(self, signature: Signature) -> bool:
        """Say whether a line claims to be by this key."""
        return signature.name == self.name and signature.key_id == self.key_id

    def verifies(self, text: str, signature: Signature) -> bool:
        """Say whether a line that claims to be by this key is."""
        message, signed = text.encode(), signature.blob
        if self.kind == COSIGNATURE:
            if len(signed) != _STAMP + _SIGNATURE:
                return False
            message = _cosigned(text, int.from_bytes(signed[:_STAMP], "big"))
            signed = signed[_STAMP:]
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signed, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A key that signs: a log's, or a witness's."""

    def __init__(self, name: str, seed: bytes, kind: int = ED25519) -> None:
        """Take a key.

        Args:
            name: a log's origin, or a witness's name.
            seed: the private key: 32 random bytes (RFC 8032, 5.1.5).
            kind: `ED25519` or `COSIGNATURE`; a witness has a key of its own.
        """
        if not _named(name):
            raise ValueError(f"{name!r} names no key: it has a space or a plus in it")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw(), kind)

    def sign(self, text: str, at: datetime | None = None) -> Signature:
        """Sign a note's text; a cosignature says that it was made `at`, or now."""
        known = self.verifier
        if known.kind == ED25519:
            return Signature(known.name, known.key_id, self._key.sign(text.encode()))
        stamp = int((at or datetime.now(UTC)).timestamp())
        signed = self._key.sign(_cosigned(text, stamp))
        return Signature(known.name, known.key_id, stamp.to_bytes(_STAMP, "big") + signed)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who signed it. `text` ends in a newline."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note as it is handed on."""
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}".encode()

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """Return the note with further signatures; of two by one key, the later given."""
        kept = {(one.name, one.key_id): one for one in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))

    def by(self, verifier: Verifier) -> Signature | None:
        """Return a key's signature, or None where there is none.

        Raises:
            NoteMalformed: the note says that this key signed, and it did not.
        """
        for one in self.signatures:
            if verifier.signed(one):
                if not verifier.verifies(self.text, one):
                    raise NoteMalformed(problem=f"the signature of {verifier.name} does not verify")
                return one
        return None


def read_note(given: bytes) -> Note:
    """Read a signed note.

    Raises:
        NoteMalformed: it is none.
    """
    if len(given) > LONGEST:
        raise NoteMalformed(problem="it is too long")
    try:
        whole = given.decode()
    except UnicodeDecodeError:
        raise NoteMalformed(problem="it is not UTF-8") from None
    if any(c < " " and c != "\n" for c in whole):
        raise NoteMalformed(problem="it has control characters in it")
    body, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteMalformed(problem="no text with signatures below it")
    return Note(body + "\n", read_signatures(lines))


def read_signatures(lines: str) -> tuple[Signature, ...]:
    """Read the lines of signatures below a note, or in a witness's answer.

    Raises:
        NoteMalformed: one is none.
    """
    signatures = []
    for line in lines.removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or not _named(found[1]):
            raise NoteMalformed(problem="a line below its text is no signature")
        try:
            raw = base64.b64decode(found[2], validate=True)
        except binascii.Error:
            raw = b""
        # Some bits of the last character are no part of what it stands for: they must be nought.
        if len(raw) < 5 or _b64(raw) != found[2]:
            raise NoteMalformed(problem="a signature is no base64")
        signatures.append(Signature(found[1], raw[:4], raw[4:]))
    if len(signatures) > MOST_SIGNATURES:
        raise NoteMalformed(problem="it has too many signatures")
    return tuple(signatures)


def _cosigned(text: str, stamp: int) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{text}".encode()


def _named(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
